"""Our training without a window: the steps of a run, or of several in lockstep."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter

import torch

from tests.benchmarks.measuring import pace
from trainers.compiled.shelf import StepOrder, label_of
from trainers.compiled.workshop import Workshop
from trainers.images import ImageSet
from trainers.recipe import Recipe
from trainers.run import TrainingRun

LEAST_SECONDS = 1.0
"""How long a run is trained before it is measured, at least."""
SETTLED = 1.05
"""A run whose pace has risen by less than this factor has settled."""


def our_loop(recipe: Recipe, images: ImageSet, device: str, *, compiles: bool) -> Callable[[], int]:
    """A step of a run as the window has it after some seconds; gives how many images it took."""
    (run,) = runs_of([recipe], images, device, compiles=compiles)

    def step() -> int:
        run.step()
        return recipe.batch_size

    return step


def lockstep(recipes: Sequence[Recipe], images: ImageSet, device: str, *, compiles: bool) -> Callable[[], int]:
    """A step of the model that has seen the fewest images, as the window trains them."""
    runs = runs_of(recipes, images, device, compiles=compiles)

    def step() -> int:
        run = min(runs, key=lambda run: run.images_seen)
        run.step()
        return run.recipe.batch_size

    return step


def runs_of(recipes: Sequence[Recipe], images: ImageSet, device: str, *, compiles: bool) -> list[TrainingRun]:
    """Runs with their compiled steps, where those can be had and are faster, as the window gives them in time."""
    runs = [TrainingRun(recipe, images=images, device=device) for recipe in recipes]
    if compiles:
        compile_steps(run.step_order for run in runs if run.step_order is not None)
        Workshop().equip(runs, worthwhile=False)
    return runs


def compile_steps(orders: Iterable[StepOrder]) -> None:
    """Have all these steps compiled, by a process for each core.

    One that was found slower while another process was at work is tried once more, alone.
    """
    missing = {order.folder: order for order in orders if label_of(order.folder) is None}
    _compile(list(missing.values()), os.cpu_count() or 1)
    slower = {folder: order for folder, order in missing.items() if (label := label_of(folder)) and label.note}
    for folder in slower:
        shutil.rmtree(folder)
    _compile(list(slower.values()), 1)


def _compile(orders: Sequence[StepOrder], processes: int) -> None:
    workshops = [Workshop() for _ in range(processes)]
    for at, workshop in enumerate(workshops):
        workshop.ask(orders[at::processes])
    for workshop in workshops:
        workshop.finish()


def settle(step: Callable[[], int], seconds: float) -> None:
    """Train until the pace rises no more, at most so many seconds: what is prepared by then is not measured."""
    best, still, start = 0.0, 0, perf_counter()
    block = min(LEAST_SECONDS, seconds) / 3
    while still < 3 and perf_counter() - start < seconds:
        now = pace(step, block)
        still = still + 1 if now < best * SETTLED else 0
        best = max(best, now)


def wait_for(device: torch.device) -> Callable[[], None] | None:
    """What waits for a device that works behind our back."""
    return torch.cuda.synchronize if device.type == "cuda" else None
