"""Where the panels stand around the lanes."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QTabBar
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.launch import Launch
from explorer.panel_layout import FRAME_ROOM, TALL
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import action, dock, until
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


def test_panels_that_were_moved_floated_and_closed_go_back_to_their_places(
    qtbot: QtBot, open_explorer: OpenExplorer
) -> None:
    explorer = open_explorer(launch=Launch(size=(1280, 720)), wait=False)
    QApplication.processEvents()
    at_first = arrangement(explorer)
    assert {name for name, (_, tabs, _) in at_first.items() if not tabs} == set()
    dock(explorer, "losses").setFloating(True)
    dock(explorer, "comparison").setFloating(True)
    dock(explorer, "claims").close()
    dock(explorer, "drawing").close()
    explorer.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock(explorer, "inspector"))
    explorer.window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock(explorer, "nearest"))
    until(qtbot, lambda: ["Selection", "Classes"] in tab_names(explorer))
    assert arrangement(explorer) != at_first
    action(explorer, "reset_layout").trigger()
    right, bottom = ["Inspector", "Nearest", "Selection", "Drawing", "Classes"], ["Losses", "Comparison", "Claims"]
    until(qtbot, lambda: tab_names(explorer) == [right, bottom])
    assert arrangement(explorer) == at_first
    assert dock(explorer, "inspector").visibleRegion().contains(QPoint(20, 20))
    assert dock(explorer, "losses").visibleRegion().contains(QPoint(20, 20))


@pytest.mark.parametrize("reset", [False, True])
def test_panels_at_the_right_stand_beside_those_below_the_lanes(
    qtbot: QtBot, open_explorer: OpenExplorer, reset: bool
) -> None:
    explorer = open_explorer(launch=Launch(size=(1280, 720)), wait=False)
    if reset:
        dock(explorer, "inspector").setFloating(True)
        action(explorer, "reset_layout").trigger()
        until(qtbot, lambda: not dock(explorer, "inspector").isFloating())
    QApplication.processEvents()
    right, below = dock(explorer, "inspector").geometry(), dock(explorer, "losses").geometry()
    assert below.right() < right.left()
    assert right.bottom() == below.bottom(), "they reach over the whole height"


@pytest.mark.parametrize("height", [TALL - 1, TALL])
def test_a_window_of_a_given_size_has_its_panels_where_they_suit_that_size(
    open_explorer: OpenExplorer, height: int
) -> None:
    window = open_explorer(launch=Launch(size=(1280, height)), wait=False).window
    inspector = window.findChild(QDockWidget, "dock-inspector")
    assert isinstance(inspector, QDockWidget)
    assert bool(window.tabifiedDockWidgets(inspector)) == (height < TALL)


def arrangement(explorer: Explorer) -> dict[str, tuple[Qt.DockWidgetArea, list[str], bool]]:
    """Where each panel is, with which others it shares its place, and whether it is shown."""
    window = explorer.window
    return {
        panel.objectName(): (
            window.dockWidgetArea(panel),
            sorted(other.objectName() for other in window.tabifiedDockWidgets(panel)),
            panel.isVisible() and not panel.isFloating(),
        )
        for panel in window.findChildren(QDockWidget)
    }


def tab_names(explorer: Explorer) -> list[list[str]]:
    """The words of the bars of tabs, from the right to the bottom."""
    bars = explorer.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    shown = sorted((bar for bar in bars if bar.isVisible() and bar.count()), key=lambda bar: -bar.x())
    return [[bar.tabText(at) for at in range(bar.count())] for bar in shown]


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
