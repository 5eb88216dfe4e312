"""Where the panels stand around the lanes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from explorer.launch import Launch
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import until
from trainers.recipe import Recipe


def test_names_of_panels_are_whole_in_a_small_window(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="ae", dataset="digits"), launch=Launch(size=(1280, 720)))

    def bars() -> list[QTabBar]:
        found = explorer.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [bar for bar in found if bar.isVisible() and bar.count()]

    until(qtbot, lambda: [name for bar in bars() for name in map(bar.tabText, range(bar.count()))].count("Drawing"))
    for bar in bars():
        for at in range(bar.count()):
            room = min(bar.tabRect(at).right(), bar.width()) - bar.tabRect(at).left()
            assert bar.fontMetrics().horizontalAdvance(bar.tabText(at)) <= room, bar.tabText(at)
