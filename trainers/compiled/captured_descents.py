"""The phases of a training step on a GPU, recorded as CUDA graphs and then launched as a whole."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import torch
from torch import Tensor

from trainers.adam import Adam
from trainers.compiled.descents import EagerDescents
from trainers.compiled.phase_program import batch_like, state_of, tensors_of
from trainers.models.family import Batch, Family, Phase

Record = Callable[[Callable[[], None]], Callable[[], None]]
"""Takes note of what some work asks a device to do, and gives what asks for the same once more, on the same memory."""

EAGER_STEPS: Final = 3
"""Taken before a phase is recorded: libraries prepare themselves in the first, which is not to be recorded."""
LARGEST_ERROR: Final = 0.05
"""By how much a recorded step may differ from an eager one, as a share of how far that moves: some sums of a GPU are
never added up in the same order, and bfloat16 shows it."""


def record_graph(work: Callable[[], None]) -> Callable[[], None]:
    """Record work on the current CUDA device as a graph; nothing is computed yet.

    Other threads may use the device meanwhile.

    Raises:
        RuntimeError: When something in it cannot be recorded, such as waiting for the device.
    """
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        work()
    return graph.replay


class CapturedDescents:
    """Steps of small networks take a GPU less time than launching their kernels one by one; a graph is one launch.

    Each phase is descended on eagerly at first. Then it is recorded and tried beside an eager step. Where it cannot be
    recorded, or comes to something else, all steps stay eager, and nobody need know.

    Args:
        model: Whose phases they are; its weights and buffers may change in place, but not be replaced.
        eager: Takes the first steps, and is what is recorded.
        record: Records work on the model's device.
    """

    def __init__(self, model: Family, eager: EagerDescents, record: Record = record_graph) -> None:
        self._state, self._eager, self._record = state_of(model), eager, record
        self._taken = Counter[str]()
        self._recorded: dict[str, _RecordedPhase] = {}
        self._stays_eager = False

    @property
    def is_recorded(self) -> bool:
        """Whether phases are launched as a whole by now."""
        return bool(self._recorded)

    def descend(self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float) -> Mapping[str, Tensor]:
        """Move a phase's parameters, each of its descents by its own Adam; gives the terms of its loss, detached."""
        recorded = self._recorded.get(phase.name)
        if recorded is not None and recorded.fits(adams, batch):
            return recorded.descend(batch, learning_rate)
        self._taken[phase.name] += 1
        if self._stays_eager or self._taken[phase.name] <= EAGER_STEPS:
            return self._eager.descend(phase, adams, batch, learning_rate)
        return self._try(phase, adams, batch, learning_rate)

    def _try(self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float) -> Mapping[str, Tensor]:
        """Take a step both ways, and go on with the recorded one if it comes to the same."""
        moved = [*self._state, *(tensor for adam in adams for tensor in adam.state().values())]
        before, given = _copies(moved), batch_like(batch, tensors_of(batch))
        terms = self._eager.descend(phase, adams, batch, learning_rate)
        wanted = _copies(moved)
        try:
            _put(before, moved)
            recorded = _RecordedPhase(phase, adams, given, self._eager, self._record)
            recorded.descend(given, learning_rate)
            if not _largest_error(before, wanted, moved) <= LARGEST_ERROR:
                raise ArithmeticError(f"the recorded phase {phase.name} comes to something else")
            self._recorded[phase.name] = recorded
        except Exception:  # noqa: BLE001 - whatever a driver stumbles over, the step works without it
            self._stays_eager = True
            self._recorded.clear()
            _put(wanted, moved)
        return terms


class _RecordedPhase:
    """A phase on a batch, a learning rate and moments that have a fixed place in memory."""

    def __init__(self, phase: Phase, adams: Sequence[Adam], batch: Batch, eager: EagerDescents, record: Record) -> None:
        self._moments = [adam.moments[0] for adam in adams]
        self._inputs = [tensor.clone() for tensor in tensors_of(batch)]
        self._learning_rate = torch.zeros((), device=batch.images_NCHW.device)
        self._batch = fresh = batch_like(batch, self._inputs)
        self._terms: Mapping[str, Tensor] = {}

        def work() -> None:
            self._batch = batch_like(fresh, self._inputs)  # whose pixels are yet to be made of the bytes
            self._terms = eager.descend(phase, adams, self._batch, self._learning_rate)

        self._replay = record(work)

    def fits(self, adams: Sequence[Adam], batch: Batch) -> bool:
        """Whether it was recorded for moments that are still these, and for batches like this one."""
        shapes = [tensor.shape for tensor in tensors_of(batch)]
        return shapes == [tensor.shape for tensor in self._inputs] and all(
            adam.moments[0] is moments for adam, moments in zip(adams, self._moments, strict=True)
        )

    def descend(self, batch: Batch, learning_rate: float) -> dict[str, Tensor]:
        """Do what was recorded, on this batch; what it gives is not overwritten by the next time."""
        for place, tensor in zip(self._inputs, tensors_of(batch), strict=True):
            place.copy_(tensor, non_blocking=True)
        self._learning_rate.fill_(learning_rate)
        self._replay()
        if batch.codes_ND is None and self._batch.codes_ND is not None:
            batch.codes_ND = self._batch.codes_ND.clone()
        return {name: term.clone() for name, term in self._terms.items()}


def _copies(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [tensor.detach().clone() for tensor in tensors]


def _put(values: Sequence[Tensor], places: Sequence[Tensor]) -> None:
    for place, value in zip(places, values, strict=True):
        place.detach().copy_(value)


def _largest_error(before: Sequence[Tensor], wanted: Sequence[Tensor], got: Sequence[Tensor]) -> float:
    """The largest difference of two movements from the same place, as a share of the length of the first.

    It is not a number where one of them is none.
    """
    errors = [
        ((b.detach() - w).float().norm() / (w - a).float().norm().clamp_min(1e-6)).item()
        for a, w, b in zip(before, wanted, got, strict=True)
        if w.is_floating_point()
    ]
    return max(errors) if all(error == error for error in errors) else float("nan")
