"""Memorisation: how near new images come to training images, beside how near real images that were held out come.

d(x) = min over all training images t of ‖x − t‖; the figure is mean d(sample) / mean d(held-out). A model that copies
its training images is far below 1 (after Meehan, Chaudhuri & Dasgupta 2020, who compare the same distances). Somewhat
below 1 is no sign of copying: blurred images lie in the middle of all others, and so near to some.
"""

from typing import Final

import torch
from torch import Tensor

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_statistic

IMAGES: Final = 2000
TRAINING_AT_ONCE: Final = 5000


def measure(evidence: Evidence) -> Figure | None:
    """The ratio, on the first two thousand of each; None when all held-out images are training images."""
    held_out_N = nearest_distances(evidence, pixels_of(evidence.held_out_NCHW[:IMAGES]))
    if not held_out_N.any():
        return None
    samples_N = nearest_distances(evidence, evidence.samples_SCHW[:IMAGES])
    return figure_of_statistic(
        lambda half_M: float(samples_N[half_M].mean() / held_out_N[half_M].mean()), len(held_out_N)
    )


def nearest_distances(evidence: Evidence, images_NCHW: Tensor) -> Tensor:
    """Distance of each image, floats in [0, 1], to the nearest of all training images, (N,)."""

    def nearest(part_NCHW: Tensor) -> Tensor:
        part_NP = part_NCHW.flatten(1)
        squares_N = torch.full((len(part_NP),), torch.inf, device=part_NP.device)
        for start in range(0, len(training_NCHW), TRAINING_AT_ONCE):
            evidence.pulse()
            training_MCHW = torch.tensor(training_NCHW[start : start + TRAINING_AT_ONCE], device=part_NP.device)
            training_MP = pixels_of(training_MCHW).flatten(1)
            # ‖x − t‖² = ‖x‖² + (‖t‖² − 2 x·t), as the matrix product is far quicker than the differences.
            partial_NM = torch.addmm(training_MP.square().sum(1), part_NP, training_MP.T, alpha=-2)
            squares_N = torch.minimum(squares_N, partial_NM.amin(1))
        return (squares_N + part_NP.square().sum(1)).clamp_min(0).sqrt()

    training_NCHW = evidence.images.train_NCHW
    return evidence.in_chunks(nearest, images_NCHW)
