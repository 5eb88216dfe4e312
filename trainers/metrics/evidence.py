"""What all metrics of one model share: codes, reconstructions and samples, each computed once, when first asked for."""

import copy
from collections.abc import Callable
from functools import cached_property
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.errors import DatasetError, TrainingError
from trainers.images import ImageSet
from trainers.models.family import Family
from trainers.run import TrainingRun
from trainers.seeds import generator_for

CHUNK: Final = 1000
LIMIT: Final = 10_000
FEWEST: Final = 16
_NUMBERS: Final = 1 << 26
"""The most numbers in one set of decoded images: 256 MiB."""


class Evidence:
    """One model, as it is now, seen through a fixed choice of images and noise which is the same for every model.

    Everything is on the CPU; shapes: N held-out images, M training images, S samples, D latent dimensions. Images are
    uint8 where they come from the set and float32 in [0, 1] where they come from the model. What is computed is kept,
    so the model must not be trained on meanwhile: `of_run` takes a copy. Images and noise come in random order: the
    first thousand of them are a fair choice, for metrics that cannot afford more.

    Attributes:
        model: The networks.
        images: The set that it is judged on, whole.
        count: N and S: held-out images, and as many samples of the prior.
        held_out_NCHW: The chosen held-out images, uint8.
        labels_N: Class of each, int64.
        training_MCHW: As many training images, or all there are if these are fewer; uint8.
        training_labels_M: Class of each.
        pulse: Called between chunks of work, by metrics too; raises `Cancelled` to end it all.
        device: Where the model computes.

    Args:
        model: The networks, on any device.
        images: Images of the model's shape.
        limit: The most images to take of each kind; fewer are taken when images are large.
        pulse: As above.

    Raises:
        DatasetError: When there are fewer than 16 held-out images, too few for any figure.
    """

    def __init__(
        self, model: Family, images: ImageSet, *, limit: int = LIMIT, pulse: Callable[[], None] = lambda: None
    ) -> None:
        assert images.shape == model.shape, (images.shape, model.shape)
        self.model = model
        self.images = images
        self.pulse = pulse
        self.device = next(model.parameters()).device
        if len(images.test_NCHW) < FEWEST:
            held_out = len(images.test_NCHW)
            raise DatasetError(f"{images.name} has {held_out} held-out images; give {FEWEST} or more to measure on.")
        limit = max(FEWEST, min(limit, _NUMBERS // images.shape.pixels))
        chosen_N = _choice(len(images.test_NCHW), limit, "held-out images")
        chosen_M = _choice(len(images.train_NCHW), limit, "training images")
        self.count = len(chosen_N)
        self.held_out_NCHW = torch.from_numpy(images.test_NCHW[chosen_N])
        self.labels_N = images.test_labels_N[chosen_N]
        self.training_MCHW = torch.from_numpy(images.train_NCHW[chosen_M])
        self.training_labels_M = images.train_labels_N[chosen_M]

    @classmethod
    def of_run(cls, run: TrainingRun, *, limit: int = LIMIT, pulse: Callable[[], None] = lambda: None) -> Self:
        """Evidence on a copy of a run's model, so that the run may go on.

        Raises:
            DatasetError: When its images are not here yet and cannot be had, or are too few.
        """
        return cls(copy.deepcopy(run.model), run.images, limit=limit, pulse=pulse)

    @property
    def latent_dim(self) -> int:
        """D."""
        return self.model.recipe.latent_dim

    @property
    def has_labels(self) -> bool:
        """Whether the images have classes."""
        return len(self.images.class_names) > 1

    @cached_property
    def posterior_ND(self) -> tuple[Tensor, Tensor] | None:
        """Mean and log variance of q(z | x) of each held-out image; None where the family has no posterior."""
        with torch.inference_mode():
            if self.model.posterior(pixels_of(self.held_out_NCHW[:1].to(self.device))) is None:
                return None

        def mean_and_log_variance(part_NCHW: Tensor) -> Tensor:
            posterior = self.model.posterior(pixels_of(part_NCHW))
            assert posterior is not None
            return torch.cat(posterior, 1)

        mean_ND, log_variance_ND = self.in_chunks(mean_and_log_variance, self.held_out_NCHW).chunk(2, dim=1)
        return mean_ND, log_variance_ND

    @cached_property
    def codes_ND(self) -> Tensor:
        """Code of each held-out image; the mean where there is a posterior."""
        if self.posterior_ND is not None:
            return self.posterior_ND[0]
        return self.in_chunks(self._encode, self.held_out_NCHW)

    @cached_property
    def drawn_codes_ND(self) -> Tensor:
        """One draw of q(z | x) for each held-out image, or its code without a posterior: the aggregate posterior."""
        if self.posterior_ND is None:
            return self.codes_ND
        mean_ND, log_variance_ND = self.posterior_ND
        noise_ND = torch.randn(mean_ND.shape, generator=generator_for(0, "posteriors"))
        return mean_ND + torch.exp(0.5 * log_variance_ND) * noise_ND

    @cached_property
    def training_codes_MD(self) -> Tensor:
        """Code of each chosen training image."""
        return self.in_chunks(self._encode, self.training_MCHW)

    @cached_property
    def prior_codes_SD(self) -> Tensor:
        """Samples of the prior, from noise that is the same for every model with as many latent dimensions."""
        noise_SK = torch.rand(self.count, self.model.prior.noise_dim, generator=generator_for(0, "prior samples"))
        return self.in_chunks(self.model.prior.sample, noise_SK)

    @cached_property
    def reconstructions_NCHW(self) -> Tensor:
        """decode(encode(x)) of each held-out image."""
        return self.in_chunks(self.model.decode, self.codes_ND)

    @cached_property
    def decoded_training_MCHW(self) -> Tensor:
        """decode(encode(x)) of each chosen training image: what codes as they lie become, not those of the prior."""
        return self.in_chunks(self.model.decode, self.training_codes_MD)

    @cached_property
    def samples_SCHW(self) -> Tensor:
        """Each sample of the prior, decoded."""
        return self.in_chunks(self.model.decode, self.prior_codes_SD)

    @cached_property
    def bound_N(self) -> dict[str, Tensor]:
        """The terms of `Family.bound`, with one draw of each posterior; empty where the family has none."""
        if self.posterior_ND is None:
            return {}
        draws = self.model.draw(self.count, generator_for(0, "bound"))
        names = tuple(draws)

        def terms(part_NCHW: Tensor, *drawn: Tensor) -> Tensor:
            found = self.model.bound(pixels_of(part_NCHW), dict(zip(names, drawn, strict=True)))
            return torch.stack([found["elbo"], found["kl"]], 1)

        elbo_N, kl_N = self.in_chunks(terms, self.held_out_NCHW, *draws.values()).unbind(1)
        return {"elbo": elbo_N, "kl": kl_N}

    def _encode(self, images_NCHW: Tensor) -> Tensor:
        return self.model.encode(pixels_of(images_NCHW))

    def in_chunks(self, compute: Callable[..., Tensor], *inputs: Tensor, rows: int = CHUNK) -> Tensor:
        """Apply a function to some rows at a time on the model's device, in inference mode.

        Args:
            compute: From one part of each input to as many rows of the result.
            inputs: Tensors with equally many rows, on the CPU.
            rows: How many at a time.

        Returns:
            All rows of the result, on the CPU.

        Raises:
            TrainingError: When the result is not finite.
        """
        results: list[Tensor] = []
        for parts in zip(*(values.split(rows) for values in inputs), strict=True):
            self.pulse()
            with torch.inference_mode():
                results.append(compute(*(part.to(self.device) for part in parts)).cpu())
        # Joined outside of inference mode, so that what is made of it may be differentiated.
        result = torch.cat(results)
        if not result.isfinite().all():
            raise TrainingError(
                "The model's numbers are no longer finite. Lower the learning rate and reset the model."
            )
        return result


def pixels_of(images_NCHW: Tensor) -> Tensor:
    """Images, uint8, as the models take them: float32 in [0, 1]."""
    return images_NCHW.float() / 255.0


def _choice(count: int, limit: int, purpose: str) -> npt.NDArray[np.int64]:
    """Which of `count` images to take, in random order, so that the first of them are a fair choice too."""
    return torch.randperm(count, generator=generator_for(0, purpose))[:limit].numpy()
