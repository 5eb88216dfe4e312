"""A network trained on the labels of the open images, in seconds."""

from collections.abc import Callable
from typing import Final

import torch

from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.resizing import resize_images
from trainers.features.extractor import FeatureExtractor
from trainers.features.network import BATCH, FEATURES, SIDES, accuracy, trained_network
from trainers.images import ImageSet

STEPS: Final = 400
"""Of 128 images: fifteen seconds on two cores, where MNIST comes to 98.9 %."""

_JUDGED: Final = 2000
_DETAILED: Final = 40


def network_side(size: int) -> int:
    """Side to which images of `size` px are brought: the larger of `SIDES` for those that would lose detail."""
    return SIDES[0] if size < _DETAILED else SIDES[1]


def label_features(images: ImageSet, pulse: Callable[[], None], *, steps: int = STEPS) -> FeatureExtractor:
    """An extractor trained on the training images alone; equal images give an equal one on computers of a kind.

    Args:
        images: The images, with labels.
        pulse: Called before each step; may raise.
        steps: How long to train.
    """
    side = network_side(images.shape.size)
    # No more images than the steps take, so that a large set is not resized for nothing.
    count = min(len(images.train_NCHW), steps * BATCH)
    chosen_N = torch.randperm(len(images.train_NCHW), generator=torch.Generator().manual_seed(0))[:count].numpy()
    job = LoadingJob(label=images.name)
    train_NCHW = torch.from_numpy(resize_images(images.train_NCHW[chosen_N], side, job))
    network = trained_network(
        train_NCHW,
        torch.from_numpy(images.train_labels_N[chosen_N]),
        len(images.class_names),
        steps=steps,
        seed=0,
        pulse=pulse,
    )
    judged_NCHW = torch.from_numpy(resize_images(images.test_NCHW[:_JUDGED].copy(), side, job))
    right = accuracy(network, judged_NCHW, torch.from_numpy(images.test_labels_N[:_JUDGED].copy()))
    return FeatureExtractor(
        name=f"network trained on these labels, {right:.0%} right",
        size=FEATURES,
        channels=images.shape.channels,
        side=side,
        inner=side,
        network=network,
    )
