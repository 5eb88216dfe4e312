"""Kernel distance: how differently new and real images are spread in features, without bias (Bińkowski et al. 2018).

MMD² = E k(x, x′) + E k(y, y′) − 2 E k(x, y) with k(x, y) = (x·y / F + 1)³, by the unbiased estimate of Gretton et al.
(2012, equation 3), on blocks of 500 images, averaged: its mean is 0 for two draws of one distribution, however few they
are, so that single figures may come out below. The features are divided by the root mean square of the held-out ones,
for the kernel's 1 means something only beside x·y / F of about 1. The spread is that over the blocks.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean
from trainers.seeds import generator_for

BLOCK: Final = 500
FEWEST_BLOCKS: Final = 10


def measure(evidence: Evidence) -> Figure:
    """MMD² between decoded samples of the prior and held-out images."""
    views = features_of(evidence)
    blocks_B = kernel_distances(views.samples_SF, views.held_out_NF, evidence.pulse)
    return replace(figure_of_mean(blocks_B, note=views.extractor.name), count=evidence.count)


def kernel_distances(made_NF: Tensor, real_MF: Tensor, pulse: Callable[[], None] = lambda: None) -> Tensor:
    """The unbiased MMD² of each block, float64 (B,); their mean is the distance.

    Args:
        made_NF: Features of images that were made.
        real_MF: Features of real images; the first as many as there are made ones are used, and the other way round.
        pulse: Called between blocks; may raise.
    """
    count = min(len(made_NF), len(real_MF))
    size = max(2, min(BLOCK, count // FEWEST_BLOCKS))
    scale = real_MF.double().square().mean().sqrt()
    # Held-out images may be sorted by class; a block should be like the whole.
    order_N = torch.randperm(count, generator=generator_for(0, "blocks"))
    distances: list[Tensor] = []
    for chosen_K in order_N[: count // size * size].split(size):
        pulse()
        distances.append(unbiased_discrepancy(made_NF[chosen_K].double() / scale, real_MF[chosen_K].double() / scale))
    return torch.stack(distances)


def unbiased_discrepancy(one_KF: Tensor, other_KF: Tensor) -> Tensor:
    """The estimate of MMD² from two sets of equally many points, float64."""
    count = len(one_KF)
    within = _kernel(one_KF, one_KF) + _kernel(other_KF, other_KF)
    own_pairs = (within.sum() - within.diagonal().sum()) / (count * (count - 1))
    return own_pairs - 2 * _kernel(one_KF, other_KF).mean()


def _kernel(one_KF: Tensor, other_KF: Tensor) -> Tensor:
    return (one_KF @ other_KF.T / one_KF.shape[1] + 1) ** 3
