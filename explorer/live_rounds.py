"""When live figures are due, and which models are measured together: state without widgets and threads."""

from collections.abc import Iterable
from typing import Final

NEARLY_AN_EPOCH: Final = 0.5
"""Models that are so near to the next whole epoch are measured with those that have reached it."""
SAME_EPOCH: Final = 1e-3
"""Epochs nearer than this are one and the same moment."""


class LiveRounds:
    """A round follows the first whole epoch after the round before; only one is under way at a time.

    Attributes:
        under_way: Models of the round that have not been measured yet.
    """

    def __init__(self) -> None:
        self.under_way: set[str] = set()
        self._epochs: dict[str, float] = {}
        self._measured_at: dict[str, float] = {}

    def note_epoch(self, run: str, epoch: float) -> None:
        """Note how far a model is trained by now."""
        self._epochs[run] = epoch

    def knows(self, run: str) -> bool:
        """Whether anything is known of a model, or can still be of use."""
        return run in self._epochs

    @property
    def runs(self) -> tuple[str, ...]:
        """All models of which something is known."""
        return tuple(self._epochs)

    def begin(self, runs: Iterable[str], *, at_rest: bool) -> tuple[str, ...]:
        """Begin a round if one is due; gives those that take part.

        Args:
            runs: The models on the bench.
            at_rest: Whether models rest while somebody looks: then any progress is worth a round.
        """
        runs = tuple(runs)
        if self.under_way:
            return ()
        due = [run for run in runs if self._is_due(run, at_rest=at_rest)]
        if due:
            self.under_way = {run for run in runs if run in due or self._progress(run) >= NEARLY_AN_EPOCH}
            self._measured_at |= {run: self._epochs[run] for run in self.under_way}
        return tuple(run for run in runs if run in self.under_way)

    def note_copy(self, run: str, epoch: float) -> None:
        """A model takes part as it was at this epoch."""
        self._measured_at[run] = epoch

    def finish(self, run: str) -> None:
        """A model of the round is measured, or cannot be: there is nothing to measure before it has gone on."""
        self.under_way.discard(run)

    def give_up(self, run: str) -> None:
        """A model is not measured after all; it is due again at once."""
        if run in self.under_way:
            self._measured_at.pop(run, None)
        self.under_way.discard(run)

    def forget(self, run: str) -> None:
        """A model is gone for good."""
        self.under_way.discard(run)
        self._epochs.pop(run, None)
        self._measured_at.pop(run, None)

    def _is_due(self, run: str, *, at_rest: bool) -> bool:
        has_passed_an_epoch = int(self._epochs.get(run, 0.0)) > int(self._measured_at.get(run, 0.0))
        return has_passed_an_epoch or (at_rest and self._progress(run) > SAME_EPOCH)

    def _progress(self, run: str) -> float:
        """Epochs since the last round."""
        return self._epochs.get(run, 0.0) - self._measured_at.get(run, 0.0)
