"""What a GPU reaches of its limits: launches for small steps, bandwidth or arithmetic for large ones."""

from collections.abc import Callable, Iterator

import torch
from torch.profiler import ProfilerActivity, profile

from tests.benchmarks.limits import Limits, bounds_of, limits_of
from tests.benchmarks.measuring import interleaved, pace
from tests.benchmarks.our_loop import our_loop, settle, wait_for
from tests.benchmarks.plain_loops import resident_loop
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Row
from trainers.datasets.loading import load_images
from trainers.images import ImageSet
from trainers.recipe import Recipe

BATCHES = (128, 8192)


def rows(plan: Plan) -> Iterator[Row | str]:
    """A fraction of the limit for each backbone and batch, and the pace beside a plain loop on the same GPU."""
    if not torch.cuda.is_available():
        yield "There is no CUDA GPU here: its rows are left out."
        return
    device = torch.device("cuda")
    images, limits = load_images("mnist"), limits_of(device, torch.bfloat16, plan)
    yield f"{torch.cuda.get_device_name(device)}: {limits}."
    for backbone in ("mlp", "convolutional"):
        for batch in BATCHES:
            recipe = Recipe(family="vae", dataset="mnist", backbone=backbone, batch_size=batch)
            yield from rows_of(recipe, images, device, limits, plan)


def rows_of(recipe: Recipe, images: ImageSet, device: torch.device, limits: Limits, plan: Plan) -> Iterator[Row]:
    """Pace and fraction of the limit of one model."""
    ours, theirs = our_loop(recipe, images, device.type, compiles=plan.compiles), resident_loop(recipe, images, device)
    for step in (ours, theirs):
        settle(step, plan.amount(40.0, 1.0))
    wait, seconds = wait_for(device), plan.amount(2.0, 0.3)
    found = interleaved(
        {"ours": lambda: pace(ours, seconds, wait), "theirs": lambda: pace(theirs, seconds, wait)}, plan.count(3, 1)
    )
    model = f"{recipe.family}-{recipe.backbone}-{recipe.batch_size}"
    yield Row(
        name=f"gpu/{model}",
        work=f"{plan.images}, the recipe's defaults against a plain float32 loop on images in the GPU's memory.",
        unit="images/s",
        ours=found["ours"],
        theirs=found["theirs"],
    )
    bounds = bounds_of(recipe, images.shape, device, kernels_of(ours), limits)
    name = max(bounds, key=lambda limit: bounds[limit])
    words = ", ".join(f"{limit} {seconds * 1e6:.0f} µs" for limit, seconds in bounds.items())
    yield Row(
        name=f"gpu/{model}/limit",
        work=f"Fraction of the {name} limit; a step could take, by {words}. Counted as if launched one by one, which a"
        " graph is not: it may exceed 1.",
        unit="fraction",
        ours=bounds[name] * found["ours"] / recipe.batch_size,
        theirs=bounds[name] * found["theirs"] / recipe.batch_size,
    )


def kernels_of(step: Callable[[], int]) -> int:
    """How many kernels and copies a step launches on the GPU."""
    with profile(activities=[ProfilerActivity.CUDA]) as profiler:
        step()
        torch.cuda.synchronize()
    # The calls that launch them are listed as well, as events of the CPU.
    return sum(event.device_type.name == "CUDA" for event in profiler.events() or ())
