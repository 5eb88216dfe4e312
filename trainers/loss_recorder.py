"""Losses over training, kept without ever waiting for the device."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from trainers.errors import TrainingError
from trainers.messages import LossHistory

MOST_POINTS = 2000


class LossRecorder:
    """Averages each term over a fixed number of steps, and thins the past out once it grows long.

    Sums stay on the device until `history` asks for numbers.
    """

    def __init__(self) -> None:
        self.interval = 1
        self._sums: dict[str, Tensor] = {}
        self._steps = 0
        self._waiting: list[tuple[float, Tensor]] = []
        self._epochs: list[float] = []
        self._values: dict[str, list[float]] = {}

    def set_interval(self, steps_per_epoch: float) -> None:
        """Take twenty averages an epoch, or one a step where an epoch has fewer steps."""
        self.interval = max(1, round(steps_per_epoch / 20))

    def add(self, terms: Mapping[str, Tensor]) -> None:
        """Add terms of the current step; several phases of one step may each add theirs."""
        for name, value in terms.items():
            detached = value.detach()
            self._sums[name] = self._sums[name] + detached if name in self._sums else detached

    def end_step(self, epoch: float) -> None:
        """Close the step that ended at `epoch`."""
        self._steps += 1
        if self._steps >= self.interval:
            self._waiting.append((epoch, torch.stack(list(self._sums.values())) / self._steps))
            self._steps = 0
            self._sums = {name: torch.zeros_like(value) for name, value in self._sums.items()}

    def history(self) -> LossHistory:
        """All averages so far.

        Raises:
            TrainingError: When a loss is no longer a finite number.
        """
        if self._waiting:
            rows = torch.stack([row for _, row in self._waiting]).cpu().tolist()
            for (epoch, _), row in zip(self._waiting, rows, strict=True):
                self._append(epoch, dict(zip(self._sums, row, strict=True)))
            self._waiting.clear()
        terms = {name: np.asarray(values, dtype=np.float32) for name, values in self._values.items()}
        return LossHistory(epochs_T=np.asarray(self._epochs, dtype=np.float32), terms=terms)

    def restore(self, history: LossHistory) -> None:
        """Go on from an earlier history."""
        self._epochs = history.epochs_T.tolist()
        self._values = {name: values.tolist() for name, values in history.terms.items()}
        self._thin()

    def _append(self, epoch: float, row: Mapping[str, float]) -> None:
        if not np.isfinite(list(row.values())).all():
            raise TrainingError(
                f"The losses stopped being finite numbers in epoch {epoch:.2f}: the steps are too large."
                " Lower the learning rate and reset the model."
            )
        self._epochs.append(epoch)
        for name, value in row.items():
            self._values.setdefault(name, []).append(value)
        self._thin()

    def _thin(self) -> None:
        while len(self._epochs) > MOST_POINTS:
            # Two neighbours become their mean, so that a long run keeps its shape; new points come as often as these.
            keep = len(self._epochs) // 2 * 2
            self._epochs = self._epochs[1:keep:2]
            for name, values in self._values.items():
                self._values[name] = np.asarray(values[:keep]).reshape(-1, 2).mean(1).tolist()
            self.interval *= 2
