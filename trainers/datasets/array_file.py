"""An .npz file: arrays `images` and, if wanted, `labels`, `test_images`, `test_labels` and `class_names`."""

import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from trainers.datasets.array_images import images_from_array
from trainers.datasets.array_labels import classes_from_labels
from trainers.datasets.holding_out import hold_out
from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.resizing import allowed_size, resize_images
from trainers.errors import DatasetError
from trainers.images import ImageSet

Array = npt.NDArray[Any]

_KNOWN = ("images", "labels", "test_images", "test_labels", "class_names")


def load_array_file(name: str, job: LoadingJob) -> ImageSet:
    """Read an array file.

    Arrays:
        images: (N, H, W), (N, H, W, C) or (N, C, H, W) with C of 1 or 3; bytes, whole numbers from 0 to 255, fractions
            from 0 to 1, or booleans. Images that are no squares are padded with the colour of their borders.
        labels: (N,) whole numbers or text; without it there are no classes.
        test_images, test_labels: What is held out; without it a fifth of every class is.
        class_names: Text; `labels` then are indices into it.

    Python objects are never read, since that would run code from the file.

    Raises:
        DatasetError: The file is damaged, or its arrays are none of these.
        Cancelled: The job was.
    """
    job.report(f"Reading {job.label}")
    arrays = _read(Path(os.path.expanduser(name)), job)
    if "images" not in arrays:
        raise DatasetError(
            f"{job.label} has no array `images`; make the file with numpy.savez(path, images=…, labels=…)."
        )
    notes: list[str] = []
    images_NCHW = images_from_array(arrays["images"], "images", job, notes)
    test_NCHW = None
    if "test_images" in arrays:
        test_NCHW = images_from_array(arrays["test_images"], "test_images", job, notes)
        if test_NCHW.shape[1] != images_NCHW.shape[1]:
            raise DatasetError(
                f"In {job.label} one of `images` and `test_images` is grey, the other RGB; give both alike."
            )
    size = job.image_size or allowed_size(images_NCHW.shape[2])
    if size != images_NCHW.shape[2] and not job.image_size:
        notes.append(f"Images of {images_NCHW.shape[2]}×{images_NCHW.shape[2]} px were resized to {size}×{size}.")
    labels_N, test_labels_N, class_names = classes_from_labels(
        arrays, len(images_NCHW), None if test_NCHW is None else len(test_NCHW), job
    )
    images_NCHW = resize_images(images_NCHW, size, job)
    if test_NCHW is None or test_labels_N is None:
        train, test = hold_out(labels_N)
        images_NCHW, test_NCHW = images_NCHW[train], images_NCHW[test]
        labels_N, test_labels_N = labels_N[train], labels_N[test]
    else:
        test_NCHW = resize_images(test_NCHW, size, job)
    return ImageSet(
        name=name,
        train_NCHW=images_NCHW,
        train_labels_N=labels_N,
        test_NCHW=test_NCHW,
        test_labels_N=test_labels_N,
        class_names=class_names,
        notes=tuple(dict.fromkeys(notes)),
    )


def _read(path: Path, job: LoadingJob) -> dict[str, Array]:
    """The arrays of known names."""
    arrays: dict[str, Array] = {}
    try:
        with path.open("rb") as file:
            if not zipfile.is_zipfile(file):
                raise DatasetError(f"{job.label} is damaged or no .npz file; make it with numpy.savez(path, images=…).")
            file.seek(0)
            with np.load(file, allow_pickle=False) as content:
                for name in _KNOWN:
                    if name in content:
                        job.check()
                        arrays[name] = np.asarray(content[name])
    except MemoryError as error:
        raise DatasetError(f"{job.label} does not fit into memory; give fewer or smaller images.") from error
    except (OSError, ValueError, EOFError, KeyError, TypeError, NotImplementedError, RuntimeError) as error:
        raise _unreadable(job, error) from error
    except (zipfile.BadZipFile, zlib.error, SyntaxError) as error:
        raise _unreadable(job, error) from error
    return arrays


def _unreadable(job: LoadingJob, error: Exception) -> DatasetError:
    if isinstance(error, ValueError) and "allow_pickle" in str(error):
        return DatasetError(
            f"{job.label} holds Python objects, which could run code and are not read; save plain arrays of"
            " numbers or text."
        )
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return DatasetError(f"{job.label} cannot be read ({reason}); make it with numpy.savez(path, images=…, labels=…).")
