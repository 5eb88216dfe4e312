"""The loops that people write: torchvision's MNIST through a `DataLoader`, or images in memory; on the same networks.

As in PyTorch's own example of a VAE: sigmoid at the end, `binary_cross_entropy`, Adam as it comes, and `.item()` at
every step to show the loss. Float32 throughout. Only the networks are ours, so that it is the loops that are compared.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy, softplus
from torch.optim import Adam
from torch.utils.data import DataLoader

from trainers.folders import datasets_folder
from trainers.images import ImageSet, ImageShape
from trainers.models import FAMILIES
from trainers.models.adversarial import AdversarialAutoencoder
from trainers.models.family import Family
from trainers.recipe import Recipe


def networks(recipe: Recipe, shape: ImageShape, device: torch.device) -> Family:
    """Networks as a run of this recipe has them, freshly made."""
    return FAMILIES[recipe.family].load()(recipe, shape).to(device)


class PlainModel:
    """A model with a descent such as a tutorial shows."""

    def __init__(self, recipe: Recipe, shape: ImageShape, device: torch.device) -> None:
        self._family = recipe.family
        self._networks = networks(recipe, shape, device)
        self._optimiser = Adam(self._networks.autoencoder_parameters(), lr=recipe.learning_rate)
        if isinstance(self._networks, AdversarialAutoencoder):
            self._against = Adam(self._networks.discriminator.parameters(), lr=recipe.learning_rate)
        self.total = 0.0

    def descend(self, pixels_NCHW: Tensor) -> None:
        """One step."""
        descents: dict[str, Callable[[Tensor], Tensor]] = {"ae": self._ae, "vae": self._vae, "aae": self._aae}
        self.total += descents[self._family](pixels_NCHW).item()

    def _ae(self, pixels_NCHW: Tensor) -> Tensor:
        return self._take(self._reconstruction(self._networks.encoder(pixels_NCHW), pixels_NCHW))

    def _vae(self, pixels_NCHW: Tensor) -> Tensor:
        mean_ND, log_variance_ND = self._networks.encoder(pixels_NCHW).chunk(2, dim=1)
        codes_ND = mean_ND + torch.exp(0.5 * log_variance_ND) * torch.randn_like(mean_ND)
        kl = -0.5 * torch.sum(1 + log_variance_ND - mean_ND.pow(2) - log_variance_ND.exp()) / len(pixels_NCHW)
        return self._take(self._reconstruction(codes_ND, pixels_NCHW) + kl)

    def _aae(self, pixels_NCHW: Tensor) -> Tensor:
        """The two descents of our joint step, each with a pass of its own, as one would write them."""
        model = self._networks
        assert isinstance(model, AdversarialAutoencoder)
        codes_ND = model.encoder(pixels_NCHW)
        noise_ND = 0.1 * torch.randn_like(codes_ND)
        fooling = softplus(-model.discriminator(codes_ND + noise_ND)).mean()
        loss = self._take(self._reconstruction(codes_ND, pixels_NCHW) + model.adversarial_weight * fooling)
        prior_ND = torch.randn_like(codes_ND) + 0.1 * torch.randn_like(codes_ND)
        told_apart = (
            softplus(-model.discriminator(prior_ND)).mean()
            + softplus(model.discriminator(codes_ND.detach() + noise_ND)).mean()
        )
        self._against.zero_grad()
        told_apart.backward()
        self._against.step()
        return loss

    def _reconstruction(self, codes_ND: Tensor, pixels_NCHW: Tensor) -> Tensor:
        made_NCHW = torch.sigmoid(self._networks.decoder(codes_ND))
        return binary_cross_entropy(made_NCHW, pixels_NCHW, reduction="sum") / len(pixels_NCHW)

    def _take(self, loss: Tensor) -> Tensor:
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        return loss


def example_loop(recipe: Recipe, shape: ImageShape, device: torch.device) -> Callable[[], int]:
    """A step of the loop of PyTorch's examples; gives how many images it took."""
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor

    loader = DataLoader(MNIST(datasets_folder(), transform=ToTensor()), batch_size=recipe.batch_size, shuffle=True)
    model, batches = PlainModel(recipe, shape, device), _endless(loader)

    def step() -> int:
        pixels_NCHW = next(batches)
        model.descend(pixels_NCHW.to(device))
        return len(pixels_NCHW)

    return step


def resident_loop(recipe: Recipe, images: ImageSet, device: torch.device) -> Callable[[], int]:
    """The same loop on images that lie in memory as float32, and are indexed a batch at a time."""
    pixels_NCHW = pixels_in_memory(images, device)
    model = PlainModel(recipe, images.shape, device)
    order_N, at = torch.randperm(len(pixels_NCHW), device=device), 0

    def step() -> int:
        nonlocal order_N, at
        if at + recipe.batch_size > len(order_N):
            order_N, at = torch.randperm(len(order_N), device=device), 0
        model.descend(pixels_NCHW[order_N[at : at + recipe.batch_size]])
        at += recipe.batch_size
        return recipe.batch_size

    return step


@lru_cache(maxsize=2)
def pixels_in_memory(images: ImageSet, device: torch.device) -> Tensor:
    """All training images as float32 in [0, 1], shared by the loops that hold them so."""
    # A copy: torch warns of arrays that it may not write to.
    return torch.tensor(images.train_NCHW).to(device).float().div_(255.0)


def _endless(loader: "DataLoader[tuple[Tensor, Tensor]]") -> Iterator[Tensor]:
    while True:
        for pixels_NCHW, _ in loader:
            yield pixels_NCHW


def weights_of(module: nn.Module) -> int:
    """How many numbers a network learns."""
    return sum(weight.numel() for weight in module.parameters())
