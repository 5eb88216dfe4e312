"""A small convolutional classifier, whose last hidden layer describes images for the metrics of generation.

It is what Inception-v3 is to photographs, a thousand times cheaper: trained to tell classes apart, it answers to
strokes and shapes rather than to single pixels. The features are taken before their rectifier, where they are nearer to
the Gaussians that the Fréchet distance compares, and none of them is constantly zero.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

from trainers.seeds import generator_for

FEATURES: Final = 128
BATCH: Final = 128
SIDES: Final = (28, 56)
"""Sides of images that a network takes, in pixels: both come down to maps of 7 px."""

_WIDTHS = (32, 64, 64)
_SMALLEST_MAP = 7
_PEAK_RATE = 3e-3
_SCALE, _SHIFT, _TURN = 0.3, 0.08, 0.15  # as parts of the size, of half the width, and in radians


class FeatureNetwork(nn.Module):
    """Images, (N, channels, side, side) in [0, 1], to 128 features, and on to logits of the classes."""

    def __init__(self, channels: int, side: int, classes: int) -> None:
        super().__init__()
        assert side in SIDES, side
        self.channels, self.side, self.classes = channels, side, classes
        layers: list[nn.Module] = []
        wide = channels
        for level in range(int(math.log2(side // _SMALLEST_MAP))):
            narrow = _WIDTHS[level]
            kernel = 5 if level == 0 else 3
            layers += [
                nn.Conv2d(wide, narrow, kernel, stride=2, padding=kernel // 2),
                nn.BatchNorm2d(narrow),
                nn.ReLU(),
            ]
            layers += [nn.Conv2d(narrow, narrow, 3, padding=1), nn.BatchNorm2d(narrow), nn.ReLU()]
            wide = narrow
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(wide * _SMALLEST_MAP**2, FEATURES))
        self.head = nn.Sequential(nn.ReLU(), nn.Linear(FEATURES, classes))

    def forward(self, pixels_NCHW: Tensor) -> Tensor:
        """Features, (N, 128)."""
        return self.body(2.0 * pixels_NCHW - 1.0)

    def logits(self, pixels_NCHW: Tensor) -> Tensor:
        """Logits of the classes, (N, classes)."""
        return self.head(self(pixels_NCHW))


def untrained_network(channels: int, side: int, classes: int, seed: int) -> FeatureNetwork:
    """A network with first weights that depend on the seed alone, ready to be used."""
    with torch.device("meta"):  # so that nothing is drawn from torch's global generator
        network = FeatureNetwork(channels, side, classes)
    network = network.to_empty(device="cpu")
    generator = generator_for(seed, "feature network")
    for layer in network.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.reset_parameters()
        elif isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)  # He et al. 2015
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
    return network.eval().requires_grad_(requires_grad=False)


def trained_network(
    images_NCHW: Tensor,
    labels_N: Tensor,
    classes: int,
    *,
    steps: int,
    seed: int,
    pulse: Callable[[], None] = lambda: None,
) -> FeatureNetwork:
    """A network trained to tell the classes of images apart, uint8 (N, C, side, side), by so many steps of 128 images.

    Equal arguments give equal networks on computers of a kind. Every image is seen a little larger or smaller, turned
    and moved, but never blurred, since the features are to notice blur.

    Args:
        images_NCHW: The images.
        labels_N: Class of each, int64.
        classes: How many classes there are.
        steps: As above.
        seed: As above.
        pulse: Called before each step; may raise.
    """
    network = untrained_network(images_NCHW.shape[1], images_NCHW.shape[2], classes, seed)
    network.train().requires_grad_()
    optimiser = torch.optim.AdamW(network.parameters(), lr=_PEAK_RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=max(2, steps), pct_start=0.2)
    size = min(BATCH, len(images_NCHW))
    order_N, position, passes = torch.empty(0, dtype=torch.int64), 0, 0
    with torch.enable_grad():
        for step in range(steps):
            pulse()
            if position + size > len(order_N):
                order_N = torch.randperm(len(images_NCHW), generator=generator_for(seed, "feature order", passes))
                position, passes = 0, passes + 1
            chosen_B = order_N[position : position + size]
            position += size
            pixels_BCHW = _moved(images_NCHW[chosen_B].float() / 255.0, generator_for(seed, "feature moves", step))
            loss = cross_entropy(network.logits(pixels_BCHW), labels_N[chosen_B])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    return network.eval().requires_grad_(requires_grad=False)


def accuracy(network: FeatureNetwork, images_NCHW: Tensor, labels_N: Tensor) -> float:
    """Share of images, uint8 (N, C, side, side), that the network gives their class, from 0 to 1."""
    with torch.inference_mode():
        right = [
            (network.logits(part_NCHW.float() / 255.0).argmax(1) == part_labels_N).sum()
            for part_NCHW, part_labels_N in zip(images_NCHW.split(500), labels_N.split(500), strict=True)
        ]
    return float(torch.stack(right).sum()) / len(images_NCHW)


def network_of(weights: Mapping[str, Tensor], channels: int, side: int, classes: int) -> FeatureNetwork:
    """The network that has these weights, of any precision, by name."""
    network = untrained_network(channels, side, classes, seed=0)
    kept = {name: value for name, value in network.state_dict().items() if not value.ndim}  # counters of batches
    network.load_state_dict({name: value.float() for name, value in weights.items()} | kept)
    return network


def _moved(pixels_BCHW: Tensor, generator: torch.Generator) -> Tensor:
    """The images as somebody else might have placed them."""
    count = len(pixels_BCHW)
    size_B, across_B, down_B, turn_B = 2 * torch.rand(4, count, generator=generator) - 1
    # How far to look from the middle: less than 1 enlarges, so that digits that fill their frame are known as well.
    reach_B = torch.exp(_SCALE * (size_B - 0.5))
    cosine_B, sine_B = reach_B * torch.cos(_TURN * turn_B), reach_B * torch.sin(_TURN * turn_B)
    rows_B23 = torch.stack([cosine_B, -sine_B, _SHIFT * across_B, sine_B, cosine_B, _SHIFT * down_B], 1).view(-1, 2, 3)
    grid_BHW2 = affine_grid(rows_B23, list(pixels_BCHW.shape), align_corners=False)
    return grid_sample(pixels_BCHW, grid_BHW2, padding_mode="border", align_corners=False)
