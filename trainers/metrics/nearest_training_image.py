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
from trainers.metrics.resampling import figure_of_ratio

IMAGES: Final = 2000
TRAINING_AT_ONCE: Final = 5000


def measure(evidence: Evidence) -> Figure | None:
    """The ratio, on the first two thousand of each; None when most held-out images are training images too."""
    held_out_N = nearest_distances(evidence, pixels_of(evidence.held_out_NCHW[:IMAGES]))
    return figure_of_ratio(nearest_distances(evidence, evidence.samples_SCHW[:IMAGES]), held_out_N)


def nearest_distances(evidence: Evidence, images_NCHW: Tensor) -> Tensor:
    """Distance of each image, floats in [0, 1], to the nearest of all training images, (N,)."""
    training_NCHW = evidence.images.train_NCHW

    def nearest(part_NCHW: Tensor) -> Tensor:
        part_NP = part_NCHW.flatten(1)
        least_N = torch.full((len(part_NP),), torch.inf, device=part_NP.device)
        nearest_NP = torch.zeros_like(part_NP)
        for start in range(0, len(training_NCHW), TRAINING_AT_ONCE):
            evidence.pulse()
            training_MCHW = torch.tensor(training_NCHW[start : start + TRAINING_AT_ONCE], device=part_NP.device)
            training_MP = pixels_of(training_MCHW).flatten(1)
            # ‖x − t‖² = ‖x‖² + (‖t‖² − 2 x·t): a matrix product finds the nearest far quicker than differences would.
            found_N, index_N = torch.addmm(training_MP.square().sum(1), part_NP, training_MP.T, alpha=-2).min(1)
            nearer_N = found_N < least_N
            least_N = torch.where(nearer_N, found_N, least_N)
            nearest_NP[nearer_N] = training_MP[index_N[nearer_N]]
        # The product is too coarse for small distances, which are those that matter here.
        return torch.linalg.vector_norm(part_NP - nearest_NP, dim=1)

    return evidence.in_chunks(nearest, images_NCHW)
