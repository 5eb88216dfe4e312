"""Encoder and decoder stacks that all families share: one pair for each entry of `BACKBONES`.

No stack normalises over a batch: what an image is mapped to never depends on the images beside it, and the codes that
an adversary sees are those that the decoder gets.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
from torch import Tensor, nn

from trainers.images import ImageShape
from trainers.recipe import BACKBONES

HIDDEN = (512, 256, 128)
WIDTHS = (32, 64, 128, 256, 256)
SMALLEST_MAP = 4


def mlp(sizes: tuple[int, ...]) -> nn.Sequential:
    """Linear layers of the given sizes, with SiLU between them but nothing at the end.

    SiLU is smooth where ReLU has kinks, and a two-dimensional code shows every kink: it also fits better.
    """
    layers: list[nn.Module] = []
    for wide, narrow in pairwise(sizes):
        layers += [nn.Linear(wide, narrow), nn.SiLU()]
    return nn.Sequential(*layers[:-1])


class FullPrecision(nn.Module):
    """A layer at the narrow end of a stack: it computes in float32, whatever the precision of the training step.

    Such a layer costs nothing, and a code in bfloat16 would lie on a grid that one can see.
    """

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, inputs: Tensor) -> Tensor:
        """The layer's output, float32."""
        with torch.autocast(inputs.device.type, enabled=False):
            return self.layer(inputs.float())


def to_code(sizes: tuple[int, ...], outputs: int) -> nn.Sequential:
    """Hidden layers of the given sizes, then the `outputs` numbers of a code."""
    return nn.Sequential(mlp(sizes), nn.SiLU(), FullPrecision(nn.Linear(sizes[-1], outputs)))


def from_code(latent_dim: int, sizes: tuple[int, ...]) -> nn.Sequential:
    """A code, then layers of the given sizes."""
    return nn.Sequential(FullPrecision(nn.Linear(latent_dim, sizes[0])), nn.SiLU(), mlp(sizes))


class MlpEncoder(nn.Sequential):
    """(N, C, H, W) → (N, outputs) through hidden layers of `HIDDEN` units."""

    def __init__(self, shape: ImageShape, outputs: int) -> None:
        super().__init__(nn.Flatten(), to_code((shape.pixels, *HIDDEN), outputs))


class MlpDecoder(nn.Sequential):
    """(N, latent_dim) → logits, (N, C, H, W), through the same layers in reverse."""

    def __init__(self, shape: ImageShape, latent_dim: int) -> None:
        super().__init__(
            from_code(latent_dim, (*reversed(HIDDEN), shape.pixels)),
            nn.Unflatten(1, (shape.channels, shape.size, shape.size)),
        )


def map_sizes(size: int) -> list[int]:
    """Sides of the feature maps from the image down: halved, rounding up, until the next would be below 4 px."""
    sizes = [size]
    while (half := (sizes[-1] + 1) // 2) >= SMALLEST_MAP:
        sizes.append(half)
    return sizes


class ConvolutionalEncoder(nn.Sequential):
    """(N, C, H, W) → (N, outputs): strided 3×3 convolutions that halve the map (after Radford et al. 2016)."""

    def __init__(self, shape: ImageShape, outputs: int) -> None:
        sizes = map_sizes(shape.size)
        widths = (shape.channels, *WIDTHS[: len(sizes) - 1])
        layers: list[nn.Module] = []
        for wide, narrow in pairwise(widths):
            layers += [nn.Conv2d(wide, narrow, 3, stride=2, padding=1), nn.LeakyReLU(0.2)]
        super().__init__(*layers, nn.Flatten(), to_code((widths[-1] * sizes[-1] ** 2, *HIDDEN[1:]), outputs))


class ConvolutionalDecoder(nn.Module):
    """(N, latent_dim) → logits, (N, C, H, W): the encoder's maps in reverse, by transposed convolutions."""

    def __init__(self, shape: ImageShape, latent_dim: int) -> None:
        super().__init__()
        sizes = map_sizes(shape.size)[::-1]
        widths = (shape.channels, *WIDTHS[: len(sizes) - 1])[::-1]
        self.start = nn.Sequential(
            from_code(latent_dim, (*reversed(HIDDEN[1:]), widths[0] * sizes[0] ** 2)),
            nn.ReLU(),
            nn.Unflatten(1, (widths[0], sizes[0], sizes[0])),
        )
        layers: list[nn.Module] = []
        for (wide, narrow), (small, large) in zip(pairwise(widths), pairwise(sizes), strict=True):
            # A stride of 2 gives 2·small − 1, or with padding on one side 2·small: whichever the encoder came from.
            extra = large - (2 * small - 1)
            layers += [nn.ConvTranspose2d(wide, narrow, 3, stride=2, padding=1, output_padding=extra), nn.ReLU()]
        self.rise = nn.Sequential(*layers[:-1])

    def forward(self, codes_ND: Tensor) -> Tensor:
        """Logits of each code's image."""
        return self.rise(self.start(codes_ND))


_PAIRS: dict[str, tuple[Callable[[ImageShape, int], nn.Module], Callable[[ImageShape, int], nn.Module]]] = {
    "mlp": (MlpEncoder, MlpDecoder),
    "convolutional": (ConvolutionalEncoder, ConvolutionalDecoder),
}
assert _PAIRS.keys() == BACKBONES.keys()


def build_encoder(backbone: str, shape: ImageShape, outputs: int) -> nn.Module:
    """A stack from images, (N, C, H, W) in [0, 1], to `outputs` numbers each."""
    return with_he_weights(_PAIRS[backbone][0](shape, outputs))


def build_decoder(backbone: str, shape: ImageShape, latent_dim: int) -> nn.Module:
    """A stack from codes, (N, latent_dim), to the likelihood's logits, (N, C, H, W)."""
    return with_he_weights(_PAIRS[backbone][1](shape, latent_dim))


def with_he_weights(stack: nn.Module) -> nn.Module:
    """The stack with first weights that keep the signal's size from layer to layer (He et al. 2015, equation 10).

    Torch's own first weights let it fade; small sets then train for dozens of epochs before anything moves. The gain is
    that of ReLU, which the activations used here resemble closely enough.
    """
    for layer in stack.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            assert layer.bias is not None
            nn.init.zeros_(layer.bias)
    return stack
