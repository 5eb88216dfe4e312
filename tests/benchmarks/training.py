"""Images a second, beside the plain PyTorch loop and pythae's trainer, on the same networks and threads."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import torch

from tests.benchmarks.limits import Limits, bounds_of, limits_of
from tests.benchmarks.measuring import interleaved, pace
from tests.benchmarks.our_loop import compile_steps, our_loop, settle
from tests.benchmarks.plain_loops import example_loop, resident_loop
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row
from trainers.compiled.shelf import StepOrder
from trainers.datasets.loading import load_images
from trainers.device import limit_threads
from trainers.freed_memory import keep_freed_memory
from trainers.images import ImageSet
from trainers.precision import has_native_bfloat16
from trainers.recipe import Recipe

Entry = TypeVar("Entry")

FAMILIES = ("ae", "vae", "aae")
BACKBONES = ("mlp", "convolutional")
BATCHES = (128, 512)
CPU = torch.device("cpu")

AGAINST = {
    "default-example": ("default", "example", "the recipe's defaults against PyTorch's example loop with a DataLoader"),
    "default-pythae": ("default", "pythae", "the recipe's defaults against pythae's trainer"),
    "default-plain": ("default", "plain", "the recipe's defaults against a plain float32 loop on images in memory"),
    "float32-example": ("float32", "example", "float32 against PyTorch's example loop with a DataLoader"),
    "float32-pythae": ("float32", "pythae", "float32 against pythae's trainer"),
    "float32-plain": ("float32", "plain", "float32 against a plain float32 loop on images in memory"),
}
"""Which of our figures stands against which of theirs, by the end of the row's name, where there are both."""

MLP_BARS = {"default-example": 4.0, "default-pythae": 2.5, "float32-example": 2.0, "float32-pythae": 1.25}
"""Ratios to reach at batch 512."""
CONVOLUTIONAL_BAR = 1.3
"""Ratio of the defaults to the plain loop."""


def rows(plan: Plan) -> Iterator[Row | str]:
    """For each model our default against three loops, float32 too where it has a bar, and the limit."""
    limit_threads(plan.loop_threads)
    keep_freed_memory()
    images = load_images("mnist")
    if find_spec("pythae") is None:
        yield "pythae is not installed, so its rows have no figures: uv sync --group benchmark."
    numbers = torch.bfloat16 if has_native_bfloat16(CPU) else torch.float32
    limits = limits_of(CPU, numbers, plan)
    yield f"On {torch.get_num_threads()} threads: {limits} in {str(numbers).removeprefix('torch.')}."
    recipes = [
        Recipe(family=family, dataset="mnist", backbone=backbone, batch_size=batch)
        for family in plan_of(plan, FAMILIES)
        for backbone in BACKBONES
        for batch in plan_of(plan, BATCHES)
    ]
    if plan.compiles:
        ordered = (each for recipe in recipes for each in ours(recipe).values())
        threads = torch.get_num_threads()
        compile_steps(StepOrder(recipe=each, shape=images.shape, threads=threads) for each in ordered)
    with tempfile.TemporaryDirectory() as folder:
        measures = {
            (recipe, loop): measure
            for recipe in recipes
            for loop, measure in paces(recipe, images, plan, Path(folder)).items()
        }
        # One turn of every model and loop after the other: a slow minute of the machine meets all models alike.
        found = interleaved(measures, plan.count(5, 1))
    for recipe in recipes:
        own = {loop: images_per_second for (model, loop), images_per_second in found.items() if model is recipe}
        yield from rows_of(recipe, own, plan)
        yield limit_row(recipe, images, own, limits)


def plan_of(plan: Plan, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """All of a table, or its last entry in a quick run."""
    return entries[-1:] if plan.quick else entries


def ours(recipe: Recipe) -> dict[str, Recipe]:
    """What is trained by our own loop: a recipe as it comes, and in single precision where that has a bar."""
    single = recipe.with_changes(precision="float32")
    return {"default": recipe} | ({"float32": single} if bar_of(recipe, "float32-example") is not None else {})


def paces(recipe: Recipe, images: ImageSet, plan: Plan, folder: Path) -> dict[str, Callable[[], float]]:
    """What measures the images a second of each loop."""
    own = {name: our_loop(each, images, "cpu", compiles=plan.compiles) for name, each in ours(recipe).items()}
    loops: dict[str, Callable[[], int]] = {
        **own,
        "example": example_loop(recipe, images.shape, CPU),
        "plain": resident_loop(recipe, images, CPU),
    }
    for name, step in loops.items():
        settle(step, plan.amount(30.0 if name in own else 0.5, 0.3))
    seconds = plan.amount(0.3, 0.2)
    measures: dict[str, Callable[[], float]] = {name: partial(pace, step, seconds) for name, step in loops.items()}
    if find_spec("pythae") is not None:
        from tests.benchmarks.pythae_loop import pythae_pace

        measures["pythae"] = partial(pythae_pace(recipe, images, folder), seconds)
    return measures


def rows_of(recipe: Recipe, found: dict[str, float], plan: Plan) -> Iterator[Row]:
    """The rows of one model."""
    threads = torch.get_num_threads()
    for name, (ours, theirs, what) in AGAINST.items():
        if ours not in found:
            continue
        yield Row(
            name=f"{name_of(recipe)}/{name}",
            work=f"{plan.images}, {threads} threads each: {what}.",
            unit="images/s",
            ours=found[ours],
            theirs=found.get(theirs),
            bar=bar_of(recipe, name),
        )


def limit_row(recipe: Recipe, images: ImageSet, found: dict[str, float], limits: Limits) -> Row:
    """What the defaults and the plain loop reach of the processor's limit."""
    bounds = bounds_of(recipe, images.shape, CPU, 0, limits)
    least = max(bounds, key=lambda limit: bounds[limit])
    step = bounds[least]
    return Row(
        name=f"{name_of(recipe)}/limit",
        work=f"Share of the processor's {least} limit, by which a step takes {1000 * step:.2f} ms at least: the"
        " recipe's defaults against the plain float32 loop.",
        unit="share",
        ours=step * found["default"] / recipe.batch_size,
        theirs=step * found["plain"] / recipe.batch_size,
    )


def name_of(recipe: Recipe) -> str:
    """What the rows of a model begin with."""
    return f"training/{recipe.family}-{recipe.backbone}-{recipe.batch_size}"


def bar_of(recipe: Recipe, name: str) -> Bar | None:
    """What a row has to reach."""
    if recipe.backbone == "mlp" and recipe.batch_size == 512 and name in MLP_BARS:
        return Bar("ratio", "≥", MLP_BARS[name])
    if recipe.backbone == "convolutional" and name == "default-plain":
        return Bar("ratio", "≥", CONVOLUTIONAL_BAR)
    return None
