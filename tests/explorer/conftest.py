"""The real window on tiny real runs, from its start to the proof that nothing of it is left."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.disk import finish_writing
from explorer.garbage_collection import GarbageCollection
from explorer.launch import Launch
from explorer.theme import apply_theme
from tests.explorer.driving import activate, when_ready
from trainers.recipe import Recipe

OpenExplorer = Callable[..., Explorer]
THREADS = ("training", "decode", "map", "layers", "panels", "metrics", "images")


@pytest.fixture(autouse=True, scope="package")
def garbage_is_collected_here(qapp: QApplication) -> Iterator[None]:
    """Keep what windows of one test have left from being destroyed by a thread of another."""
    garbage = GarbageCollection(qapp)
    yield
    garbage.end()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[None]:
    """Give each test settings of its own; Qt reads the folders of the environment only once."""
    qapp.setOrganizationName("latent-explorer")
    qapp.setApplicationName("latent-explorer")
    for kind in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(kind, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    yield
    finish_writing()


@pytest.fixture
def open_explorer(qtbot: QtBot, qapp: QApplication) -> Iterator[OpenExplorer]:
    """Opens the window, with these recipes instead of the three usual models; waits until each has its points.

    At the end every window is closed, and nothing may be left of it: no thread and no widget.
    """
    opened: list[Explorer] = []
    before = set(QApplication.allWidgets())

    def open_with(*recipes: Recipe, launch: Launch | None = None, wait: bool = True) -> Explorer:
        explorer = Explorer.start(launch or Launch(size=(1280, 760)))
        opened.append(explorer)
        if recipes:
            explorer.bench.start_with(recipes)
        activate(explorer.window)
        bar = explorer.window.menuBar()
        QTest.mouseMove(bar, bar.rect().center())  # the pointer that another test has left may lie where a cloud is
        if wait:
            when_ready(qtbot, explorer)
        return explorer

    yield open_with
    while opened:
        explorer = opened.pop()
        explorer.window.close()
        explorer.window.deleteLater()
        del explorer
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    apply_theme(qapp, "system")
    running = {thread.name for thread in threading.enumerate()}
    assert not running & set(THREADS), "a thread outlives its window"
    left = {widget for widget in set(QApplication.allWidgets()) - before if not _is_of_pyqtgraph(widget)}
    assert not left, "widgets outlive their window"


@pytest.fixture
def explorer(open_explorer: OpenExplorer) -> Explorer:
    """The window with AE, VAE and AAE on digits, all with their points."""
    return open_explorer()


def _is_of_pyqtgraph(widget: QWidget) -> bool:
    """Whether it belongs to the menu that pyqtgraph makes for a plot, which only goes with its Python object."""
    while isinstance(above := widget.parent(), QWidget):
        widget = above
    return isinstance(widget, QMenu) and widget.title() == "Plot Options"
