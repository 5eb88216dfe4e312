"""Chosen images written to a file, for other programs or to train on: a sheet of them, a table, or arrays."""

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from trainers.atomic_write import write_atomically
from trainers.errors import LatentExplorerError

SUFFIXES: Final = (".png", ".csv", ".npz")
LARGEST_SHEET: Final = 16_000
"""Pixels along a side, which every program opens."""
GAP: Final = 1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ChosenImages:
    """What is written.

    Attributes:
        images_NCHW: The images, uint8.
        indices_N: Which of the shown held-out images they are.
        labels_N: Class of each, an index into `class_names`.
        class_names: Of the whole set.
        codes: From the name of a model to the code of each image, (N, D).
    """

    images_NCHW: npt.NDArray[np.uint8]
    indices_N: npt.NDArray[np.int64]
    labels_N: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    codes: Mapping[str, npt.NDArray[np.float32]]


def write_chosen(chosen: ChosenImages, path: Path) -> None:
    """Write a file of the kind that its ending says.

    `.png` is a sheet of all images in rows, as square as can be. `.csv` has a line for each image: `image`, `label`,
    `class`, and a column for each latent coordinate of each model. `.npz` holds `images`, `labels` and `class_names`,
    so that it can be opened as a set of images again, further `indices` and `codes_…` for each model.

    Raises:
        LatentExplorerError: When the ending is none of these, the sheet would be too large, or the file cannot be
            written; an older file is as it was.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise LatentExplorerError(
            f"{path.name} does not say what to write; let the name end in .png for a sheet, .csv for a table or .npz"
            " for arrays."
        )
    content = sheet(chosen) if suffix == ".png" else table(chosen) if suffix == ".csv" else arrays(chosen)
    try:
        write_atomically(path, content)
    except OSError as error:
        raise LatentExplorerError(
            f"{path} cannot be written ({error.strerror or error}); choose another place."
        ) from error


def sheet(chosen: ChosenImages) -> bytes:
    """All images in rows, as a PNG file."""
    count, channels, size, _ = chosen.images_NCHW.shape
    columns = max(1, math.ceil(math.sqrt(count)))
    rows = math.ceil(count / columns)
    pitch = size + GAP
    if columns * pitch > LARGEST_SHEET:
        most = (LARGEST_SHEET // pitch) ** 2
        raise LatentExplorerError(
            f"A sheet of {count:,} images would be too large to open; choose {most:,} or fewer, or write .npz."
        )
    grey = 128
    paper = np.full((rows * pitch - GAP, columns * pitch - GAP, channels), grey, np.uint8)
    for at, image_CHW in enumerate(chosen.images_NCHW):
        top, left = at // columns * pitch, at % columns * pitch
        paper[top : top + size, left : left + size] = image_CHW.transpose(1, 2, 0)
    buffer = io.BytesIO()
    Image.fromarray(paper[..., 0] if channels == 1 else paper).save(buffer, "PNG")
    return buffer.getvalue()


def table(chosen: ChosenImages) -> bytes:
    """A line for each image, as a CSV file in UTF-8."""
    names = [f"{model} z{axis + 1}" for model, codes_ND in chosen.codes.items() for axis in range(codes_ND.shape[1])]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["image", "label", "class", *names])
    for row, (index, label) in enumerate(zip(chosen.indices_N.tolist(), chosen.labels_N.tolist(), strict=True)):
        numbers = [f"{number:.6g}" for codes_ND in chosen.codes.values() for number in codes_ND[row].tolist()]
        writer.writerow([index, label, chosen.class_names[label], *numbers])
    return text.getvalue().encode("utf-8")


def arrays(chosen: ChosenImages) -> bytes:
    """The same as numpy arrays, in an NPZ file."""
    contents: dict[str, Any] = {
        "images": chosen.images_NCHW,
        "labels": chosen.labels_N,
        "class_names": np.array(chosen.class_names),
        "indices": chosen.indices_N,
    }
    contents |= {f"codes_{model}": codes_ND for model, codes_ND in chosen.codes.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **contents)
    return buffer.getvalue()
