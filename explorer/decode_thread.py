"""The one thread that decodes for the mouse, from copied decoders, so that no click waits for a training step."""

import threading
import time
from typing import Final

from PySide6.QtCore import QObject, Signal

from explorer.messages import Decoded, DecodeJob

PURPOSES: Final = ("pointer", "selected image", "prior samples")
"""What images are decoded for, most urgent first."""

BACKGROUND: Final = "prior samples"
BACKGROUND_SHARE: Final = 0.2
"""Share of a core that prior samples may take; the mouse may take all of it."""


class DecodeThread(QObject):
    """Keeps one job a purpose and run: a newer one takes the place of an older one that has not begun.

    Signals:
        decoded(object): `Decoded`.
        failed(object, str): The `DecodeJob`, and one sentence on what went wrong.
    """

    decoded = Signal(object)
    failed = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._jobs: dict[tuple[str, str], DecodeJob] = {}
        self._wake = threading.Condition()
        self._stopping = False
        self._background_from = 0.0
        self._thread = threading.Thread(target=self._work, name="decode", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the job in hand; returns when the thread has ended."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        self._thread.join()

    def submit(self, job: DecodeJob) -> None:
        """Ask for a job, in place of an older one for the same purpose and run."""
        assert job.purpose in PURPOSES, job.purpose
        with self._wake:
            self._jobs[job.purpose, job.run] = job
            self._wake.notify()

    def forget(self, run: str) -> None:
        """Drop what waits for a run."""
        with self._wake:
            for purpose in PURPOSES:
                self._jobs.pop((purpose, run), None)

    def _work(self) -> None:
        limited = False
        while (job := self._next()) is not None:
            if not limited:
                # A job exists, so torch is imported; before that, asking for its threads would import it here.
                from trainers.device import limit_threads

                limit_threads(1)
                limited = True
            start = time.monotonic()
            try:
                pixels_NCHW = job.decoder.decode(job.codes_ND)
            except Exception as error:  # noqa: BLE001 - a failure is shown where the image would be
                self.failed.emit(job, f"The image could not be decoded ({error}).")
                continue
            finally:
                if job.purpose == BACKGROUND:
                    now = time.monotonic()
                    self._background_from = now + (now - start) * (1 / BACKGROUND_SHARE - 1)
            self.decoded.emit(Decoded(job=job, pixels_NCHW=pixels_NCHW))

    def _next(self) -> DecodeJob | None:
        """The most urgent job, once there is one; None at the end."""
        with self._wake:
            while not self._stopping:
                wait = None
                for purpose in PURPOSES:
                    key = next((key for key in self._jobs if key[0] == purpose), None)
                    if key is None:
                        continue
                    wait = self._background_from - time.monotonic() if purpose == BACKGROUND else 0.0
                    if wait <= 0:
                        return self._jobs.pop(key)
                self._wake.wait(wait)
            return None
