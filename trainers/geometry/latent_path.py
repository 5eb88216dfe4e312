"""Ways between two codes: the straight line, and the shortest one that the decoder's images can take.

Length is measured among images: the Euclidean distance over all pixels, summed along the way. A geodesic is a shortest
way under the pull-back metric JᵀJ of the decoder's mean (Arvanitidis et al. 2018; Chen et al. 2018, "Metrics for deep
generative models"; Shao et al. 2018, "The Riemannian geometry of deep generative models"). In steps it minimises

    E = (P − 1) Σ ‖g(z_{i+1}) − g(z_i)‖²

over the codes between the ends (Shao et al. 2018, equation 4); at the minimum all steps are equally long.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.geometry.pull_back import Embedding

POINTS: Final = 24
"""Codes along a curve."""
FINER: Final = 8
"""Lengths are measured with so many steps between two codes: steps that cut corners would look too short."""
MOST_ITERATIONS: Final = 60
MEMORY: Final = 20
"""Steps that the search remembers, to know how the slope changes."""

Doubles = npt.NDArray[np.float64]


def straight_path(start_D: Tensor, end_D: Tensor, points: int = POINTS) -> Tensor:
    """Codes at equal steps from start to end, (points, D)."""
    share_P1 = torch.linspace(0, 1, points, dtype=start_D.dtype).unsqueeze(1)
    return start_D + share_P1 * (end_D - start_D)


def shortest_path(embed: Embedding, start_D: Tensor, end_D: Tensor, points: int = POINTS) -> Tensor:
    """Codes along a geodesic, (points, D): what the straight line becomes as its energy falls.

    It is a local minimum, found by scipy's L-BFGS (Liu & Nocedal 1989). It is never longer than the straight line,
    which is given where nothing shorter is found.
    """
    from scipy.optimize import minimize  # not before a path is wanted: it would hold the window as that opens

    straight_PD = straight_path(start_D, end_D, points)
    # In shares of the way, so that the search does not depend on the scale of latent space.
    scale = max(float((end_D - start_D).norm()), 1e-12)
    with torch.no_grad():
        unit = path_energy(embed, straight_PD).clamp_min(1e-12)

    def curve(moved_F: Tensor) -> Tensor:
        between_PD = straight_PD[1:-1] + scale * moved_F.view_as(straight_PD[1:-1])
        return torch.cat([straight_PD[:1], between_PD, straight_PD[-1:]])

    def energy_and_slope(moved_F: Doubles) -> tuple[float, Doubles]:
        moved = torch.from_numpy(moved_F).to(straight_PD.dtype).requires_grad_()
        energy = path_energy(embed, curve(moved)) / unit
        (slope_F,) = torch.autograd.grad(energy, moved)
        return float(energy.detach()), slope_F.double().numpy()

    found = minimize(
        energy_and_slope,
        np.zeros(straight_PD[1:-1].numel()),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_ITERATIONS, "maxcor": MEMORY, "ftol": 0.0},
    )
    found_PD = curve(torch.from_numpy(found.x).to(straight_PD.dtype))
    if not torch.isfinite(found_PD).all() or path_length(embed, found_PD) >= path_length(embed, straight_PD):
        return straight_PD
    return found_PD


def path_energy(embed: Embedding, codes_PD: Tensor) -> Tensor:
    """(P − 1) Σ ‖g(z_{i+1}) − g(z_i)‖², ()."""
    return (len(codes_PD) - 1) * embed(codes_PD).flatten(1).diff(dim=0).square().sum()


def path_length(embed: Embedding, codes_PD: Tensor) -> float:
    """Length among images of the way along straight lines from code to code."""
    return float(_steps(embed, _finer(codes_PD)).sum())


def evenly_along(embed: Embedding, codes_PD: Tensor, count: int) -> Tensor:
    """Codes at equal lengths among images along a path, (count, D), with its two ends."""
    fine_FD = _finer(codes_PD)
    gone_F = torch.cat([torch.zeros(1, dtype=codes_PD.dtype), _steps(embed, fine_FD).cumsum(0)])
    wanted_K = torch.linspace(0, 1, count, dtype=codes_PD.dtype) * gone_F[-1]
    after_K = torch.searchsorted(gone_F, wanted_K).clamp(1, len(gone_F) - 1)
    step_K = (gone_F[after_K] - gone_F[after_K - 1]).clamp_min(1e-12)
    share_K1 = ((wanted_K - gone_F[after_K - 1]) / step_K).clamp(0, 1).unsqueeze(1)
    return fine_FD[after_K - 1] + share_K1 * (fine_FD[after_K] - fine_FD[after_K - 1])


def _finer(codes_PD: Tensor) -> Tensor:
    share_F1 = torch.arange(FINER, dtype=codes_PD.dtype).unsqueeze(1) / FINER
    inner_FD = (codes_PD[:-1, None] + share_F1 * codes_PD.diff(dim=0)[:, None]).flatten(0, 1)
    return torch.cat([inner_FD, codes_PD[-1:]])


def _steps(embed: Embedding, codes_PD: Tensor) -> Tensor:
    with torch.no_grad():
        return embed(codes_PD).flatten(1).diff(dim=0).norm(dim=1)
