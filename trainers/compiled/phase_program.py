"""One phase of a training step as a pure function of tensors, so that a compiler can see all of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.fx import GraphModule
from torch.fx.experimental.proxy_tensor import make_fx

from trainers.compiled.convolution_products import AS_PRODUCTS
from trainers.models.family import Batch, Family, Phase
from trainers.precision import autocast


@dataclass(frozen=True, slots=True)
class PhaseOutputs:
    """How the outputs of a phase's program are to be read.

    Attributes:
        terms: Names of the loss's terms, in order; they come after the gradients of the phase's parameters.
        leaves_codes: Whether the batch's codes come last.
    """

    terms: tuple[str, ...]
    leaves_codes: bool


def state_of(model: Family) -> list[Tensor]:
    """All weights and buffers of a model, which share its memory, in an order that is always the same."""
    return [tensor.detach() for _, tensor in _named_state(model)]


def inputs_of(batch: Batch) -> list[Tensor]:
    """The tensors of a batch, in an order that is always the same; the model's state comes before them."""
    optional = (batch.labels_N, batch.codes_ND)
    draws = (batch.draws[name] for name in sorted(batch.draws))
    return [batch.images_NCHW, *draws, *(tensor for tensor in optional if tensor is not None)]


def trace(model: Family, phase: Phase, batch: Batch, precision: str) -> tuple[GraphModule, PhaseOutputs]:
    """Everything that a phase computes, forward and backward, as one graph of operations on tensors.

    Args:
        model: Whose phase it is.
        phase: One of its phases.
        batch: An example, with the codes that an earlier phase has left.
        precision: An entry of `PRECISIONS`.

    Returns:
        A graph from `state_of` and `inputs_of` to gradients, terms and codes.
    """
    names = [name for name, _ in _named_state(model)]
    followers = [
        next(place for place, (_, tensor) in enumerate(_named_state(model)) if tensor is parameter)
        for parameter in phase.parameters
    ]
    outputs: list[PhaseOutputs] = []

    def program(*tensors: Tensor) -> tuple[Tensor, ...]:
        state, inputs = tensors[: len(names)], tensors[len(names) :]
        given = _batch_like(batch, inputs)
        module = _PhaseModule(model, phase.loss)
        with autocast(precision, inputs[0].device):
            loss = functional_call(module, {f"model.{n}": t for n, t in zip(names, state, strict=True)}, (given,))
        gradients = torch.autograd.grad(loss.total, [state[place] for place in followers])
        codes = () if given.codes_ND is None else (given.codes_ND,)
        outputs.append(PhaseOutputs(tuple(loss.terms), bool(codes)))
        return (*gradients, *(term.detach() for term in loss.terms.values()), *codes)

    state = [tensor.detach().clone().requires_grad_(tensor.requires_grad) for _, tensor in _named_state(model)]
    graph = make_fx(program, decomposition_table=AS_PRODUCTS)(*state, *inputs_of(batch))
    return graph, outputs[-1]


def read_outputs(outputs: Sequence[Tensor], how: PhaseOutputs, phase: Phase, batch: Batch) -> dict[str, Tensor]:
    """Put a program's outputs where they belong: gradients and codes; gives the terms of the loss."""
    for parameter, gradient in zip(phase.parameters, outputs, strict=False):
        parameter.grad = gradient
    rest = outputs[len(phase.parameters) :]
    if how.leaves_codes:
        batch.codes_ND = rest[-1]
    return dict(zip(how.terms, rest, strict=False))


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


def _batch_like(batch: Batch, tensors: Sequence[Tensor]) -> Batch:
    left = list(tensors)
    images_NCHW = left.pop(0)
    draws = {name: left.pop(0) for name in sorted(batch.draws)}
    labels_N = left.pop(0) if batch.labels_N is not None else None
    codes_ND = left.pop(0) if batch.codes_ND is not None else None
    return Batch(images_NCHW=images_NCHW, draws=draws, labels_N=labels_N, codes_ND=codes_ND)
