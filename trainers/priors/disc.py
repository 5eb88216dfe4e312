"""The uniform disc, and the ball of any dimension: as bounded as the square, as round as the Gaussian."""

import math

import torch
from torch import Tensor

from trainers.priors.prior import Polyline, Prior, circle, unit_direction


class Disc(Prior):
    """Uniform on the ball of radius √(D + 2), 2 in the plane, which has unit variance along each axis."""

    @property
    def radius(self) -> float:
        """Distance of the edge from the origin."""
        return math.sqrt(self.latent_dim + 2)

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""
        radius_N1 = self.radius * noise_NK[:, -1:] ** (1 / self.latent_dim)
        return radius_N1 * unit_direction(noise_NK[:, : self.latent_dim])

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,); −∞ outside of the disc."""
        half = self.latent_dim / 2
        log_volume = half * math.log(math.pi) - math.lgamma(half + 1) + self.latent_dim * math.log(self.radius)
        rounding = 1 + 4 * torch.finfo(codes_ND.dtype).eps  # a sample on the edge is inside
        inside_N = torch.linalg.vector_norm(codes_ND, dim=1) <= self.radius * rounding
        return torch.where(inside_N, -log_volume, -math.inf).to(codes_ND.dtype)

    def contours(self) -> tuple[Polyline, ...]:
        """The edge."""
        return (circle(self.radius),)
