"""One picture from a file, whatever its format, mode and shape, as a small square of bytes."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from warnings import catch_warnings, simplefilter

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from trainers.datasets.resizing import FILTER

Pixels = npt.NDArray[np.uint8]

_PAPER = (255, 255, 255, 255)
_SIXTEEN_BIT = 65535


def picture_formats() -> tuple[str, ...]:
    """Names of the formats that are read: all of Pillow's but PostScript, which would start another program."""
    Image.init()
    return tuple(name for name in Image.ID if name != "EPS")


@contextmanager
def quiet_pictures() -> Generator[None]:
    """Keep Pillow's warnings to ourselves, but make a picture of suspicious size an error.

    Filters of warnings belong to the whole process, so this goes around a whole loading and not around each picture.
    """
    with catch_warnings():
        simplefilter("ignore")
        simplefilter("error", Image.DecompressionBombWarning)
        yield


def why_unreadable(error: Exception) -> str:
    """What is wrong with a picture, in a few words for a sentence, from what reading it raised."""
    if isinstance(error, Image.DecompressionBombWarning | Image.DecompressionBombError):
        return f"it has more than {(Image.MAX_IMAGE_PIXELS or 0) // 10**6} million pixels"
    if isinstance(error, UnidentifiedImageError):
        return "it is of no known format"
    return str(error).strip().rstrip(".") or type(error).__name__


def picture_size(path: Path, formats: tuple[str, ...]) -> tuple[int, int]:
    """Width and height in pixels, from the head of the file; raises what Pillow raises."""
    with Image.open(path, formats=formats) as picture:
        return picture.size


def open_picture(path: Path, least_side: int, formats: tuple[str, ...]) -> Image.Image:
    """Read a picture, upright, in mode "L" or "RGB"; one larger than `least_side` may come back smaller, not below it.

    Transparent parts show white paper, and of an animation the first frame is taken. Numbers beyond 8 bits are scaled,
    not cut off.

    Raises:
        Exception: Of any kind, since a broken file makes Pillow's plug-ins stumble anywhere.
    """
    with Image.open(path, formats=formats) as opened:
        opened.draft(None, (least_side, least_side))  # a large JPEG is decoded no larger than needed
        return _eight_bit(_upright(opened))


def read_picture(path: Path, size: int, formats: tuple[str, ...]) -> Pixels:
    """Read a picture, crop its centre to a square and resize that; `open_picture` says what is made of odd ones.

    Returns:
        (1, size, size) where all colours are grey, else (3, size, size).

    Raises:
        Exception: Of any kind, since a broken file makes Pillow's plug-ins stumble anywhere.
    """
    picture = open_picture(path, 2 * size, formats)
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    picture = picture.resize((size, size), FILTER, box=(left, top, left + side, top + side))
    if picture.mode == "L":
        return np.asarray(picture)[None]
    pixels_CHW = np.asarray(picture).transpose(2, 0, 1)
    red_HW, green_HW, blue_HW = pixels_CHW
    is_grey = np.array_equal(red_HW, green_HW) and np.array_equal(green_HW, blue_HW)
    return pixels_CHW[:1] if is_grey else pixels_CHW


def _upright(picture: Image.Image) -> Image.Image:
    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except (ValueError, TypeError, KeyError, SyntaxError, OSError, ArithmeticError):
        return picture  # a broken note on how the camera was held spoils no picture


def _eight_bit(picture: Image.Image) -> Image.Image:
    """The picture in mode "L" or "RGB"."""
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(_scaled(np.asarray(picture), sixteen_bit=picture.mode.startswith("I;16")))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", picture.size, _PAPER), picture).convert("RGB")
    if picture.mode in ("1", "L"):
        return picture.convert("L")
    return picture.convert("RGB")


def _scaled(values_HW: npt.NDArray[np.generic], *, sixteen_bit: bool) -> Pixels:
    """Bring wide numbers to bytes.

    16-bit files use their whole range. Other numbers do not say theirs: it is taken to be the narrowest of 0 to 1 (for
    fractions), 0 to 255 and 0 to 65,535 that holds them, else from the least to the greatest.
    """
    numbers_HW = values_HW.astype(np.float64)
    if not np.isfinite(numbers_HW).all():
        raise ValueError("some pixels are no numbers")
    low, high = 0.0, float(_SIXTEEN_BIT)
    if not sixteen_bit:
        least, greatest = float(numbers_HW.min()), float(numbers_HW.max())
        ranges = (1, 255, _SIXTEEN_BIT) if values_HW.dtype.kind == "f" else (255, _SIXTEEN_BIT)
        fitting = [limit for limit in ranges if least >= 0 and greatest <= limit]
        low, high = (0.0, float(fitting[0])) if fitting else (least, greatest)
    return np.rint((numbers_HW - low) * (255 / max(high - low, 1e-300))).astype(np.uint8)
