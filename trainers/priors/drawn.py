"""A prior of any shape: the density is a picture, drawn with the mouse or taken from a file."""

import math
from collections.abc import Mapping
from typing import Self

import numpy as np
import torch
from torch import Tensor

from trainers.priors.drawing import PIXEL, REACH, Drawing, decode_drawing, density_grid, heart, inked_pixels
from trainers.priors.outline import level_that_holds, outlines
from trainers.priors.prior import Polyline, Prior, standard_normal

_CHUNK = 4096
_SHARE_WITHIN = 0.9
_MARGIN = 5


class Drawn(Prior):
    """A mixture of Gaussians, one around the middle of each pixel, as heavy as its ink and as wide as a pixel.

    The picture lies over [−3, 3] along each axis and stays where it is drawn: it is neither moved to the origin nor
    scaled to unit variance. So blurred, by less than a tenth, its density is smooth, known, and nowhere 0, and
    therefore of use to a VAE too.
    """

    chances_P: Tensor
    middle_P2: Tensor
    log_weight_P: Tensor

    def __init__(self, latent_dim: int, drawing: Drawing | None = None) -> None:
        super().__init__(latent_dim)
        assert latent_dim == 2, latent_dim
        drawing = heart() if drawing is None else drawing
        middle_P2, ink_P = inked_pixels(drawing)
        self._lines = _lines_around(drawing)
        # The recipe holds the picture, so none of this is saved. The sums are whole and below 2²⁴: exact in float32.
        self.register_buffer("chances_P", torch.from_numpy(np.cumsum(ink_P)).float(), persistent=False)
        self.register_buffer("middle_P2", torch.from_numpy(middle_P2), persistent=False)
        log_weight_P = torch.from_numpy(np.log(ink_P / ink_P.sum())).float()
        self.register_buffer("log_weight_P", log_weight_P, persistent=False)

    @classmethod
    def with_settings(cls, latent_dim: int, settings: Mapping[str, str]) -> Self:
        """The prior that is drawn in the recipe's `prior_picture`."""
        return cls(latent_dim, decode_drawing(settings["prior_picture"]))

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, 2), on the same device.

        The last column chooses the pixel, by the inverse of the distribution function; the others place the code in it.
        """
        chances_P = self.chances_P.to(noise_NK.dtype)
        pixel_N = torch.searchsorted(chances_P, noise_NK[:, -1] * chances_P[-1], right=True)
        middle_N2 = self.middle_P2[pixel_N.clamp(max=len(chances_P) - 1)]
        return middle_N2 + PIXEL * standard_normal(noise_NK[:, :2])

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,)."""
        return torch.cat([self._log_prob(part_ND) for part_ND in codes_ND.split(_CHUNK)])

    def _log_prob(self, codes_ND: Tensor) -> Tensor:
        away_NP2 = (codes_ND[:, None] - self.middle_P2) / PIXEL
        log_part_NP = self.log_weight_P - 0.5 * away_NP2.square().sum(2)
        return torch.logsumexp(log_part_NP, dim=1) - math.log(2 * math.pi * PIXEL**2)

    def contours(self) -> tuple[Polyline, ...]:
        """Around the densest places that together hold 90 % of the codes, or more where the density is even."""
        return self._lines


def _lines_around(drawing: Drawing) -> tuple[Polyline, ...]:
    heights_HW = density_grid(drawing, _MARGIN)
    # At half of the greatest density at most: on an even one, the line that leaves out a tenth lies anywhere.
    level = min(level_that_holds(heights_HW, _SHARE_WITHIN), 0.5 * float(heights_HW.max()))
    return tuple(
        (np.array([-REACH, REACH]) + (line_M2 - _MARGIN + 0.5) * [PIXEL, -PIXEL]).astype(np.float32)
        for line_M2 in outlines(heights_HW, level)
    )
