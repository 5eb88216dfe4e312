"""The ring, and the spherical shell of any dimension: a prior with a hole in its middle."""

import math

import torch
from torch import Tensor

from trainers.priors.prior import Polyline, Prior, circle, standard_normal, unit_direction


class Ring(Prior):
    """Any direction is equally likely; the distance from the origin is N(2, 0.2²)."""

    radius = 2.0
    width = 0.2

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""
        radius_N1 = self.radius + self.width * standard_normal(noise_NK[:, -1:])
        return radius_N1 * unit_direction(noise_NK[:, : self.latent_dim])

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,).

        The density of the distance r, divided by the area of the sphere of radius r over which it is spread, which is
        2π^(D/2) / Γ(D/2) · r^(D−1). At the very centre r is taken as not quite 0, where that area would vanish.
        """
        half = self.latent_dim / 2
        log_unit_sphere = math.log(2) + half * math.log(math.pi) - math.lgamma(half)
        r_N = torch.linalg.vector_norm(codes_ND, dim=1).clamp_min(torch.finfo(codes_ND.dtype).eps)
        log_radial_N = -0.5 * ((r_N - self.radius) / self.width).square() - math.log(
            self.width * math.sqrt(2 * math.pi)
        )
        return log_radial_N - log_unit_sphere - (self.latent_dim - 1) * r_N.log()

    def contours(self) -> tuple[Polyline, ...]:
        """The inner and the outer edge at ±2 widths, between which 95 % of the codes lie."""
        return circle(self.radius - 2 * self.width), circle(self.radius + 2 * self.width)
