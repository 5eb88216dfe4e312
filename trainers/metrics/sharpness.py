"""Sharpness: the variance of an image's Laplacian, a measure of focus (Pech-Pacheco et al. 2000), over the data's.

The Laplacian is that of four neighbours, Δx = x_up + x_down + x_left + x_right − 4 x, where all four exist; its
variance is averaged over the channels. The figure is the ratio of two means, over the model's images and over
held-out ones.
"""

from torch import Tensor

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_ratio


def of_reconstructions(evidence: Evidence) -> Figure | None:
    """Of reconstructions of held-out images; None when most of these are flat."""
    return _relative(evidence, evidence.reconstructions_NCHW)


def of_samples(evidence: Evidence) -> Figure | None:
    """Of decoded samples of the prior; None when most held-out images are flat."""
    return _relative(evidence, evidence.samples_SCHW)


def _relative(evidence: Evidence, images_NCHW: Tensor) -> Figure | None:
    data_N = laplacian_variances(evidence, evidence.held_out_NCHW)
    return figure_of_ratio(laplacian_variances(evidence, images_NCHW), data_N)


def laplacian_variances(evidence: Evidence, images_NCHW: Tensor) -> Tensor:
    """The variance of each image's Laplacian, (N,); images as uint8, or as floats in [0, 1]."""
    return evidence.in_chunks(_laplacian_variance, images_NCHW)


def _laplacian_variance(images_NCHW: Tensor) -> Tensor:
    x = images_NCHW if images_NCHW.is_floating_point() else pixels_of(images_NCHW)
    middle = x[..., 1:-1, 1:-1]
    laplacian_NCHW = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:] - 4 * middle
    return laplacian_NCHW.flatten(2).var(2, correction=0).mean(1)
