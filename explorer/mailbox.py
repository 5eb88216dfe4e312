"""Where the newest snapshot of each run waits for the window: newest value wins."""

from collections.abc import Callable
from threading import Lock

from trainers.messages import Snapshot


class Mailbox:
    """One slot a run. A slow reader misses snapshots and never lags; a fast writer never waits.

    Args:
        wake: Called by the writer when the first snapshot comes into an empty mailbox.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = Lock()
        self._slots: dict[str, Snapshot] = {}

    def put(self, snapshot: Snapshot) -> None:
        """Leave a snapshot in place of an older one of the same run."""
        with self._lock:
            was_empty = not self._slots
            self._slots[snapshot.run] = snapshot
        if was_empty:
            self._wake()

    def take_all(self) -> tuple[Snapshot, ...]:
        """Take what is there."""
        with self._lock:
            snapshots = tuple(self._slots.values())
            self._slots = {}
        return snapshots
