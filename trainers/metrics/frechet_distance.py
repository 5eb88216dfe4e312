"""Fréchet distance between two sets of images, each taken for a Gaussian in features (Heusel et al. 2017).

d² = ‖μ₁ − μ₂‖² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½): the squared Wasserstein-2 distance of N(μ₁, Σ₁) and N(μ₂, Σ₂)
(Dowson & Landau 1982). It is taken three times against the held-out images, to tell what a model loses where: for
reconstructions, it is what the decoder cannot draw; for decoded codes of training images, the same where the model has
learned; for samples of the prior, it also has what the prior places where there are no codes.

It is biased upwards on few images (Bińkowski et al. 2018), so that only figures on equally many can be compared; the
distance between two halves of the held-out images, its floor, shows how much.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import Tensor

from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import FeatureViews, features_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import STATISTIC_RESAMPLES, figure_of_resamples, halves

FLOORS: Final = 5
"""Splits into halves that the floor is the mean of."""

_MANY_FEATURES: Final = 512
_FEWER_RESAMPLES: Final = 20


def of_reconstructions(evidence: Evidence) -> Figure:
    """Between what comes back of held-out images and these."""
    views = features_of(evidence)
    return _figure(views.reconstructions_NF, views, evidence.pulse)


def of_decoded_training(evidence: Evidence) -> Figure:
    """Between decoded codes of training images and the held-out images."""
    views = features_of(evidence)
    return _figure(views.decoded_training_MF, views, evidence.pulse)


def of_samples(evidence: Evidence) -> Figure:
    """Between decoded samples of the prior and the held-out images."""
    views = features_of(evidence)
    return _figure(views.samples_SF, views, evidence.pulse)


def _figure(made_NF: Tensor, views: FeatureViews, pulse: Callable[[], None]) -> Figure:
    floor = views.reference.once("Fréchet floor", lambda: frechet_floor(views.held_out_NF))
    note = f"{views.extractor.name}; halves of the held-out images: {floor:.3g}"
    return frechet_figure(made_NF, views.held_out_NF, pulse=pulse, note=note)


def frechet_figure(
    made_NF: Tensor, real_MF: Tensor, *, pulse: Callable[[], None] = lambda: None, note: str = ""
) -> Figure:
    """The distance between images that were made and real ones, with its spread over halves of both.

    Args:
        made_NF: Features of the former.
        real_MF: Features of the latter.
        pulse: Called between parts of the work; may raise.
        note: As in `Figure`.
    """
    resamples = STATISTIC_RESAMPLES if made_NF.shape[1] <= _MANY_FEATURES else _FEWER_RESAMPLES
    resamples_R = np.empty(resamples)
    pairs = zip(halves(len(made_NF), resamples), halves(len(real_MF), resamples), strict=True)
    for index, (chosen_made, chosen_real) in enumerate(pairs):
        pulse()
        resamples_R[index] = frechet_distance(made_NF[chosen_made], real_MF[chosen_real])
    return figure_of_resamples(frechet_distance(made_NF, real_MF), resamples_R, len(made_NF), note=note)


def frechet_floor(real_NF: Tensor) -> float:
    """The distance between two halves of real images, the mean over five splits: a good model comes no nearer.

    Halves have half as many images, and so about twice the bias: on all images, perfect samples would come to half.
    """
    distances: list[float] = []
    for half_M in halves(len(real_NF), FLOORS):
        rest_N = np.setdiff1d(np.arange(len(real_NF)), half_M)
        distances.append(frechet_distance(real_NF[half_M], real_NF[rest_N]))
    return float(np.mean(distances))


def frechet_distance(one_NF: Tensor, other_MF: Tensor) -> float:
    """d² between two sets of features, float32, at least two rows each."""
    return distance_of_gaussians(*moments(one_NF), *moments(other_MF))


def moments(features_NF: Tensor) -> tuple[Tensor, Tensor]:
    """Mean, (F,), and covariance, (F, F), float64; the latter with N − 1, as is usual."""
    values_NF = features_NF.double()
    mean_F = values_NF.mean(0)
    centred_NF = values_NF - mean_F
    return mean_F, centred_NF.T @ centred_NF / (len(values_NF) - 1)


def distance_of_gaussians(mean_F: Tensor, covariance_FF: Tensor, other_mean_F: Tensor, other_FF: Tensor) -> float:
    """d² between two Gaussians, float64; covariances may be singular."""
    values_F, vectors_FF = torch.linalg.eigh(covariance_FF)
    root_FF = (vectors_FF * values_F.clamp_min(0).sqrt()) @ vectors_FF.T
    # The root of a symmetric product by its eigenvalues: unlike a general matrix root it is real, also for singular Σ.
    product_F = torch.linalg.eigvalsh(root_FF @ other_FF @ root_FF).clamp_min(0)
    shared = 2 * product_F.sqrt().sum()
    distance = (mean_F - other_mean_F).square().sum() + covariance_FF.trace() + other_FF.trace() - shared
    return max(0.0, float(distance))
