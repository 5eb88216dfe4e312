"""The thread that decodes for the mouse: the newest wins, the mouse goes first, nothing is waited for twice."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.decode_thread import DecodeThread
from explorer.messages import Decoded, DecodeJob
from tests.explorer.driving import until
from trainers.messages import Floats, Pixels


@dataclass
class _Gate:
    """A decoder that says when it begins and then waits for the test."""

    begun: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def decode(self, codes_ND: Floats) -> Pixels:
        self.begun.set()
        assert self.opened.wait(60)
        return codes_ND.astype(np.uint8).reshape(len(codes_ND), 1, 1, -1)


class _Plain:
    """A decoder whose image is the code."""

    def decode(self, codes_ND: Floats) -> Pixels:
        return codes_ND.astype(np.uint8).reshape(len(codes_ND), 1, 1, -1)


class _Broken:
    """A decoder that cannot."""

    def decode(self, codes_ND: Floats) -> Pixels:
        raise ValueError(f"{codes_ND.shape} is no code")


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[DecodeThread]:
    del qtbot
    thread = DecodeThread()
    thread.start()
    yield thread
    thread.stop()
    assert "decode" not in {running.name for running in threading.enumerate()}


def job(purpose: str, run: str, value: int, decoder: _Gate | _Plain | _Broken | None = None) -> DecodeJob:
    codes_ND = np.full((1, 2), value, np.float32)
    return DecodeJob(purpose=purpose, run=run, decoder=decoder or _Plain(), codes_ND=codes_ND)


def answers(spy: QSignalSpy) -> list[tuple[str, str, int]]:
    found = [spy.at(index)[0] for index in range(spy.count())]
    assert all(isinstance(decoded, Decoded) for decoded in found)
    return [(decoded.job.purpose, decoded.job.run, int(decoded.pixels_NCHW.flat[0])) for decoded in found]


def test_the_newest_job_of_a_purpose_and_run_wins(qtbot: QtBot, thread: DecodeThread) -> None:
    spy, gate = QSignalSpy(thread.decoded), _Gate()
    thread.submit(job("pointer", "a", 1, gate))
    assert gate.begun.wait(60)
    for value in range(2, 6):
        thread.submit(job("pointer", "a", value))
        thread.submit(job("pointer", "b", 10 * value))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 3)
    assert answers(spy) == [("pointer", "a", 1), ("pointer", "a", 5), ("pointer", "b", 50)]


def test_the_mouse_goes_first(qtbot: QtBot, thread: DecodeThread) -> None:
    spy, gate = QSignalSpy(thread.decoded), _Gate()
    thread.submit(job("pointer", "a", 1, gate))
    assert gate.begun.wait(60)
    thread.submit(job("prior samples", "a", 2))
    thread.submit(job("selected image", "a", 3))
    thread.submit(job("pointer", "b", 4))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 4)
    assert [purpose for purpose, _, _ in answers(spy)] == ["pointer", "pointer", "selected image", "prior samples"]


def test_samples_do_not_hold_the_mouse_up(qtbot: QtBot, thread: DecodeThread) -> None:
    spy = QSignalSpy(thread.decoded)
    for value in range(5):
        thread.submit(job("prior samples", f"run-{value}", value))
    thread.submit(job("pointer", "a", 9))
    until(qtbot, lambda: spy.count() == 6)
    assert sorted(answers(spy)) == sorted([("pointer", "a", 9), *(("prior samples", f"run-{n}", n) for n in range(5))])


def test_a_closed_run_is_forgotten(qtbot: QtBot, thread: DecodeThread) -> None:
    spy, gate = QSignalSpy(thread.decoded), _Gate()
    thread.submit(job("pointer", "a", 1, gate))
    assert gate.begun.wait(60)
    for purpose in ("pointer", "selected image", "prior samples"):
        thread.submit(job(purpose, "closed", 2))
    thread.forget("closed")
    thread.submit(job("prior samples", "a", 3))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 2)
    assert answers(spy) == [("pointer", "a", 1), ("prior samples", "a", 3)]


def test_a_failure_is_told_and_the_next_job_is_done(qtbot: QtBot, thread: DecodeThread) -> None:
    spy, failed = QSignalSpy(thread.decoded), QSignalSpy(thread.failed)
    broken = job("pointer", "a", 1, _Broken())
    thread.submit(broken)
    until(qtbot, lambda: failed.count() == 1)
    assert failed.at(0)[0] is broken
    assert "is no code" in failed.at(0)[1]
    thread.submit(job("pointer", "a", 2))
    until(qtbot, lambda: spy.count() == 1)
    assert answers(spy) == [("pointer", "a", 2)]


def test_stops_without_the_jobs_that_wait(thread: DecodeThread) -> None:
    gate = _Gate()
    thread.submit(job("pointer", "a", 1, gate))
    assert gate.begun.wait(60)
    never = _Gate()
    thread.submit(job("pointer", "b", 2, never))
    threading.Timer(0.05, gate.opened.set).start()
    thread.stop()
    assert not never.begun.is_set()


def test_an_unknown_purpose_is_our_own_mistake(thread: DecodeThread) -> None:
    with pytest.raises(AssertionError, match="party"):
        thread.submit(job("party", "a", 1))


def test_what_is_waited_for_goes_first_and_is_told_at_once(thread: DecodeThread) -> None:
    spy = QSignalSpy(thread.decoded)
    with thread.waiting_briefly("b", 60):
        for run in "abc":
            thread.submit(job("pointer", run, ord(run)))
    assert answers(spy)[0] == ("pointer", "b", ord("b"))  # no event loop has turned


def test_nobody_waits_for_longer_than_was_said(qtbot: QtBot, thread: DecodeThread) -> None:
    spy, gate = QSignalSpy(thread.decoded), _Gate()
    with thread.waiting_briefly("a", 0.001):
        thread.submit(job("pointer", "a", 1, gate))
    assert spy.count() == 0
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 1)
    assert answers(spy) == [("pointer", "a", 1)]


def test_a_place_that_was_asked_for_before_is_not_waited_for_again(thread: DecodeThread) -> None:
    with thread.waiting_briefly("a", 60):
        pass  # as when the same place is clicked twice
