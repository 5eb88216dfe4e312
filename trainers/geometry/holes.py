"""Where the prior promises images and the codes leave a hole.

New images are decoded from codes that the prior gives. Where the prior is dense and no image has its code, the decoder
was never taught what to draw: Makhzani et al. 2016 (section 2.1) call these places holes, and Rosca et al. 2018 measure
how far prior and aggregate posterior are apart.
"""

from dataclasses import dataclass

import numpy as np

from trainers.geometry.plane_density import density, kernel_width
from trainers.geometry.plane_grid import PlaneGrid
from trainers.messages import Floats, ModelCopy, Pixels, Plane, Posterior, read_only

CELLS = 144
PRIOR_CODES = 8192
MOST_POSTERIORS = 2500
"""Images whose posterior is taken: encoding ten thousand would keep a core busy for a tenth of a second."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Holes:
    """Prior minus aggregate posterior on a grid of the plane.

    Attributes:
        grid: The places.
        excess_RM: p(z) − q(z), both smoothed alike, as a share of the prior's highest density: 1 is a place that the
            prior likes best and no code is near; below 0 are places that hold more codes than the prior asks for.
        emptiest: The place (x, y) where the prior exceeds the codes most.
        missing: Share of the prior's mass that the codes do not cover, ∫ max(0, p − q): 0 is a perfect match, 1 none at
            all (the total variation distance of the smoothed densities).
    """

    grid: PlaneGrid
    excess_RM: Floats
    emptiest: tuple[float, float]
    missing: float


def aggregate_posterior(model: ModelCopy, codes_ND: Floats, images_NCHW: Pixels) -> Posterior:
    """What images are in latent space: a Gaussian each where a family has posteriors, else the codes.

    Args:
        model: The model.
        codes_ND: Codes of the images, as known already.
        images_NCHW: The images; a part of them, evenly taken, is encoded anew for its variances.
    """
    some_n = np.linspace(0, len(images_NCHW) - 1, min(MOST_POSTERIORS, len(images_NCHW))).astype(np.intp)
    if not len(some_n) or model.posterior(images_NCHW[some_n[:1]]).variances_ND is None:
        return Posterior(means_ND=codes_ND, variances_ND=None)
    return model.posterior(images_NCHW[some_n])


def find_holes(model: ModelCopy, plane: Plane, codes: Posterior) -> Holes:
    """Compare the prior with the aggregate posterior, q(z) = mean over images of q(z | x).

    Both are kernel densities with one kernel width, Scott's for these codes, so that smoothing makes no difference
    between them. Codes without noise count as they are. On a plane of a larger space both are projected on it.

    Raises:
        ValueError: When there are no codes.
    """
    points_N2 = plane.points(codes.means_ND)
    prior_K2 = plane.points(model.prior_codes(PRIOR_CODES))
    width = kernel_width(points_N2)
    grid = PlaneGrid.around(points_N2, prior_K2, cells=CELLS, margin=2 * width)
    variances_N2 = codes.variances_ND @ (plane.axes_2D**2).T if codes.variances_ND is not None else None
    prior_RM = density(prior_K2, grid, width)
    excess_RM = prior_RM - density(points_N2, grid, width, variances_N2)
    row, column = np.unravel_index(int(excess_RM.argmax()), excess_RM.shape)
    return Holes(
        grid=grid,
        excess_RM=read_only(excess_RM / max(float(prior_RM.max()), 1e-12)),
        emptiest=(float(grid.x_M[column]), float(grid.y_R[row])),
        missing=min(1.0, float(excess_RM.clip(min=0).sum()) * grid.cell**2),
    )
