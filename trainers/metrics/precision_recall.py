"""Improved precision and recall: what is made looks real, and what is real is made (Kynkäänniemi et al. 2019).

With B(x) the ball around x that reaches to its third nearest neighbour in its own set, precision is the share of
samples that lie in the ball of any held-out image, and recall the share of held-out images that lie in the ball of any
sample. Both are in features, from as many samples as held-out images. Decoded images of a two-dimensional latent space
lie on a sheet: their balls are small, so that recall is near 0 for every such model, while precision is near 1;
coverage tells more.

The spread is that over samples for precision and over held-out images for recall, with the balls as they are.
"""

from typing import Final

from torch import Tensor

from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import Figure
from trainers.metrics.neighbour_balls import count_in_balls, neighbour_radii
from trainers.metrics.resampling import figure_of_mean

NEIGHBOURS: Final = 3


def precision(evidence: Evidence) -> Figure:
    """Share of samples of the prior that look like held-out images."""
    views = features_of(evidence)
    radii_N = views.reference.radii_N(NEIGHBOURS, evidence.pulse)
    balls_S, _ = count_in_balls(views.samples_SF, views.held_out_NF, radii_N, evidence.pulse)
    return figure_of_mean(_shares(balls_S), note=views.extractor.name)


def recall(evidence: Evidence) -> Figure:
    """Share of held-out images that look like samples of the prior."""
    views = features_of(evidence)
    radii_S = neighbour_radii(views.samples_SF, NEIGHBOURS, evidence.pulse)
    balls_N, _ = count_in_balls(views.held_out_NF, views.samples_SF, radii_S, evidence.pulse)
    return figure_of_mean(_shares(balls_N), note=views.extractor.name)


def _shares(balls_N: Tensor) -> Tensor:
    return (balls_N > 0).double()
