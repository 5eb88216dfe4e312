"""A drawn prior from a picture in a file: dark ink becomes dense."""

from pathlib import Path

import numpy as np

from trainers.datasets.picture_file import open_picture, picture_formats, quiet_pictures, why_unreadable
from trainers.datasets.resizing import FILTER
from trainers.errors import DatasetError
from trainers.priors.drawing import SIDE, Drawing


def read_drawing(path: Path, *, inverted: bool = False) -> Drawing:
    """Read a picture of any common format as a density.

    The whole picture is fitted into the square, without distortion; beside it nothing is drawn. Its lightest place is
    left empty and its darkest is the densest, or with `inverted` the other way round.

    Raises:
        DatasetError: When there is no such file, it is no picture, or it is of one colour.
    """
    if not path.is_file():
        raise DatasetError(f"There is no file {path}; give a picture, such as a PNG or a JPEG file.")
    try:
        with quiet_pictures():
            picture = open_picture(path, 4 * SIDE, picture_formats()).convert("L")
            scale = SIDE / max(picture.size)
            width, height = (max(1, round(length * scale)) for length in picture.size)
            grey_HW = np.asarray(picture.resize((width, height), FILTER)).astype(np.float64)
    except Exception as error:  # whatever a broken file makes Pillow's plug-ins stumble over
        reason = why_unreadable(error)
        raise DatasetError(f"{path.name} cannot be read as a picture ({reason}); give a PNG or a JPEG file.") from error
    ink_HW = grey_HW - grey_HW.min() if inverted else grey_HW.max() - grey_HW
    if not ink_HW.max() > 0:
        raise DatasetError(f"{path.name} is of one grey all over; give a picture with dark and light parts.")
    drawing = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    drawing[top : top + height, left : left + width] = np.rint(ink_HW * (255 / ink_HW.max()))
    return drawing
