"""What every family offers: an encoder, a decoder, and the phases of its training step."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from trainers.images import ImageSet, ImageShape
from trainers.models.likelihoods import build_likelihood
from trainers.models.networks import build_decoder, build_encoder
from trainers.priors import PRIORS
from trainers.priors.prior import Prior
from trainers.recipe import Recipe


@dataclass(slots=True, eq=False)
class Batch:
    """What one training step works on, handed from phase to phase.

    Attributes:
        images_NCHW: Images, uint8 as they lie in memory, or float32 in [0, 1].
        draws: The step's random numbers, as the family asked for them in `Family.draw`.
        labels_N: Class of each image, int64; there for a family that wants them, see `Family.wants_labels`.
        codes_ND: Codes of the images, left by the first phase for those after it, detached.
    """

    images_NCHW: Tensor
    draws: Mapping[str, Tensor]
    labels_N: Tensor | None = None
    codes_ND: Tensor | None = None
    _pixels_NCHW: Tensor | None = field(default=None, init=False, repr=False)

    @property
    def pixels_NCHW(self) -> Tensor:
        """The images, float32 in [0, 1]; a compiled step makes them of the bytes while it reads those."""
        if self._pixels_NCHW is None:
            is_of_bytes = self.images_NCHW.dtype == torch.uint8
            self._pixels_NCHW = self.images_NCHW.float().div_(255.0) if is_of_bytes else self.images_NCHW
        return self._pixels_NCHW

    def detached_codes(self) -> Tensor:
        """The codes that an earlier phase left."""
        assert self.codes_ND is not None, "no earlier phase encoded this batch"
        return self.codes_ND


@dataclass(frozen=True, slots=True)
class PhaseLoss:
    """What a phase descends on, and the named terms to show, all means over the batch in nats per image."""

    total: Tensor
    terms: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Parameters that follow their gradient with an Adam of their own.

    Attributes:
        parameters: What moves.
        betas: Adam's decay rates.
    """

    parameters: tuple[nn.Parameter, ...]
    betas: tuple[float, float] = field(default=(0.9, 0.999))


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """A part of a training step: a loss, and who descends on it.

    Attributes:
        name: As in the paper's algorithm.
        loss: From the batch to what is minimised; a pure function of batch and weights, but for `Batch.codes_ND`.
        descents: What moves, once all its gradients are known.
    """

    name: str
    loss: Callable[[Batch], PhaseLoss]
    descents: tuple[Descent, ...]

    @property
    def parameters(self) -> tuple[nn.Parameter, ...]:
        """All that moves."""
        return tuple(parameter for descent in self.descents for parameter in descent.parameters)


class Family(nn.Module, ABC):
    """A model that maps images to codes and codes to images.

    Attributes:
        prior: The distribution that codes are drawn from to make new images; a learned one is trained with the rest.
    """

    def __init__(self, recipe: Recipe, shape: ImageShape) -> None:
        super().__init__()
        self.recipe = recipe
        self.shape = shape
        self.encoder = build_encoder(recipe.backbone, shape, self.encoder_outputs)
        self.decoder = build_decoder(recipe.backbone, shape, recipe.latent_dim)
        self.likelihood = build_likelihood(recipe.likelihood)
        self.prior = _prior_of(recipe, self.prior_name)

    @property
    def encoder_outputs(self) -> int:
        """Numbers that the encoder gives for each image."""
        return self.recipe.latent_dim

    @property
    def prior_name(self) -> str:
        """Entry of `PRIORS` to draw new codes from."""
        return self.recipe.prior

    @property
    def wants_labels(self) -> bool:
        """Whether a batch must say the class of each image."""
        return False

    def meet(self, images: ImageSet) -> None:
        """Take note of the images, before the first step on them.

        Raises:
            DatasetError: When they lack what a step needs.
        """
        del images

    @abstractmethod
    def phases(self) -> tuple[Phase, ...]:
        """The descents of one training step, in order."""

    def draw(self, count: int, generator: torch.Generator) -> dict[str, Tensor]:
        """The random numbers of a step on `count` images, on the CPU."""
        del count, generator
        return {}

    def prepare(self, epoch: float, beta: float) -> None:
        """Set what changes over training before a step: `epoch` counts from 0, `beta` is its value now."""
        del epoch, beta

    def encode(self, pixels_NCHW: Tensor) -> Tensor:
        """The code of each image, (N, latent_dim); the mean where the family has a posterior."""
        return self.encoder(pixels_NCHW)

    def posterior(self, pixels_NCHW: Tensor) -> tuple[Tensor, Tensor] | None:
        """Mean and log variance of a Gaussian q(z | x), each (N, latent_dim); None where a code is a single point."""
        del pixels_NCHW
        return None

    def decode(self, codes_ND: Tensor) -> Tensor:
        """The expected image of each code, in [0, 1], (N, C, H, W)."""
        return self.likelihood.mean(self.decoder(codes_ND))

    def bound(self, pixels_NCHW: Tensor, draws: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Terms of a bound on log p(x), each (N,) in nats: "elbo" and "kl"; empty where the family has none."""
        del pixels_NCHW, draws
        return {}

    def autoencoder_parameters(self) -> tuple[nn.Parameter, ...]:
        """Weights of encoder, decoder and likelihood that can be trained."""
        parts = (self.encoder, self.decoder, self.likelihood)
        return tuple(weight for part in parts for weight in part.parameters() if weight.requires_grad)


def _prior_of(recipe: Recipe, name: str) -> Prior:
    listing = PRIORS[name]
    settings = {setting: getattr(recipe, setting) for setting in listing.settings}
    return listing.load().with_settings(recipe.latent_dim, settings)
