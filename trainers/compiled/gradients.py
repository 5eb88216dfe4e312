"""What a training step needs of each phase of a family: its gradients and its losses."""

from collections.abc import Mapping
from typing import Protocol

import torch
from torch import Tensor

from trainers.models.family import Batch, Phase
from trainers.precision import autocast


class Gradients(Protocol):
    """A way to compute the gradients of a model's phases."""

    def descend(self, phase: Phase, batch: Batch) -> Mapping[str, Tensor]:
        """Put the gradient of the phase's loss into its parameters; gives the named terms of the loss, detached."""
        ...


class EagerGradients:
    """Computed by torch as it comes, operation by operation: works everywhere, and equals itself to the last bit.

    Args:
        precision: An entry of `PRECISIONS`.
        device: Where the model is.
    """

    def __init__(self, precision: str, device: torch.device) -> None:
        self._precision = precision
        self._device = device

    def descend(self, phase: Phase, batch: Batch) -> Mapping[str, Tensor]:
        """Put the gradient of the phase's loss into its parameters; gives the named terms of the loss, detached."""
        with autocast(self._precision, self._device):
            loss = phase.loss(batch)
        for parameter in phase.parameters:
            parameter.grad = None
        loss.total.backward(inputs=phase.parameters)
        return loss.terms
