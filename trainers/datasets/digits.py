"""The handwritten digits that come with scikit-learn: real, small, and there without a network."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainers.datasets.holding_out import hold_out
from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.resizing import resize_images
from trainers.images import ImageSet

_SIDE = 8
_BRIGHTEST = 16


def load_digits(name: str, job: LoadingJob) -> ImageSet:
    """1,797 digits of 8×8 pixels, a fixed fifth of every class held out."""
    table = _table()
    images_NCHW = np.rint(table[:, :-1] * (255 / _BRIGHTEST)).astype(np.uint8).reshape(-1, 1, _SIDE, _SIDE)
    labels_N = table[:, -1].astype(np.int64)
    images_NCHW = resize_images(images_NCHW, job.image_size or _SIDE, job)
    train, test = hold_out(labels_N)
    return ImageSet(
        name=name,
        train_NCHW=images_NCHW[train],
        train_labels_N=labels_N[train],
        test_NCHW=images_NCHW[test],
        test_labels_N=labels_N[test],
        class_names=tuple("0123456789"),
    )


def _table() -> npt.NDArray[np.float64]:
    """The pixels, 0 to 16, and the class of each digit: (1797, 65).

    scikit-learn's table is read without importing scikit-learn where its file lies in the usual place: that takes
    0.02 s in place of 2 s, and the window waits for these images at every start.
    """
    package = importlib.util.find_spec("sklearn")
    for folder in (package and package.submodule_search_locations) or ():
        path = Path(folder, "datasets", "data", "digits.csv.gz")
        if path.is_file():
            with gzip.open(path, "rt", encoding="ascii") as lines:
                return np.loadtxt(lines, delimiter=",")
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    return np.column_stack([pixels, labels])
