"""A thread that computes, from copies of models, what is shown beside them: one for layers, one for panels."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Signal

from explorer.job_thread import JobThread
from explorer.precedence import SHOWING

TRAINING_SHARE: Final = 0.15
"""Share of a core that layers may take while models train; a person who draws a path does not wait for that."""
PANELS_SHARE: Final = 0.03
"""The same for panels, whose numbers are read, and not watched."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LayerJob:
    """Something to be computed for one lane; it takes the place of what waits for the same layer and run.

    Attributes:
        layer: Which layer it is for.
        run: Of which model.
        compute: Gives what the layer shows; called in the thread, from frozen values alone.
        is_awaited: Whether a person waits for it, so that it goes first and takes what time it needs.
    """

    layer: str
    run: str
    compute: Callable[[], object]
    is_awaited: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LayerDone:
    """What a job has given."""

    job: LayerJob
    value: object


class LayerThread(JobThread[LayerJob]):
    """Keeps one job a layer and run, the newest; those that a person waits for go first, the others take turns.

    The first, "layers", computes what lies over the clouds: ellipses, arrows, heat and paths. The second, "panels",
    computes what panels ask for, so that a person who draws does not wait for heat.

    Signals:
        done(object): `LayerDone`.
        failed(object, str): The `LayerJob`, and why it failed, in words that can follow a colon: who asked for it
            knows what cannot be shown.
    """

    done = Signal(object)
    failed = Signal(object, str)

    def __init__(self, name: str = "layers", *, training_share: float = TRAINING_SHARE) -> None:
        super().__init__(name, niceness=SHOWING)
        self._training_share = training_share
        self._training = False
        self._jobs: OrderedDict[tuple[str, str], LayerJob] = OrderedDict()
        self._rest_until = 0.0

    def set_training(self, training: bool) -> None:
        """Say whether models are being trained, so that layers leave the machine to them."""
        with self._wake:
            self._training = training
            self._rest_until = 0.0
            self._wake.notify()

    def submit(self, job: LayerJob) -> None:
        """Ask for a job; one that waits already is replaced where it stands in the row."""
        with self._wake:
            self._jobs[job.layer, job.run] = job
            self._wake.notify()

    def drop(self, layer: str, run: str) -> None:
        """Drop what waits for a layer of a run."""
        with self._wake:
            self._jobs.pop((layer, run), None)

    def forget(self, run: str) -> None:
        """Drop all that waits for a run."""
        with self._wake:
            for key in [key for key in self._jobs if key[1] == run]:
                del self._jobs[key]

    def _choose(self) -> tuple[LayerJob | None, float | None]:
        """The job that a person waits for, or that has waited longest."""
        awaited = next((key for key, job in self._jobs.items() if job.is_awaited), None)
        if awaited is not None:
            return self._jobs.pop(awaited), None
        if not self._jobs:
            return None, None
        wait = self._rest_until - time.monotonic()
        return (None, wait) if wait > 0 else (self._jobs.popitem(last=False)[1], None)

    def _do(self, job: LayerJob) -> None:
        start = time.monotonic()
        try:
            answer = partial(self.done.emit, LayerDone(job=job, value=job.compute()))
        except Exception as error:  # noqa: BLE001 - a failure is shown in its lane or panel
            answer = partial(self.failed.emit, job, _reason(error))
        now = time.monotonic()
        with self._wake:
            if self._training and not job.is_awaited:
                self._rest_until = now + (now - start) * (1 / self._training_share - 1)
        answer()


def _reason(error: Exception) -> str:
    """The first line of what an error says, which is all that one sentence has room for; its kind where it is mute."""
    lines = str(error).strip().splitlines()
    return f"{(lines[0] if lines else type(error).__name__).rstrip('.')}."
