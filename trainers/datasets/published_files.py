"""Readers of the files in which well-known sets are published.

torchvision reads the same files, but it takes seconds to import, reads CIFAR-10 through pickle, and computes checksums
at every start; these readers are numpy alone. Each raises `DatasetError` on a damaged file.

A part is (images, labels): uint8, (N, C, H, W), and int64, (N,).
"""

import bz2
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainers.errors import DatasetError

Part = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]

_IDX_UINT8 = 0x08


def read_idx_part(images: Path, labels: Path) -> Part:
    """Grey images and their labels from two idx files: the format of MNIST and its relatives."""
    images_NHW, labels_N = _read_idx(images, 3), _read_idx(labels, 1)
    if len(images_NHW) != len(labels_N):
        raise damaged(images, f"{len(images_NHW)} images but {len(labels_N)} labels")
    return images_NHW[:, None], labels_N.astype(np.int64)


def _read_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """An idx file of bytes: 0, 0, type, dimensions; each dimension as a big-endian 32-bit number; the values."""
    content = np.fromfile(path, dtype=np.uint8)
    start = 4 + 4 * dimensions
    if len(content) < start or content[:4].tolist() != [0, 0, _IDX_UINT8, dimensions]:
        raise damaged(path, "it is no idx file of bytes")
    shape = content[4:start].view(">u4").tolist()
    expected = int(np.prod(shape, dtype=np.float64))
    if len(content) - start != expected:
        raise damaged(path, f"{len(content) - start} bytes of content, but its head says {expected}")
    return content[start:].reshape(shape)


def read_cifar_batches(paths: list[Path]) -> Part:
    """32×32 colour images from CIFAR-10's binary version: each is one byte of label, then 1,024 red, green, blue."""
    records = []
    for path in paths:
        content = np.fromfile(path, dtype=np.uint8)
        if len(content) == 0 or len(content) % 3073:
            raise damaged(path, f"{len(content)} bytes are no whole number of images")
        records.append(content.reshape(-1, 3073))
    records_NR = np.concatenate(records)
    return np.ascontiguousarray(records_NR[:, 1:]).reshape(-1, 3, 32, 32), records_NR[:, 0].astype(np.int64)


def read_usps(path: Path) -> Part:
    """16×16 grey images from text, one a line: a label from 1, then `index:value` 256 times with values in [−1, 1].

    Pixels are rounded down to bytes as torchvision does.
    """
    try:
        text = bz2.decompress(path.read_bytes()).decode("ascii")
        if not text.strip():
            raise damaged(path, "it is empty")
        columns = np.loadtxt(text.replace(":", " ").splitlines(), dtype=np.float32, ndmin=2)
    except (OSError, ValueError, EOFError) as error:
        raise damaged(path, str(error)) from error
    values = columns[:, 2::2]
    in_order = columns.shape[1] == 513 and (columns[:, 1::2] == np.arange(1, 257)).all()
    if not in_order or not (np.abs(values) <= 1).all() or not np.isfinite(columns).all():
        raise damaged(path, "its lines are no images of 256 values from −1 to 1")
    images_NCHW = ((values + 1) / 2 * 255).astype(np.uint8).reshape(-1, 1, 16, 16)
    return images_NCHW, columns[:, 0].astype(np.int64) - 1


def read_svhn(path: Path) -> Part:
    """32×32 colour images from a MATLAB file: `X`, (H, W, C, N), and `y`, which says 10 for the digit 0."""
    from scipy.io import loadmat

    try:
        content = loadmat(path, variable_names=["X", "y"])
        pixels_HWCN, labels = content["X"], content["y"]
    except Exception as error:  # a foreign file makes the reader raise anything, down to zlib's own error
        raise damaged(path, str(error) or type(error).__name__) from error
    if pixels_HWCN.dtype != np.uint8 or pixels_HWCN.ndim != 4 or pixels_HWCN.shape[:3] != (32, 32, 3):
        raise damaged(path, f"its images have the shape {pixels_HWCN.shape}")
    if labels.size != pixels_HWCN.shape[3] or labels.dtype.kind not in "iuf":
        raise damaged(path, f"{pixels_HWCN.shape[3]} images but {labels.size} labels")
    return np.ascontiguousarray(pixels_HWCN.transpose(3, 2, 0, 1)), labels.astype(np.int64).ravel() % 10


def damaged(path: Path, reason: str) -> DatasetError:
    """The error for a file that cannot be used."""
    return DatasetError(f"{path} is damaged ({reason}); delete it, and download the set again.")
