"""The standard Gaussian: the prior of the VAE (Kingma & Welling 2014), and the first of the AAE's."""

import math

from torch import Tensor

from trainers.priors.prior import Polyline, Prior, circle, standard_normal


class Gaussian(Prior):
    """N(0, I): unit variance along each axis, no direction preferred."""

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""
        return standard_normal(noise_NK[:, : self.latent_dim])

    def log_prob(self, codes_ND: Tensor) -> Tensor:
        """Log density of each code in nats, (N,)."""
        return -0.5 * codes_ND.square().sum(dim=1) - 0.5 * self.latent_dim * math.log(2 * math.pi)

    def contours(self) -> tuple[Polyline, ...]:
        """Circles at 1, 2 and 3 σ, which in two dimensions hold 39, 86 and 99 % of the codes."""
        return circle(1.0), circle(2.0), circle(3.0)
