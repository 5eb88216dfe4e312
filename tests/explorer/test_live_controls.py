"""The settings below a cloud: stepped, typed, and left alone while somebody types."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from explorer.live_controls import LiveControls
from tests.explorer.driving import activate, child, dress
from trainers.recipe import SETTINGS, Recipe


@pytest.fixture
def controls(qtbot: QtBot) -> Iterator[LiveControls]:
    controls = LiveControls()
    qtbot.addWidget(controls)
    controls.show_recipe(Recipe(family="vae"))
    controls.show()
    activate(controls)
    yield controls
    controls.close()


def box(controls: LiveControls, name: str) -> QAbstractSpinBox:
    return child(controls, f"live-{name}", QAbstractSpinBox)


def test_every_live_setting_of_the_family_is_there(controls: LiveControls) -> None:
    live = [name for name, setting in SETTINGS.items() if setting.live]
    assert {"learning_rate", "beta", "epochs"} <= set(live)
    for name in live:
        assert box(controls, name).isVisible()
        assert box(controls, name).accessibleName() == SETTINGS[name].label
        assert box(controls, name).toolTip()
    controls.show_recipe(Recipe(family="ae"))
    assert not box(controls, "beta").isVisible()
    assert box(controls, "learning_rate").isVisible()


def test_steps_are_taken_at_once(controls: LiveControls) -> None:
    told = QSignalSpy(controls.changed)
    box(controls, "epochs").setFocus()
    QTest.keyClick(box(controls, "epochs"), Qt.Key.Key_Up)
    QTest.keyClick(box(controls, "epochs"), Qt.Key.Key_Up)
    assert [told.at(at) for at in range(told.count())] == [["epochs", 21], ["epochs", 22]]


def test_typing_is_taken_when_it_ends(controls: LiveControls) -> None:
    told = QSignalSpy(controls.changed)
    edited = box(controls, "learning_rate")
    edited.setFocus()
    edited.selectAll()
    QTest.keyClicks(edited, "2e-4")
    assert told.count() == 0
    box(controls, "beta").setFocus()
    assert [told.at(at) for at in range(told.count())] == [["learning_rate", 2e-4]]
    edited.setFocus()
    QTest.keyClick(edited, Qt.Key.Key_Return)
    assert told.count() == 1, "the same again is no change"


def test_what_cannot_be_used_is_marked_and_not_taken(controls: LiveControls) -> None:
    told = QSignalSpy(controls.changed)
    edited = box(controls, "beta")
    before = edited.toolTip()
    edited.setFocus()
    for text in ("-1", "1e", "", "nan", "inf"):
        edited.selectAll()
        QTest.keyClick(edited, Qt.Key.Key_Delete)
        QTest.keyClicks(edited, text)
        QTest.keyClick(edited, Qt.Key.Key_Return)
        assert edited.toolTip() != before, text
    assert told.count() == 0


def test_a_box_that_is_typed_into_is_left_alone(controls: LiveControls) -> None:
    edited = box(controls, "learning_rate")
    edited.setFocus()
    edited.selectAll()
    QTest.keyClicks(edited, "0.0")
    told = QSignalSpy(controls.changed)
    controls.show_recipe(Recipe(family="vae", learning_rate=0.5, beta=2.0))
    assert edited.lineEdit().text() == "0.0"  # pyright: ignore[reportAttributeAccessIssue]
    assert box(controls, "beta").text() == "2"
    QTest.keyClicks(edited, "3")
    QTest.keyClick(edited, Qt.Key.Key_Return)
    assert [told.at(at) for at in range(told.count())] == [["learning_rate", 0.03]]


@pytest.mark.parametrize("width", [182, 210, 289, 400])
@pytest.mark.parametrize("family", ["ae", "vae", "aae"])
def test_nothing_overlaps_and_every_number_has_room(
    qtbot: QtBot, qapp: QApplication, controls: LiveControls, family: str, width: int
) -> None:
    dress(qtbot, qapp, "dark")  # which has its own frames
    controls.show_recipe(Recipe(family=family, learning_rate=0.001, epochs=1000))
    controls.setFixedWidth(width)
    QApplication.processEvents()
    seen = [widget for widget in controls.findChildren(QWidget) if widget.parent() is controls and widget.isVisible()]
    assert len(seen) >= 4
    for widget in seen:
        assert controls.rect().contains(widget.geometry()), widget.objectName()
        assert widget.width() >= widget.minimumWidth()
        for other in seen:
            assert widget is other or not widget.geometry().intersects(other.geometry())
    for edited in (box(controls, "learning_rate"), box(controls, "epochs")):
        line = child(edited, "qt_spinbox_lineedit", QLineEdit)
        assert line.width() - 5 >= line.fontMetrics().horizontalAdvance(line.text()), line.text()


def test_lanes_of_one_width_are_of_one_height(controls: LiveControls) -> None:
    for width, rows in ((400, 1), (210, 2)):
        controls.setFixedWidth(width)
        QApplication.processEvents()
        heights: set[int] = set()
        for family in ("ae", "vae", "aae"):
            controls.show_recipe(Recipe(family=family))
            QApplication.processEvents()
            heights.add(controls.sizeHint().height())
            tops = {box(controls, name).y() for name in ("learning_rate", "epochs")}
            assert len(tops) == rows, "whole numbers have a row of their own where there is no room beside the others"
        assert len(heights) == 1
