"""What describes an image in a few numbers that mean more than pixels, for metrics that compare sets of images.

Map: `extractor` is what all sources give; `choosing` picks one for a set of images, and says why, `kept_by_images`
keeps it; `network` is the small classifier behind most of them, and `make_digit_network` makes the one that is shipped.
No source downloads anything, and every figure names the one that it was taken with: figures from different ones cannot
be compared.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.features.extractor import FeatureExtractor
    from trainers.images import ImageSet


class FeatureListing(Listing):
    """A source of features; its target is given the open images and a pulse, see `choosing.extractor_for`."""

    if TYPE_CHECKING:

        def load(self) -> Callable[[ImageSet, Callable[[], None]], FeatureExtractor]:
            """Import and return the function that gives the extractor."""
            ...


FEATURES: dict[str, FeatureListing] = {
    "digits": FeatureListing(
        label="Digit network",
        title="Network for handwritten characters",
        summary="128 features of a small network that comes with the program, trained on MNIST.",
        target="trainers.features.digit_network:digit_features",
    ),
    "labels": FeatureListing(
        label="Own labels",
        title="Network trained on the labels of these images",
        summary="128 features of a small network that is trained for some seconds to tell the classes apart.",
        target="trainers.features.label_network:label_features",
    ),
    "inception": FeatureListing(
        label="Inception-v3",
        title="Inception-v3, trained on ImageNet",
        summary="2,048 features of the network that papers use for photographs; slow without a GPU.",
        target="trainers.features.inception:inception_features",
    ),
    "untrained": FeatureListing(
        label="Untrained network",
        title="Network with random weights",
        summary="128 features of a small network that learned nothing: for images without labels (Naeem et al. 2020).",
        target="trainers.features.untrained_network:untrained_features",
    ),
}
