"""Sharpness: the variance of an image's Laplacian, a measure of focus (Pech-Pacheco et al. 2000), over the data's.

The Laplacian is that of four neighbours, Δx = x_up + x_down + x_left + x_right − 4 x, where all four exist; its
variance is averaged over the channels. The figure is the ratio of two means, over the model's images and over
held-out ones.
"""

import numpy as np
from torch import Tensor

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Doubles, Figure
from trainers.metrics.resampling import figure_of_statistic


def of_reconstructions(evidence: Evidence) -> Figure | None:
    """Of reconstructions of held-out images; None when all of these are flat."""
    return _relative(evidence, evidence.reconstructions_NCHW)


def of_samples(evidence: Evidence) -> Figure | None:
    """Of decoded samples of the prior; None when all held-out images are flat."""
    return _relative(evidence, evidence.samples_SCHW)


def _relative(evidence: Evidence, images_NCHW: Tensor) -> Figure | None:
    model_N = laplacian_variances(evidence, images_NCHW)
    data_N = laplacian_variances(evidence, evidence.held_out_NCHW)
    if np.count_nonzero(data_N) <= len(data_N) // 2:  # some half of them might be flat
        return None
    return figure_of_statistic(lambda chosen_M: float(model_N[chosen_M].mean() / data_N[chosen_M].mean()), len(data_N))


def laplacian_variances(evidence: Evidence, images_NCHW: Tensor) -> Doubles:
    """The variance of each image's Laplacian, (N,); images as uint8, or as floats in [0, 1]."""
    return evidence.in_chunks(_laplacian_variance, images_NCHW).double().numpy()


def _laplacian_variance(images_NCHW: Tensor) -> Tensor:
    x = images_NCHW if images_NCHW.is_floating_point() else pixels_of(images_NCHW)
    middle = x[..., 1:-1, 1:-1]
    laplacian_NCHW = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:] - 4 * middle
    return laplacian_NCHW.flatten(2).var(2, correction=0).mean(1)
