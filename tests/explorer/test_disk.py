"""Writes behind the window's back: nobody waits for them, and none is lost or overtaken."""

import threading

from PySide6.QtCore import QSettings

from explorer.app import Explorer
from explorer.disk import finish_writing, remember, write_behind
from tests.explorer.driving import action


def test_nobody_waits_for_a_disk_that_is_at_work() -> None:
    gate = threading.Event()
    write_behind(gate.wait)
    remember("colour", "green")
    remember("colour", "blue")
    assert QSettings().value("colour") is None, "the disk is still at work"
    gate.set()
    finish_writing()
    assert QSettings().value("colour") == "blue"


def test_opening_the_window_writes_no_settings(explorer: Explorer) -> None:
    finish_writing()
    assert [name for name in ("map", "measure-live", "layer-ellipses") if QSettings().contains(name)] == []
    action(explorer, "map").toggle()
    finish_writing()
    assert QSettings().contains("map")


def test_what_cannot_be_written_keeps_nothing_else_from_it() -> None:
    def fail() -> None:
        raise OSError("the disk is full")

    write_behind(fail)
    remember("size", 3)
    finish_writing()
    assert int(str(QSettings().value("size"))) == 3
