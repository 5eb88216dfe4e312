"""One phase of a training step as a pure function of tensors, so that a compiler can see all of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from trainers.adam import Adam, move
from trainers.compiled.convolution_products import AS_PRODUCTS
from trainers.compiled.narrow_products import AS_SUMS
from trainers.compiled.shared_sigmoid import BY_SIGMOID
from trainers.models.family import Batch, Family, Phase
from trainers.precision import autocast


@dataclass(frozen=True, slots=True)
class PhaseOutputs:
    """How the outputs of a phase's program are to be read.

    Attributes:
        terms: Names of the loss's terms, in order.
        leaves_codes: Whether the batch's codes come after them.
    """

    terms: tuple[str, ...]
    leaves_codes: bool


def state_of(model: Family) -> list[Tensor]:
    """All weights and buffers of a model, which share its memory, in an order that is always the same."""
    return [tensor.detach() for _, tensor in _named_state(model)]


def inputs_of(adams: Sequence[Adam], learning_rate: float, batch: Batch) -> list[Tensor]:
    """What else a phase needs, in an order that is always the same: its optimisers' moments and sizes, and the batch.

    The model's state comes before it.
    """
    firsts = (first for adam in adams for first in adam.moments[0])
    seconds = (second for adam in adams for second in adam.moments[1])
    # By way of NumPy, which takes a fifth of the time that torch takes to read a list.
    sizes_D2 = torch.from_numpy(np.array([adam.next_sizes(learning_rate) for adam in adams], dtype=np.float32))
    return [*firsts, *seconds, sizes_D2, *tensors_of(batch)]


def trace(
    model: Family, phase: Phase, adams: Sequence[Adam], batch: Batch, precision: str
) -> tuple[GraphModule, PhaseOutputs]:
    """Everything that a phase does, forward, backward and downhill, as one graph of operations on tensors.

    Args:
        model: Whose phase it is.
        phase: One of its phases.
        adams: One for each of its descents.
        batch: An example, with the codes that an earlier phase has left.
        precision: An entry of `PRECISIONS`.

    Returns:
        A graph from `state_of` and `inputs_of` to terms and codes; it changes weights and moments in place.
    """
    names = [name for name, _ in _named_state(model)]
    wants_gradient = [tensor.requires_grad for _, tensor in _named_state(model)]
    followers = [
        next(place for place, (_, tensor) in enumerate(_named_state(model)) if tensor is parameter)
        for parameter in phase.parameters
    ]
    # Of each parameter that moves: its optimiser's place, and decay rates.
    optimisers = [
        (place, descent.betas) for place, descent in enumerate(phase.descents) for _ in range(len(descent.parameters))
    ]
    outputs: list[PhaseOutputs] = []

    def program(*tensors: Tensor) -> tuple[Tensor, ...]:
        left = list(tensors)
        state, first, second = _take(left, len(names)), _take(left, len(followers)), _take(left, len(followers))
        sizes_D2 = left.pop(0)
        given = batch_like(batch, left)
        module = _PhaseModule(model, phase.loss)
        leaves = [tensor.detach().requires_grad_(wants) for tensor, wants in zip(state, wants_gradient, strict=True)]
        with autocast(precision, given.images_NCHW.device):
            loss = functional_call(module, {f"model.{n}": t for n, t in zip(names, leaves, strict=True)}, (given,))
        gradients = torch.autograd.grad(loss.total, [leaves[place] for place in followers])
        for at, (follower, gradient) in enumerate(zip(followers, gradients, strict=True)):
            place, betas = optimisers[at]
            move(state[follower], gradient, first[at], second[at], sizes_D2[place], betas)
        codes = () if given.codes_ND is None else (given.codes_ND,)
        outputs.append(PhaseOutputs(tuple(loss.terms), bool(codes)))
        return (*(term.detach() for term in loss.terms.values()), *codes)

    example = [*state_of(model), *inputs_of(adams, 0.0, batch)]
    instead = AS_PRODUCTS | AS_SUMS | BY_SIGMOID
    graph = make_fx(program, decomposition_table=instead)(*(tensor.clone() for tensor in example))
    return graph, outputs[-1]


def read_outputs(outputs: Sequence[Tensor], how: PhaseOutputs, batch: Batch) -> dict[str, Tensor]:
    """Put a program's codes where they belong; gives the terms of the loss."""
    if how.leaves_codes:
        batch.codes_ND = outputs[-1]
    return dict(zip(how.terms, outputs, strict=False))


def tensors_of(batch: Batch) -> list[Tensor]:
    """What a batch holds, in an order that is always the same."""
    optional = (batch.labels_N, batch.codes_ND)
    draws = (batch.draws[name] for name in sorted(batch.draws))
    return [batch.images_NCHW, *draws, *(tensor for tensor in optional if tensor is not None)]


def batch_like(batch: Batch, tensors: Sequence[Tensor]) -> Batch:
    """A batch that holds these, as `tensors_of` gives them of the other."""
    left = list(tensors)
    images_NCHW = left.pop(0)
    draws = {name: left.pop(0) for name in sorted(batch.draws)}
    labels_N = left.pop(0) if batch.labels_N is not None else None
    codes_ND = left.pop(0) if batch.codes_ND is not None else None
    return Batch(images_NCHW=images_NCHW, draws=draws, labels_N=labels_N, codes_ND=codes_ND)


class _PhaseModule(nn.Module):
    """A phase as a module, whose weights `functional_call` can replace."""

    def __init__(self, model: Family, loss: "Callable[[Batch], object]") -> None:
        super().__init__()
        self.model = model
        self._loss = loss

    def forward(self, batch: Batch) -> object:
        return self._loss(batch)


def _named_state(model: Family) -> list[tuple[str, Tensor]]:
    return [*model.named_parameters(), *model.named_buffers()]


def _take(left: list[Tensor], count: int) -> list[Tensor]:
    taken = left[:count]
    del left[:count]
    return taken
