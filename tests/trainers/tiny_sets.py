"""Tiny files in the layout in which each well-known set is published, with what should be read from them."""

import bz2
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.io import savemat

Pixels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
Part = tuple[Pixels, Labels]

TRAIN, TEST = 30, 12


def write_idx(path: Path, values: Pixels) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(idx_bytes(values))


def idx_bytes(values: Pixels) -> bytes:
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def random_part(count: int, classes: int, channels: int, size: int, seed: int) -> Part:
    random = np.random.default_rng(seed)
    return (
        random.integers(0, 256, (count, channels, size, size), dtype=np.uint8),
        np.arange(count, dtype=np.int64)[::-1] % classes,
    )


def _two_parts(classes: int, channels: int, size: int) -> tuple[Part, Part]:
    return random_part(TRAIN, classes, channels, size, 1), random_part(TEST, classes, channels, size, 2)


def _write_mnist_like(folder: str) -> Callable[[Path], tuple[Part, Part]]:
    def write(root: Path) -> tuple[Part, Part]:
        parts = _two_parts(10, 1, 28)
        for prefix, (images, labels) in zip(("train", "t10k"), parts, strict=True):
            write_idx(root / folder / "raw" / f"{prefix}-images-idx3-ubyte", images[:, 0])
            write_idx(root / folder / "raw" / f"{prefix}-labels-idx1-ubyte", labels.astype(np.uint8))
        return parts

    return write


def _write_letters(root: Path) -> tuple[Part, Part]:
    parts = _two_parts(26, 1, 28)
    for prefix, (images, labels) in zip(("train", "test"), parts, strict=True):
        stem = root / "EMNIST" / "raw" / f"emnist-letters-{prefix}"
        write_idx(stem.with_name(f"{stem.name}-images-idx3-ubyte"), np.ascontiguousarray(images[:, 0].swapaxes(1, 2)))
        write_idx(stem.with_name(f"{stem.name}-labels-idx1-ubyte"), (labels + 1).astype(np.uint8))
    return parts


def _write_usps(root: Path) -> tuple[Part, Part]:
    parts = _two_parts(10, 1, 16)
    root.mkdir(parents=True, exist_ok=True)
    for name, (images, labels) in zip(("usps.bz2", "usps.t.bz2"), parts, strict=True):
        lines: list[str] = []
        for image, label in zip(images, labels, strict=True):
            # a little above the middle of rounding down, so that the text means exactly this byte
            values = (image.ravel() + 0.25) / 255 * 2 - 1
            pixels = " ".join(f"{index}:{min(value, 1):.6f}" for index, value in enumerate(values, start=1))
            lines.append(f"{label + 1} {pixels} \n")
        (root / name).write_bytes(bz2.compress("".join(lines).encode()))
    return parts


def _write_cifar10(root: Path) -> tuple[Part, Part]:
    train, test = _two_parts(10, 3, 32)
    folder = root / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    for number in range(5):
        rows = slice(number * TRAIN // 5, (number + 1) * TRAIN // 5)
        (folder / f"data_batch_{number + 1}.bin").write_bytes(cifar_bytes(train[0][rows], train[1][rows]))
    (folder / "test_batch.bin").write_bytes(cifar_bytes(*test))
    return train, test


def cifar_bytes(images: Pixels, labels: Labels) -> bytes:
    return b"".join(bytes([int(label)]) + image.tobytes() for image, label in zip(images, labels, strict=True))


def _write_svhn(root: Path) -> tuple[Part, Part]:
    parts = _two_parts(10, 3, 32)
    root.mkdir(parents=True, exist_ok=True)
    for name, (images, labels) in zip(("train_32x32.mat", "test_32x32.mat"), parts, strict=True):
        stored = np.where(labels == 0, 10, labels).astype(np.uint8)[:, None]
        savemat(root / name, {"X": images.transpose(2, 3, 1, 0), "y": stored}, do_compression=True)
    return parts


WRITERS: dict[str, Callable[[Path], tuple[Part, Part]]] = {
    "mnist": _write_mnist_like("MNIST"),
    "fashion-mnist": _write_mnist_like("FashionMNIST"),
    "kmnist": _write_mnist_like("KMNIST"),
    "emnist-letters": _write_letters,
    "usps": _write_usps,
    "cifar10": _write_cifar10,
    "svhn": _write_svhn,
}
