"""A mixture of Gaussians that is learned with the model: prior and codes move towards each other."""

import math

import torch
from torch import Tensor, nn

from trainers.priors.prior import Polyline, Prior, circle, standard_normal

PACE = 10.0
"""Adam moves every number by about the learning rate a step, and parts have far to go: so much further they move."""
_FIRST_SPREAD = 0.8
_LEAST_SHARE = 0.1


class LearnedMixture(Prior):
    """Σ w N(mean, diag(scale²)) over `parts` Gaussians, all learned (MoG prior, Tomczak & Welling 2018, section 2).

    It begins close to N(0, I): the means are drawn from torch's global generator, with a variance along each axis of
    `_FIRST_SPREAD`² in place of 1, and each part has the width that is then lacking.

    Attributes:
        parts: Number of Gaussians.
    """

    parts = 20

    def __init__(self, latent_dim: int) -> None:
        super().__init__(latent_dim)
        first_PD = torch.randn(self.parts, latent_dim)
        first_PD = (first_PD - first_PD.mean(0)) / first_PD.std(0, correction=0)
        width = math.sqrt(1 - _FIRST_SPREAD**2)
        self.free_mean_PD = nn.Parameter(_FIRST_SPREAD * first_PD / PACE)
        self.free_log_scale_PD = nn.Parameter(torch.full((self.parts, latent_dim), math.log(width) / PACE))
        self.free_logit_P = nn.Parameter(torch.zeros(self.parts))

    def means(self) -> Tensor:
        """Middle of each part, (parts, latent_dim)."""
        return PACE * self.free_mean_PD

    def log_scales(self) -> Tensor:
        """Log standard deviation of each part along each axis, (parts, latent_dim), kept above −6, soft at the edge.

        Without a floor, a part could shrink onto one code and gain for ever.
        """
        return -6.0 + nn.functional.softplus(PACE * self.free_log_scale_PD + 6.0)

    def log_weights(self) -> Tensor:
        """Log share of each part, (parts,)."""
        return torch.log_softmax(PACE * self.free_logit_P, dim=0)

    @torch.no_grad()
    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device; no gradient follows."""
        reach_P = self.log_weights().to(noise_NK.dtype).exp().cumsum(0)
        part_N = torch.searchsorted(reach_P, noise_NK[:, -1].contiguous(), right=True).clamp(max=self.parts - 1)
        normal_ND = standard_normal(noise_NK[:, : self.latent_dim])
        return self.means()[part_N] + self.log_scales()[part_N].exp() * normal_ND

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,)."""
        log_scale_PD = self.log_scales()
        away_NPD = (codes_ND[:, None] - self.means()) * torch.exp(-log_scale_PD)
        log_part_NP = -0.5 * away_NPD.square().sum(2) - log_scale_PD.sum(1) + self.log_weights()
        return torch.logsumexp(log_part_NP, dim=1) - 0.5 * self.latent_dim * math.log(2 * math.pi)

    @torch.no_grad()
    def contours(self) -> tuple[Polyline, ...]:
        """The ellipse of each part at two standard deviations; parts with next to no share are left out."""
        weight_P = self.log_weights().exp().cpu().numpy()
        mean_PD, scale_PD = self.means().cpu().numpy(), self.log_scales().exp().cpu().numpy()
        ellipse_M2 = circle(2.0, points=61)
        return tuple(
            (ellipse_M2 * scale_D[:2] + mean_D[:2]).astype("float32")
            for weight, mean_D, scale_D in zip(weight_P, mean_PD, scale_PD, strict=True)
            if weight >= _LEAST_SHARE / self.parts or weight == weight_P.max()
        )
