"""The sheet of shortcuts says what the actions say, in two columns, and closes with the keys one expects."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.shortcut_sheet import ShortcutSheet, lines_by_menu

# What Qt says when it runs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GESTURES = (("Click", "Decode and pin"), ("Wheel", "Zoom at the mouse"))


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def actions(window: QMainWindow) -> list[QAction]:
    actions: list[QAction] = []
    for title, commands in (
        ("&File", (("&Open…", "Ctrl+O"), ("&Save", "Ctrl+S"))),
        ("&Train", (("Play", "Space"), ("Stop", ""))),
        ("&View", (("Zoom in", "Ctrl++"),)),
    ):
        menu = window.menuBar().addMenu(title)
        for text, keys in commands:
            action = menu.addAction(text)
            if keys:
                action.setShortcut(QKeySequence(keys))
            actions.append(action)
        actions.append(menu.addSeparator())
    actions[-2].setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
    alone = QAction("Show the first model", window)
    alone.setShortcut(QKeySequence("1"))
    return [*actions, alone]


@pytest.fixture
def sheet(qtbot: QtBot, window: QMainWindow, actions: list[QAction]) -> ShortcutSheet:
    sheet = ShortcutSheet(window, actions, GESTURES)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    return sheet


def texts_of(sheet: QWidget, group: str) -> list[str]:
    part = sheet.findChild(QWidget, f"shortcuts_{group}")
    assert isinstance(part, QWidget), group
    return [label.text() for label in part.findChildren(QLabel)]


def test_groups_by_menu_and_leaves_out_what_has_no_keys(actions: list[QAction]) -> None:
    assert lines_by_menu([*actions, *actions]) == {
        "File": [(("Ctrl+O",), "Open"), (("Ctrl+S",), "Save")],
        "Train": [(("Space",), "Play")],
        "View": [(("Ctrl++", "Ctrl+="), "Zoom in")],
        "Anywhere": [(("1",), "Show the first model")],
    }


def test_shows_every_key_and_gesture(sheet: ShortcutSheet) -> None:
    assert texts_of(sheet, "file") == ["File", "Ctrl+O", "Open", "Ctrl+S", "Save"]
    assert texts_of(sheet, "train") == ["Train", "Space", "Play"]
    assert texts_of(sheet, "view") == ["View", "Ctrl++", "Ctrl+=", "Zoom in"]
    assert texts_of(sheet, "anywhere") == ["Anywhere", "1", "Show the first model"]
    assert texts_of(sheet, "mouse") == ["Mouse", "Click", "Decode and pin", "Wheel", "Zoom at the mouse"]


def test_stands_in_two_columns_in_order(sheet: ShortcutSheet) -> None:
    places = {
        name: part.mapTo(sheet, part.rect().topLeft())
        for name in ("file", "train", "view", "anywhere", "mouse")
        if (part := sheet.findChild(QWidget, f"shortcuts_{name}")) is not None
    }
    columns = sorted({place.x() for place in places.values()})
    assert len(columns) == 2
    order = sorted(places, key=lambda name: (places[name].x(), places[name].y()))
    assert order == ["file", "train", "view", "anywhere", "mouse"]
    assert places["file"].x() < places["mouse"].x()


def test_fits_a_small_screen(sheet: ShortcutSheet) -> None:
    assert sheet.size().boundedTo(QSize(1280, 690)) == sheet.size()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F1])
def test_closes_with_a_key(qtbot: QtBot, sheet: ShortcutSheet, key: Qt.Key) -> None:
    qtbot.keyClick(sheet, key)
    assert not sheet.isVisible()


def test_closes_with_its_button(qtbot: QtBot, sheet: ShortcutSheet) -> None:
    close = sheet.findChild(QPushButton, "shortcut_close")
    assert isinstance(close, QPushButton)
    assert close.toolTip()
    assert close.accessibleName()
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()


def test_leaves_nothing_behind(qtbot: QtBot, window: QMainWindow, actions: list[QAction]) -> None:
    sheet = ShortcutSheet(window, actions)
    sheet.show()
    gone = QSignalSpy(sheet.destroyed)
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: gone.count() == 1)
    assert lines_by_menu(actions)["Train"] == [(("Space",), "Play")], "the actions are the window's, and stay"


def test_without_gestures_and_without_actions(qtbot: QtBot) -> None:
    sheet = ShortcutSheet(None, ())
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.findChild(QWidget, "shortcuts_mouse") is None
