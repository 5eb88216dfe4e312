"""Sliced Wasserstein distance between codes and prior.

Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures".
SW₂² = E_θ[W₂²(θ·codes, θ·prior)] over directions θ. On a line the cheapest way to move one sample onto another as
large keeps their order: W₂² = (1 / N) Σ_i (x_(i) − y_(i))². Two samples of one distribution are not quite at 0:
10,000 points of N(0, I) in the plane are some .02 apart.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Doubles, Figure
from trainers.metrics.resampling import figure_of_resamples, halves

DIRECTIONS: Final = 128


class _Projections:
    """Points projected on every direction and sorted there."""

    def __init__(self, points_ND: npt.NDArray[np.float32], directions_DP: npt.NDArray[np.float32]) -> None:
        places_PN = np.ascontiguousarray((points_ND @ directions_DP).T)
        self._sorted_PN, self._order_PN = torch.from_numpy(places_PN).sort(dim=1)
        self.sorted_PN: npt.NDArray[np.float32] = self._sorted_PN.numpy()

    def of_half(self, half_M: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Those of some of the points, sorted, (P, M), without sorting anew."""
        taken_N = torch.zeros(self._sorted_PN.shape[1], dtype=torch.bool)
        taken_N[torch.from_numpy(half_M)] = True
        # Of torch, which lets other threads go on meanwhile; NumPy's selection would hold them up.
        taken_PN = taken_N[self._order_PN]
        return self._sorted_PN.masked_select(taken_PN).reshape(-1, len(half_M)).numpy()


def measure(evidence: Evidence) -> Figure:
    """SW₂ between the aggregate posterior and the prior, from as many draws of each as there are held-out images."""
    codes_ND, prior_ND = evidence.drawn_codes_ND.numpy(), evidence.prior_codes_SD.numpy()
    directions_DP = np.random.default_rng(0).standard_normal((evidence.latent_dim, DIRECTIONS)).astype(np.float32)
    directions_DP /= np.linalg.norm(directions_DP, axis=0)
    codes, prior = _Projections(codes_ND, directions_DP), _Projections(prior_ND, directions_DP)
    resamples: list[float] = []
    for half_M in halves(len(codes_ND)):
        evidence.pulse()
        resamples.append(_distance(codes.of_half(half_M), prior.of_half(half_M)))
    return figure_of_resamples(_distance(codes.sorted_PN, prior.sorted_PN), np.array(resamples), len(codes_ND))


def _distance(one_PN: npt.NDArray[np.float32], other_PN: npt.NDArray[np.float32]) -> float:
    gaps_PN: Doubles = np.subtract(one_PN, other_PN, dtype=np.float64)
    return float(np.sqrt(np.square(gaps_PN).mean()))
