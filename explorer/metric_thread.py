"""The one thread that measures models, on copies, with little of the machine while they train."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import Signal

from explorer.job_thread import JobThread
from explorer.precedence import MEASURING
from trainers.errors import Cancelled, LatentExplorerError
from trainers.images import ImageSet
from trainers.metrics import METRICS

if TYPE_CHECKING:
    from trainers.frozen_model import FrozenModel
    from trainers.metrics.evidence import Evidence
    from trainers.metrics.figure import Figure

LIVE_SHARE: Final = 0.03
"""Share of a core that figures may take by themselves while models train."""
ASKED_SHARE: Final = 0.5
"""The same for figures that a person has asked for."""
ADVANCE_SECONDS: Final = 0.5
"""Measuring that need not be rested for, once: the first figures should not take a minute."""
LIVE_IMAGES: Final = 1000
"""Images that live figures are taken on: enough for two digits."""
ALL_IMAGES: Final = 10_000
"""The same when a person has asked for them."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Occasion:
    """Which model is measured, when, and on what: figures of different occasions are not always to be compared.

    Attributes:
        run: Which model.
        epoch: How far it was trained.
        images: Its images.
        limit: The most images of each kind to take.
        is_asked: Whether a person waits for it, so that it goes first and takes more of the machine.
    """

    run: str
    epoch: float
    images: ImageSet
    limit: int = LIVE_IMAGES
    is_asked: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MetricJob:
    """Some metrics of one model.

    Attributes:
        occasion: Which model, and when.
        model: Its copy.
        names: Entries of `METRICS`, in the order in which they are wanted.
    """

    occasion: Occasion
    model: "FrozenModel"
    names: tuple[str, ...]

    @property
    def key(self) -> tuple[bool, str]:
        """Whether it was asked for, and of which model it is: one job a key waits."""
        return self.occasion.is_asked, self.occasion.run


class OtherJob(Protocol):
    """Something else to be measured; it tells by itself what comes of it."""

    @property
    def key(self) -> tuple[bool, str]:
        """As that of a `MetricJob`, with a name of its own in place of a run's."""
        ...

    def work(self, pulse: Callable[[], None]) -> None:
        """Do it; `pulse` is to be called between its parts, and raises `Cancelled` when it is wanted no more."""
        ...


Job = MetricJob | OtherJob


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Measured:
    """What came of one metric.

    Attributes:
        occasion: Of which model, and when.
        name: Of which metric.
        figure: The figure; None where the model or its images have no such thing, or it failed.
        problem: One sentence where it failed.
        held_out: Held-out images that it was to be taken on.
        features: In the features of which network images were compared, where they were.
        features_reason: Why that one, in one sentence.
    """

    occasion: Occasion
    name: str
    figure: "Figure | None" = None
    problem: str = ""
    held_out: int = 0
    features: str = ""
    features_reason: str = ""


class MetricThread(JobThread[Job]):
    """Keeps one job a model that nobody waits for, the newest, and one a model that was asked for; these go first.

    A job rests between its parts, so that training is left its time. It begins to work with its first job, or before.

    Signals:
        prepared(): What metrics need has been imported.
        begun(object, str): A `MetricJob`, and the metric in hand.
        measured(object): `Measured`.
        ended(object): The `Job`, done or dropped; nothing more comes of it.
    """

    prepared = Signal()
    begun = Signal(object, str)
    measured = Signal(object)
    ended = Signal(object)

    def __init__(self, *, live_share: float = LIVE_SHARE, advance: float = ADVANCE_SECONDS) -> None:
        super().__init__("metrics", niceness=MEASURING)
        self._live_share = live_share
        self._advance = advance
        self._training = False
        self._jobs: OrderedDict[tuple[bool, str], Job] = OrderedDict()
        self._in_hand: Job | None = None
        self._is_dropped = False
        self._since = 0.0

    def set_training(self, training: bool) -> None:
        """Say whether models are being trained, so that the machine is left to them."""
        with self._wake:
            self._training = training
            self._wake.notify()

    def submit(self, job: Job) -> None:
        """Ask for a job; one of its kind and model that waits already is replaced where it stands in the row."""
        with self._wake:
            if self._stopping:
                return
            replaced = self._jobs.get(job.key)
            self._jobs[job.key] = job
            self._wake.notify()
        self.start()
        if replaced is not None:
            self.ended.emit(replaced)

    def forget(self, run: str) -> None:
        """Drop all jobs of a model, or of another name, also the one in hand."""
        self._drop([(False, run), (True, run)])

    def forget_live(self, run: str) -> None:
        """Drop the job of a model that nobody has asked for."""
        self._drop([(False, run)])

    def cancel_asked(self) -> None:
        """Drop the metrics that a person has asked for."""
        with self._wake:
            asked = [key for key, job in self._jobs.items() if key[0] and isinstance(job, MetricJob)]
            if isinstance(self._in_hand, MetricJob) and self._in_hand.key[0]:
                asked.append(self._in_hand.key)
        self._drop(asked)

    def _drop(self, keys: list[tuple[bool, str]]) -> None:
        with self._wake:
            dropped = [job for key in keys if (job := self._jobs.pop(key, None)) is not None]
            job = self._in_hand
            self._is_dropped |= job is not None and job.key in keys
            self._wake.notify()
        for job in dropped:
            self.ended.emit(job)

    def _prepare(self) -> None:
        from trainers.device import stay_on_one_core

        stay_on_one_core()
        for listing in METRICS.values():
            if not self._stopping:
                listing.load()  # while nobody waits for them, and no model trains yet
        self.prepared.emit()

    def _choose(self) -> tuple[Job | None, float | None]:
        """The job that a person asked for, or that has waited longest."""
        key = next((key for key in self._jobs if key[0]), next(iter(self._jobs), None))
        if key is not None:
            self._in_hand, self._is_dropped = self._jobs.pop(key), False
            return self._in_hand, None
        return None, None

    def _do(self, job: Job) -> None:
        self._since = time.thread_time()
        try:
            if isinstance(job, MetricJob):
                self._measure(job)
            else:
                job.work(self._pulse)
        except Cancelled:
            pass
        finally:
            with self._wake:
                self._in_hand = None
            self.ended.emit(job)

    def _measure(self, job: MetricJob) -> None:
        try:
            evidence = self._evidence(job)
        except Exception as error:  # noqa: BLE001 - becomes a sentence in its cells, and the other models go on
            for name in job.names:
                self.measured.emit(Measured(occasion=job.occasion, name=name, problem=_sentence(error)))
            return
        for name in job.names:
            self._pulse()
            self.begun.emit(job, name)
            self.measured.emit(_measured(job, name, evidence))
        self._pulse()

    def _evidence(self, job: MetricJob) -> "Evidence":
        from trainers.metrics.evidence import Evidence

        return Evidence(job.model.family, job.occasion.images, limit=job.occasion.limit, pulse=self._pulse)

    def _pulse(self) -> None:
        """Rest for what was done since the last time; raises `Cancelled` when the job is wanted no more."""
        with self._wake:
            begun, busy = time.monotonic(), time.thread_time() - self._since
            free = min(busy, self._advance) if self._share() < 1 else 0.0
            self._advance -= free
            while not self._stopping and not self._is_dropped:
                rest = (busy - free) * (1 / self._share() - 1) - (time.monotonic() - begun)
                if rest <= 0:
                    break
                self._wake.wait(rest)
            if self._stopping or self._is_dropped:
                raise Cancelled("These figures are wanted no more.")
            self._since = time.thread_time()

    def _share(self) -> float:
        if not self._training or self._in_hand is None:
            return 1.0
        if self._in_hand.key[0]:
            return ASKED_SHARE
        return 1.0 if any(is_asked for is_asked, _ in self._jobs) else self._live_share


def _measured(job: MetricJob, name: str, evidence: "Evidence") -> Measured:
    listing = METRICS[name]
    try:
        figure = listing.load()(evidence)
        features = _features_behind(name, evidence)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - becomes a sentence in its cell, and the other metrics go on
        return Measured(occasion=job.occasion, name=name, problem=_sentence(error))
    return Measured(
        occasion=job.occasion,
        name=name,
        figure=figure,
        held_out=evidence.count,
        features=features[0],
        features_reason=features[1],
    )


def _features_behind(name: str, evidence: "Evidence") -> tuple[str, str]:
    """In the features of which network a metric compared images, and why; empty where it did without."""
    if not (METRICS[name].dear and METRICS[name].group == "generation"):
        return "", ""
    from trainers.metrics.feature_views import features_of

    extractor = features_of(evidence).extractor
    return extractor.name, extractor.reason


def _sentence(error: Exception) -> str:
    if isinstance(error, LatentExplorerError):
        return str(error)
    if isinstance(error, MemoryError):
        return "There is not enough memory to measure this; close other programs, and try again."
    return f"This could not be measured ({type(error).__name__}: {error})."
