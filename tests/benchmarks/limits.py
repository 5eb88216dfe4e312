"""What a machine can do at most, measured on the spot, and so what a training step takes at least.

A step cannot be shorter than the launches of its kernels one by one, unless a graph launches them all at once; nor than
moving weights, gradients, Adam's state and activations once each through memory; nor than its multiplications. The
largest of the three is the one to compare with.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from tests.benchmarks.measuring import pace
from tests.benchmarks.our_loop import wait_for
from tests.benchmarks.plain_loops import networks, weights_of
from tests.benchmarks.plan import Plan
from trainers.images import ImageShape
from trainers.models.adversarial import AdversarialAutoencoder
from trainers.models.family import Family
from trainers.recipe import Recipe

ADAM_PASSES = 9
"""How often each weight's bytes go through memory in a step: forward and backward read the weight, the gradient is
written and read, and Adam reads and writes the weight and both of its moments, less the read that is shared."""
DISCRIMINATOR_PASSES = 2
"""Of an AAE's step: codes and samples; what it says of codes serves both sides."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a device can do at most.

    Attributes:
        launch_s: Seconds of an operation that does nothing, in a long row of them.
        bytes_per_s: Of a copy within its memory, read and written.
        operations_per_s: Multiplications and additions of a large product of matrices.
    """

    launch_s: float
    bytes_per_s: float
    operations_per_s: float

    def __str__(self) -> str:
        return (
            f"a launch takes {self.launch_s * 1e6:.1f} µs, memory moves {self.bytes_per_s / 1e9:,.0f} GB/s, products"
            f" reach {self.operations_per_s / 1e12:,.2g} TFLOP/s"
        )


def limits_of(device: torch.device, numbers: torch.dtype, plan: Plan) -> Limits:
    """Measure launches, copies, and products of matrices of such numbers."""
    seconds, on_gpu = plan.amount(1.0, 0.1), device.type == "cuda"
    tiny = torch.zeros(1, device=device)

    def launch() -> int:
        for _ in range(1000):
            tiny.add_(1.0)
        return 1000

    length = plan.count(2**28 if on_gpu else 2**26, 2**20)
    source, target = torch.zeros(length, device=device), torch.zeros(length, device=device)

    def copy() -> int:
        target.copy_(source)
        return 8 * length

    side = plan.count(8192 if on_gpu else 2048, 256)
    factor = torch.ones(side, side, device=device, dtype=numbers)

    def multiply() -> int:
        torch.mm(factor, factor)
        return 2 * side**3

    launches, moved, operations = (_paced(action, seconds, device) for action in (launch, copy, multiply))
    return Limits(1 / launches, moved, operations)


def _paced(action: Callable[[], int], seconds: float, device: torch.device) -> float:
    wait = wait_for(device)

    def done() -> int:
        # Few at a time: a GPU's queue is long, and a loop must not run ahead of the clock.
        count = sum(action() for _ in range(4))
        if wait is not None:
            wait()
        return count

    done()
    return pace(done, seconds)


def bounds_of(
    recipe: Recipe, shape: ImageShape, device: torch.device, kernels: int, limits: Limits
) -> dict[str, float]:
    """Seconds that a step takes at least, by each limit; `kernels` is how many it launches."""
    model = networks(recipe, shape, device)
    # Activations are written once and read twice, in two bytes; images come as bytes, and stay as float32.
    moved = (
        weights_of(model) * 4 * ADAM_PASSES
        + activation_numbers(model, recipe.batch_size) * 2 * 3
        + shape.pixels * recipe.batch_size * 5
    )
    return {
        "launch": kernels * limits.launch_s,
        "bandwidth": moved / limits.bytes_per_s,
        "arithmetic": operations_of(model, recipe.batch_size) / limits.operations_per_s,
    }


def activation_numbers(model: Family, batch: int) -> int:
    """How many numbers the layers give for a batch."""
    numbers = 0

    def count(_module: torch.nn.Module, _inputs: object, output: Tensor) -> None:
        nonlocal numbers
        numbers += output.numel()

    leaves = [module for module in model.modules() if not list(module.children())]
    hooks = [module.register_forward_hook(count) for module in leaves]
    _pass_through(model, batch)
    for hook in hooks:
        hook.remove()
    return numbers


def operations_of(model: Family, batch: int) -> int:
    """Multiplications and additions of a step, forward and backward, as torch counts them."""
    with FlopCounterMode(display=False) as counter:
        _pass_through(model, batch).backward()
    return counter.get_total_flops()


def _pass_through(model: Family, batch: int) -> Tensor:
    """What a step computes, as one number to go back from."""
    shape, device = model.shape, next(model.parameters()).device
    pixels_NCHW = torch.rand(batch, shape.channels, shape.size, shape.size, device=device)
    codes_ND = model.encoder(pixels_NCHW)[:, : model.recipe.latent_dim]
    total = model.decoder(codes_ND).sum()
    if isinstance(model, AdversarialAutoencoder):
        for _ in range(DISCRIMINATOR_PASSES):
            total = total + model.discriminator(codes_ND).sum()
    return total
