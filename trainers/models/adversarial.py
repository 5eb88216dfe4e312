"""The adversarial autoencoder: a discriminator tells codes from the prior, and the encoder learns to fool it."""

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from trainers.errors import DatasetError
from trainers.images import ImageSet, ImageShape
from trainers.models.family import Batch, Descent, Family, Phase, PhaseLoss
from trainers.models.networks import FullPrecision
from trainers.priors.prior import PartedPrior
from trainers.recipe import Recipe

DISCRIMINATOR_UNITS = 512
DISCRIMINATOR_BETAS = (0.5, 0.999)
NOISE = 0.1
SURE = 60.0
"""A logit at which the discriminator has long been sure; from there on a code's slope is no longer told exactly."""


class AdversarialAutoencoder(Family):
    """Matches the codes to any prior that can be sampled from (Makhzani et al. 2016, section 2).

    D(z) below is the discriminator's logit. Its loss, softplus(−D(prior)) + softplus(D(codes)), is 2 ln 2 = 1.386 when
    it is at chance. Gaussian noise on its input keeps its slope finite where codes and prior do not overlap.

    Two ways to learn from it: "alternating" is the paper's reconstruction, discriminator and regularisation phases,
    each with an Adam of its own. "joint" descends on reconstruction + weight · softplus(−D(z)) in one encoder step; as
    Adam forgets the scale of a loss that it sees alone, only this way does the weight weigh anything. The weight grows
    with the pixels, as the reconstruction does.

    With labels, the discriminator also sees a one-hot label beside each code: the image's, and for a sample of the
    prior that of the part which it comes from (section 2.3, figure 3). The samples take their labels from the batch:
    both kinds are then equally frequent, and only its place can give a code away.
    """

    class_count: Tensor

    def __init__(self, recipe: Recipe, shape: ImageShape) -> None:
        super().__init__(recipe, shape)
        self.adversarial_weight = recipe.adversarial_weight * shape.pixels / 100
        self.parts = self.prior.parts if self.wants_labels and isinstance(self.prior, PartedPrior) else 0
        # Known from the images, not from the recipe: so it is a buffer, as all is that may change between steps.
        self.register_buffer("class_count", torch.tensor(max(1, self.parts)), persistent=False)
        self.discriminator = nn.Sequential(
            FullPrecision(nn.Linear(recipe.latent_dim + self.parts, DISCRIMINATOR_UNITS)),
            nn.LeakyReLU(0.2),
            nn.Linear(DISCRIMINATOR_UNITS, DISCRIMINATOR_UNITS),
            nn.LeakyReLU(0.2),
            FullPrecision(nn.Linear(DISCRIMINATOR_UNITS, 1)),
        )

    @property
    def wants_labels(self) -> bool:
        """Whether each class has a part of the prior."""
        return self.recipe.prior_labels == "given"

    def meet(self, images: ImageSet) -> None:
        """Count the classes, if they matter."""
        if not self.wants_labels:
            return
        count = len(images.class_names)
        if count < 2:
            raise DatasetError(
                f"The images of {images.name} have no classes, and this model gives each class its part of the prior;"
                ' set "Classes and prior" to ignored, or choose images with classes.'
            )
        self.class_count.fill_(count)

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
        autoencoder = Descent(self.autoencoder_parameters())
        discriminator = Descent(tuple(self.discriminator.parameters()), DISCRIMINATOR_BETAS)
        if self.recipe.adversarial_updates == "joint":
            return (Phase("joint", self.joint, (autoencoder, discriminator)),)
        encoder = Descent(tuple(self.encoder.parameters()), DISCRIMINATOR_BETAS)
        return (
            Phase("reconstruction", self.reconstruction, (autoencoder,)),
            Phase("discriminator", self.discrimination, (discriminator,)),
            Phase("regularisation", self.regularisation, (encoder,)),
        )

    def joint(self, batch: Batch) -> PhaseLoss:
        """Reconstruction and fooling in one sum for the autoencoder, and telling for the discriminator.

        One pass through the discriminator serves both. Of a code z, telling is softplus(D) and fooling, with its weight
        w, is w · softplus(−D): as D is one number, their slopes in z differ by the factor −w · exp(−D) alone. So the
        slope that telling sends back to a code is turned by it on its way into the encoder (a gradient reversal, Ganin
        & Lempitsky 2015, with another factor for each code).
        """
        codes_ND, reconstruction = self._reconstruct(batch)
        judged_ND = codes_ND + batch.draws["on_codes"]
        telling, of_codes_N1 = self._telling(judged_ND, batch)
        logit_N1 = of_codes_N1.detach()
        turn_N1 = -self.adversarial_weight * (-logit_N1.clamp_min(-SURE)).exp()
        judged_ND.register_hook(turn_N1.mul)
        terms = {
            "reconstruction": reconstruction,
            "adversarial": softplus(-logit_N1).mean(),
            "discriminator": telling,
        }
        return PhaseLoss(reconstruction + telling, terms)

    def reconstruction(self, batch: Batch) -> PhaseLoss:
        """−log p(x | z) at z = encode(x)."""
        _, reconstruction = self._reconstruct(batch)
        return PhaseLoss(reconstruction, {"reconstruction": reconstruction})

    def discrimination(self, batch: Batch) -> PhaseLoss:
        """Tell samples of the prior from codes (Goodfellow et al. 2014, equation 1)."""
        telling, _ = self._telling(batch.detached_codes() + batch.draws["on_codes"], batch)
        return PhaseLoss(telling, {"discriminator": telling})

    def regularisation(self, batch: Batch) -> PhaseLoss:
        """Move the encoder alone so that the discriminator takes its codes for the prior."""
        codes_ND = self.encode(batch.pixels_NCHW) + batch.draws["on_codes"]
        adversarial = softplus(-self.judge(codes_ND, batch.labels_N)).mean()
        return PhaseLoss(adversarial, {"adversarial": adversarial})

    def _reconstruct(self, batch: Batch) -> tuple[Tensor, Tensor]:
        codes_ND = self.encode(batch.pixels_NCHW)
        batch.codes_ND = codes_ND.detach()
        return codes_ND, self.likelihood.negative_log(self.decoder(codes_ND), batch.pixels_NCHW).mean()

    def _telling(self, codes_ND: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
        """The discriminator's loss on as many samples of the prior as codes, and what it says of the codes, (N, 1)."""
        both_ND = torch.cat([self.prior_samples(batch) + batch.draws["on_prior"], codes_ND])
        both_labels_N = batch.labels_N.repeat(2) if batch.labels_N is not None else None
        of_prior_N1, of_codes_N1 = self.judge(both_ND, both_labels_N).chunk(2)
        return softplus(-of_prior_N1).mean() + softplus(of_codes_N1).mean(), of_codes_N1

    def judge(self, codes_ND: Tensor, labels_N: Tensor | None) -> Tensor:
        """The discriminator's logit of each code, (N, 1), given the classes, int64 (N,), if these matter."""
        if not self.parts:
            return self.discriminator(codes_ND)
        assert labels_N is not None, "the batch has no labels"
        one_hot_NP = torch.arange(self.parts, device=labels_N.device) == (labels_N % self.parts)[:, None]
        return self.discriminator(torch.cat([codes_ND, one_hot_NP.to(codes_ND.dtype)], dim=1))

    def prior_samples(self, batch: Batch) -> Tensor:
        """As many samples of the prior, (N, latent_dim), each from a part of its image's class if these matter.

        Class c of C has the parts c, c + C, c + 2C … of P, one of which the noise chooses; with more classes than
        parts, classes that are equal modulo P share one.
        """
        noise_NK = batch.draws["prior"]
        if not self.parts:
            return self.prior.sample(noise_NK)
        assert isinstance(self.prior, PartedPrior)
        assert batch.labels_N is not None, "the batch has no labels"
        first_N = batch.labels_N % self.parts
        choices_N = (self.parts - 1 - first_N).div(self.class_count, rounding_mode="floor") + 1
        turn_N = (noise_NK[:, -1] * choices_N).floor().long().minimum(choices_N - 1)
        return self.prior.sample_part(noise_NK[:, : self.recipe.latent_dim], first_N + self.class_count * turn_N)
