"""The place of the loss curves while pyqtgraph, which draws them, is still being imported."""

import threading
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from explorer.palette import Rgb
from explorer.theme import set_role
from trainers.messages import LossHistory

if TYPE_CHECKING:
    from explorer.views.loss_view import LossView


class LossPanel(QStackedWidget):
    """Stands in for `LossView`, and hands on to it once it is there: the window need not wait for the import.

    Signals:
        imported(): The library is there; sent by the thread that imported it.
    """

    imported = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss-panel")
        waiting = QLabel("Press Play: losses appear here.", self)
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(waiting, "muted")
        self.addWidget(waiting)
        self._known: dict[str, tuple[str, Rgb, LossHistory, tuple[float, ...]]] = {}
        self._view: LossView | None = None
        self._import_thread: threading.Thread | None = None
        self._ended = False
        self._in_front = True
        self.imported.connect(self._build)

    def begin(self) -> None:
        """Import the library in a thread of its own; only the first call does anything."""
        if self._import_thread is None and not self._ended:
            self._import_thread = threading.Thread(target=self._import, name="plots", daemon=True)
            self._import_thread.start()

    def end(self) -> None:
        """Begin no import any more; returns when one that was begun is done."""
        self._ended = True
        if self._import_thread is not None:
            self._import_thread.join()

    def set_in_front(self, in_front: bool) -> None:
        """As of `LossView`; kept until it is there."""
        self._in_front = in_front
        if self._view is not None:
            self._view.set_in_front(in_front)

    def show_losses(
        self, run: str, label: str, colour: Rgb, history: LossHistory, dash: tuple[float, ...] = ()
    ) -> None:
        """As of `LossView`; kept until it is there."""
        if self._view is not None:
            self._view.show_losses(run, label, colour, history, dash)
        else:
            self._known[run] = (label, colour, history, dash)

    def forget(self, run: str) -> None:
        """As of `LossView`."""
        if self._view is not None:
            self._view.forget(run)
        self._known.pop(run, None)

    def _import(self) -> None:
        import_module("explorer.views.loss_view")
        self.imported.emit()

    def _build(self) -> None:
        from explorer.views.loss_view import LossView

        view = LossView(self)
        view.set_in_front(self._in_front)
        for run, (label, colour, history, dash) in self._known.items():
            view.show_losses(run, label, colour, history, dash)
        self.addWidget(view)
        self.setCurrentWidget(view)
        self._view = view
        self._known.clear()
