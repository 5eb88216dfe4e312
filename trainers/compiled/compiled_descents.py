"""The phases of a training step, descended on by machine code that was compiled for them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from torch import Tensor

from trainers.adam import Adam
from trainers.compiled.machine_code import MachineCode, MachineCodeError
from trainers.compiled.phase_program import PhaseOutputs, inputs_of, read_outputs, state_of
from trainers.models.family import Batch, Family, Phase


class CompiledDescents:
    """One call for each phase, from the images to the moved weights.

    What comes of it equals what torch computes as it comes up to rounding: a compiler adds numbers up in another order.

    Args:
        model: Whose phases they are; its weights and buffers may change in place, but not be replaced.
        programs: For each phase, by name, its code and how to read what that gives.
    """

    def __init__(self, model: Family, programs: Mapping[str, tuple[MachineCode, PhaseOutputs]]) -> None:
        self._state = state_of(model)
        self._programs = programs

    @classmethod
    def load(cls, model: Family, folder: Path, phases: Mapping[str, PhaseOutputs]) -> Self:
        """Load the code of each phase, the files `0.so`, `1.so` and so on of a folder.

        Raises:
            MachineCodeError: When it cannot be loaded, or is that of another model.
        """
        if tuple(phases) != tuple(phase.name for phase in model.phases()):
            raise MachineCodeError(f"the code in {folder} is that of other phases: {', '.join(phases)}")
        codes = [MachineCode(library_in(folder, place)) for place in range(len(phases))]
        return cls(model, {name: (code, phases[name]) for name, code in zip(phases, codes, strict=True)})

    def descend(self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float) -> Mapping[str, Tensor]:
        """Move a phase's parameters, each of its descents by its own Adam; gives the terms of its loss, detached.

        Raises:
            MachineCodeError: When the code was not made for what it is given; nothing has been changed then.
        """
        code, how = self._programs[phase.name]
        outputs = code([*self._state, *inputs_of(adams, learning_rate, batch)])
        for adam in adams:
            adam.count_step()
        return read_outputs(outputs, how, batch)


def library_in(folder: Path, place: int) -> Path:
    """The file with the code of the phase at a place."""
    return folder / f"{place}.so"
