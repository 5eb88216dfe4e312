"""What the threads share that compute one job after another: how each begins, waits for its next job, and ends."""

import threading
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from explorer.precedence import stand_back

Job = TypeVar("Job")


class JobThread(QObject, Generic[Job]):
    """Does the jobs that `_choose` takes from what waits; a subclass says how to ask for them, and how to do one.

    Args:
        name: Of the thread.
        niceness: By how much it gives way to the window, see `explorer.precedence`; 0 where the window waits for it.
    """

    def __init__(self, name: str, *, niceness: int = 0) -> None:
        super().__init__()
        self._niceness = niceness
        self._wake = threading.Condition()
        """Held while anything that both threads know is read or changed; notified of what `_choose` may answer to."""
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin to work, if that has not been done."""
        with self._wake:
            if self._thread.ident is None and not self._stopping:
                self._thread.start()

    def stop(self) -> None:
        """End after the job in hand; returns when the thread has ended."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def _prepare(self) -> None:
        """In the thread, before it looks for a job."""

    def _choose(self) -> tuple[Job | None, float | None]:
        """The job whose turn it is, or None and the seconds until one's turn may come; called with `_wake` held."""
        raise NotImplementedError

    def _do(self, job: Job) -> None:
        """Do a job, in the thread; must not raise."""
        raise NotImplementedError

    def _work(self) -> None:
        if self._niceness:
            stand_back(self._niceness)
        self._prepare()
        limited = False
        while (job := self._next()) is not None:
            if not limited:
                # A job exists, so torch is imported; before that, asking for its threads would import it here.
                from trainers.device import limit_threads

                limit_threads(1)
                limited = True
            self._do(job)

    def _next(self) -> Job | None:
        """The next job, once there is one; None at the end."""
        with self._wake:
            while not self._stopping:
                job, wait = self._choose()
                if job is not None:
                    return job
                self._wake.wait(wait)
            return None
