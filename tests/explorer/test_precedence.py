"""Niceness and time slices, read back from the system."""

import ctypes
import os
import platform
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from explorer.precedence import SHORT_SLICE_NS, TRAINING, go_first, stand_back

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone has these for each thread")

READ_SCHEDULING = {"x86_64": 315, "aarch64": 275}
"""Number of the system call `sched_getattr`."""


@dataclass(frozen=True)
class Scheduling:
    """What the system knows of a thread."""

    niceness: int
    slice_ns: int


def scheduling() -> Scheduling:
    """That of the calling thread."""
    form = "=IIQiIQQQ"
    size = struct.calcsize(form)
    answer = ctypes.create_string_buffer(size)
    assert ctypes.CDLL(None).syscall(READ_SCHEDULING[platform.machine()], 0, answer, size, 0) == 0
    _, policy, _, niceness, _, slice_ns, _, _ = struct.unpack(form, answer.raw)
    assert policy == os.SCHED_OTHER
    return Scheduling(niceness, slice_ns)


def in_a_thread(*acts: Callable[[], object]) -> None:
    """Do something in a thread of its own, so that the one of the tests stays as it is."""
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for act in acts:
                act()
        except BaseException as failure:  # noqa: BLE001 - raised again below
            failures.append(failure)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def knows_slices() -> bool:
    """Whether this Linux lets threads ask for time slices."""
    major, minor = (int(number) for number in platform.release().split(".")[:2])
    return (major, minor) >= (6, 12) and platform.machine() in READ_SCHEDULING


def test_who_stands_back_is_nicer() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)

    def check() -> None:
        stand_back(TRAINING)
        assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == min(19, before + TRAINING)

    in_a_thread(check)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.skipif(not knows_slices(), reason="Linux has slices from release 6.12 on")
def test_who_goes_first_has_short_slices_and_so_have_its_threads_unless_they_stand_back() -> None:
    seen: list[Scheduling] = []

    def note() -> None:
        seen.append(scheduling())

    in_a_thread(
        lambda: stand_back(0),  # a window of another test may have been opened here
        note,
        go_first,
        note,
        lambda: in_a_thread(note, lambda: stand_back(TRAINING), note),
    )
    usual, first, started, back = seen
    assert usual.slice_ns > SHORT_SLICE_NS
    assert first == started == Scheduling(usual.niceness, SHORT_SLICE_NS)
    assert back == Scheduling(usual.niceness + TRAINING, usual.slice_ns)


def test_a_thread_that_begins_looks_up_no_function(monkeypatch: pytest.MonkeyPatch) -> None:
    # It would wait for whoever loads libraries just then, and let nobody else run meanwhile.
    def refuse(*_: object) -> None:
        raise AssertionError("the system's loader was asked")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    in_a_thread(go_first, lambda: stand_back(TRAINING))


def test_on_an_unknown_processor_only_the_niceness_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "unheard-of")
    seen: list[int] = []
    in_a_thread(
        go_first,
        lambda: stand_back(1),
        lambda: seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id())),
    )
    assert seen == [min(19, os.getpriority(os.PRIO_PROCESS, 0) + 1)]
