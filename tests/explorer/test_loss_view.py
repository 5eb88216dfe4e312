"""Loss curves: which terms are offered, what is drawn, what the pointer reads."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from explorer.palette import lane_colour
from explorer.theme import DARK, LIGHT
from explorer.views.curve_key import CurveKey, line_pen
from explorer.views.loss_plot import Curve, LossPlot
from explorer.views.loss_view import LossView
from tests.explorer.driving import dress
from trainers.messages import LossHistory

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen


@pytest.fixture
def view(qtbot: QtBot) -> LossView:
    view = LossView()
    qtbot.addWidget(view)
    view.resize(640, 320)
    view.show()
    return view


def _history(points: int = 200, **terms: float) -> LossHistory:
    epochs = np.linspace(0, 10, points, dtype=np.float32)
    values = {term: np.linspace(first, first - 1, points, dtype=np.float32) for term, first in terms.items()}
    return LossHistory(epochs_T=epochs, terms=values)


def _show(view: LossView, run: str, history: LossHistory) -> None:
    view.show_losses(run, run.upper(), lane_colour(0), history)


def _terms(view: LossView) -> list[str]:
    box = _box(view)
    return [box.itemData(index) for index in range(box.count())]


def _box(view: LossView) -> QComboBox:
    box = view.findChild(QComboBox, "loss_term")
    assert isinstance(box, QComboBox)
    return box


def _log(view: LossView) -> QCheckBox:
    box = view.findChild(QCheckBox, "loss_log_scale")
    assert isinstance(box, QCheckBox)
    return box


def _plot(view: LossView) -> LossPlot:
    plot = view.findChild(LossPlot, "loss_plot")
    assert isinstance(plot, LossPlot)
    return plot


def _lines(view: LossView) -> list[pg.PlotCurveItem]:
    items = _plot(view).getPlotItem().items  # pyright: ignore[reportOptionalMemberAccess]
    return [item for item in items if isinstance(item, pg.PlotCurveItem) and item.name()]  # the rules have none


def _keys(view: LossView) -> dict[str, str]:
    """From what each key on show is called to its value."""
    return {key.label: key.value for key in view.findChildren(CurveKey) if key.isVisible()}


def _choose(view: LossView, term: str) -> None:
    _box(view).setCurrentIndex(_box(view).findData(term))


def _at(view: LossView, epoch: float) -> QPoint:
    """Where on the plot's viewport an epoch lies, at half height."""
    plot = _plot(view)
    box = plot.getPlotItem().getViewBox()  # pyright: ignore[reportOptionalMemberAccess]
    height = sum(box.viewRange()[1]) / 2
    return plot.mapFromScene(box.mapViewToScene(QPointF(epoch, height)))


def test_an_empty_view_says_what_to_do(view: LossView) -> None:
    label = view.findChild(QLabel, "loss_empty")
    assert isinstance(label, QLabel)
    assert label.isVisible()
    assert "Press Play" in label.text()


def test_terms_are_the_union_with_reconstruction_first(view: LossView) -> None:
    _show(view, "aae", _history(discriminator=1.4, adversarial=0.7, reconstruction=100))
    _show(view, "vae", _history(zeta=1, kl=6, elbo=-100, reconstruction=100))
    assert _terms(view) == ["reconstruction", "kl", "elbo", "adversarial", "discriminator", "zeta"]
    assert view.term == "reconstruction"


def test_only_models_that_have_the_term_are_drawn(view: LossView, qtbot: QtBot) -> None:
    _show(view, "ae", _history(reconstruction=90))
    _show(view, "vae", _history(reconstruction=100, kl=6))
    qtbot.waitUntil(lambda: _keys(view) == {"AE": "89.00", "VAE": "99.00"})
    assert len(_lines(view)) == 2
    _choose(view, "kl")
    assert _keys(view) == {"VAE": "5.000"}
    assert len(_lines(view)) == 1


def test_the_drawn_line_keeps_mean_and_ends(view: LossView) -> None:
    history = _history(points=5000, reconstruction=100)
    _show(view, "ae", history)
    view.show_losses("ae", "AE", lane_colour(0), history)
    _box(view).currentIndexChanged.emit(0)
    epochs, values = _lines(view)[0].getData()
    assert epochs is not None
    assert values is not None
    assert len(epochs) < 1000
    assert np.mean(values) == pytest.approx(99.5, abs=0.01)
    assert epochs[0] < 0.1
    assert epochs[-1] > 9.9


def test_what_comes_while_hidden_is_drawn_when_shown(view: LossView) -> None:
    view.hide()
    _show(view, "ae", _history(reconstruction=100))
    assert _lines(view) == []
    view.show()
    assert len(_lines(view)) == 1


def test_a_forgotten_run_leaves_nothing(view: LossView, qtbot: QtBot) -> None:
    _show(view, "vae", _history(reconstruction=100, kl=3))
    qtbot.waitUntil(lambda: len(_lines(view)) == 1)
    _choose(view, "kl")
    view.forget("vae")
    qtbot.waitUntil(lambda: _lines(view) == [])
    assert _terms(view) == ["reconstruction"]
    assert _keys(view) == {}
    view.forget("vae")


def test_the_pointer_reads_values(view: LossView, qtbot: QtBot) -> None:
    _show(view, "ae", _history(reconstruction=100))
    qtbot.waitUntil(lambda: _keys(view) == {"AE": "99.00"})
    qtbot.mouseMove(_plot(view).viewport(), _at(view, 5))
    qtbot.waitUntil(lambda: _keys(view)["AE"].startswith("99.5"))
    qtbot.mouseMove(_plot(view).viewport(), QPoint(2, 2))
    qtbot.waitUntil(lambda: _keys(view) == {"AE": "99.00"})


def test_the_line_of_chance_belongs_to_the_discriminator(view: LossView) -> None:
    _show(view, "aae", _history(reconstruction=100, discriminator=1.3))
    _choose(view, "discriminator")
    items = _plot(view).getPlotItem().items  # pyright: ignore[reportOptionalMemberAccess]
    chance = next(item for item in items if isinstance(item, pg.InfiniteLine) and item.angle == 0)
    assert chance.isVisible()
    assert chance.value() == pytest.approx(2 * math.log(2))
    _log(view).setChecked(True)
    assert chance.value() == pytest.approx(math.log10(2 * math.log(2)))
    _choose(view, "reconstruction")
    assert not chance.isVisible()


def test_log_scale_is_for_positive_values(view: LossView) -> None:
    _show(view, "vae", _history(reconstruction=100, elbo=-100))
    _choose(view, "elbo")
    assert not _log(view).isEnabled()
    _choose(view, "reconstruction")
    assert _log(view).isEnabled()
    _log(view).setChecked(True)
    values = _lines(view)[0].getData()[1]
    assert values is not None
    assert values[0] == pytest.approx(2, abs=0.01)


def test_looking_closer_lasts_until_a_double_click(view: LossView, qtbot: QtBot) -> None:
    _show(view, "ae", _history(reconstruction=100))
    qtbot.waitUntil(lambda: len(_lines(view)) == 1)
    box = _plot(view).getPlotItem().getViewBox()  # pyright: ignore[reportOptionalMemberAccess]
    whole = box.viewRange()
    viewport = _plot(view).viewport()
    start = _at(view, 5)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, start + QPoint(30, 0))
    qtbot.mouseMove(viewport, start + QPoint(60, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    closer = box.viewRange()
    assert closer != whole
    view.show_losses("ae", "AE", lane_colour(0), _history(points=400, reconstruction=100))
    assert box.viewRange() == closer
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start)  # which Qt's own double click leaves out
    assert box.viewRange() == whole


def test_the_steep_start_does_not_flatten_the_rest(view: LossView) -> None:
    values = np.full(500, 100, np.float32)
    values[:5] = 540
    epochs = np.linspace(0, 10, 500, dtype=np.float32)
    _show(view, "ae", LossHistory(epochs_T=epochs, terms={"reconstruction": values}))
    _box(view).currentIndexChanged.emit(0)
    top = _plot(view).getPlotItem().getViewBox().viewRange()[1][1]  # pyright: ignore[reportOptionalMemberAccess]
    assert 100 < top < 200


def test_the_axis_stands_still_while_the_curve_suits_it(view: LossView) -> None:
    plot = _plot(view)
    pen, epochs = line_pen(lane_colour(0), ()), np.linspace(0, 1, 400, dtype=np.float32)

    def heights(top: float) -> tuple[float, float]:
        curve = Curve(pen, epochs, np.linspace(top, 100, 400, dtype=np.float32))
        plot.show_curves({"ae": curve}, log=False, chance=False)
        bottom, above = plot.getPlotItem().getViewBox().viewRange()[1]  # pyright: ignore[reportOptionalMemberAccess]
        return float(bottom), float(above)

    first = heights(200)
    assert heights(190) == heights(175) == first
    lower = heights(140)
    assert lower[1] < first[1], "it would fill less than half of it"
    higher = heights(150)
    assert higher[1] > 149 > lower[1], "it would be cut off"
    assert heights(140) == higher
    plot.show_all()
    assert heights(140) == lower, "asked for, it suits best"


@pytest.mark.parametrize("points", [0, 1, 2])
def test_hardly_any_values_are_no_trouble(view: LossView, qtbot: QtBot, points: int) -> None:
    epochs = np.arange(points, dtype=np.float32)
    _show(view, "ae", LossHistory(epochs_T=epochs, terms={"reconstruction": epochs + 1}))
    _box(view).currentIndexChanged.emit(0)
    qtbot.waitUntil(lambda: len(_lines(view)) == min(points, 1))
    view.grab()


def test_the_plot_follows_the_look(qtbot: QtBot, view: LossView, qapp: QApplication) -> None:
    dress(qtbot, qapp, "dark")
    assert _plot(view).backgroundBrush().color().name() == DARK.surface
    dress(qtbot, qapp, "light")
    assert _plot(view).backgroundBrush().color().name() == LIGHT.surface


@pytest.mark.parametrize("height", [70, 95, 130, 400])
def test_numbers_at_the_axis_have_room(qtbot: QtBot, view: LossView, height: int) -> None:
    view.resize(640, height)
    _show(view, "a", _history(reconstruction=28.0))
    plot: Any = _plot(view)
    item, axis = plot.getPlotItem(), plot.getPlotItem().getAxis("left")
    qtbot.waitUntil(lambda: bool(_lines(view)))
    bottom, top = item.getViewBox().viewRange()[1]
    length = item.getViewBox().height()
    ticks = sorted(value for _, values in axis.tickValues(bottom, top, length) for value in values)
    apart = np.diff(ticks) * length / (top - bottom)
    assert ticks
    assert (apart >= view.fontMetrics().height() - 1).all()


@pytest.mark.parametrize("dash", [(), (4.0, 2.0)])
def test_a_rough_line_has_as_much_ink_as_a_smooth_one(view: LossView, qtbot: QtBot, dash: tuple[float, ...]) -> None:
    view.show_losses("ae", "AE", lane_colour(0), _history(reconstruction=28.0), dash)

    def ink() -> float:
        """How many pixels of the plot the line fills."""
        grabbed = _plot(view).grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(grabbed.constBits(), np.uint8).reshape(grabbed.height(), grabbed.bytesPerLine())
        pixels_HW3 = rows[:, : 3 * grabbed.width()].reshape(grabbed.height(), grabbed.width(), 3).astype(float)
        surface = QColor(LIGHT.surface)
        surface_3 = np.array([surface.red(), surface.green(), surface.blue()])
        line_3 = np.array(lane_colour(0)) - surface_3
        shares_HW = (pixels_HW3[:, 60:600] - surface_3) @ line_3 / (line_3 @ line_3)
        return float(shares_HW[shares_HW > 0.3].sum())

    qtbot.waitUntil(lambda: bool(_lines(view)))
    assert not _lines(view)[0].opts["antialias"]
    rough = ink()
    qtbot.waitUntil(lambda: bool(_lines(view)[0].opts["antialias"]))
    assert rough == pytest.approx(ink(), rel=0.15)
