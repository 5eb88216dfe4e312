"""The thread that computes layers: the newest wins, who waits goes first, and training is left its time."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from tests.explorer.driving import until


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[LayerThread]:
    del qtbot
    thread = LayerThread()
    thread.start()
    yield thread
    thread.stop()
    assert "layers" not in {running.name for running in threading.enumerate()}


def job(layer: str, run: str, compute: Callable[[], object] | int, *, is_awaited: bool = False) -> LayerJob:
    return LayerJob(
        layer=layer,
        run=run,
        compute=compute if callable(compute) else lambda: compute,
        is_awaited=is_awaited,
    )


class _Gate:
    """A computation that says when it begins and then waits for the test."""

    def __init__(self) -> None:
        self.begun, self.opened = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self.begun.set()
        assert self.opened.wait(60)
        return "gate"


def values(spy: QSignalSpy) -> list[object]:
    return [spy.at(index)[0].value for index in range(spy.count())]


def held(thread: LayerThread) -> _Gate:
    gate = _Gate()
    thread.submit(job("gate", "gate", gate))
    assert gate.begun.wait(60)
    return gate


def test_the_newest_job_of_a_layer_and_run_wins(qtbot: QtBot, thread: LayerThread) -> None:
    spy, gate = QSignalSpy(thread.done), held(thread)
    for value in range(1, 5):
        thread.submit(job("holes", "a", value))
        thread.submit(job("holes", "b", 10 * value))
        thread.submit(job("trust", "a", 100 * value))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 4)
    assert values(spy) == ["gate", 4, 40, 400]


def test_what_a_person_waits_for_goes_first(qtbot: QtBot, thread: LayerThread) -> None:
    spy, gate = QSignalSpy(thread.done), held(thread)
    thread.submit(job("holes", "a", 1))
    thread.submit(job("path", "a", 2, is_awaited=True))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 3)
    assert values(spy) == ["gate", 2, 1]


def test_dropped_and_forgotten_jobs_are_not_done(qtbot: QtBot, thread: LayerThread) -> None:
    spy, gate = QSignalSpy(thread.done), held(thread)
    for layer in ("holes", "trust"):
        for run in ("a", "b"):
            thread.submit(job(layer, run, 1))
    thread.drop("holes", "a")
    thread.forget("b")
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 2)
    assert (spy.at(1)[0].job.layer, spy.at(1)[0].job.run) == ("trust", "a")


def test_while_models_train_it_rests_between_jobs_but_not_for_a_person(qtbot: QtBot) -> None:
    thread = LayerThread(training_share=0.02)
    thread.start()
    try:
        thread.set_training(True)
        done_at: dict[object, float] = {}

        def note(done: LayerDone) -> None:
            done_at[done.value] = time.monotonic()

        thread.done.connect(note)

        def slow() -> int:
            end = time.monotonic() + 0.02
            while time.monotonic() < end:
                pass
            return 1

        thread.submit(job("holes", "a", slow))
        until(qtbot, lambda: 1 in done_at)
        thread.submit(job("trust", "a", 2))
        thread.submit(job("path", "a", 3, is_awaited=True))
        until(qtbot, lambda: len(done_at) == 3)
        # One fiftieth of the time: the rest after 0.02 s is 0.98 s.
        assert done_at[2] - done_at[1] > 0.8
        assert done_at[3] < done_at[2]
    finally:
        thread.stop()


def test_a_failure_is_told_and_the_next_job_is_done(qtbot: QtBot, thread: LayerThread) -> None:
    spy, failed = QSignalSpy(thread.done), QSignalSpy(thread.failed)

    def broken(error: Exception) -> object:
        raise error

    for number, (error, reason) in enumerate(
        (
            (ValueError("no codes"), "no codes."),
            (ValueError("No codes.\nTraceback of a library"), "No codes."),
            (MemoryError(), "MemoryError."),
        )
    ):
        thread.submit(job("holes", "a", partial(broken, error)))
        until(qtbot, lambda number=number: failed.count() == number + 1)
        assert failed.at(number)[1] == reason
    thread.submit(job("holes", "a", 2))
    until(qtbot, lambda: values(spy) == [2])
