"""The variational autoencoder: noisy codes, drawn towards a prior."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor

from trainers.images import ImageShape
from trainers.models.family import Batch, Descent, Family, Phase, PhaseLoss
from trainers.recipe import Recipe


class VariationalAutoencoder(Family):
    """Maximises the ELBO, E[log p(x | z)] − β KL(q(z | x) ‖ p(z)) (Kingma & Welling 2014, equation 10).

    q(z | x) is a diagonal Gaussian. For the prior N(0, I) its KL term is analytic (appendix B); for any other whose
    density is known it is estimated with the one sample that is decoded. A learned prior follows the same loss
    (Tomczak & Welling 2018, equation 4). β = 1 is the bound; other values are the β-VAE (Higgins et al. 2017). With a
    warm-up, β rises linearly from 0 (Bowman et al. 2016).
    """

    kl_weight: Tensor

    def __init__(self, recipe: Recipe, shape: ImageShape) -> None:
        super().__init__(recipe, shape)
        # A tensor, so that a compiled step need not be compiled again when the weight changes.
        self.register_buffer("kl_weight", torch.tensor(recipe.beta), persistent=False)

    @property
    def encoder_outputs(self) -> int:
        """Mean and log variance of each latent dimension."""
        return 2 * self.recipe.latent_dim

    def posterior(self, pixels_NCHW: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log variance of q(z | x), each (N, latent_dim)."""
        mean_ND, log_variance_ND = self.encoder(pixels_NCHW).chunk(2, dim=1)
        return mean_ND, log_variance_ND

    def encode(self, pixels_NCHW: Tensor) -> Tensor:
        """The posterior's mean, (N, latent_dim)."""
        return self.posterior(pixels_NCHW)[0]

    def draw(self, count: int, generator: torch.Generator) -> dict[str, Tensor]:
        """Standard normal noise for one sample of each posterior."""
        return {"posterior": torch.randn(count, self.recipe.latent_dim, generator=generator)}

    def prepare(self, epoch: float, beta: float) -> None:
        """Set the weight of the KL term."""
        warmup = self.recipe.kl_warmup
        self.kl_weight.fill_(beta * min(1.0, epoch / warmup) if warmup > 0 else beta)

    def phases(self) -> tuple[Phase, ...]:
        """One descent on the negative ELBO."""
        parameters = (*self.autoencoder_parameters(), *self.prior.parameters())
        return (Phase("negative ELBO", self.negative_elbo, (Descent(parameters),)),)

    def negative_elbo(self, batch: Batch) -> PhaseLoss:
        """−log p(x | z) + β KL, with z = mean + σ · noise."""
        mean_ND, reconstruction_N, kl_N = self._terms(batch.pixels_NCHW, batch.draws)
        batch.codes_ND = mean_ND.detach()
        reconstruction, kl = reconstruction_N.mean(), kl_N.mean()
        terms = {"reconstruction": reconstruction, "kl": kl, "elbo": -(reconstruction + kl)}
        return PhaseLoss(reconstruction + self.kl_weight * kl, terms)

    def bound(self, pixels_NCHW: Tensor, draws: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The ELBO at β = 1 with one sample of the posterior, and its KL term, each (N,) in nats.

        Both are estimates where the KL term is: unbiased, but single values of "kl" may be negative.
        """
        _, reconstruction_N, kl_N = self._terms(pixels_NCHW, draws)
        return {"elbo": -(reconstruction_N + kl_N), "kl": kl_N}

    def _terms(self, pixels_NCHW: Tensor, draws: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        mean_ND, log_variance_ND = self.posterior(pixels_NCHW)
        codes_ND = mean_ND + torch.exp(0.5 * log_variance_ND) * draws["posterior"]
        reconstruction_N = self.likelihood.negative_log(self.decoder(codes_ND), pixels_NCHW)
        return mean_ND, reconstruction_N, self._kl(mean_ND, log_variance_ND, codes_ND)

    def _kl(self, mean_ND: Tensor, log_variance_ND: Tensor, codes_ND: Tensor) -> Tensor:
        """KL(q(z | x) ‖ p(z)) of each image in nats, (N,), given a sample of each q."""
        if self.recipe.prior == "gaussian":
            return kl_to_standard_normal(mean_ND, log_variance_ND)
        log_prob_N = self.prior.log_prob(codes_ND)
        assert log_prob_N is not None, self.recipe.prior
        return -entropy(log_variance_ND) - log_prob_N


def kl_to_standard_normal(mean_ND: Tensor, log_variance_ND: Tensor) -> Tensor:
    """KL(N(mean, variance) ‖ N(0, I)) of each row, in nats, (N,) (Kingma & Welling 2014, appendix B)."""
    return 0.5 * (mean_ND.square() + log_variance_ND.exp() - 1.0 - log_variance_ND).sum(1)


def entropy(log_variance_ND: Tensor) -> Tensor:
    """Entropy of a diagonal Gaussian in each row, in nats, (N,).

    In −entropy − log p(z), an estimate of the KL term from one sample z, it takes the place of log q(z | x). Their
    gradients are equal, since log q at mean + σ · noise varies with σ alone; but one source of noise is gone.
    """
    return 0.5 * (log_variance_ND + (1.0 + math.log(2 * math.pi))).sum(1)
