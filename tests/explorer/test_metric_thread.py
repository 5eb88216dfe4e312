"""The thread that measures: who waits goes first, what is dropped ends, training is left its time and its cores."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import torch
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot
from threadpoolctl import threadpool_info

from explorer.metric_thread import Job, Measured, MetricJob, MetricThread, Occasion
from tests.explorer.driving import until
from tests.trainers.tiny_runs import few_digits, run_of
from trainers.frozen_model import FrozenModel
from trainers.images import ImageSet
from trainers.metrics import METRICS
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe

HARDLY_ANY: float = 1e-9
"""A share of the machine with which a job that has begun rests for years."""


class _Driver:
    """The thread, and all that it tells."""

    def __init__(self, qtbot: QtBot, thread: MetricThread) -> None:
        self.qtbot, self.thread = qtbot, thread
        self.measured: list[Measured] = []
        self.ended: list[Job] = []
        thread.measured.connect(self.measured.append)
        thread.ended.connect(self.ended.append)

    def until_ended(self, *jobs: Job) -> None:
        until(self.qtbot, lambda: all(any(job is other for other in self.ended) for job in jobs))

    def names(self) -> list[str]:
        return [f"{measured.occasion.run} {measured.name}" for measured in self.measured]


@dataclass
class _Gate:
    """A job that says when it begins and then waits for the test."""

    key: tuple[bool, str] = (True, "gate")
    begun: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    threads: list[int] = field(default_factory=list[int])

    def work(self, pulse: Callable[[], None]) -> None:
        self.threads += [torch.get_num_threads(), *(library["num_threads"] for library in threadpool_info())]
        self.begun.set()
        assert self.opened.wait(60)
        pulse()


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[_Driver]:
    thread = MetricThread()
    yield _Driver(qtbot, thread)
    thread.stop()
    assert "metrics" not in {running.name for running in threading.enumerate()}


@pytest.fixture
def resting(qtbot: QtBot) -> Iterator[_Driver]:
    """One that is left hardly any time while models train, and gets none in advance."""
    thread = MetricThread(live_share=HARDLY_ANY, advance=0.0)
    thread.set_training(True)
    yield _Driver(qtbot, thread)
    thread.stop()
    assert "metrics" not in {running.name for running in threading.enumerate()}


def job(
    run: str, *names: str, is_asked: bool = False, images: ImageSet | None = None, recipe: Recipe | None = None
) -> MetricJob:
    trained = run_of(recipe or Recipe(family="vae"), few_digits())
    occasion = Occasion(run=run, epoch=1.0, images=images or few_digits(), is_asked=is_asked)
    return MetricJob(occasion=occasion, model=FrozenModel(trained.model), names=names)


def test_a_figure_is_that_of_the_metric(driver: _Driver) -> None:
    asked = job("a", "squared-error", "wasserstein")
    driver.thread.submit(asked)
    driver.until_ended(asked)
    evidence = Evidence(asked.model.family, few_digits())
    for measured in driver.measured:
        expected = METRICS[measured.name].load()(evidence)
        assert isinstance(measured.figure, Figure)
        assert isinstance(expected, Figure)
        assert (measured.figure.value, measured.figure.low) == (expected.value, expected.low)
        assert measured.held_out == 32
    assert driver.names() == ["a squared-error", "a wasserstein"]


def test_what_a_person_waits_for_goes_first_and_the_newest_of_a_kind_wins(driver: _Driver) -> None:
    gate = _Gate()
    driver.thread.submit(gate)
    assert gate.begun.wait(60)
    replaced, newest, asked = job("a", "kl"), job("a", "mmd"), job("b", "kl", is_asked=True)
    for order in (replaced, newest, asked):
        driver.thread.submit(order)
    gate.opened.set()
    driver.until_ended(replaced, newest, asked)
    assert driver.names() == ["b kl", "a mmd"]


def test_dropped_jobs_are_not_done(driver: _Driver) -> None:
    gate = _Gate()
    driver.thread.submit(gate)
    assert gate.begun.wait(60)
    jobs = [job(run, "kl", is_asked=asked) for run in "abc" for asked in (False, True)]
    for order in jobs:
        driver.thread.submit(order)
    driver.thread.forget("a")
    driver.thread.forget_live("b")
    driver.thread.cancel_asked()
    gate.opened.set()
    driver.until_ended(*jobs)
    assert driver.names() == ["c kl"]


def test_it_rests_while_models_train_and_goes_on_when_they_pause(resting: _Driver) -> None:
    quick = job("a", "squared-error", "kl")
    spy = QSignalSpy(resting.thread.ended)
    resting.thread.submit(quick)
    assert not spy.wait(300), "it rests"
    resting.thread.set_training(False)
    resting.until_ended(quick)
    assert resting.names() == ["a squared-error", "a kl"]


def test_a_rest_ends_when_the_job_is_wanted_no_more(resting: _Driver) -> None:
    dropped, asked = job("a", "squared-error", "kl"), job("b", "kl", is_asked=True)
    resting.thread.submit(dropped)
    resting.thread.forget("a")
    resting.until_ended(dropped)
    resting.thread.submit(asked)
    resting.until_ended(asked)
    assert "b kl" in resting.names(), "who is waited for gets more of the machine"


def test_a_rest_ends_with_the_thread(resting: _Driver) -> None:
    resting.thread.submit(job("a", *(name for name, listing in METRICS.items() if not listing.dear)))
    resting.thread.stop()
    assert "metrics" not in {running.name for running in threading.enumerate()}
    late = job("b", "kl")
    resting.thread.submit(late)
    assert "metrics" not in {running.name for running in threading.enumerate()}


def test_it_stays_on_one_core(driver: _Driver) -> None:
    gate = _Gate()
    gate.opened.set()
    driver.thread.submit(gate)
    driver.until_ended(gate)
    assert len(gate.threads) > 1, "libraries were found"
    assert set(gate.threads) == {1}


def test_what_cannot_be_measured_becomes_a_sentence_and_the_others_go_on(driver: _Driver) -> None:
    few = few_digits(16)
    without = job("a", "kl", "squared-error", images=few)
    broken = job("b", "squared-error", "mmd")
    with torch.no_grad():
        for weights in broken.model.family.parameters():
            weights.fill_(torch.nan)
    last = job("c", "kl", recipe=Recipe(family="ae"))
    for order in (without, broken, last):
        driver.thread.submit(order)
    driver.until_ended(without, broken, last)
    problems = {f"{measured.occasion.run} {measured.name}": measured.problem for measured in driver.measured}
    assert "8 held-out images" in problems["a kl"]
    assert problems["a kl"] == problems["a squared-error"]
    assert "no longer finite" in problems["b squared-error"]
    assert problems["c kl"] == "", "an autoencoder has no posterior, which is no failure"
    assert driver.measured[-1].figure is None
