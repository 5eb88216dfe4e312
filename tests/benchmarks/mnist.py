"""MNIST where it has been downloaded, else random images in the same files: every loop reads these, its own way."""

import struct
from pathlib import Path

import numpy as np

from trainers.datasets.loading import is_downloaded
from trainers.folders import datasets_folder

COUNTS = {"train": 60_000, "t10k": 10_000}
SIDE = 28


def mnist_in(scratch: Path) -> tuple[Path, str]:
    """The folder of sets that has MNIST, and what the images in it are.

    Args:
        scratch: Where random images may be written.
    """
    if is_downloaded("mnist"):
        return datasets_folder(), "MNIST"
    write_random(scratch)
    return scratch, "random images of MNIST's shape"


def write_random(folder: Path) -> None:
    """Write random images and labels in the four files of MNIST."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(0)
    for part, count in COUNTS.items():
        images = random.integers(0, 256, (count, SIDE, SIDE), dtype=np.uint8)
        labels = random.integers(0, 10, count, dtype=np.uint8)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">4i", 2051, count, SIDE, SIDE) + images.tobytes())
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 2049, count) + labels.tobytes())
