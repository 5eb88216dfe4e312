"""A folder of images: subfolders are classes, and any mixture of formats, sizes and modes becomes one set."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

import numpy as np
import numpy.typing as npt

from trainers.datasets.folder_scan import readable, scan_folder
from trainers.datasets.holding_out import hold_out
from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.picture_file import picture_formats, picture_size, quiet_pictures, read_picture
from trainers.datasets.resizing import allowed_size
from trainers.errors import DatasetError
from trainers.images import ImageSet

COMMON_SIZES = (8, 16, 24, 28, 32, 48, 64, 96, 128)

_MEASURED = 500
_REPORT_EVERY = 16
_NAMED = 3
_ROOM = 2 << 30


def load_folder(name: str, job: LoadingJob) -> ImageSet:
    """Read a folder of images, as `scan_folder` understands it.

    Each image is cropped to the square at its centre and resized; the set is grey if every image is. Without a wanted
    size, images that all are squares of one allowed size keep it; otherwise the largest common size is taken that
    is at most the median of their shorter sides, and lets the whole set have at most 2 GiB. Files that cannot be read
    are skipped and listed in the set's notes. Beside the set itself, memory holds a copy of it while it is split.

    Raises:
        DatasetError: The folder has no readable images, or they do not fit into memory.
        Cancelled: The job was.
    """
    folder = Path(os.path.expanduser(name))
    scan = scan_folder(folder, job)
    files = scan.train + (scan.test or ())
    with quiet_pictures():
        size = job.image_size or _sensible_size([path for _, path in files], job)
        pictures = _read_all([path for _, path in files], size, job)
    if len(pictures.images_NCHW) == 0:
        raise DatasetError(
            f"{folder} has no images that can be read, among {len(files)} files such as {files[0][1].name}; give a"
            " folder of images, or one with a subfolder of images a class."
        )
    used, labels_N = np.unique(np.array([label for label, _ in files])[pictures.rows_N], return_inverse=True)
    labels_N = labels_N.astype(np.int64)
    if scan.test is None:
        train, test = hold_out(labels_N)
    else:
        train, test = (
            np.flatnonzero(part) for part in (pictures.rows_N < len(scan.train), pictures.rows_N >= len(scan.train))
        )
    skipped = [files[row][1].relative_to(folder) for row in pictures.skipped]
    return ImageSet(
        name=name,
        train_NCHW=pictures.images_NCHW[train],
        train_labels_N=labels_N[train],
        test_NCHW=pictures.images_NCHW[test],
        test_labels_N=labels_N[test],
        class_names=tuple(scan.class_names[label] for label in used),
        notes=scan.notes + _skipping_note(skipped, len(files)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pictures:
    """What could be read: images, the row of each in the list of files, and the rows that could not."""

    images_NCHW: npt.NDArray[np.uint8]
    rows_N: npt.NDArray[np.intp]
    skipped: list[int]


def _read_all(paths: Sequence[Path], size: int, job: LoadingJob) -> _Pictures:
    """Read every file into one array, which is grey until the first image in colour comes."""
    formats = picture_formats()
    rows: list[int] = []
    skipped: list[int] = []
    images_NCHW = _room_for(len(paths), 1, size, job)
    for row, path in enumerate(paths):
        job.check()
        if row % _REPORT_EVERY == 0:
            job.report(f"Reading {job.label}", row / len(paths))
        try:
            picture_CHW = read_picture(path, size, formats)
        except Exception:  # noqa: BLE001 - a broken file makes the plug-ins raise anything
            skipped.append(row)
            continue
        count = len(rows)
        if len(picture_CHW) > images_NCHW.shape[1]:
            grey_NCHW, images_NCHW = images_NCHW, _room_for(len(paths), 3, size, job)
            images_NCHW[:count] = grey_NCHW[:count]
        images_NCHW[count] = picture_CHW
        rows.append(row)
    return _Pictures(images_NCHW[: len(rows)], np.array(rows, dtype=np.intp), skipped)


def _room_for(count: int, channels: int, size: int, job: LoadingJob) -> npt.NDArray[np.uint8]:
    try:
        return np.empty((count, channels, size, size), dtype=np.uint8)
    except MemoryError as error:
        raise DatasetError(
            f"{job.label} does not fit into memory: {count:,} images of {size}×{size} px; choose a smaller image size."
        ) from error


def _sensible_size(paths: Sequence[Path], job: LoadingJob) -> int:
    """The size for a set that nobody chose one for, from the heads of at most 500 files spread evenly."""
    formats = picture_formats()
    sizes: list[tuple[int, int]] = []
    for path in paths[:: max(1, len(paths) // _MEASURED)]:
        job.check()
        try:
            sizes.append(picture_size(path, formats))
        except Exception:  # noqa: BLE001 - as above; the reading skips and lists it
            continue
    if not sizes:
        return COMMON_SIZES[0]
    typical = allowed_size(median_low(min(size) for size in sizes))
    if all(size == (typical, typical) for size in sizes):
        return typical
    fitting = [size for size in COMMON_SIZES if size <= typical and len(paths) * 3 * size * size <= _ROOM]
    return fitting[-1] if fitting else COMMON_SIZES[0]


def _skipping_note(skipped: Sequence[Path], total: int) -> tuple[str, ...]:
    if not skipped:
        return ()
    names = ", ".join(readable(path) for path in skipped[:_NAMED])
    more = f" and {len(skipped) - _NAMED:,} more" if len(skipped) > _NAMED else ""
    return (f"Skipped {len(skipped):,} of {total:,} files that cannot be read as images: {names}{more}.",)
