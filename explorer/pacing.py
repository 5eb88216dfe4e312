"""When the training thread should look up from its steps: to publish, to tell its pace, to keep what it has."""

import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager

FASTEST = 1 / 30
SLOWEST = 0.5
SHARE = 0.025
"""Share of the training thread's time that snapshots may take."""

TELL_EVERY = 0.5

KEEP_EVERY = 15.0
KEEP_AT_LEAST_EVERY = 60.0
KEEP_SHARE = 0.005
"""Share of its time that copies on the disk may take, as long as a minute's training is the most that can be lost."""


ROOM_S = 0.08
"""Seconds that all lanes of a window are laid out and painted in, on a slow machine."""


class RoomForTheWindow:
    """Time in which no step begins, since the window has more to do than usual; asked for by the window's thread."""

    def __init__(self) -> None:
        self._until = 0.0

    def ask(self) -> None:
        """Want the machine from now on, for a moment."""
        self._until = time.monotonic() + ROOM_S

    def give(self) -> None:
        """Wait until that moment is over; asked for without a pause, it still leaves a step now and then."""
        rest = self._until - time.monotonic()
        if rest > 0:  # sleeping for no time at all takes a sixth of a millisecond of every step
            time.sleep(rest)


class PublicationBudget:
    """Snapshots at display rate, as long as they take no more than a share of the time."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def is_due(self, run: str) -> bool:
        """Whether this run should send a snapshot now."""
        return time.monotonic() >= self._due.get(run, 0.0)

    @contextmanager
    def publication(self, run: str, runs: int) -> Generator[float]:
        """Around a publication, one of `runs` that share the budget; gives the seconds to spend on encoding."""
        start = time.monotonic()
        yield SHARE * 0.1 / max(1, runs)
        end = time.monotonic()
        wait = (end - start) * max(1, runs) / SHARE
        self._due[run] = end + min(max(wait, FASTEST), SLOWEST)


class CopyBudget:
    """Copies of whole models, which only slow readers want: so often at most."""

    EVERY = 1.0

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def is_due(self, run: str) -> bool:
        """Whether a copy of this run should be made now; then none is for a while."""
        now = time.monotonic()
        if now < self._due.get(run, 0.0):
            return False
        self._due[run] = now + self.EVERY
        return True


class KeepBudget:
    """Copies of what is trained, kept on the disk; more seldom where that takes long."""

    def __init__(self) -> None:
        self._due = time.monotonic() + KEEP_EVERY

    def is_due(self) -> bool:
        """Whether it is time to keep a copy."""
        return time.monotonic() >= self._due

    @contextmanager
    def keeping(self) -> Generator[None]:
        """Around the keeping."""
        start = time.monotonic()
        yield
        end = time.monotonic()
        self._due = end + min(max((end - start) / KEEP_SHARE, KEEP_EVERY), KEEP_AT_LEAST_EVERY)


class PaceMeter:
    """Images per second over the last seconds of training."""

    WINDOW = 3.0

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._images = 0
        self._told = 0.0

    def start(self) -> None:
        """Training begins or goes on: what came before does not count."""
        self._marks.clear()
        self._marks.append((time.monotonic(), self._images))

    def count(self, images: int) -> None:
        """Count images of a step that is done."""
        self._images += images

    def is_due(self) -> bool:
        """Whether it is time to tell the pace; true twice a second."""
        now = time.monotonic()
        if now - self._told < TELL_EVERY:
            return False
        self._told = now
        self._marks.append((now, self._images))
        while len(self._marks) > 2 and now - self._marks[0][0] > self.WINDOW:
            self._marks.popleft()
        return True

    def images_per_second(self) -> float:
        """The pace between the oldest and the newest mark; 0 while there are no two."""
        if len(self._marks) < 2:
            return 0.0
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        return (after - before) / (end - start)
