"""What a GPU reaches of its limits: of the pace of launches for small steps, of bandwidth or arithmetic for large ones.

A step cannot be shorter than the launches of its kernels one by one, unless a graph launches them all at once; nor than
moving weights, gradients, Adam's state and activations once each through memory; nor than its multiplications. Each
limit is measured here on the same GPU, and the largest of the three is the one to compare with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch.profiler import ProfilerActivity, profile

from tests.benchmarks.measuring import interleaved, pace
from tests.benchmarks.our_loop import our_loop, settle, wait_for
from tests.benchmarks.plain_loops import networks, resident_loop, weights_of
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Row
from trainers.datasets.loading import load_images
from trainers.images import ImageSet
from trainers.recipe import Recipe

BATCHES = (128, 8192)
ADAM_PASSES = 9
"""How often each weight's bytes go through memory in a step: forward and backward read the weight, the gradient is
written and read, and Adam reads and writes the weight and both of its moments, less the read that is shared."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the GPU can do at most.

    Attributes:
        launch_s: Seconds of a kernel that does nothing, in a long row of them.
        bytes_per_s: Of a copy within its memory, read and written.
        operations_per_s: Multiplications and additions of a large bfloat16 product.
    """

    launch_s: float
    bytes_per_s: float
    operations_per_s: float


def rows(plan: Plan) -> Iterator[Row | str]:
    """A fraction of the limit for each backbone and batch, and the pace beside a plain loop on the same GPU."""
    if not torch.cuda.is_available():
        yield "There is no CUDA GPU here: its rows are left out."
        return
    device = torch.device("cuda")
    images, limits = load_images("mnist"), limits_of(device, plan)
    yield f"{torch.cuda.get_device_name(device)}: {describe(limits)}."
    for backbone in ("mlp", "convolutional"):
        for batch in BATCHES:
            recipe = Recipe(family="vae", dataset="mnist", backbone=backbone, batch_size=batch)
            yield from rows_of(recipe, images, device, limits, plan)


def describe(limits: Limits) -> str:
    """The limits in words."""
    return (
        f"a launch takes {limits.launch_s * 1e6:.1f} µs, memory moves {limits.bytes_per_s / 1e9:,.0f} GB/s, bfloat16"
        f" products reach {limits.operations_per_s / 1e12:,.0f} TFLOP/s"
    )


def rows_of(recipe: Recipe, images: ImageSet, device: torch.device, limits: Limits, plan: Plan) -> Iterator[Row]:
    """Pace and fraction of the limit of one model."""
    ours, theirs = our_loop(recipe, images, device.type), resident_loop(recipe, images, device)
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
    bounds = bounds_of(recipe, images, device, kernels_of(ours), limits)
    name = max(bounds, key=lambda limit: bounds[limit])
    words = ", ".join(f"{limit} {seconds * 1e6:.0f} µs" for limit, seconds in bounds.items())
    yield Row(
        name=f"gpu/{model}/limit",
        work=f"Fraction of the {name} limit; a step could take, by {words}. Launched one by one: a graph may exceed 1.",
        unit="fraction",
        ours=bounds[name] * found["ours"] / recipe.batch_size,
        theirs=bounds[name] * found["theirs"] / recipe.batch_size,
    )


def bounds_of(recipe: Recipe, images: ImageSet, device: torch.device, kernels: int, limits: Limits) -> dict[str, float]:
    """Seconds that a step takes at least, by each limit."""
    model = networks(recipe, images.shape, device)
    activations = activation_numbers(model.encoder, model.decoder, images, recipe, device)
    # Activations are written once and read twice, in bfloat16; images come as bytes, and stay as float32.
    moved = weights_of(model) * 4 * ADAM_PASSES + activations * 2 * 3 + images.shape.pixels * recipe.batch_size * 5
    return {
        "launch": kernels * limits.launch_s,
        "bandwidth": moved / limits.bytes_per_s,
        "arithmetic": operations_of(model.encoder, model.decoder, images, recipe, device) / limits.operations_per_s,
    }


def kernels_of(step: Callable[[], int]) -> int:
    """How many kernels a step launches on the GPU; on the CPU, how many operations it calls."""
    activities = [ProfilerActivity.CUDA] if torch.cuda.is_available() else [ProfilerActivity.CPU]
    with profile(activities=activities) as profiler:
        step()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
    return len(profiler.events() or ())


def activation_numbers(
    encoder: torch.nn.Module, decoder: torch.nn.Module, images: ImageSet, recipe: Recipe, device: torch.device
) -> int:
    """How many numbers the layers of both stacks give for a batch."""
    numbers = 0

    def count(_module: torch.nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal numbers
        numbers += output.numel()

    leaves = [module for stack in (encoder, decoder) for module in stack.modules() if not list(module.children())]
    hooks = [module.register_forward_hook(count) for module in leaves]
    _pass_through(encoder, decoder, images, recipe, device)
    for hook in hooks:
        hook.remove()
    return numbers


def operations_of(
    encoder: torch.nn.Module, decoder: torch.nn.Module, images: ImageSet, recipe: Recipe, device: torch.device
) -> int:
    """Multiplications and additions of a step, forward and backward, as torch counts them."""
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter:
        _pass_through(encoder, decoder, images, recipe, device).sum().backward()
    return counter.get_total_flops()


def _pass_through(
    encoder: torch.nn.Module, decoder: torch.nn.Module, images: ImageSet, recipe: Recipe, device: torch.device
) -> torch.Tensor:
    shape = images.shape
    pixels_NCHW = torch.rand(recipe.batch_size, shape.channels, shape.size, shape.size, device=device)
    return decoder(encoder(pixels_NCHW)[:, : recipe.latent_dim])


def limits_of(device: torch.device, plan: Plan) -> Limits:
    """Measure launches, copies and products."""
    seconds, wait = plan.amount(1.0, 0.1), wait_for(device)
    tiny = torch.zeros(1, device=device)

    def launch() -> int:
        for _ in range(1000):
            tiny.add_(1.0)
        return 1000

    numbers = 2 ** (28 if device.type == "cuda" else 20)
    source, target = torch.zeros(numbers, device=device), torch.zeros(numbers, device=device)

    def copy() -> int:
        target.copy_(source)
        return 8 * numbers

    side = 8192 if device.type == "cuda" else 256
    factor = torch.zeros(side, side, device=device, dtype=torch.bfloat16)

    def multiply() -> int:
        torch.mm(factor, factor)
        return 2 * side**3

    for warm_up in (launch, copy, multiply):
        warm_up()
    if wait is not None:
        wait()
    # Few at a time: the GPU's queue is long, and a loop must not run ahead of the clock.
    launches, moved, operations = (_paced(action, seconds, wait) for action in (launch, copy, multiply))
    return Limits(1 / launches, moved, operations)


def _paced(action: Callable[[], int], seconds: float, wait: Callable[[], None] | None) -> float:
    def done() -> int:
        count = sum(action() for _ in range(4))
        if wait is not None:
            wait()
        return count

    return pace(done, seconds)
