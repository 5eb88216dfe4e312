"""The resident set of this process, looked at every half second of training."""

import os
import time
from pathlib import Path

from PySide6.QtCore import QTimer

STATISTICS = Path("/proc/self/statm")
EVERY_MS = 500


def resident_mb() -> float | None:
    """Memory of this process that is in use now, in MB; None where the system does not tell it in a file."""
    if not STATISTICS.is_file():
        return None
    pages = int(STATISTICS.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class MemoryWatch:
    """Takes the size again and again while models train.

    Attributes:
        before: MB when it was made.
        minutes: Of training, one figure for each size.
        sizes: MB.
    """

    def __init__(self) -> None:
        self.before = resident_mb()
        self.minutes: list[float] = []
        self.sizes: list[float] = []
        self._trained = 0.0
        self._moment = 0.0
        self._timer = QTimer()
        self._timer.timeout.connect(self._look)

    @property
    def trained(self) -> float:
        """Minutes of training so far."""
        return self._trained

    def begin(self) -> None:
        """Training goes on from here."""
        self._moment = time.monotonic()
        self._timer.start(EVERY_MS)

    def end(self) -> None:
        """Training pauses here."""
        self._look()
        self._timer.stop()

    def _look(self) -> None:
        now = time.monotonic()
        self._trained += (now - self._moment) / 60
        self._moment = now
        if (size := resident_mb()) is not None:
            self.minutes.append(self._trained)
            self.sizes.append(size)
