"""The Swiss roll: a band rolled up in the plane (Makhzani et al. 2016, figure 4)."""

import math

import numpy as np
import torch
from torch import Tensor

from trainers.priors.prior import PartedPrior, Polyline


class SwissRoll(PartedPrior):
    """A band around an Archimedean spiral: the distance from the origin grows in proportion to the angle.

    The angle's square is uniform, so that codes are about as dense at the outer end as at the inner one; the distance
    from the spiral, measured away from the origin, is uniform over the width of the band. Each part is a tenth of the
    codes, from the inner end to the outer one.

    Attributes:
        first_angle: Where the spiral begins, in radians.
        last_angle: Where it ends, after two turns.
        pitch: Growth of the distance for each radian.
        half_width: Half the width of the band.
    """

    parts = 10
    first_angle = math.pi
    last_angle = 5 * math.pi
    pitch = 2.8 / last_angle
    half_width = 0.15

    def sample_part(self, noise_ND: Tensor, part_N: Tensor) -> Tensor:
        """Map noise, (N, 2) in [0, 1), to codes, (N, 2), of the given tenths of the roll, int64 (N,)."""
        share_N = (part_N + noise_ND[:, 0]) / self.parts
        angle_N = torch.sqrt(self.first_angle**2 + share_N * (self.last_angle**2 - self.first_angle**2))
        radius_N = self.pitch * angle_N + self.half_width * (2 * noise_ND[:, 1] - 1)
        return torch.stack([radius_N * angle_N.cos(), radius_N * angle_N.sin()], dim=1)

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,); −∞ outside of the band.

        With angle t and distance r, p(t) / (2 · half_width · r), where p(t) = 2t / (last_angle² − first_angle²).
        """
        rounding = 16 * torch.finfo(codes_ND.dtype).eps  # a sample on the edge is inside
        x_N, y_N = codes_ND.unbind(dim=1)
        r_N = torch.hypot(x_N, y_N)
        direction_N = torch.atan2(y_N, x_N)
        # The band is narrower than the gap between two turns, so only the nearest turn can hold the code.
        turn_N = torch.round((r_N / self.pitch - direction_N) / (2 * math.pi))
        angle_N = direction_N + 2 * math.pi * turn_N
        inside_N = (
            ((r_N - self.pitch * angle_N).abs() <= self.half_width + rounding)
            & (angle_N >= self.first_angle * (1 - rounding))
            & (angle_N <= self.last_angle * (1 + rounding))
        )
        log_scale = math.log(self.half_width * (self.last_angle**2 - self.first_angle**2))
        log_density_N = angle_N.clamp_min(self.first_angle).log() - r_N.clamp_min(rounding).log() - log_scale
        return torch.where(inside_N, log_density_N, -math.inf)

    def contours(self) -> tuple[Polyline, ...]:
        """The outline of the band, closed."""
        angles = np.linspace(self.first_angle, self.last_angle, 241)
        edges = [
            np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
            for radii in (self.pitch * angles - self.half_width, self.pitch * angles + self.half_width)
        ]
        return (np.concatenate([edges[0], edges[1][::-1], edges[0][:1]]).astype(np.float32),)
