"""How far a decoded place can be trusted: whether codes lie near, and whether the decoder is steady there.

    trust(z) = support(z) · steadiness(z), from 0 to 1, with
    support(z)    = min(1, f(z) / f₂₅),  f the kernel density of held-out codes, f₂₅ what a quarter of them are below,
    steadiness(z) = min(1, s₉₀ / s(z)),  s the decoder's largest stretch ‖J(z)‖₂, s₉₀ what nine tenths are below.

A place is supported when it is as densely surrounded as three quarters of the images are, and steady when a small step
changes the image no faster than it does at nine tenths of them. J is the Jacobian of the decoded image along the plane;
its singular values are the local stretch of the pull-back metric JᵀJ (Arvanitidis, Hansen & Hauberg 2018, "Latent space
oddity", section 2; Bishop, Svensén & Williams 1997, "Magnification factors for the GTM", who use √det JᵀJ). The largest
is taken here, not their product, which vanishes wherever the image changes in one direction alone. The formula and its
thresholds are this program's own: a reading aid, no probability.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from trainers.geometry.plane_density import density, kernel_width
from trainers.geometry.plane_grid import PlaneGrid
from trainers.messages import Floats, ModelCopy, Plane, read_only

CELLS: Final = 96
STRETCH_CELLS: Final = 40
"""Places a side where the decoder is differentiated: a hundred times dearer than density."""
STRETCH_CODES: Final = 256
SUPPORTED_SHARE: Final = 25
STEADY_SHARE: Final = 90
NEGLIGIBLE: Final = 0.01
"""Where support is less, steadiness makes no difference that can be seen, and is not computed."""

WELL_SUPPORTED: Final = 0.5
MADE_UP: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Trust:
    """Trust and what it is made of, on a grid of the plane; beyond its edge there is none.

    Attributes:
        grid: The places.
        trust_RM: From 0 to 1.
        support_RM: From 0 to 1.
    """

    grid: PlaneGrid
    trust_RM: Floats
    support_RM: Floats

    def at(self, x: float, y: float) -> tuple[float, str]:
        """Trust at a place, and a word for it: "well supported", "unsteady", "sparse" or "made up".

        "Unsteady" is a place among codes where the decoder changes fast, such as between two clusters.
        """
        place_12 = np.array([[x, y]], np.float32)
        trust = float(self.grid.values_at(self.trust_RM, place_12)[0])
        support = float(self.grid.values_at(self.support_RM, place_12)[0])
        return trust, word_for(trust, support)


def word_for(trust: float, support: float) -> str:
    """What a number means."""
    if trust >= WELL_SUPPORTED:
        return "well supported"
    if support >= WELL_SUPPORTED:
        return "unsteady"
    return "made up" if trust < MADE_UP else "sparse"


def measure_trust(model: ModelCopy, plane: Plane, codes_ND: Floats) -> Trust:
    """Take trust from a model and the codes of held-out images.

    Raises:
        ValueError: When there are no codes.
    """
    points_N2 = plane.points(codes_ND)
    width = kernel_width(points_N2)
    # Beyond three widths of the outermost code there is no support.
    grid = PlaneGrid.around(points_N2, cells=CELLS, margin=3 * width)
    density_RM = density(points_N2, grid, width)
    enough = float(np.percentile(grid.values_at(density_RM, points_N2), SUPPORTED_SHARE))
    support_RM = np.minimum(1.0, density_RM / max(enough, 1e-30)).astype(np.float32)

    some_n = np.linspace(0, len(codes_ND) - 1, min(STRETCH_CODES, len(codes_ND))).astype(np.intp)
    usual = float(np.percentile(largest_stretch(model.metric(codes_ND[some_n], plane.axes_2D)), STEADY_SHARE))
    coarse = PlaneGrid.around(points_N2, cells=STRETCH_CELLS, margin=3 * width)
    places_n2 = coarse.points_N2()
    matters_n = grid.values_at(support_RM, places_n2) > NEGLIGIBLE
    stretch_n = np.full(len(places_n2), usual, np.float32)
    if matters_n.any():
        stretch_n[matters_n] = largest_stretch(model.metric(plane.codes(places_n2[matters_n]), plane.axes_2D))
    stretch_RM = coarse.values_at(stretch_n.reshape(coarse.rows, coarse.columns), grid.points_N2(), outside=usual)
    steadiness_RM = np.minimum(1.0, usual / np.maximum(stretch_RM, 1e-30)).reshape(support_RM.shape)
    return Trust(
        grid=grid,
        trust_RM=read_only((support_RM * steadiness_RM).astype(np.float32)),
        support_RM=read_only(support_RM),
    )


def largest_stretch(metric_N22: Floats) -> Floats:
    """The largest singular value of each Jacobian, the root of the larger eigenvalue of JᵀJ, (N,)."""
    half_trace_N = 0.5 * (metric_N22[:, 0, 0] + metric_N22[:, 1, 1])
    gap_N = np.hypot(0.5 * (metric_N22[:, 0, 0] - metric_N22[:, 1, 1]), metric_N22[:, 0, 1])
    return np.sqrt(half_trace_N + gap_N).astype(np.float32)
