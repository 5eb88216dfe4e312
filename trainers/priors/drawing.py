"""A density drawn as a small grey picture: what it means, how it is written down as text, and where its codes lie.

Numpy alone, so that a window can draw one without torch.
"""

import base64
import binascii
import zlib
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from trainers.setting import shortened

Drawing = npt.NDArray[np.uint8]
"""(SIDE, SIDE), row 0 at the top: how dense the codes are in each pixel, 255 the densest."""

SIDE: Final = 64
REACH: Final = 3.0
"""The picture lies over [−REACH, REACH] along each axis."""
PIXEL: Final = 2 * REACH / SIDE
"""Side of a pixel in latent units, and how far its codes are blurred: the standard deviation along each axis."""
LONGEST: Final = 4 * SIDE * SIDE
"""Characters that a written drawing may have; incompressible noise takes a third of them."""


def encode_drawing(drawing: Drawing) -> str:
    """The drawing as text for a recipe: its bytes, row after row, compressed (zlib), in base64."""
    assert drawing.shape == (SIDE, SIDE), drawing.shape
    assert drawing.dtype == np.uint8, drawing.dtype
    return base64.b64encode(zlib.compress(drawing.tobytes(), 9)).decode("ascii")


def decode_drawing(text: str) -> Drawing:
    """The drawing behind a text; the empty text stands for a heart.

    Raises:
        ValueError: With one sentence, when the text is no drawing or nothing is drawn.
    """
    if not text:
        return heart()
    redraw = "draw it again, or take it from a picture"
    if len(text) > LONGEST:
        raise ValueError(f"The drawing is {len(text):,} characters long, and at most {LONGEST:,} are read; {redraw}.")
    try:
        packed = base64.b64decode(text, validate=True)
        unpacker = zlib.decompressobj()
        # One byte more than there can be: a bomb is not unpacked to find out that it is one.
        raw = unpacker.decompress(packed, SIDE * SIDE + 1)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise ValueError(f"The drawing {shortened(text)} cannot be read; {redraw}.") from error
    if len(raw) != SIDE * SIDE or not unpacker.eof or unpacker.unused_data:
        raise ValueError(f"The drawing {shortened(text)} is not {SIDE} by {SIDE} pixels; {redraw}.")
    drawing = np.frombuffer(raw, np.uint8).reshape(SIDE, SIDE)
    if not drawing.any():
        raise ValueError("Nothing is drawn, and codes have to lie somewhere; draw where they should.")
    return drawing


def drawing_problem(text: str) -> str | None:
    """One sentence on why a text is no drawing that can be used, or None."""
    try:
        decode_drawing(text)
    except ValueError as error:
        return str(error)
    return None


@cache
def heart() -> Drawing:
    """What stands there before anything is drawn: a heart, (x² + y² − 1)³ ≤ x² y³, of even density; read-only."""
    middles = (np.arange(SIDE) + 0.5) * PIXEL - REACH
    x_HW, y_HW = np.meshgrid(middles / 1.7, -middles / 1.7 + 0.15)
    inside_HW = (x_HW**2 + y_HW**2 - 1) ** 3 <= x_HW**2 * y_HW**3
    drawing = np.where(inside_HW, 255, 0).astype(np.uint8)
    drawing.setflags(write=False)
    return drawing


def inked_pixels(drawing: Drawing) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """The pixels that are not empty: their middles in the latent plane, (P, 2), and how dense each is, (P,)."""
    row_P, column_P = np.nonzero(drawing)
    x_P, y_P = (column_P + 0.5) * PIXEL - REACH, REACH - (row_P + 0.5) * PIXEL
    return np.stack([x_P, y_P], axis=1).astype(np.float32), drawing[row_P, column_P].astype(np.int64)


def drawn_codes(
    drawing: Drawing, choice_N: npt.NDArray[np.floating], normal_N2: npt.NDArray[np.floating]
) -> npt.NDArray[np.float32]:
    """Codes of the density, (N, 2), none where nothing is drawn.

    Args:
        drawing: The density.
        choice_N: Numbers in [0, 1), each of which chooses a pixel.
        normal_N2: Standard normal numbers, which place the code around its middle.
    """
    middle_P2, ink_P = inked_pixels(drawing)
    if not len(ink_P):
        return np.zeros((0, 2), np.float32)
    reach_P = np.cumsum(ink_P)
    pixel_N = np.searchsorted(reach_P, choice_N * reach_P[-1], side="right").clip(max=len(ink_P) - 1)
    return (middle_P2[pixel_N] + PIXEL * normal_N2).astype(np.float32)


def density_grid(drawing: Drawing, margin: int) -> npt.NDArray[np.float64]:
    """The blurred density, up to a factor, at the middles of all pixels and of `margin` more on each side."""
    at_M = np.arange(-margin, SIDE + margin)
    blur_MS = np.exp(-0.5 * np.square(at_M[:, None] - np.arange(SIDE)))
    return blur_MS @ drawing.astype(np.float64) @ blur_MS.T
