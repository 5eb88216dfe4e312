"""Losses of all open models over training, one term at a time; imported late, since pyqtgraph takes its time."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.palette import Rgb
from explorer.theme import set_role
from explorer.views.curve_key import CurveKey, line_pen
from explorer.views.flow_layout import FlowLayout
from explorer.views.loss_plot import Curve, LossPlot
from trainers.messages import LossHistory

_SOON_MS = 33  # what changes together is drawn at once
_BETWEEN_MS = 500  # a curve of hundreds of epochs grows by a pixel now and then
_ORDER = ("reconstruction", "kl", "elbo", "adversarial", "discriminator")
_TITLES = {"kl": "KL", "elbo": "ELBO"}


@dataclass(slots=True)
class _Run:
    label: str
    colour: Rgb
    dash: tuple[float, ...]
    history: LossHistory
    key: CurveKey


class LossView(QWidget):
    """Draws one curve a model, epochs across and nats per image upwards; the pointer reads values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss_view")
        self.setAccessibleName("Losses")
        self._runs: dict[str, _Run] = {}
        self._epoch: float | None = None  # under the pointer
        self._in_front = True
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.timeout.connect(self._draw)
        self._since_drawn = QElapsedTimer()

        self._term = QComboBox()
        self._term.setObjectName("loss_term")
        self._term.setAccessibleName("Loss term")
        self._term.setToolTip("Which term of the loss to show.")
        self._term.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._term.addItem("Reconstruction", "reconstruction")
        self._term.currentIndexChanged.connect(self._show_all)
        self._log = QCheckBox("Log scale")
        self._log.setObjectName("loss_log_scale")
        self._log.setAccessibleName("Logarithmic scale")
        self._log.toggled.connect(self._show_all)
        self._header = FlowLayout(gap=8)
        self._header.addWidget(self._term)
        self._header.addWidget(self._log)
        self.setAutoFillBackground(True)  # nothing beneath has to be painted when a number changes
        self._empty = QLabel()
        self._empty.setObjectName("loss_empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        set_role(self._empty, "muted")
        self._plot = LossPlot()
        self._plot.pointed.connect(self._read_at)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._plot)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(6, 6, 6, 6)
        rows.setSpacing(4)
        rows.addLayout(self._header)
        rows.addLayout(self._stack, 1)
        self._draw()

    def show_losses(
        self, run: str, label: str, colour: Rgb, history: LossHistory, dash: tuple[float, ...] = ()
    ) -> None:
        """Show a run's losses so far; `dash` holds dashes and gaps in pen widths."""
        known = self._runs.get(run)
        if known is None:
            key = CurveKey(label, colour, dash)
            self._header.addWidget(key)
            self._runs[run] = _Run(label, colour, dash, history, key)
        else:
            if (known.label, known.colour, known.dash) != (label, colour, dash):
                known.key.set_line(label, colour, dash)
            known.label, known.colour, known.dash, known.history = label, colour, dash, history
        self._offer_terms()
        self._draw_soon()

    def forget(self, run: str) -> None:
        """Take a run's curve away."""
        known = self._runs.pop(run, None)
        if known is None:
            return
        self._header.removeWidget(known.key)
        known.key.hide()
        known.key.deleteLater()
        self._offer_terms()
        self._draw_soon()

    def set_in_front(self, in_front: bool) -> None:
        """Say whether no other panel lies before it: behind one, Qt takes it for visible, and nobody sees it."""
        self._in_front = in_front
        if in_front:
            self._draw_soon()
        else:
            self._redraw.stop()

    @property
    def term(self) -> str:
        """The term on show."""
        return str(self._term.currentData())

    def _offer_terms(self) -> None:
        found = {term for run in self._runs.values() for term in run.history.terms} | {"reconstruction"}
        terms = [term for term in _ORDER if term in found] + sorted(found.difference(_ORDER))
        if terms == [self._term.itemData(index) for index in range(self._term.count())]:
            return
        chosen = self.term
        self._term.blockSignals(True)
        self._term.clear()
        for term in terms:
            self._term.addItem(_TITLES.get(term, term.replace("_", " ").capitalize()), term)
        self._term.setCurrentIndex(max(0, self._term.findData(chosen)))
        self._term.blockSignals(False)
        if self.term != chosen:
            self._show_all()

    def _draw_soon(self) -> None:
        if self._in_front and self.isVisible() and not self._redraw.isActive():
            self._redraw.start(max(_SOON_MS, _BETWEEN_MS - self._since_drawn.elapsed()))

    def _show_all(self) -> None:
        self._draw()
        self._plot.show_all()

    def _draw(self) -> None:
        self._since_drawn.start()
        curves: dict[str, Curve] = {}
        for name, run in self._runs.items():
            values = run.history.terms.get(self.term)
            has_values = values is not None and len(values) > 0
            run.key.setVisible(has_values)
            if values is not None and has_values:
                curves[name] = Curve(line_pen(run.colour, run.dash), run.history.epochs_T, values)
        positive = all(bool((curve.values_T > 0).all()) for curve in curves.values())
        self._log.setEnabled(positive)
        none = "There are values of zero or less, which have no logarithm."
        self._log.setToolTip("Let equal factors take equal room." if positive else none)
        self._empty.setText(
            "The models on show have no losses of this kind yet."
            if any(len(run.history.epochs_T) for run in self._runs.values())
            else "Press Play: losses appear here."
        )
        self._stack.setCurrentWidget(self._plot if curves else self._empty)
        self._plot.show_curves(
            curves, log=positive and self._log.isChecked(), chance=bool(curves) and self.term == "discriminator"
        )
        self._read_at(self._epoch)

    def _read_at(self, epoch: float | None) -> None:
        self._epoch = epoch
        for run in self._runs.values():
            epochs, values = run.history.epochs_T, run.history.terms.get(self.term)
            if values is None or not len(values):
                continue
            if epoch is None:
                run.key.set_value(_figures(float(values[-1])))
            elif epochs[0] <= epoch <= epochs[-1]:
                run.key.set_value(_figures(float(np.interp(epoch, epochs, values))))
            else:
                run.key.set_value("–")

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while it was hidden."""
        super().showEvent(event)
        self._draw()


def _figures(value: float) -> str:
    """Five figures or so, with a real minus."""
    digits = 1 if abs(value) >= 1000 else 2 if abs(value) >= 10 else 3
    return f"{value:.{digits}f}".replace("-", "−")
