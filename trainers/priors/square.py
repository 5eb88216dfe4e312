"""The uniform square, and the cube of any dimension: a prior with an edge and no centre."""

import math

import numpy as np
import torch
from torch import Tensor

from trainers.priors.prior import Polyline, Prior


class Square(Prior):
    """Uniform on [−√3, √3] along each axis, which has unit variance as the Gaussian has."""

    half_side = math.sqrt(3)

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""
        return self.half_side * (2 * noise_NK[:, : self.latent_dim] - 1)

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,); −∞ outside of the square."""
        inside_N = (codes_ND.abs() <= self.half_side).all(dim=1)
        density = -self.latent_dim * math.log(2 * self.half_side)
        return torch.where(inside_N, density, -math.inf).to(codes_ND.dtype)

    def contours(self) -> tuple[Polyline, ...]:
        """The edge."""
        corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
        return ((self.half_side * np.array(corners)).astype(np.float32),)
