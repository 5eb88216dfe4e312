"""A network with random weights, for images of which nothing is known (Naeem et al. 2020, section 4.2)."""

from collections.abc import Callable

from trainers.features.extractor import FeatureExtractor
from trainers.features.label_network import network_side
from trainers.features.network import FEATURES, untrained_network
from trainers.images import ImageSet


def untrained_features(images: ImageSet, pulse: Callable[[], None]) -> FeatureExtractor:
    """The extractor with the same random weights for all images of equal shape."""
    del pulse  # nothing takes time
    side = network_side(images.shape.size)
    return FeatureExtractor(
        name="untrained network",
        size=FEATURES,
        channels=images.shape.channels,
        side=side,
        inner=side,
        network=untrained_network(images.shape.channels, side, classes=1, seed=0),
    )
