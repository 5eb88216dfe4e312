"""The mixture of ten elongated Gaussians, arranged as petals (Makhzani et al. 2016, figure 4)."""

import math

import numpy as np
import torch
from torch import Tensor

from trainers.priors.prior import PartedPrior, Polyline, circle, standard_normal


class Mixture(PartedPrior):
    """Ten Gaussians in the plane, each pointing away from the origin; each part is one petal.

    Attributes:
        distance: From the origin to the middle of a petal.
        length: Standard deviation along a petal.
        breadth: Standard deviation across it.
    """

    parts = 10
    distance = 1.4
    length = 0.5
    breadth = 0.1

    def sample_part(self, noise_ND: Tensor, part_N: Tensor) -> Tensor:
        """Map noise, (N, 2) in [0, 1), to codes, (N, 2), of the given petals, int64 (N,)."""
        normal_N2 = standard_normal(noise_ND)
        along_N = self.distance + self.length * normal_N2[:, 0]
        across_N = self.breadth * normal_N2[:, 1]
        angle_N = part_N.to(normal_N2.dtype) * (2 * math.pi / self.parts)
        cos_N, sin_N = angle_N.cos(), angle_N.sin()
        return torch.stack([along_N * cos_N - across_N * sin_N, along_N * sin_N + across_N * cos_N], dim=1)

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,)."""
        angle_P = torch.arange(self.parts, device=codes_ND.device, dtype=codes_ND.dtype) * (2 * math.pi / self.parts)
        x_N1, y_N1 = codes_ND[:, :1], codes_ND[:, 1:]
        along_NP = x_N1 * angle_P.cos() + y_N1 * angle_P.sin()
        across_NP = y_N1 * angle_P.cos() - x_N1 * angle_P.sin()
        squares_NP = ((along_NP - self.distance) / self.length).square() + (across_NP / self.breadth).square()
        log_scale = math.log(self.parts * 2 * math.pi * self.length * self.breadth)
        return torch.logsumexp(-0.5 * squares_NP, dim=1) - log_scale

    def contours(self) -> tuple[Polyline, ...]:
        """The ellipse of each petal at two standard deviations, which holds 86 % of its codes."""
        ellipse_M2 = circle(2.0, points=61) * (self.length, self.breadth) + (self.distance, 0.0)
        petals: list[Polyline] = []
        for angle in 2 * math.pi / self.parts * np.arange(self.parts):
            turn_22 = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            petals.append((ellipse_M2 @ turn_22).astype(np.float32))
        return tuple(petals)
