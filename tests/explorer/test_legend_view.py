"""The colour key isolates and toggles classes, by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from explorer.palette import class_colours
from explorer.views.legend_view import LegendView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def legend(qtbot: QtBot) -> LegendView:
    legend = LegendView()
    qtbot.addWidget(legend)
    legend.resize(500, 80)
    legend.set_classes(tuple("0123456789"))
    legend.show()
    return legend


def _chip(legend: LegendView, name: int | str) -> QAbstractButton:
    found = legend.findChild(QAbstractButton, "legend_all" if name == "all" else f"legend_class_{name}")
    assert isinstance(found, QAbstractButton)
    return found


def _shown(legend: LegendView) -> list[int] | None:
    return None if legend.emphasis is None else np.flatnonzero(legend.emphasis).tolist()


def test_a_click_isolates_and_a_second_one_shows_all(legend: LegendView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(legend.emphasis_changed) as told:
        qtbot.mouseClick(_chip(legend, 3), LEFT)
    (mask,) = told.args or [None]
    assert isinstance(mask, np.ndarray)
    assert np.flatnonzero(mask).tolist() == [3] == _shown(legend)
    assert not mask.flags.writeable
    qtbot.mouseClick(_chip(legend, 5), LEFT)
    assert _shown(legend) == [5]
    with qtbot.waitSignal(legend.emphasis_changed) as told:
        qtbot.mouseClick(_chip(legend, 5), LEFT)
    assert told.args == [None]


def test_ctrl_click_toggles(legend: LegendView, qtbot: QtBot) -> None:
    qtbot.mouseClick(_chip(legend, 0), LEFT, CTRL)
    assert _shown(legend) == list(range(1, 10))
    qtbot.mouseClick(_chip(legend, 0), LEFT, CTRL)
    assert _shown(legend) is None
    qtbot.mouseClick(_chip(legend, 2), LEFT)
    qtbot.mouseClick(_chip(legend, 4), LEFT, CTRL)
    assert _shown(legend) == [2, 4]
    qtbot.mouseClick(_chip(legend, 4), LEFT, CTRL)
    qtbot.mouseClick(_chip(legend, 2), LEFT, CTRL)
    assert _shown(legend) is None  # never nothing at all


def test_all_shows_all(legend: LegendView, qtbot: QtBot) -> None:
    qtbot.mouseClick(_chip(legend, 2), LEFT)
    assert not _chip(legend, "all").isChecked()
    qtbot.mouseClick(_chip(legend, "all"), LEFT)
    assert _shown(legend) is None
    with qtbot.assertNotEmitted(legend.emphasis_changed):
        qtbot.mouseClick(_chip(legend, "all"), LEFT)


@pytest.mark.qt_log_ignore("not accepted by receiving widget")
def test_a_press_that_ends_elsewhere_is_no_click(legend: LegendView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(legend.emphasis_changed):
        qtbot.mousePress(_chip(legend, 2), LEFT)
        qtbot.mouseRelease(_chip(legend, 2), LEFT, pos=QPoint(-50, -50))


def test_the_keyboard_moves_and_clicks(legend: LegendView, qtbot: QtBot) -> None:
    legend.activateWindow()
    _chip(legend, "all").setFocus()
    qtbot.waitUntil(lambda: _chip(legend, "all").hasFocus())
    qtbot.keyClick(_chip(legend, "all"), Qt.Key.Key_Right)
    qtbot.keyClick(_chip(legend, 0), Qt.Key.Key_Right)
    assert _chip(legend, 1).hasFocus()
    qtbot.keyClick(_chip(legend, 1), Qt.Key.Key_Space)
    assert _shown(legend) == [1]
    qtbot.keyClick(_chip(legend, 1), Qt.Key.Key_Left)
    qtbot.keyClick(_chip(legend, 0), Qt.Key.Key_Space, CTRL)
    assert _shown(legend) == [0, 1]
    qtbot.keyClick(_chip(legend, 0), Qt.Key.Key_Left)
    qtbot.keyClick(_chip(legend, "all"), Qt.Key.Key_Left)
    assert _chip(legend, "all").hasFocus()


def test_dots_have_the_colours_of_the_classes(legend: LegendView) -> None:
    for index, colour in enumerate(class_colours(10)):
        chip = _chip(legend, index)
        middle = QPoint(13, chip.height() // 2)
        assert chip.grab().toImage().pixelColor(middle).name() == QColor(*(int(value) for value in colour)).name()


def test_many_classes_wrap_and_scroll(legend: LegendView, qtbot: QtBot) -> None:
    legend.set_classes(tuple(f"a class named {index}" for index in range(50)))
    legend.set_counts(tuple(range(50)))
    qtbot.waitUntil(lambda: legend.verticalScrollBar().maximum() > 0)
    assert legend.horizontalScrollBar().maximum() == 0
    assert _chip(legend, 49).geometry().right() <= legend.viewport().width()
    assert _chip(legend, 49).y() > _chip(legend, 0).y()
    legend.resize(QSize(1600, 400))
    qtbot.waitUntil(lambda: legend.verticalScrollBar().maximum() == 0)


def test_new_classes_start_with_all_and_say_so_once(legend: LegendView, qtbot: QtBot) -> None:
    qtbot.mouseClick(_chip(legend, 2), LEFT)
    with qtbot.waitSignal(legend.emphasis_changed) as told:
        legend.set_classes(("cat", "dog"))
    assert told.args == [None]
    qtbot.mouseClick(_chip(legend, 1), LEFT)
    assert legend.emphasis is not None
    assert legend.emphasis.tolist() == [False, True]


def test_emphasis_can_be_set_from_elsewhere(legend: LegendView) -> None:
    legend.set_emphasis(np.arange(10) < 2)
    assert _shown(legend) == [0, 1]
    assert _chip(legend, 1).isChecked()
    assert not _chip(legend, 2).isChecked()
    legend.set_emphasis(np.ones(10, np.bool_))
    assert _shown(legend) is None
