"""What a training step does in each phase of a family: it finds the gradients, and moves what follows them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch
from torch import Tensor

from trainers.adam import Adam
from trainers.models.family import Batch, Phase
from trainers.precision import autocast


class Descents(Protocol):
    """A way to descend on the losses of a model's phases."""

    def descend(self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float) -> Mapping[str, Tensor]:
        """Move a phase's parameters, each of its descents by its own Adam; gives the terms of its loss, detached."""
        ...


class EagerDescents:
    """Computed by torch as it comes, operation by operation: works everywhere, and equals itself to the last bit.

    Args:
        precision: An entry of `PRECISIONS`.
        device: Where the model is.
    """

    def __init__(self, precision: str, device: torch.device) -> None:
        self._precision = precision
        self._device = device

    def descend(
        self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float | Tensor
    ) -> Mapping[str, Tensor]:
        """Move a phase's parameters, each of its descents by its own Adam; gives the terms of its loss, detached."""
        with autocast(self._precision, self._device):
            loss = phase.loss(batch)
        for parameter in phase.parameters:
            parameter.grad = None
        loss.total.backward(inputs=phase.parameters)
        for adam in adams:
            adam.step(learning_rate)
        return {name: term.detach() for name, term in loss.terms.items()}
