"""Garbage that another thread makes is collected in the thread of the window, and nowhere else."""

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from explorer.garbage_collection import GarbageCollection
from tests.explorer.driving import until

WAITING = """
import gc
from PySide6.QtCore import QCoreApplication, QDeadlineTimer
from explorer.garbage_collection import GarbageCollection

application = QCoreApplication([])
gc.set_threshold(20, 1, 1)
garbage = GarbageCollection(awaits_imports=True)
before = [generation["collections"] for generation in gc.get_stats()]
kept = []

def collected_after(enough):
    patience = QDeadlineTimer(20_000)
    while True:
        kept.extend([] for _ in range(100))
        application.processEvents()
        found = [now["collections"] - then for now, then in zip(gc.get_stats(), before)]
        if enough(found) or patience.hasExpired():
            return found

found = collected_after(lambda found: found[1] > 5)
assert found[1] > 5 and found[2] == 0, found
garbage.leave_out_what_is_here()
found = collected_after(lambda found: found[2] > 0)
assert found[2] > 0, found
"""


@pytest.fixture
def collecting() -> Iterator[GarbageCollection]:
    garbage = GarbageCollection()
    yield garbage
    garbage.end()


def make_garbage() -> "weakref.ref[QObject]":
    """Leave something of Qt in a circle of references, and make enough else that Python would collect many times."""
    circle: list[object] = [made := QObject()]
    circle.append(circle)
    found = weakref.ref(made)
    del circle, made
    for _ in range(100 * gc.get_threshold()[0]):
        ring: list[object] = []
        ring.append(ring)
    return found


def collections() -> list[int]:
    """How often each generation has been collected so far."""
    return [generation["collections"] for generation in gc.get_stats()]


def test_it_is_collected_in_the_window_s_thread(qtbot: QtBot, collecting: GarbageCollection) -> None:
    del collecting
    threads: set[threading.Thread] = set()
    made: list[weakref.ref[QObject]] = []

    def note(phase: str, info: dict[str, int]) -> None:
        del phase, info
        threads.add(threading.current_thread())

    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=lambda: made.append(make_garbage()))
        worker.start()
        worker.join()
        assert not threads
        until(qtbot, lambda: made[0]() is None)
        assert threads == {threading.main_thread()}
    finally:
        gc.callbacks.remove(note)


def test_every_generation_has_its_turn(qtbot: QtBot, collecting: GarbageCollection) -> None:
    del collecting
    before, limits = collections(), gc.get_threshold()

    def each_was_collected() -> bool:
        make_garbage()
        return all(now > then for now, then in zip(collections(), before, strict=True))

    gc.set_threshold(20, 1, 1)
    try:
        until(qtbot, each_was_collected)
    finally:
        gc.set_threshold(*limits)


def test_the_oldest_generation_waits_for_what_is_imported() -> None:
    # In a process of its own: here another collector is at work.
    subprocess.run([sys.executable, "-c", WAITING], check=True, timeout=60)


def test_python_collects_by_itself_afterwards() -> None:
    was = gc.isenabled()
    garbage = GarbageCollection()
    assert not gc.isenabled()
    garbage.end()
    assert gc.isenabled() == was
