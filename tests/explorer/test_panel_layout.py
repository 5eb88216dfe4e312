"""Where the panels stand around the lanes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from explorer.launch import Launch
from explorer.panel_layout import FRAME_ROOM
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import until
from trainers.recipe import Recipe


def test_a_window_that_is_asked_to_be_larger_than_last_time_stays_on_the_screen(open_explorer: OpenExplorer) -> None:
    before = open_explorer(launch=Launch(size=(1000, 640)), wait=False).window
    screen = before.screen().availableGeometry()
    before.move(screen.right() - 300, screen.bottom() - 200)
    before.close()
    again = open_explorer(launch=Launch(size=(1280, 720)), wait=False).window
    assert (again.width(), again.height()) == (1280, 720)
    place = again.pos()
    assert place.x() == max(screen.left(), screen.right() + 1 - 1280 - FRAME_ROOM.width())
    assert place.y() == max(screen.top(), screen.bottom() + 1 - 720 - FRAME_ROOM.height())
    assert again.frameGeometry().bottom() <= screen.bottom()


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
