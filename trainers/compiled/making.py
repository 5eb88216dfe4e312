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
from pathlib import Path

import torch
from torch import Tensor

from trainers.compiled.compiled_gradients import CompiledGradients, library_in
from trainers.compiled.gradients import EagerGradients, Gradients
from trainers.compiled.phase_program import PhaseOutputs, inputs_of, state_of, trace
from trainers.compiled.shelf import StepLabel, StepOrder
from trainers.device import limit_threads
from trainers.folders import compiled_steps_folder
from trainers.freed_memory import keep_freed_memory
from trainers.fresh_model import fresh_model
from trainers.models.family import Batch, Family
from trainers.precision import autocast
from trainers.seeds import generator_for

ROUNDS = 15
LEAST_GAIN = 1.0
"""Code that is slower is not used. At equal pace it is, since it leaves the interpreter lock to the window."""
LARGEST_ERROR = {torch.float32: 0.001, torch.bfloat16: 0.05}
"""By how much a gradient may differ, as a share of its length: some hundred times the precision of the numbers."""


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
    model = fresh_model(order.recipe, order.shape, device)
    batch = _example(model, order)
    eager = EagerGradients(order.recipe.precision, device)
    try:
        phases: dict[str, PhaseOutputs] = {}
        for place, phase in enumerate(model.phases()):
            phases[phase.name] = _compile(model, place, batch, order.recipe.precision, library_in(folder, place))
            eager.descend(phase, batch)  # leaves codes for the next
        compiled = CompiledGradients.load(model, folder, phases)
        error = _largest_error(model, order, eager, compiled)
    except Exception as problem:  # noqa: BLE001 - whatever a compiler stumbles over, the step works without it
        return StepLabel(gain=0.0, note=f"{type(problem).__name__}: {problem}"[:2000], phases={})
    with autocast(order.recipe.precision, device):
        numbers = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
    if not error <= LARGEST_ERROR[numbers]:
        return StepLabel(gain=0.0, note=f"A gradient is off by {error:.2g} of its length.", phases={})
    gain = _gain(model, order, eager, compiled)
    note = "" if gain >= LEAST_GAIN else "It is slower."
    return StepLabel(gain=gain, note=note, phases=phases)


def _compile(model: Family, place: int, batch: Batch, precision: str, library: Path) -> PhaseOutputs:
    """Compile one phase of a model into a file."""
    from torch._inductor import aoti_compile_and_package

    inputs = [*state_of(model), *inputs_of(batch)]
    graph, how = trace(model, model.phases()[place], batch, precision)
    exported = torch.export.export(graph, tuple(inputs))
    package = aoti_compile_and_package(exported, package_path=str(library.with_suffix(".pt2")))
    with zipfile.ZipFile(package) as archive:
        code = next(name for name in archive.namelist() if name.endswith((".so", ".pyd", ".dll", ".dylib")))
        library.write_bytes(archive.read(code))
    Path(package).unlink()
    return how


def _example(model: Family, order: StepOrder, moment: int = 0) -> Batch:
    size, shape = order.recipe.batch_size, order.shape
    generator = generator_for(0, "example", moment)
    # Mostly dark with some ink, as most images are.
    ink_NCHW = torch.rand(size, shape.channels, shape.size, shape.size, generator=generator).pow(4)
    labels_N = torch.randint(0, 2, (size,), generator=generator) if model.wants_labels else None
    images_NCHW = (255.0 * ink_NCHW).round().to(torch.uint8)
    return Batch(images_NCHW=images_NCHW, draws=model.draw(size, generator), labels_N=labels_N)


def _largest_error(model: Family, order: StepOrder, eager: Gradients, compiled: Gradients) -> float:
    """The largest difference of a gradient or a loss, as a share of its length."""
    errors: list[float] = []
    for moment in range(3):
        batches = _example(model, order, moment), _example(model, order, moment)
        for phase in model.phases():
            found: list[list[Tensor]] = []
            for way, batch in zip((eager, compiled), batches, strict=True):
                terms = way.descend(phase, batch)
                gradients = [parameter.grad for parameter in phase.parameters]
                found.append([*(grad for grad in gradients if grad is not None), *terms.values()])
            for expected, got in zip(*found, strict=True):
                length = expected.detach().norm().clamp_min(1e-6)
                errors.append(float((expected.detach() - got).norm() / length))
    return max(errors) if all(error == error for error in errors) else float("nan")


def _gain(model: Family, order: StepOrder, eager: Gradients, compiled: Gradients) -> float:
    """How many times faster the compiled step is, by turns, so that other work on the machine meets both alike."""
    ratios: list[float] = []
    for moment in range(ROUNDS):
        taken: list[float] = []
        for way in (eager, compiled):
            batch = _example(model, order, moment)
            start = time.perf_counter()
            for phase in model.phases():
                way.descend(phase, batch)
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
