"""The adversarial autoencoder: a discriminator tells codes from the prior, and the encoder learns to fool it."""

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from trainers.images import ImageShape
from trainers.models.family import Batch, Family, Phase, PhaseLoss
from trainers.models.networks import FullPrecision
from trainers.recipe import Recipe

DISCRIMINATOR_UNITS = 512
DISCRIMINATOR_BETAS = (0.5, 0.999)
NOISE = 0.1


class AdversarialAutoencoder(Family):
    """Matches the codes to any prior that can be sampled from (Makhzani et al. 2016, section 2).

    D(z) below is the discriminator's logit. Its loss, softplus(−D(prior)) + softplus(D(codes)), is 2 ln 2 = 1.386 when
    it is at chance. Gaussian noise on its input keeps its slope finite where codes and prior do not overlap.

    Two ways to learn from it: "alternating" is the paper's reconstruction, discriminator and regularisation phases,
    each with an Adam of its own. "joint" descends on reconstruction + weight · softplus(−D(z)) in one encoder step; as
    Adam forgets the scale of a loss that it sees alone, only this way does the weight weigh anything. The weight grows
    with the pixels, as the reconstruction does.
    """

    def __init__(self, recipe: Recipe, shape: ImageShape) -> None:
        super().__init__(recipe, shape)
        self.adversarial_weight = recipe.adversarial_weight * shape.pixels / 100
        self.discriminator = nn.Sequential(
            FullPrecision(nn.Linear(recipe.latent_dim, DISCRIMINATOR_UNITS)),
            nn.LeakyReLU(0.2),
            nn.Linear(DISCRIMINATOR_UNITS, DISCRIMINATOR_UNITS),
            nn.LeakyReLU(0.2),
            FullPrecision(nn.Linear(DISCRIMINATOR_UNITS, 1)),
        )

    def draw(self, count: int, generator: torch.Generator) -> dict[str, Tensor]:
        """Noise for the prior's samples, and for the discriminator's two inputs."""
        size = (count, self.recipe.latent_dim)
        return {
            "prior": torch.rand(count, self.prior.noise_dim, generator=generator),
            "on_prior": NOISE * torch.randn(size, generator=generator),
            "on_codes": NOISE * torch.randn(size, generator=generator),
        }

    def phases(self) -> tuple[Phase, ...]:
        """The descents of one step, joint or alternating."""
        autoencoder = self.autoencoder_parameters()
        discriminator = Phase(
            "discriminator", self.discrimination, tuple(self.discriminator.parameters()), DISCRIMINATOR_BETAS
        )
        if self.recipe.adversarial_updates == "joint":
            return (Phase("autoencoder", self.joint, autoencoder), discriminator)
        encoder = tuple(self.encoder.parameters())
        return (
            Phase("reconstruction", self.reconstruction, autoencoder),
            discriminator,
            Phase("regularisation", self.regularisation, encoder, DISCRIMINATOR_BETAS),
        )

    def joint(self, batch: Batch) -> PhaseLoss:
        """Reconstruction and fooling in one sum."""
        codes_ND, reconstruction = self._reconstruct(batch)
        adversarial = self._fooling(codes_ND, batch)
        total = reconstruction + self.adversarial_weight * adversarial
        return PhaseLoss(total, {"reconstruction": reconstruction, "adversarial": adversarial})

    def reconstruction(self, batch: Batch) -> PhaseLoss:
        """−log p(x | z) at z = encode(x)."""
        _, reconstruction = self._reconstruct(batch)
        return PhaseLoss(reconstruction, {"reconstruction": reconstruction})

    def discrimination(self, batch: Batch) -> PhaseLoss:
        """Tell samples of the prior from codes (Goodfellow et al. 2014, equation 1)."""
        prior_ND = self.prior.sample(batch.draws["prior"]) + batch.draws["on_prior"]
        codes_ND = batch.detached_codes() + batch.draws["on_codes"]
        loss = softplus(-self.discriminator(prior_ND)).mean() + softplus(self.discriminator(codes_ND)).mean()
        return PhaseLoss(loss, {"discriminator": loss})

    def regularisation(self, batch: Batch) -> PhaseLoss:
        """Move the encoder alone so that the discriminator takes its codes for the prior."""
        adversarial = self._fooling(self.encode(batch.pixels_NCHW), batch)
        return PhaseLoss(adversarial, {"adversarial": adversarial})

    def _reconstruct(self, batch: Batch) -> tuple[Tensor, Tensor]:
        codes_ND = self.encode(batch.pixels_NCHW)
        batch.codes_ND = codes_ND.detach()
        return codes_ND, self.likelihood.negative_log(self.decoder(codes_ND), batch.pixels_NCHW).mean()

    def _fooling(self, codes_ND: Tensor, batch: Batch) -> Tensor:
        return softplus(-self.discriminator(codes_ND + batch.draws["on_codes"])).mean()
