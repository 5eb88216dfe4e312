"""How much of the measuring that a person asked for is done: models × metrics, each weighed by its time."""

import time
from typing import Final

from trainers.metrics import METRICS

QUICK_SECONDS: Final = 0.3
DEAR_SECONDS: Final = 4.0
"""What a metric is thought to take until one model has been measured by it."""
ALMOST: Final = 0.9
"""A metric that takes longer than it was thought to stays so far."""


class AskedMeasuring:
    """From the time that one model took by a metric follows what the others will."""

    def __init__(self) -> None:
        self._seconds = {name: DEAR_SECONDS if listing.dear else QUICK_SECONDS for name, listing in METRICS.items()}
        self._left: dict[str, list[str]] = {}
        self._done = 0.0
        self._in_hand: tuple[str, str, float] | None = None

    @property
    def runs(self) -> frozenset[str]:
        """Models that are still to be measured, or in hand."""
        return frozenset(self._left)

    def ask(self, runs: tuple[str, ...], names: tuple[str, ...]) -> None:
        """Begin anew with these models and metrics."""
        self._left = {run: list(names) for run in runs}
        self._done, self._in_hand = 0.0, None

    def begin(self, run: str, name: str) -> None:
        """A metric of a model is in hand."""
        self._in_hand = (run, name, time.monotonic())

    def note_done(self, run: str, name: str) -> None:
        """A metric of a model is done."""
        if name in self._left.get(run, ()):
            self._left[run].remove(name)
            if self._in_hand is not None and self._in_hand[:2] == (run, name):
                self._seconds[name] = max(1e-3, time.monotonic() - self._in_hand[2])
            self._done += self._seconds[name]
        self._in_hand = None

    def drop(self, run: str) -> None:
        """A model is done, or will not be measured."""
        self._left.pop(run, None)

    @property
    def fraction(self) -> float:
        """How much is done, from 0 to 1."""
        left = sum(self._seconds[name] for names in self._left.values() for name in names)
        done = self._done
        if self._in_hand is not None and self._in_hand[0] in self._left:
            expected = self._seconds[self._in_hand[1]]
            part = min(time.monotonic() - self._in_hand[2], ALMOST * expected)
            done, left = done + part, left - part
        return done / (done + left) if done + left > 0 else 1.0
