"""Models whose encoder and decoder are given functions: as good or as bad as a test of a metric wants them."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.images import ImageSet, ImageShape
from trainers.models.family import Family, Phase
from trainers.recipe import Recipe

SHAPE = ImageShape(1, 8)


class PlantedModel(Family):
    """Encodes and decodes images of 8 × 8 as it is told; it cannot be trained."""

    def __init__(
        self,
        *,
        encode: Callable[[Tensor], Tensor] | None = None,
        decode: Callable[[Tensor], Tensor] | None = None,
        recipe: Recipe | None = None,
    ) -> None:
        super().__init__(recipe or Recipe(), SHAPE)
        self._encode = encode
        self._decode = decode

    def phases(self) -> tuple[Phase, ...]:
        """None."""
        return ()

    def encode(self, pixels_NCHW: Tensor) -> Tensor:
        """As told, else as an untrained autoencoder does."""
        return self._encode(pixels_NCHW) if self._encode else super().encode(pixels_NCHW)

    def decode(self, codes_ND: Tensor) -> Tensor:
        """As told, else as an untrained autoencoder does."""
        return self._decode(codes_ND) if self._decode else super().decode(codes_ND)


def lossless_model() -> PlantedModel:
    """A code has as many dimensions as an image has pixels, and is the image."""
    return PlantedModel(
        encode=lambda pixels_NCHW: pixels_NCHW.flatten(1),
        decode=lambda codes_ND: codes_ND.view(-1, 1, 8, 8),
        recipe=Recipe(latent_dim=64),
    )


def noise_set(train: int = 500, test: int = 500, classes: int = 1, seed: int = 0) -> ImageSet:
    """Images of independent pixels, uniform over all bytes; classes take turns."""
    random = np.random.default_rng(seed)
    parts = [random.integers(0, 256, (count, 1, 8, 8), dtype=np.uint8) for count in (train, test)]
    return ImageSet(
        name="noise",
        train_NCHW=parts[0],
        train_labels_N=np.arange(train) % classes,
        test_NCHW=parts[1],
        test_labels_N=np.arange(test) % classes,
        class_names=tuple(f"class {number}" for number in range(classes)),
    )


def normal_codes(pixels_NCHW: Tensor, latent_dim: int = 2) -> Tensor:
    """Codes that are as good as N(0, I) for images of `noise_set`: sums of 64 / D pixels each, of unit variance."""
    centred_NP = (pixels_NCHW.flatten(1) - 0.5) * np.sqrt(12)
    return centred_NP.view(len(pixels_NCHW), latent_dim, -1).sum(2) / np.sqrt(64 / latent_dim)


def labelled_set(train: int = 400, test: int = 200, classes: int = 4) -> ImageSet:
    """Images of noise whose first pixel is the class."""
    images = noise_set(train, test, classes)
    parts: list[npt.NDArray[np.uint8]] = []
    for pixels_NCHW, labels_N in (
        (images.train_NCHW, images.train_labels_N),
        (images.test_NCHW, images.test_labels_N),
    ):
        marked_NCHW = pixels_NCHW.copy()
        marked_NCHW[:, 0, 0, 0] = labels_N
        parts.append(marked_NCHW)
    return ImageSet(
        name="labelled",
        train_NCHW=parts[0],
        train_labels_N=images.train_labels_N,
        test_NCHW=parts[1],
        test_labels_N=images.test_labels_N,
        class_names=images.class_names,
    )


def class_of(pixels_NCHW: Tensor) -> Tensor:
    """The class that an image of `labelled_set` is marked with, (N,)."""
    return (pixels_NCHW[:, 0, 0, 0] * 255).round().to(torch.int64)
