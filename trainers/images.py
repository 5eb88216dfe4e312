"""A set of images in memory: the one form in which every source hands its images over."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainers.errors import DatasetError
from trainers.image_sizes import MAXIMUM_SIZE, MINIMUM_SIZE


@dataclass(frozen=True, slots=True)
class ImageShape:
    """Shape of every image of a set: `channels` is 1 (grey) or 3 (RGB), `size` the side of the square in pixels."""

    channels: int
    size: int

    def __post_init__(self) -> None:
        if self.channels not in (1, 3):
            raise DatasetError(f"Images have {self.channels} channels; give grey (1) or RGB (3) images.")
        if not MINIMUM_SIZE <= self.size <= MAXIMUM_SIZE:
            raise DatasetError(
                f"Images are {self.size} px wide; choose a size from {MINIMUM_SIZE} to {MAXIMUM_SIZE} px."
            )

    @property
    def pixels(self) -> int:
        """Numbers in one image: channels × size × size."""
        return self.channels * self.size * self.size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageSet:
    """Images and their classes, training and held-out apart. Nobody writes to the arrays.

    Attributes:
        name: As in the recipe: an entry of `DATASETS`, or the path of a folder or array file.
        train_NCHW: Training images, uint8, (N, C, H, W).
        train_labels_N: Class of each, int64, an index into `class_names`.
        test_NCHW: Held-out images, never trained on.
        test_labels_N: Class of each.
        class_names: One name a class; a set without labels has the single class "images".
        notes: What the person should know about the loading, one sentence each, such as files that were skipped.
    """

    name: str
    train_NCHW: npt.NDArray[np.uint8]
    train_labels_N: npt.NDArray[np.int64]
    test_NCHW: npt.NDArray[np.uint8]
    test_labels_N: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part, images, labels in (
            ("training", self.train_NCHW, self.train_labels_N),
            ("held-out", self.test_NCHW, self.test_labels_N),
        ):
            if len(images) == 0:
                raise DatasetError(f"{self.name} has no {part} images; give at least two images.")
            assert images.dtype == np.uint8, images.dtype
            assert images.ndim == 4, images.shape
            assert images.shape[2] == images.shape[3], images.shape
            assert images.shape[1:] == self.train_NCHW.shape[1:], images.shape
            assert len(images) == len(labels), (len(images), len(labels))
            assert labels.min() >= 0, labels.min()
            assert labels.max() < len(self.class_names), (labels.max(), self.class_names)
        _ = self.shape  # an unusable shape is refused here

    @property
    def shape(self) -> ImageShape:
        """Shape of every image."""
        return ImageShape(int(self.train_NCHW.shape[1]), int(self.train_NCHW.shape[2]))
