"""Compiles training steps, tries and measures them: the whole of a process that is started for it.

It works in a process of its own, because a compiler that is written in Python would hold the window up, and so that
code which turns out wrong takes nobody else down.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from trainers.adam import Adam, move
from trainers.compiled.compiled_descents import CompiledDescents, library_in
from trainers.compiled.descents import Descents, EagerDescents
from trainers.compiled.phase_program import PhaseOutputs, inputs_of, state_of, trace
from trainers.compiled.shelf import StepLabel, StepOrder
from trainers.device import limit_threads
from trainers.folders import compiled_steps_folder
from trainers.freed_memory import keep_freed_memory
from trainers.fresh_model import fresh_model
from trainers.models.family import Batch, Family, Phase
from trainers.precision import autocast
from trainers.seeds import generator_for

ROUNDS = 15
LEAST_GAIN = 1.0
"""Code that is slower is not used. At equal pace it is, since it leaves the interpreter lock to the window."""
LARGEST_ERROR = {torch.float32: 0.01, torch.bfloat16: 0.05}
"""By how much a gradient may differ, as a share of its length. Rounding alone comes to far less; but a unit at the edge
of its ReLU may fall to the other side, which takes an image's share of a small batch's gradient away."""
RATE = 0.001
"""Learning rate of trials."""

Adams = list[list[Adam]]
"""For each phase, one for each of its descents."""


def make_step(order: StepOrder) -> StepLabel:
    """Compile a step and put it on the shelf, or a note on why that was of no use, so that nobody tries again."""
    limit_threads(order.threads)
    keep_freed_memory()  # as where it will be used, lest it be measured under other conditions
    folder = order.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as name:
        label = _make_in(Path(name), order)
        label.write(Path(name))
        # A folder cannot take the place of one that is there: then somebody else has made the same.
        shutil.copytree(name, f"{name}.done")
    try:
        Path(f"{name}.done").rename(folder)
    except OSError:
        shutil.rmtree(f"{name}.done")
    return label


def _make_in(folder: Path, order: StepOrder) -> StepLabel:
    device = torch.device("cpu")
    model, twin = (fresh_model(order.recipe, order.shape, device) for _ in range(2))
    eager = EagerDescents(order.recipe.precision, device)
    try:
        phases = _compile_all(folder, twin, eager, order)
        compiled = CompiledDescents.load(model, folder, phases)
        error = _largest_error((twin, eager), (model, compiled), order)
    except Exception as problem:  # noqa: BLE001 - whatever a compiler stumbles over, the step works without it
        return StepLabel(gain=0.0, note=f"{type(problem).__name__}: {problem}"[:2000], phases={})
    with autocast(order.recipe.precision, device):
        numbers = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
    if not error <= LARGEST_ERROR[numbers]:
        return StepLabel(gain=0.0, note=f"A gradient is off by {error:.2g} of its length.", phases={})
    gain = _gain((twin, eager), (model, compiled), order)
    note = "" if gain >= LEAST_GAIN else "It is slower."
    return StepLabel(gain=gain, note=note, phases=phases)


def _compile_all(folder: Path, model: Family, eager: Descents, order: StepOrder) -> dict[str, PhaseOutputs]:
    """Compile all phases of a model, each into a file of the folder."""
    adams, batch = _fresh_adams(model), _example(model, order)
    phases: dict[str, PhaseOutputs] = {}
    for place, phase in enumerate(model.phases()):
        library = library_in(folder, place)
        phases[phase.name] = _compile(model, phase, adams[place], batch, order.recipe.precision, library)
        eager.descend(phase, adams[place], batch, RATE)  # leaves codes for the next
    return phases


def _compile(
    model: Family, phase: Phase, adams: Sequence[Adam], batch: Batch, precision: str, library: Path
) -> PhaseOutputs:
    """Compile one phase of a model into a file."""
    from torch._inductor import aoti_compile_and_package

    inputs = [*state_of(model), *inputs_of(adams, RATE, batch)]
    graph, how = trace(model, phase, adams, batch, precision)
    exported = torch.export.export(graph, tuple(inputs))
    package = aoti_compile_and_package(exported, package_path=str(library.with_suffix(".pt2")))
    with zipfile.ZipFile(package) as archive:
        code = next(name for name in archive.namelist() if name.endswith((".so", ".pyd", ".dll", ".dylib")))
        library.write_bytes(archive.read(code))
    Path(package).unlink()
    return how


def _fresh_adams(model: Family) -> Adams:
    return [[Adam(each.parameters, each.betas) for each in phase.descents] for phase in model.phases()]


def _example(model: Family, order: StepOrder, moment: int = 0) -> Batch:
    size, shape = order.recipe.batch_size, order.shape
    generator = generator_for(0, "example", moment)
    # Mostly dark with some ink, as most images are.
    ink_NCHW = torch.rand(size, shape.channels, shape.size, shape.size, generator=generator).pow(4)
    labels_N = torch.randint(0, 2, (size,), generator=generator) if model.wants_labels else None
    images_NCHW = (255.0 * ink_NCHW).round().to(torch.uint8)
    return Batch(images_NCHW=images_NCHW, draws=model.draw(size, generator), labels_N=labels_N)


Way = tuple[Family, Descents]
"""A model, and how it descends."""


def _largest_error(expected: Way, tried: Way, order: StepOrder) -> float:
    """The largest difference of a loss, a gradient or a movement, as a share of its length; nan if one is no number."""
    errors: list[float] = []
    for moment in range(3):
        all_adams = [_fresh_adams(model) for model, _ in (expected, tried)]  # first moments are gradients then
        batches = [_example(model, order, moment) for model, _ in (expected, tried)]
        for place, phases in enumerate(zip(expected[0].phases(), tried[0].phases(), strict=True)):
            tried[0].load_state_dict(expected[0].state_dict())
            sizes = [torch.tensor(adam.next_sizes(RATE)) for adam in all_adams[1][place]]
            before = [parameter.detach().clone() for parameter in phases[1].parameters]
            found: list[list[Tensor]] = []
            for (_, way), phase, adams, batch in zip((expected, tried), phases, all_adams, batches, strict=True):
                terms = way.descend(phase, adams[place], batch, RATE)
                found.append([*terms.values(), *(first for adam in adams[place] for first in adam.moments[0])])
            errors += [_error(wanted, got) for wanted, got in zip(*found, strict=True)]
            errors += _wrong_movements(phases[1], all_adams[1][place], before, sizes)
    return max(errors) if all(error == error for error in errors) else float("nan")


def _wrong_movements(phase: Phase, adams: Sequence[Adam], before: list[Tensor], sizes: list[Tensor]) -> list[float]:
    """By how much each movement differs from the one that its own gradient asks for, which is the first of an Adam."""
    errors: list[float] = []
    left = iter(before)
    for descent, adam, sizes_2 in zip(phase.descents, adams, sizes, strict=True):
        for parameter, first in zip(descent.parameters, adam.moments[0], strict=True):
            start = next(left)
            wanted, gradient = start.clone(), first / (1 - descent.betas[0])
            move(wanted, gradient, torch.zeros_like(first), torch.zeros_like(first), sizes_2, descent.betas)
            errors.append(_error(wanted - start, parameter.detach() - start))
    return errors


def _error(wanted: Tensor, got: Tensor) -> float:
    return float((wanted - got).norm() / wanted.norm().clamp_min(1e-6))


def _gain(usual: Way, compiled: Way, order: StepOrder) -> float:
    """How many times faster the compiled step is, by turns, so that other work on the machine meets both alike."""
    ratios: list[float] = []
    all_adams = [_fresh_adams(model) for model, _ in (usual, compiled)]
    for moment in range(ROUNDS):
        taken: list[float] = []
        for (model, way), adams in zip((usual, compiled), all_adams, strict=True):
            batch = _example(model, order, moment)
            start = time.perf_counter()
            for phase, own in zip(model.phases(), adams, strict=True):
                way.descend(phase, own, batch, RATE)
            taken.append(time.perf_counter() - start)
        ratios.append(taken[0] / taken[1])
    return statistics.median(ratios)


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(19)
    orders = [StepOrder.from_json(text) for text in sys.argv[1:]]
    # Libraries that the compiler makes to find out what the processor has, and headers, serve the next step as well.
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(compiled_steps_folder() / ".compiler")
    for order in orders:
        make_step(order)
