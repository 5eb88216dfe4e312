"""The one thread that decodes for the mouse, from copied decoders, so that no click waits for a training step."""

import time
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Final

from PySide6.QtCore import Signal

from explorer.job_thread import JobThread
from explorer.messages import Decoded, DecodeJob

PURPOSES: Final = ("pointer", "selected image", "prior samples")
"""What images are decoded for, most urgent first."""

URGENT: Final = "pointer"
BACKGROUND: Final = "prior samples"
BACKGROUND_SHARE: Final = 0.2
"""Share of a core that prior samples may take; the mouse may take all of it."""


class DecodeThread(JobThread[DecodeJob]):
    """Keeps one job a purpose and run: a newer one takes the place of an older one that has not begun.

    Signals:
        decoded(object): `Decoded`.
        failed(object, str): The `DecodeJob`, and one sentence on what went wrong.
    """

    decoded = Signal(object)
    failed = Signal(object, str)
    _done = Signal()

    def __init__(self) -> None:
        super().__init__("decode")
        self._jobs: dict[tuple[str, str], DecodeJob] = {}
        self._first = ""
        self._in_hand: DecodeJob | None = None
        self._answers: deque[Callable[[], None]] = deque()
        self._done.connect(self._answer)
        self._background_from = 0.0

    def submit(self, job: DecodeJob) -> None:
        """Ask for a job, in place of an older one for the same purpose and run."""
        assert job.purpose in PURPOSES, job.purpose
        with self._wake:
            self._jobs[job.purpose, job.run] = job
            self._wake.notify_all()

    @contextmanager
    def waiting_briefly(self, run: str, patience: float) -> Generator[None]:
        """Decode first, of all that the pointer asks for inside, what it asks of `run`, and tell of it at once.

        The window's thread waits for that, for so many seconds at most: otherwise it would begin to paint what else a
        click changes, and the image would come a frame later.
        """
        with self._wake:
            self._first = run
            yield
            self._wake.wait_for(lambda: not self._is_awaited(URGENT, run), patience)
        self._answer()

    def forget(self, run: str) -> None:
        """Drop what waits for a run."""
        with self._wake:
            for purpose in PURPOSES:
                self._jobs.pop((purpose, run), None)

    def _choose(self) -> tuple[DecodeJob | None, float | None]:
        """The most urgent job."""
        wait = None
        for purpose in PURPOSES:
            waiting = [key for key in self._jobs if key[0] == purpose]
            if not waiting:
                continue
            key = next((key for key in waiting if key[1] == self._first), waiting[0])
            wait = self._background_from - time.monotonic() if purpose == BACKGROUND else 0.0
            if wait <= 0:
                self._in_hand = self._jobs.pop(key)
                return self._in_hand, None
        return None, wait

    def _do(self, job: DecodeJob) -> None:
        start = time.monotonic()
        try:
            pixels_NCHW = job.decoder.decode(job.codes_ND)
            answer = partial(self.decoded.emit, Decoded(job=job, pixels_NCHW=pixels_NCHW))
        except Exception as error:  # noqa: BLE001 - a failure is shown where the image would be
            answer = partial(self.failed.emit, job, f"The image could not be decoded ({error}).")
        if job.purpose == BACKGROUND:
            now = time.monotonic()
            self._background_from = now + (now - start) * (1 / BACKGROUND_SHARE - 1)
        self._answers.append(answer)
        self._done.emit()
        with self._wake:
            self._in_hand = None
            self._wake.notify_all()

    def _is_awaited(self, purpose: str, run: str) -> bool:
        job = self._in_hand
        return (purpose, run) in self._jobs or (job is not None and (job.purpose, job.run) == (purpose, run))

    def _answer(self) -> None:
        """In the window's thread: tell what has been decoded since the last time."""
        while self._answers:
            self._answers.popleft()()
