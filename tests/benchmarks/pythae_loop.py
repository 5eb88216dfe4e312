"""pythae's own trainer (Chadebec et al. 2022) on the same networks, with the loss that it has for each family.

Its AE knows the squared error alone; VAE and AAE are given the cross-entropy. What is timed is its `train_step`, which
is an epoch: here of as many images as it takes in the time that is asked for.
"""

# pythae has no types, and need not be installed.
# pyright: reportMissingImports=false, reportIncompatibleMethodOverride=false
# pyright: reportUntypedBaseClass=false, reportUnknownParameterType=false

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from pythae.data.datasets import BaseDataset
from pythae.models import AE, VAE, Adversarial_AE, Adversarial_AE_Config, AEConfig, VAEConfig
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseDiscriminator, BaseEncoder
from pythae.trainers import AdversarialTrainer, AdversarialTrainerConfig, BaseTrainer, BaseTrainerConfig
from torch import Tensor, nn

from tests.benchmarks.plain_loops import networks, pixels_in_memory
from trainers.images import ImageSet
from trainers.models.adversarial import AdversarialAutoencoder
from trainers.recipe import Recipe

FIRST_BATCHES = 8


class Encoder(BaseEncoder):
    """An encoder in pythae's terms."""

    def __init__(self, stack: nn.Module, latent_dim: int) -> None:
        super().__init__()
        self.stack, self.latent_dim = stack, latent_dim

    def forward(self, pixels_NCHW: Tensor) -> ModelOutput:
        """Mean, and log variance where the stack gives one; else zeros, which are not used."""
        out = self.stack(pixels_NCHW)
        mean_ND, rest = out[:, : self.latent_dim], out[:, self.latent_dim :]
        return ModelOutput(embedding=mean_ND, log_covariance=rest if rest.shape[1] else torch.zeros_like(mean_ND))


class Decoder(BaseDecoder):
    """A decoder in pythae's terms."""

    def __init__(self, stack: nn.Module) -> None:
        super().__init__()
        self.stack = stack

    def forward(self, codes_ND: Tensor) -> ModelOutput:
        """The image, in [0, 1]."""
        return ModelOutput(reconstruction=torch.sigmoid(self.stack(codes_ND)))


class Discriminator(BaseDiscriminator):
    """A discriminator in pythae's terms."""

    def __init__(self, stack: nn.Module) -> None:
        super().__init__()
        self.stack = stack

    def forward(self, codes_ND: Tensor) -> ModelOutput:
        """The probability that a code is the prior's."""
        return ModelOutput(embedding=torch.sigmoid(self.stack(codes_ND)))


def pythae_pace(recipe: Recipe, images: ImageSet, folder: Path) -> Callable[[float], float]:
    """Measures pythae's trainer: given seconds to spend, gives images a second.

    Args:
        recipe: Which model, which networks, which batches.
        images: The training images.
        folder: Where the trainer may write.
    """
    trainer, data = _trainer(recipe, images, folder)
    trainer.prepare_training()
    rate = 0.0

    def epoch_of(count: int) -> float:
        trainer.train_loader = trainer.get_train_dataloader(BaseDataset(data[:count], torch.zeros(count)))
        start = perf_counter()
        trainer.train_step(1)
        trainer.callback_handler.on_epoch_end(trainer.training_config)
        return count / (perf_counter() - start)

    def measure(seconds: float) -> float:
        nonlocal rate
        rate = rate or epoch_of(FIRST_BATCHES * recipe.batch_size)
        batches = max(2, round(rate * seconds / recipe.batch_size))
        rate = epoch_of(min(len(data), batches * recipe.batch_size))
        return rate

    return measure


def _trainer(recipe: Recipe, images: ImageSet, folder: Path) -> tuple[Any, Tensor]:
    shape = images.shape
    model = networks(recipe, shape, torch.device("cpu"))
    encoder, decoder = Encoder(model.encoder, recipe.latent_dim), Decoder(model.decoder)
    size: dict[str, Any] = {"input_dim": (shape.channels, shape.size, shape.size), "latent_dim": recipe.latent_dim}
    training: dict[str, Any] = {"output_dir": str(folder), "per_device_train_batch_size": recipe.batch_size}
    data = pixels_in_memory(images, torch.device("cpu"))
    first = BaseDataset(data[: recipe.batch_size], torch.zeros(recipe.batch_size))
    if isinstance(model, AdversarialAutoencoder):
        config = Adversarial_AE_Config(**size, reconstruction_loss="bce", deterministic_posterior=True)
        wrapped = Adversarial_AE(config, encoder, decoder, Discriminator(model.discriminator))
        return AdversarialTrainer(wrapped, first, training_config=AdversarialTrainerConfig(**training)), data
    wrapped = (
        VAE(VAEConfig(**size, reconstruction_loss="bce"), encoder, decoder)
        if recipe.family == "vae"
        else AE(AEConfig(**size), encoder, decoder)
    )
    chosen = BaseTrainerConfig(learning_rate=recipe.learning_rate, **training)
    return BaseTrainer(wrapped, first, training_config=chosen), data
