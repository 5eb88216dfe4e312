"""The first frame is told once it is there, and the program's threads wait for it."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.first_frame import FirstFrame
from explorer.lane_row import LaneRow
from explorer.launch import Launch
from tests.explorer.conftest import THREADS
from tests.explorer.driving import until


class PaintedWidget(QWidget):
    """Notes what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []

    def event(self, event: QEvent) -> bool:
        """Note a paint event."""
        if event.type() is QEvent.Type.Paint:
            self.story.append("painted")
        return super().event(event)


class Watch(QObject):
    """Sees which of the program's threads live when the lanes are first painted."""

    living: set[str] | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the paint events of the whole program."""
        if self.living is None and event.type() is QEvent.Type.Paint and isinstance(watched, LaneRow):
            self.living = living_threads()
        return super().eventFilter(watched, event)


def living_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()} & set(THREADS)


def waits(frame: FirstFrame) -> bool:
    return any(timer.isActive() for timer in frame.findChildren(QTimer))


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[Watch]:
    watch = Watch()
    qapp.installEventFilter(watch)
    yield watch
    qapp.removeEventFilter(watch)


@pytest.fixture
def just_started(watch: Watch) -> Iterator[Explorer]:
    """The window, whose event loop has not had a turn yet."""
    del watch
    explorer = Explorer.start(Launch(size=(1280, 760)))
    yield explorer
    explorer.window.close()
    explorer.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not living_threads()


def test_it_is_told_once_after_the_first_paint(qtbot: QtBot) -> None:
    widget = PaintedWidget()
    qtbot.addWidget(widget)
    frame = FirstFrame(widget)
    frame.painted.connect(lambda: widget.story.append("told"))
    widget.show()
    until(qtbot, lambda: "told" in widget.story)
    assert widget.story[0] == "painted"
    widget.update()
    until(qtbot, lambda: widget.story[-1] == "painted")
    assert not waits(frame)
    assert widget.story.count("told") == 1


def test_a_widget_that_is_not_painted_is_not_waited_for(qtbot: QtBot) -> None:
    widget = PaintedWidget()
    qtbot.addWidget(widget)
    frame = FirstFrame(widget)
    told = QSignalSpy(frame.painted)
    until(qtbot, lambda: told.count() == 1)
    assert widget.story == []
    assert not waits(frame)


def test_what_is_forgotten_is_not_told(qtbot: QtBot) -> None:
    widget = PaintedWidget()
    qtbot.addWidget(widget)
    frame = FirstFrame(widget)
    told = QSignalSpy(frame.painted)
    frame.forget()
    widget.show()
    until(qtbot, lambda: "painted" in widget.story)
    assert not waits(frame)
    assert told.count() == 0


def test_threads_begin_after_the_windows_first_frame(qtbot: QtBot, watch: Watch, just_started: Explorer) -> None:
    del just_started
    assert not living_threads()
    until(qtbot, lambda: "training" in living_threads())
    assert watch.living == set()


def test_a_window_that_is_closed_before_its_first_frame_starts_none(just_started: Explorer) -> None:
    just_started.window.close()
    assert not waits(just_started.first_frame)
