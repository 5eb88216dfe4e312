"""Whether neighbours stay neighbours from images to codes and back (Venna & Kaski 2001, "Neighborhood preservation").

Trustworthiness is 1 − c Σ_i Σ_j (r(i, j) − k), over those j among the k nearest codes of i that are not among the k
nearest images; r(i, j) is the rank of j among the images by distance from i, and c brings the worst case to 0.
Continuity is the same with images and codes exchanged. Here k = 10, and distances are Euclidean, between pixels and
between codes.
"""

from typing import Final

from sklearn.manifold import trustworthiness as scikit_trustworthiness
from torch import Tensor

from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_statistic

NEIGHBOURS: Final = 10
IMAGES: Final = 1000


def trustworthiness(evidence: Evidence) -> Figure:
    """Of codes, on the first thousand held-out images."""
    return _preservation(evidence, _pixels(evidence), evidence.codes_ND[:IMAGES])


def continuity(evidence: Evidence) -> Figure:
    """Of codes, on the first thousand held-out images."""
    return _preservation(evidence, evidence.codes_ND[:IMAGES], _pixels(evidence))


def _pixels(evidence: Evidence) -> Tensor:
    return pixels_of(evidence.held_out_NCHW[:IMAGES]).flatten(1)


def _preservation(evidence: Evidence, original_NP: Tensor, embedded_NQ: Tensor) -> Figure:
    count = len(original_NP)
    neighbours = max(1, min(NEIGHBOURS, count // 4 - 1))  # fewer than half of the images in each half of them
    return figure_of_statistic(
        lambda chosen_M: float(
            scikit_trustworthiness(original_NP[chosen_M].numpy(), embedded_NQ[chosen_M].numpy(), n_neighbors=neighbours)
        ),
        count,
        pulse=evidence.pulse,
    )
