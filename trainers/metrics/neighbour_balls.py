"""Balls around points that reach as far as their k-th nearest neighbour: a set's manifold, as far as it can be told.

Precision and recall, density and coverage count who lies in whose ball. Distances come from a matrix product, a chunk
of rows at a time, so that no table of all pairs is ever held. Differences of large squares lose digits, so all points
are moved to around zero first, and the radii, which everything is compared with, are taken from plain differences.
"""

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

_CELLS: Final = 1 << 23
"""Distances held at once: 32 MiB."""


def squared_distances(one_NF: Tensor, other_MF: Tensor) -> Tensor:
    """‖x − y‖² of every pair of rows, (N, M), at least 0; precise as far as the points lie around zero."""
    partial_NM = torch.addmm(other_MF.square().sum(1), one_NF, other_MF.T, alpha=-2)
    return partial_NM.add_(one_NF.square().sum(1, keepdim=True)).clamp_min_(0)


def neighbour_radii(points_NF: Tensor, neighbours: int, pulse: Callable[[], None] = lambda: None) -> Tensor:
    """Distance of each point to its k-th nearest other point, (N,).

    Args:
        points_NF: At least two points, float32.
        neighbours: k; the farthest other point counts where there are fewer.
        pulse: Called between chunks; may raise.
    """
    neighbours = min(neighbours, len(points_NF) - 1)
    around_zero_NF = points_NF - points_NF.mean(0)
    rows = max(1, _CELLS // len(points_NF))
    radii: list[Tensor] = []
    for start in range(0, len(points_NF), rows):
        pulse()
        part_PF = around_zero_NF[start : start + rows]
        squares_PN = squared_distances(part_PF, around_zero_NF)
        squares_PN.diagonal(start).fill_(torch.inf)  # no point is its own neighbour
        nearest_PK = squares_PN.topk(neighbours, largest=False).indices
        exact_PK = (around_zero_NF[nearest_PK] - part_PF[:, None]).square().sum(2)
        radii.append(exact_PK.amax(1).sqrt())
    return torch.cat(radii)


def count_in_balls(
    points_NF: Tensor, centres_MF: Tensor, radii_M: Tensor, pulse: Callable[[], None] = lambda: None
) -> tuple[Tensor, Tensor]:
    """Who lies in whose ball.

    Args:
        points_NF: Points, float32.
        centres_MF: Middle of each ball.
        radii_M: Its radius; a point at just that distance lies outside.
        pulse: Called between chunks; may raise.

    Returns:
        In how many balls each point lies, (N,), and how many points lie in each ball, (M,); int64.
    """
    middle_F = centres_MF.mean(0)
    centres_MF = centres_MF - middle_F
    squares_M = radii_M.square()
    balls_N: list[Tensor] = []
    points_M = torch.zeros(len(centres_MF), dtype=torch.int64)
    for part_PF in points_NF.split(max(1, _CELLS // len(centres_MF))):
        pulse()
        inside_PM = squared_distances(part_PF - middle_F, centres_MF) < squares_M
        balls_N.append(inside_PM.sum(1))
        points_M += inside_PM.sum(0)
    return torch.cat(balls_N), points_M
