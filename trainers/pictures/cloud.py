"""Codes as dots on a picture."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

_MARGIN = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A square part of the plane: its middle, and half of its side."""

    x: float
    y: float
    half: float

    @classmethod
    def around(cls, points_N2: Floats, *, share: float = 1.0) -> Self:
        """The smallest window around the points, or around the inner `share` of them along each axis."""
        edge = (1 - share) / 2
        low_2, high_2 = (
            np.quantile(points_N2, [edge, 1 - edge], axis=0) if len(points_N2) else (-np.ones(2), np.ones(2))
        )
        middle_2 = (low_2 + high_2) / 2
        half = float((high_2 - low_2).max()) / 2 * (1 + 2 * _MARGIN)
        return cls(x=float(middle_2[0]), y=float(middle_2[1]), half=half or 1.0)

    def pixels(self, points_N2: Floats, side: int) -> Floats:
        """Where points lie on a picture of this side, column and row, float32 (N, 2); y points up."""
        middle_2 = np.array([self.x, self.y], np.float32)
        scaled_N2 = (points_N2 - middle_2) / (2 * self.half) * np.array([1, -1], np.float32)
        return ((scaled_N2 + 0.5) * side).astype(np.float32)

    def grid(self, count: int) -> Floats:
        """Middles of count × count equal cells, row by row from the top left, float32 (count², 2)."""
        steps = (np.arange(count) + 0.5) / count * 2 - 1
        x, y = np.meshgrid(self.x + self.half * steps, self.y - self.half * steps)
        return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)


def paint_dots(
    points_N2: Floats, colours_N3: Bytes, window: Window, *, side: int, width: float, opacity: float = 1.0
) -> Bytes:
    """Round dots with soft edges on a clear ground, uint8 (side, side, 4); later ones lie on earlier ones.

    Args:
        points_N2: Where the dots are; those outside of the window are left out.
        colours_N3: Colour of each.
        window: The part of the plane that is shown.
        side: Of the picture, in pixels.
        width: Of a dot, in pixels.
        opacity: Of a dot, from 0 to 1.
    """
    places_N2 = window.pixels(points_N2, side)
    reach = int(np.ceil(width / 2 + 1))
    ink_HW3, clear_HW = np.zeros((side, side, 3), np.float32), np.ones((side, side), np.float32)
    offsets = np.arange(-reach, reach + 1)
    inside_N = ((places_N2 > -reach) & (places_N2 < side + reach)).all(axis=1)
    for (column, row), colour_3 in zip(places_N2[inside_N], colours_N3[inside_N].astype(np.float32), strict=True):
        columns, rows = int(column) + offsets, int(row) + offsets
        columns, rows = columns[(columns >= 0) & (columns < side)], rows[(rows >= 0) & (rows < side)]
        if not len(columns) or not len(rows):
            continue
        distance = np.hypot(columns[None] + 0.5 - column, rows[:, None] + 0.5 - row)
        cover = opacity * np.clip(width / 2 + 0.5 - distance, 0, 1)
        part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        ink_HW3[part] = ink_HW3[part] * (1 - cover[..., None]) + cover[..., None] * colour_3
        clear_HW[part] *= 1 - cover
    opaque_HW = 1 - clear_HW
    colour_HW3 = ink_HW3 / np.maximum(opaque_HW, 1e-6)[..., None]
    return np.concatenate([colour_HW3, 255 * opaque_HW[..., None]], axis=2).round().clip(0, 255).astype(np.uint8)


def on_ground(picture_HW4: Bytes, ground: tuple[int, int, int]) -> Bytes:
    """A picture with opacity, laid on one colour: uint8 (H, W, 3)."""
    share = picture_HW4[..., 3:].astype(np.float32) / 255
    laid = picture_HW4[..., :3] * share + np.array(ground, np.float32) * (1 - share)
    return laid.round().astype(np.uint8)
