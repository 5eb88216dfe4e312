"""An image of one's own, drawn or from a file, brought into the form of a set's images.

MNIST's digits were scaled, with their proportions kept, to fit a box of 20×20 pixels, and moved within 28×28 so that
their centre of mass lies in the middle (LeCun, Cortes & Burges 1998, "The MNIST database of handwritten digits").
Other sets have other habits. `frame_of` finds them in the images themselves, so that MNIST gives MNIST's; sets without
a plain ground, such as photographs, have none.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from trainers.datasets.picture_file import open_picture, picture_formats, quiet_pictures, why_unreadable
from trainers.datasets.resizing import FILTER
from trainers.errors import DatasetError
from trainers.images import ImageSet, ImageShape

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8] | npt.NDArray[np.floating]

LARGEST_PICTURE: Final = 512
LOOKED_AT: Final = 300
"""Images of a set that tell its habits."""
IS_INK: Final = 24
"""Difference from the ground, of 255, from which on a pixel belongs to what is drawn."""
MOSTLY: Final = 0.6
"""Share of the border that is ground, in a set that has a plain one."""
PLAIN: Final = 12.0
"""Mean difference of the border from its median, of 255, up to which the ground is plain."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How a set's images stand on their ground.

    Attributes:
        share: Longer side of the box around what is drawn, as a share of the image's side.
        is_light: Whether they are dark on light ground.
        by_mass: Whether their centre of mass lies in the middle, and not that of their box.
    """

    share: float
    is_light: bool
    by_mass: bool


def frame_of(images_NCHW: Pixels) -> Frame | None:
    """The habits of a set, uint8 (N, C, H, W); None where the ground is not plain."""
    looked_at = np.linspace(0, len(images_NCHW) - 1, min(len(images_NCHW), LOOKED_AT)).astype(np.int64)
    grey_NHW = images_NCHW[looked_at].mean(1)
    ground = float(np.median(_borders(grey_NHW)))
    # Images that fill their square touch its border here and there; where no ground is plain, all of it differs.
    if (np.abs(_borders(grey_NHW) - ground) < IS_INK).mean() < MOSTLY or 64 < ground < 191:
        return None
    ink_NHW = np.abs(grey_NHW - ground)
    boxes = [box for ink_HW in ink_NHW if (box := _box(ink_HW)) is not None]
    if not boxes:
        return None
    size = grey_NHW.shape[2]
    sides = [max(bottom - top, right - left) / size for top, bottom, left, right in boxes]
    middles_B2 = np.array([((top + bottom) / 2, (left + right) / 2) for top, bottom, left, right in boxes])
    masses_B2 = np.array([_mass_centre(ink_HW) for ink_HW in ink_NHW if _box(ink_HW) is not None])
    return Frame(
        share=float(np.median(sides)),
        is_light=ground >= 128,
        by_mass=bool(masses_B2.std(0).sum() < middles_B2.std(0).sum()),
    )


@lru_cache(maxsize=4)
def habits_of(images: ImageSet) -> Frame | None:
    """The habits of a set's training images, found once."""
    return frame_of(images.train_NCHW)


def fit_drawing(ink_HW: Pixels, shape: ImageShape, frame: Frame | None, *, framed: bool = True) -> Pixels:
    """A drawing, 255 where the ink is, as an image of a set.

    Args:
        ink_HW: (H, W).
        shape: Of the set's images; strokes become grey in sets of colour.
        frame: The set's habits; without them the drawing is only resized.
        framed: Whether to scale and move it as those habits want.

    Returns:
        (C, H, W), uint8.
    """
    if framed and frame is not None and _box(ink_HW) is not None:
        fitted_HW = _framed(ink_HW, shape.size, frame)
    else:
        fitted_HW = np.asarray(Image.fromarray(ink_HW).resize((shape.size, shape.size), FILTER))
    if frame is not None and frame.is_light:
        fitted_HW = 255 - fitted_HW
    return np.repeat(fitted_HW[None], shape.channels, axis=0)


def fit_picture(picture_CHW: Pixels, shape: ImageShape, frame: Frame | None, *, framed: bool = True) -> Pixels:
    """A picture as an image of a set: its ink framed where both have a plain ground, else its square middle resized.

    Args:
        picture_CHW: (1 or 3, H, W), of any proportions.
        shape: Of the set's images.
        frame: The set's habits.
        framed: Whether to scale and move it as those habits want.

    Returns:
        (C, H, W), uint8.
    """
    if framed and frame is not None and (ink_HW := ink_of(picture_CHW)) is not None:
        return fit_drawing(ink_HW, shape, frame)
    height, width = picture_CHW.shape[1:]
    side = min(height, width)
    left, top = (width - side) // 2, (height - side) // 2
    picture = _as_picture(picture_CHW).convert("L" if shape.channels == 1 else "RGB")
    resized = np.asarray(picture.resize((shape.size, shape.size), FILTER, box=(left, top, left + side, top + side)))
    return resized[None] if shape.channels == 1 else np.ascontiguousarray(resized.transpose(2, 0, 1))


def ink_of(picture_CHW: Pixels) -> Pixels | None:
    """What stands on the plain ground of a picture, (H, W), 255 its strongest; None without plain ground or ink."""
    grey_HW = np.asarray(_as_picture(picture_CHW).convert("L")).astype(np.float64)
    border = _borders(grey_HW[None])
    ground = float(np.median(border))
    ink_HW = np.abs(grey_HW - ground)
    if np.abs(border - ground).mean() > PLAIN or ink_HW.max() < IS_INK:
        return None
    # Paper is never quite even: what is faint beside the strongest ink is ground.
    return np.rint(np.clip(ink_HW / ink_HW.max() * 1.25 - 0.125, 0, 1) * 255).astype(np.uint8)


def read_own_picture(path: Path) -> Pixels:
    """A picture from a file, uint8 (1 or 3, H, W), its longer side at most `LARGEST_PICTURE`.

    Raises:
        DatasetError: When there is no such file, or it is no picture.
    """
    if not path.is_file():
        raise DatasetError(f"There is no file {path}; give a picture, such as a PNG or a JPEG file.")
    try:
        with quiet_pictures():
            picture = open_picture(path, LARGEST_PICTURE, picture_formats())
            picture.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE), FILTER)
    except Exception as error:  # whatever a broken file makes Pillow's plug-ins stumble over
        reason = why_unreadable(error)
        raise DatasetError(f"{path.name} cannot be read as a picture ({reason}); give a PNG or a JPEG file.") from error
    pixels = np.asarray(picture)
    return pixels[None] if pixels.ndim == 2 else np.ascontiguousarray(pixels.transpose(2, 0, 1))


def fit_ground(picture_CHW: Pixels, side: int) -> Pixels:
    """A picture as ink on a square pad, (side, side): the whole of it, without distortion."""
    ink_HW = ink_of(picture_CHW)
    if ink_HW is None:
        ink_HW = np.asarray(_as_picture(picture_CHW).convert("L"))
    scale = side / max(ink_HW.shape)
    height, width = (max(1, round(length * scale)) for length in ink_HW.shape)
    pad_HW = np.zeros((side, side), np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    small_HW = np.asarray(Image.fromarray(ink_HW).resize((width, height), FILTER))
    pad_HW[top : top + height, left : left + width] = small_HW
    return pad_HW


def _framed(ink_HW: Pixels, size: int, frame: Frame) -> Pixels:
    box = _box(ink_HW)
    assert box is not None
    top, bottom, left, right = box
    cut_HW = np.ascontiguousarray(ink_HW[top:bottom, left:right])
    side = max(1, round(frame.share * size))
    scale = side / max(cut_HW.shape)
    height, width = (max(1, round(length * scale)) for length in cut_HW.shape)
    small_HW = np.asarray(Image.fromarray(cut_HW).resize((width, height), FILTER))
    down, across = _mass_centre(small_HW) if frame.by_mass else (height / 2, width / 2)
    # Whole pixels, and never over the edge.
    first_row = min(max(round(size / 2 - down), 0), size - height)
    first_column = min(max(round(size / 2 - across), 0), size - width)
    framed_HW = np.zeros((size, size), np.uint8)
    framed_HW[first_row : first_row + height, first_column : first_column + width] = small_HW
    return framed_HW


def _box(ink_HW: Grey) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right of what is drawn; bottom and right lie one beyond it. None where nothing is."""
    is_ink_HW = ink_HW >= IS_INK
    rows, columns = np.flatnonzero(is_ink_HW.any(1)), np.flatnonzero(is_ink_HW.any(0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _mass_centre(ink_HW: Grey) -> tuple[float, float]:
    """Row and column of the centre of mass, where the middle of the first pixel is at a half."""
    weights_HW = ink_HW.astype(np.float64)
    total = float(weights_HW.sum())
    height, width = weights_HW.shape
    if total <= 0:
        return height / 2, width / 2
    rows, columns = np.arange(height) + 0.5, np.arange(width) + 0.5
    return float(weights_HW.sum(1) @ rows) / total, float(weights_HW.sum(0) @ columns) / total


def _borders(grey_NHW: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    parts = (grey_NHW[:, 0], grey_NHW[:, -1], grey_NHW[:, :, 0], grey_NHW[:, :, -1])
    return np.concatenate([part.ravel() for part in parts])


def _as_picture(picture_CHW: Pixels) -> Image.Image:
    channels = len(picture_CHW)
    return Image.fromarray(picture_CHW[0] if channels == 1 else np.ascontiguousarray(picture_CHW.transpose(1, 2, 0)))
