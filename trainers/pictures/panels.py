"""Pictures side by side, with a title above each."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from trainers.pictures.tiles import enlarged, tile_images

Bytes = npt.NDArray[np.uint8]

GROUND = (22, 24, 29)
"""Behind pictures of claims: dark in both looks, as most images are."""
INK = (214, 218, 226)
QUIET_INK = (138, 145, 158)
FAINT = (58, 63, 73)

_TITLE = 15
_GAP = 12
_TITLE_HEIGHT = 24


def side_by_side(panels: Sequence[tuple[str, Bytes]]) -> Bytes:
    """Pictures, uint8 (H, W, 3) each, from left to right with their titles, aligned at the top: uint8 (H, W, 3)."""
    font = title_font(_TITLE)
    widths = [max(picture.shape[1], int(font.getlength(title)) + 2) for title, picture in panels]
    height = max(picture.shape[0] for _, picture in panels)
    sheet = Image.new("RGB", (sum(widths) + _GAP * (len(panels) + 1), height + _TITLE_HEIGHT + 2 * _GAP), GROUND)
    draw, left = ImageDraw.Draw(sheet), _GAP
    for (title, picture), width in zip(panels, widths, strict=True):
        draw.text((left, _GAP - 2), title, fill=INK, font=font)
        sheet.paste(Image.fromarray(picture), (left, _GAP + _TITLE_HEIGHT))
        left += width + _GAP
    return np.asarray(sheet).copy()


def title_font(size: float) -> ImageFont.FreeTypeFont:
    """The font that comes with Pillow, so that pictures are the same everywhere."""
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def fitted(picture_HW3: Bytes, side: int) -> Bytes:
    """A picture enlarged by a whole factor, as near to `side` high as that allows."""
    return enlarged(picture_HW3, max(1, round(side / picture_HW3.shape[0])))


def labelled_rows(rows: Sequence[tuple[str, Bytes]], *, height: int = 44) -> Bytes:
    """Rows of images, uint8 (N, C, H, W) each, with a label to the left of each row: uint8 (H, W, 3)."""
    font = title_font(_TITLE - 1)
    pictures = [fitted(tile_images(images_NCHW, len(images_NCHW), gap=0), height) for _, images_NCHW in rows]
    left = _GAP + max(int(font.getlength(label)) for label, _ in rows) + _GAP
    width = left + max(picture.shape[1] for picture in pictures) + _GAP
    tall = sum(picture.shape[0] + _GAP // 2 for picture in pictures) + 2 * _GAP - _GAP // 2
    sheet = Image.new("RGB", (width, tall), GROUND)
    draw, top = ImageDraw.Draw(sheet), _GAP
    for (label, _), picture in zip(rows, pictures, strict=True):
        draw.text((_GAP, top + picture.shape[0] / 2), label, fill=INK, font=font, anchor="lm")
        sheet.paste(Image.fromarray(picture), (left, top))
        top += picture.shape[0] + _GAP // 2
    return np.asarray(sheet).copy()


def with_lines(
    picture_HW3: Bytes, lines: Sequence[npt.NDArray[np.float32]], colour: tuple[int, int, int], *, width: int = 2
) -> Bytes:
    """A picture with polylines over it, each (M, 2) in its pixels: column and row."""
    sheet = Image.fromarray(picture_HW3)
    draw = ImageDraw.Draw(sheet)
    for line_M2 in lines:
        draw.line([(float(x), float(y)) for x, y in line_M2], fill=colour, width=width, joint="curve")
    return np.asarray(sheet).copy()


def over(picture_HW3: Bytes, sheet_HW4: Bytes) -> Bytes:
    """A picture with a clear sheet laid over it, of the same size."""
    share = sheet_HW4[..., 3:].astype(np.float32) / 255
    return (picture_HW3 * (1 - share) + sheet_HW4[..., :3] * share).round().astype(np.uint8)
