"""Chosen images on the disk: sheets, tables and arrays that can be trained on again."""

from pathlib import Path

import numpy as np
import pytest

from trainers.chosen_images import LARGEST_SHEET, ChosenImages, sheet, write_chosen
from trainers.datasets.loading import load_images
from trainers.errors import LatentExplorerError


def chosen(count: int = 12, size: int = 8, channels: int = 3) -> ChosenImages:
    random = np.random.default_rng(0)
    return ChosenImages(
        images_NCHW=random.integers(0, 256, (count, channels, size, size), dtype=np.uint8),
        indices_N=np.arange(count) * 3,
        labels_N=np.arange(count) % 2,
        class_names=("cat", "dog, wet"),
        codes={"VAE": random.normal(size=(count, 2)).astype(np.float32)},
    )


def test_arrays_can_be_opened_as_a_set(tmp_path: Path) -> None:
    write_chosen(chosen(), tmp_path / "some.npz")
    images = load_images(str(tmp_path / "some.npz"))
    assert images.class_names == ("cat", "dog, wet")
    assert images.shape.channels == 3
    assert len(images.train_NCHW) + len(images.test_NCHW) == 12


def test_a_sheet_too_large_to_open_is_refused() -> None:
    many = LARGEST_SHEET // 65 + 1
    pixel = np.zeros((1, 1, 1, 1), np.uint8)
    count = many * many
    with pytest.raises(LatentExplorerError, match="choose"):
        sheet(
            ChosenImages(
                images_NCHW=np.broadcast_to(pixel, (count, 1, 64, 64)),
                indices_N=np.arange(count),
                labels_N=np.zeros(count, np.int64),
                class_names=("images",),
                codes={},
            )
        )


def test_an_older_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "some.csv").mkdir()
    with pytest.raises(LatentExplorerError, match="choose another place"):
        write_chosen(chosen(), tmp_path / "some.csv")
