"""Labels of an array file, as numbers or text, brought to classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from trainers.datasets.loading_job import LoadingJob
from trainers.errors import DatasetError

Array = npt.NDArray[Any]
Labels = npt.NDArray[np.int64]


def classes_from_labels(
    arrays: Mapping[str, Array], count: int, test_count: int | None, job: LoadingJob
) -> tuple[Labels, Labels | None, tuple[str, ...]]:
    """Bring `labels` and `test_labels` to indices into the names of the classes.

    Args:
        arrays: The file's arrays; `labels`, `test_labels` and `class_names` are looked for.
        count: How many images there are.
        test_count: How many held-out images there are, or None where the file holds none out.
        job: For its label.

    Returns:
        The class of each image, that of each held-out image, and the names, of at least one class.

    Raises:
        DatasetError: Labels are missing for one part, too many or too few, of another kind, or beyond the names.
    """
    labels = _labels(arrays.get("labels"), "labels", count, job)
    test_labels = None
    if test_count is not None:
        test_labels = _labels(arrays.get("test_labels"), "test_labels", test_count, job)
        if (labels is None) != (test_labels is None):
            raise DatasetError(f"{job.label} has only one of `labels` and `test_labels`; give both or neither.")
    if labels is None:
        zeros = np.zeros(count, dtype=np.int64)
        return zeros, None if test_count is None else np.zeros(test_count, dtype=np.int64), ("images",)
    everything = labels if test_labels is None else _joined(labels, test_labels, job)
    if "class_names" in arrays:
        names = tuple(_text(arrays["class_names"].ravel(), "class_names", job).tolist())
        if everything.dtype.kind == "U" or everything.min() < 0 or everything.max() >= len(names):
            raise DatasetError(
                f"`labels` in {job.label} are no indices into its {len(names)} `class_names`; give whole numbers from 0"
                f" to {len(names) - 1}, or leave `class_names` out."
            )
        indices = everything.astype(np.int64)
    else:
        values, indices = np.unique(everything, return_inverse=True)
        names = tuple(str(value) for value in values.tolist())
        indices = indices.astype(np.int64).reshape(-1)
    return indices[:count], None if test_count is None else indices[count:], names


def _labels(array: Array | None, name: str, count: int, job: LoadingJob) -> Array | None:
    """Whole numbers or text, one an image, or None where there are none."""
    if array is None:
        return None
    if array.size != count or array.ndim == 0 or len(array) != count:
        raise DatasetError(
            f"`{name}` in {job.label} has the shape {array.shape}, but there are {count} images; give one label"
            " an image."
        )
    flat = array.reshape(-1)
    if flat.dtype.kind in "bi" or (flat.dtype.kind == "u" and flat.max() > np.iinfo(np.int64).max):
        return flat
    if flat.dtype.kind == "u":
        return flat.astype(np.int64)  # unsigned beside signed numbers would become fractions
    if (
        flat.dtype.kind == "f"
        and np.isfinite(flat).all()
        and (flat == np.rint(flat)).all()
        and (abs(flat) < 2**53).all()
    ):
        return flat.astype(np.int64)
    return _text(flat, name, job)


def _joined(labels: Array, test_labels: Array, job: LoadingJob) -> Array:
    if (labels.dtype.kind == "U") != (test_labels.dtype.kind == "U"):
        raise DatasetError(
            f"In {job.label} one of `labels` and `test_labels` is text, the other numbers; give both alike."
        )
    return np.concatenate([labels, test_labels])


def _text(array: Array, name: str, job: LoadingJob) -> Array:
    if array.dtype.kind == "S":
        return np.char.decode(array, "utf-8", "replace")
    if array.dtype.kind == "U":
        return array
    raise DatasetError(f"`{name}` in {job.label} holds {array.dtype} values; give whole numbers or text.")
