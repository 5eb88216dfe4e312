"""Saving now and then, so that a crash costs seconds of training and not hours."""

import time
from collections.abc import Callable
from pathlib import Path

from trainers.checkpoint import save
from trainers.errors import CheckpointError
from trainers.run import TrainingRun

SECONDS = 10.0
SHARE = 0.02
"""The most of the time that may go into saving."""


class PeriodicSaving:
    """Saves a run in training at most every ten seconds, and more seldom where saving is slow.

    Args:
        path: Where to.
        complain: Told in one sentence when a save fails; training goes on, and the next one may succeed.
    """

    def __init__(self, path: Path, complain: Callable[[str], None]) -> None:
        self._path = path
        self._complain = complain
        self._due = time.monotonic() + SECONDS

    def keep(self, run: TrainingRun) -> None:
        """Save if it is time to; call after each step.

        Raises:
            TrainingError: When the model's numbers are no longer finite.
        """
        start = time.monotonic()
        if start < self._due:
            return
        try:
            save(run, self._path)
        except CheckpointError as error:
            self._complain(f"{error} Training goes on.")
        end = time.monotonic()
        self._due = end + max(SECONDS, (end - start) / SHARE)
