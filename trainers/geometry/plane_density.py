"""How densely codes lie on the plane, by a kernel density that is summed exactly, without bins.

A Gaussian kernel with its axes along x and y is a product of one factor in x and one in y, so that the sum over N codes
on a grid of R × C places is one product of matrices, (R, N) by (N, C): 10,000 codes on 128 × 128 places take some
hundredths of a second.
"""

import numpy as np

from trainers.geometry.plane_grid import PlaneGrid
from trainers.messages import Floats

CHUNK = 4096
"""Codes whose factors are held at once."""
LEAST_WIDTH_IN_CELLS = 0.75
"""A narrower kernel would fall between the places of the grid."""


def kernel_width(points_N2: Floats) -> float:
    """Scott's rule for two dimensions, σ N^(−1/6) (Scott 1992, equation 6.42), in latent units.

    σ is the standard deviation within the axis of the smaller spread, taken from quartiles as well (Silverman 1986,
    equation 3.30), so that some far codes do not blur all others.
    """
    if len(points_N2) < 2:
        return 1.0
    deviation_2 = points_N2.std(axis=0)
    quarter_2, three_quarters_2 = np.percentile(points_N2, (25, 75), axis=0)
    robust_2 = (three_quarters_2 - quarter_2) / 1.349
    sigma = float(np.where(robust_2 > 0, np.minimum(robust_2, deviation_2), deviation_2).min())
    return max(sigma, 1e-6) * len(points_N2) ** (-1 / 6)


def density(points_N2: Floats, grid: PlaneGrid, width: float, variances_N2: Floats | None = None) -> Floats:
    """Density of codes in each cell, per unit of area, (rows, columns); it integrates to 1 over the plane.

    Args:
        points_N2: The codes.
        grid: Where to take it.
        width: Standard deviation of the kernel; see `kernel_width`. No narrower than three quarters of a cell is used.
        variances_N2: Of each code along x and y: then the density is that of the posteriors' mixture, smoothed as much.
    """
    smoothing = max(width, LEAST_WIDTH_IN_CELLS * grid.cell) ** 2
    x_M, y_R = grid.x_M, grid.y_R
    total_RM = np.zeros((grid.rows, grid.columns), np.float32)
    for first in range(0, len(points_N2), CHUNK):
        part_n2 = points_N2[first : first + CHUNK].astype(np.float32)
        variance_n2 = np.full_like(part_n2, smoothing)
        if variances_N2 is not None:
            variance_n2 += variances_N2[first : first + CHUNK]
        total_RM += _factor(y_R, part_n2[:, 1], variance_n2[:, 1]) @ _factor(x_M, part_n2[:, 0], variance_n2[:, 0]).T
    return total_RM / np.float32(max(1, len(points_N2)))


def _factor(places_G: Floats, codes_n: Floats, variances_n: Floats) -> Floats:
    """N(place; code, variance) of every place and code, (G, n)."""
    exponent_Gn = -0.5 * (places_G[:, None] - codes_n) ** 2 / variances_n
    return (np.exp(exponent_Gn) / np.sqrt(2 * np.pi * variances_n)).astype(np.float32)
