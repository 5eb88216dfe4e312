"""Density and coverage: how thickly samples lie among real images, how many of these they reach (Naeem et al. 2020).

With B(x) the ball around a held-out image that reaches to its fifth nearest held-out neighbour, density is the number
of such balls that a sample lies in, over 5, on average: about 1 for the data itself, more where samples crowd in the
thick of it. Coverage is the share of held-out images whose ball holds any sample; for the data itself about 1 − 2⁻⁵ =
.97, since each of the five neighbours and as many strangers are equally likely to be nearest. Both lean on real images
alone, so that odd samples cannot spoil them. Both are in features, from as many samples as held-out images.

The spread is that over samples for density and over held-out images for coverage, with the balls as they are.
"""

from typing import Final

from torch import Tensor

from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import FeatureViews, features_of
from trainers.metrics.figure import Figure
from trainers.metrics.neighbour_balls import count_in_balls
from trainers.metrics.resampling import figure_of_mean

NEIGHBOURS: Final = 5


def density(evidence: Evidence) -> Figure:
    """Of samples of the prior among held-out images."""
    views = features_of(evidence)
    balls_S, _ = _counts(views, evidence)
    return figure_of_mean(balls_S.double() / NEIGHBOURS, note=views.extractor.name)


def coverage(evidence: Evidence) -> Figure:
    """Of held-out images by samples of the prior."""
    views = features_of(evidence)
    _, samples_N = _counts(views, evidence)
    return figure_of_mean((samples_N > 0).double(), note=views.extractor.name)


def _counts(views: FeatureViews, evidence: Evidence) -> tuple[Tensor, Tensor]:
    """In how many balls each sample lies, and how many samples lie in the ball of each held-out image."""

    def count() -> tuple[Tensor, Tensor]:
        radii_N = views.reference.radii_N(NEIGHBOURS, evidence.pulse)
        return count_in_balls(views.samples_SF, views.held_out_NF, radii_N, evidence.pulse)

    return views.once("samples in balls", count)
