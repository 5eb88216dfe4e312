"""Losses over training, kept without ever waiting for the device."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from trainers.errors import TrainingError
from trainers.messages import LossHistory, read_only

MOST_POINTS = 2000
"""Even, so that neighbours pair up without a rest."""
MOST_UNSUMMED = 64
"""Terms of so many phases at most are put aside before they are added up."""


class LossRecorder:
    """Averages each term over a fixed number of steps, and thins the past out once it grows long.

    Sums stay on the device until `history` asks for numbers. What is recorded depends on the steps alone, never on how
    often somebody asks: terms are added up in the order of the steps, whenever that is done.
    """

    def __init__(self) -> None:
        self.interval = 1
        self._sums: dict[str, Tensor] = {}
        self._unsummed: list[dict[str, Tensor]] = []
        self._steps = 0
        self._waiting: list[tuple[float, Tensor]] = []
        self._epochs: list[float] = []
        self._values: dict[str, list[float]] = {}

    def set_interval(self, steps_per_epoch: float) -> None:
        """Take twenty averages an epoch, or one a step where an epoch has fewer; ignored once something is recorded."""
        if not (self._epochs or self._waiting or self._steps):
            self.interval = max(1, round(steps_per_epoch / 20))

    def add(self, terms: Mapping[str, Tensor]) -> None:
        """Add terms of the current step; several phases of one step may each add theirs."""
        # Many at a time: right after a step, in which the processor has forgotten all else, each sum takes ten times
        # as long, and the interpreter lock may be lost at each.
        self._unsummed.append({name: value.detach() for name, value in terms.items()})
        if len(self._unsummed) >= MOST_UNSUMMED:
            self._sum()

    def end_step(self, epoch: float) -> None:
        """Close the step that ended at `epoch`.

        Raises:
            TrainingError: When it was time to thin out, and a loss is no longer a finite number.
        """
        self._steps += 1
        if self._steps >= self.interval:
            self._sum()
            self._waiting.append((epoch, torch.stack(list(self._sums.values())) / self._steps))
            self._steps = 0
            self._sums = {name: torch.zeros_like(value) for name, value in self._sums.items()}
            if len(self._epochs) + len(self._waiting) >= MOST_POINTS:
                self._fetch()

    def history(self) -> LossHistory:
        """All averages so far.

        Raises:
            TrainingError: When a loss is no longer a finite number.
        """
        self._fetch()
        terms = {name: read_only(np.asarray(values, dtype=np.float32)) for name, values in self._values.items()}
        return LossHistory(epochs_T=read_only(np.asarray(self._epochs, dtype=np.float32)), terms=terms)

    def state(self) -> dict[str, Tensor]:
        """All that `restore` needs to go on exactly: averages so far, and the sums of the interval that is open.

        Raises:
            TrainingError: When a loss is no longer a finite number.
        """
        history = self.history()
        self._sum()
        return {
            "epochs": torch.tensor(history.epochs_T),
            "open": torch.tensor([self.interval, self._steps], dtype=torch.int64),
            # Numbered, as files sort their tensors by name and people see the terms in the order of the phases.
            **{f"terms.{i:02}.{name}": torch.tensor(history.terms[name]) for i, name in enumerate(history.terms)},
            **{f"sums.{i:02}.{name}": value.cpu() for i, (name, value) in enumerate(self._sums.items())},
        }

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on from what `state` gave.

        Raises:
            ValueError: When it is not such a state.
        """
        parts: dict[str, dict[str, Tensor]] = {"terms": {}, "sums": {}}
        for name in sorted(state):
            kind, _, term = name.partition(".")
            if kind in parts:
                parts[kind][term.partition(".")[2]] = state[name].to(torch.float32)
        if not {"epochs", "open"} <= state.keys() or state["open"].shape != (2,):
            raise ValueError("its losses are incomplete")
        epochs_T = state["epochs"].to(torch.float32)
        interval, steps = (int(number) for number in state["open"])
        if interval < 1 or not 0 <= steps < interval or epochs_T.ndim != 1:
            raise ValueError("its losses are of another kind")
        if len(epochs_T) and parts["terms"].keys() != parts["sums"].keys():
            raise ValueError("its losses are incomplete")
        if any(values_T.shape != epochs_T.shape for values_T in parts["terms"].values()):
            raise ValueError("its losses have unequal lengths")
        if any(total.shape != () for total in parts["sums"].values()):
            raise ValueError("its losses are of another kind")
        if not all(value.isfinite().all() for value in (epochs_T, *parts["terms"].values(), *parts["sums"].values())):
            raise ValueError("its losses are not finite numbers")
        self.interval, self._steps, self._waiting = interval, steps, []
        self._sums, self._unsummed = parts["sums"], []
        self._epochs = epochs_T.tolist()
        self._values = {name: values_T.tolist() for name, values_T in parts["terms"].items()}

    def _sum(self) -> None:
        for terms in self._unsummed:
            for name, value in terms.items():
                self._sums[name] = self._sums[name] + value if name in self._sums else value
        self._unsummed = []

    def _fetch(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        rows = torch.stack([row for _, row in waiting]).cpu().tolist()
        for index, (epoch, row) in enumerate(zip((epoch for epoch, _ in waiting), rows, strict=True)):
            if not np.isfinite(row).all():
                self._waiting = waiting[index:]  # so that whoever asks next is told as well
                raise TrainingError(
                    f"The losses stopped being finite numbers in epoch {epoch:.2f}: the steps are too large."
                    " Lower the learning rate and reset the model."
                )
            self._append(epoch, dict(zip(self._sums, row, strict=True)))

    def _append(self, epoch: float, row: Mapping[str, float]) -> None:
        self._epochs.append(epoch)
        for name, value in row.items():
            self._values.setdefault(name, []).append(value)
        if len(self._epochs) >= MOST_POINTS:
            self._thin()

    def _thin(self) -> None:
        """Let neighbours become their mean, so that a long run keeps its shape; new points come as often as these."""
        self._epochs = self._epochs[1::2]
        for name, values in self._values.items():
            self._values[name] = np.asarray(values, dtype=np.float32).reshape(-1, 2).mean(1).tolist()
        self.interval *= 2
