"""The command palette: opened, typed into, walked with the keys, and doing what was chosen."""

from dataclasses import dataclass, field
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow, QMenu, QTreeWidget, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from explorer.action_text import keys_of, menus_of, name_of
from explorer.command_palette import CommandPalette, match_score

# What Qt says when it runs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@dataclass
class Stage:
    """A window with a menu, its palette, and what was done."""

    window: QMainWindow
    palette: CommandPalette
    actions: dict[str, QAction] = field(default_factory=dict[str, QAction])
    listed: list[QAction] = field(default_factory=list[QAction])
    done: list[str] = field(default_factory=list[str])

    @property
    def query(self) -> QLineEdit:
        """The search field."""
        found = self.palette.findChild(QLineEdit, "command_query")
        assert isinstance(found, QLineEdit)
        return found

    @property
    def rows(self) -> list[QTreeWidgetItem]:
        """What is listed."""
        tree = self.tree
        rows = [tree.topLevelItem(index) for index in range(tree.topLevelItemCount())]
        return [row for row in rows if row is not None]

    @property
    def tree(self) -> QTreeWidget:
        """The list."""
        found = self.palette.findChild(QTreeWidget, "command_list")
        assert isinstance(found, QTreeWidget)
        return found

    @property
    def chosen(self) -> str:
        """Name of the marked command, if any."""
        item = self.tree.currentItem()
        return item.text(0) if item is not None and item.isSelected() else ""

    def open(self) -> None:
        """Open it with all that the menus hold, twice over."""
        self.palette = CommandPalette(self.window)
        self.palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # so that it can be asked afterwards
        self.palette.open_for([*self.window.menuBar().actions(), *self.listed, *self.listed])


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(800, 500)
    stage = Stage(window, CommandPalette(window))
    for title, commands in (
        ("&File", (("&Open…", "Ctrl+O"), ("&Save && close", "Ctrl+S"), ("Secret", ""))),
        ("&View", (("Reset view", "R"), ("Reset &layout", ""), ("Points", "P"))),
    ):
        menu = window.menuBar().addMenu(title)
        for text, keys in commands:
            action = menu.addAction(text)
            if keys:
                action.setShortcut(QKeySequence(keys))
            name = name_of(action)
            action.triggered.connect(partial(stage.done.append, name))
            stage.actions[name] = action
        menu.addSeparator()
        menu.addMenu("Empty")
        stage.listed.extend(menu.actions())
    stage.actions["Secret"].setVisible(False)
    stage.actions["Save & close"].setEnabled(False)
    stage.actions["Points"].setCheckable(True)
    stage.actions["Points"].setChecked(True)
    with qtbot.waitExposed(window):
        window.show()
    stage.open()
    return stage


def test_lists_every_command_once_with_menu_and_keys(stage: Stage) -> None:
    assert [[row.text(column) for column in range(3)] for row in stage.rows] == [
        ["Open…", "File", "Ctrl+O"],
        ["Save & close", "File", "Ctrl+S"],
        ["Reset view", "View", "R"],
        ["Reset layout", "View", ""],
        ["✓ Points", "View", "P"],
    ]
    assert stage.palette.isVisible()
    assert stage.chosen == "Open…"
    assert stage.palette.windowFlags() & Qt.WindowType.FramelessWindowHint


def test_stands_within_the_window(stage: Stage) -> None:
    window = stage.window.frameGeometry()
    assert window.contains(stage.palette.geometry())


def test_disabled_commands_are_grey_and_passed_over(qtbot: QtBot, stage: Stage) -> None:
    assert [row.text(0) for row in stage.rows if row.isDisabled()] == ["Save & close"]
    qtbot.keyClick(stage.query, Qt.Key.Key_Down)
    assert stage.chosen == "Reset view"
    qtbot.keyClicks(stage.query, "save")
    assert [row.text(0) for row in stage.rows] == ["Save & close"]
    assert stage.chosen == ""
    qtbot.keyClick(stage.query, Qt.Key.Key_Return)
    qtbot.mouseClick(
        stage.tree.viewport(), Qt.MouseButton.LeftButton, pos=stage.tree.visualItemRect(stage.rows[0]).center()
    )
    assert stage.done == []
    assert stage.palette.isVisible()


def test_narrows_while_typing_and_does_the_first_on_enter(qtbot: QtBot, stage: Stage) -> None:
    qtbot.keyClicks(stage.query, "rsl")
    assert [row.text(0) for row in stage.rows] == ["Reset layout"]
    qtbot.keyClick(stage.query, Qt.Key.Key_Return)
    assert stage.done == ["Reset layout"]
    assert not stage.palette.isVisible()


def test_up_and_down_go_round(qtbot: QtBot, stage: Stage) -> None:
    qtbot.keyClick(stage.query, Qt.Key.Key_Up)
    assert stage.chosen == "✓ Points"
    qtbot.keyClick(stage.query, Qt.Key.Key_Down)
    assert stage.chosen == "Open…"
    qtbot.keyClick(stage.query, Qt.Key.Key_PageDown)
    assert stage.chosen == "✓ Points"
    qtbot.keyClick(stage.query, Qt.Key.Key_PageUp)
    qtbot.keyClick(stage.query, Qt.Key.Key_Enter)
    assert stage.done == ["Open…"]


def test_a_click_does_the_command(qtbot: QtBot, stage: Stage) -> None:
    place = stage.tree.visualItemRect(stage.rows[2]).center()
    qtbot.mouseClick(stage.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert stage.done == ["Reset view"]
    assert not stage.palette.isVisible()


def test_escape_does_nothing(qtbot: QtBot, stage: Stage) -> None:
    qtbot.keyClick(stage.query, Qt.Key.Key_Escape)
    assert not stage.palette.isVisible()
    assert stage.done == []


def test_says_when_nothing_matches(qtbot: QtBot, stage: Stage) -> None:
    nothing = stage.palette.findChild(QLabel, "command_nothing")
    assert isinstance(nothing, QLabel)
    assert not nothing.isVisible()
    qtbot.keyClicks(stage.query, "xyzzy")
    assert nothing.isVisible()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(stage.query, key)
    assert stage.done == []


def test_commands_of_submenus_are_listed_with_the_way_to_them(stage: Stage) -> None:
    view = stage.window.menuBar().actions()[1].menu()
    assert isinstance(view, QMenu)
    view.addMenu("&Theme").addAction("&Dark")
    stage.open()
    assert [stage.rows[-1].text(column) for column in range(2)] == ["Dark", "View › Theme"]


def test_opens_afresh_with_commands_as_they_are_now(qtbot: QtBot, stage: Stage) -> None:
    qtbot.keyClicks(stage.query, "points")
    qtbot.keyClick(stage.query, Qt.Key.Key_Return)
    stage.actions["Save & close"].setEnabled(True)
    stage.open()
    assert stage.query.text() == ""
    assert len(stage.rows) == 5
    assert not any(row.isDisabled() for row in stage.rows)
    assert stage.rows[-1].text(0) == "Points", "no longer ticked"


def test_leaves_nothing_behind(qtbot: QtBot, stage: Stage) -> None:
    for close in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        palette = CommandPalette(stage.window)
        gone = QSignalSpy(palette.destroyed)
        palette.open_for(stage.listed)
        field = palette.findChild(QLineEdit, "command_query")
        assert isinstance(field, QLineEdit)
        qtbot.keyClick(field, close)
        qtbot.waitUntil(lambda gone=gone: gone.count() == 1)
    assert stage.done == ["Open…"]


def test_every_control_is_named(stage: Stage) -> None:
    for control in (stage.query, stage.tree):
        assert control.accessibleName()
        assert control.toolTip()


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("re", "Reset view", "Add a replica"),  # at the beginning
        ("lay", "Reset layout", "Replay"),  # at the beginning of a word
        ("play", "Replay", "Put all away"),  # in one piece
        ("rl", "Reset layout", "Curl"),  # initials
        ("view reset", "Reset view", "Reset"),  # words in any order
    ],
)
def test_better_matches_score_higher(query: str, better: str, worse: str) -> None:
    score, other = match_score(query, better), match_score(query, worse)
    assert score is not None
    if query == "view reset":
        assert other is None
    elif query == "rl":
        assert other is not None
        assert score == 1.0
    else:
        assert other is not None
        assert score > other


def test_the_menu_may_be_typed_too() -> None:
    assert match_score("view", "Points", "View") == 1.0
    assert match_score("view points", "Points", "View") == 5.0
    assert match_score("iew", "Points", "View") is None
    assert match_score("theme dark", "Dark", "View", "Theme") == 5.0


def test_letters_must_be_there_in_order() -> None:
    assert match_score("ba", "ab") is None
    assert match_score("aa", "a") is None
    assert match_score("", "anything") == 0.0
    assert match_score("ÉTÉ", "L’été") is not None


def test_words_about_actions(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    menu = window.menuBar().addMenu("&Train && test")
    deep = menu.addMenu("De&eper").addMenu("Still").addAction("Learning &rate…")
    deep.setShortcuts([QKeySequence("Ctrl+L"), QKeySequence("F5")])
    assert name_of(deep) == "Learning rate…"
    assert keys_of(deep) == ("Ctrl+L", "F5")
    assert menus_of(deep) == ("Train & test", "Deeper", "Still")
    assert menus_of(QAction("Alone", window)) == ()
