"""The network that is shipped in `assets`, for handwritten characters."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from safetensors.torch import load_file

from trainers.features.extractor import FeatureExtractor
from trainers.features.network import FEATURES, FeatureNetwork, network_of
from trainers.images import ImageSet

FILE: Final = Path(__file__).resolve().parents[2] / "assets" / "digit-network.safetensors"
SIDE: Final = 28
CLASSES: Final = 10

FRAMED_SIDES: Final = {"mnist": 28, "emnist-letters": 28, "digits": 20, "usps": 20}
"""Sets that the network suits, and the side to which their images are brought within its 28 px.

In MNIST a digit lies in the inner 20 × 20 px; in the sets of 20 it fills the whole image.
"""


def digit_features(images: ImageSet, pulse: Callable[[], None]) -> FeatureExtractor:
    """The extractor that is shipped, with the frame that suits the images."""
    del pulse  # it is read in no time
    return FeatureExtractor(
        name="digit network",
        size=FEATURES,
        channels=1,
        side=SIDE,
        inner=FRAMED_SIDES.get(images.name, SIDE),
        network=digit_network(),
    )


@cache
def digit_network() -> FeatureNetwork:
    """The shipped network, read once."""
    return network_of(load_file(FILE), channels=1, side=SIDE, classes=CLASSES)
