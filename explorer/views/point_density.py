"""Crowds of points to pixels: how many of each class lie where, shown by colour and strength.

Where dots would cover each other many times over, the last one written says nothing of those beneath. Here points are
counted in a grid of small square cells; a cell has the mean colour of its points, and is the more opaque the more
there are, by the logarithm of their number (as in Jugel, Jerzak, Hackenbroich & Markl's and datashader's pictures of
large data: counts over many powers of ten stay apart, and a single point can still be seen).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.views.point_raster import Canvas, Ink, Part, round_stamp
from explorer.views.viewport import Viewport

Sums = npt.NDArray[np.int64]

# Opacity of a cell with a single point among crowded ones; and over a picture.
FAINTEST = 0.5
FAINTEST_OVER_PICTURE = 0.75
# The share of cells that are less crowded than those shown at full strength.
_FULL_SHARE = 0.98
# So many cells are looked at to find that crowd.
_SAMPLED_CELLS = 2048

# Counting adds two numbers a point, each of which holds two sums: count and red, green and blue. The lower sum stays
# below the upper one's first bit for up to 2³² / 255, 16 million points in a cell.
_UPPER = 1 << 32
_LOWER_BITS = _UPPER - 1


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Square cells over a window, which stay where they are in the plane while the window is moved.

    Attributes:
        viewport: The window that the grid shows, in cells, a little larger than the given one.
        columns: Cells across.
        rows: Cells down.
        left: Of the grid's corner, in pixels of the given window; not above 0.
        top: Of the grid's corner, in pixels of the given window; not above 0.
    """

    viewport: Viewport
    columns: int
    rows: int
    left: float
    top: float

    @classmethod
    def over(cls, window: Viewport, side: float) -> "CellGrid":
        """Cells of `side` pixels over a window, one of whose corners is at the plane's origin."""
        cells = window.magnified(1.0 / side)
        origin_x, origin_y = cells.to_pixels(0.0, 0.0)
        left, top = origin_x - math.floor(origin_x) - 1.0, origin_y - math.floor(origin_y) - 1.0
        columns, rows = math.ceil(window.width / side - left), math.ceil(window.height / side - top)
        moved = Viewport(
            cells.centre_x + (left + 0.5 * (columns - window.width / side)) / cells.scale,
            cells.centre_y - (top + 0.5 * (rows - window.height / side)) / cells.scale,
            cells.scale,
            columns,
            rows,
        )
        return cls(moved, columns, rows, left * side, top * side)


def class_weights(rgb_K3: npt.NDArray[np.uint8]) -> Sums:
    """What a point of each class adds to the sums of its cell, (2, K)."""
    red_K, green_K, blue_K = rgb_K3.T.astype(np.int64)
    return np.stack((_UPPER + red_K, green_K * _UPPER + blue_K))


class CellCounts:
    """How many points lie in each cell of a canvas, and the sums of their colours; several sheets of cells at once.

    Attributes:
        sums: (2, sheets × pixels of the canvas): count and red, green and blue, each pair in one number.
        size: Cells of a sheet, its border included.
    """

    def __init__(self, canvas: Canvas, sheets: int) -> None:
        self.size = len(canvas.flat)
        self.sums: Sums = np.zeros((2, sheets * self.size), dtype=np.int64)

    def suits(self, canvas: Canvas, sheets: int) -> bool:
        """Whether it has cells for such a canvas and so many sheets."""
        return self.sums.shape[1] == sheets * len(canvas.flat)

    def count(self, places_N: npt.NDArray[np.intp], weights_2N: Sums) -> None:
        """Count anew.

        Args:
            places_N: Index of each point's cell into a canvas, plus `size` for each sheet before its own.
            weights_2N: Of each point, from `class_weights`.
        """
        self.sums.fill(0)
        for sums, weights_N in zip(self.sums, weights_2N, strict=True):
            np.add.at(sums, places_N, weights_N)

    def draw(self, sheet: int, canvas: Canvas, faintest: float = FAINTEST) -> Part:
        """Draw a sheet's visible cells on an empty canvas; the part outside of which there are none."""
        sums = self.sums[:, sheet * self.size : (sheet + 1) * self.size]
        # All points outside were counted in the border.
        inner = slice(canvas.border, -canvas.border)
        visible = np.zeros((self.size // canvas.stride, canvas.stride), dtype=bool)
        np.not_equal(sums[0].reshape(visible.shape)[inner, inner], 0, out=visible[inner, inner])
        cells_n = np.flatnonzero(visible)
        if len(cells_n) == 0:
            return Part(0, 0, 0, 0)
        first_n, second_n = sums[0][cells_n], sums[1][cells_n]
        rgb_sums = (first_n & _LOWER_BITS, second_n >> 32, second_n & _LOWER_BITS)
        canvas.flat[cells_n] = tone_mapped(first_n >> 32, rgb_sums, faintest)
        top, bottom = int(cells_n[0]) // canvas.stride, int(cells_n[-1]) // canvas.stride
        columns = np.flatnonzero(visible.any(axis=0))
        left, right = int(columns[0]), int(columns[-1])
        return Part(top - canvas.border, left - canvas.border, bottom - top + 1, right - left + 1)


def tone_mapped(counts_n: Sums, rgb_sums: tuple[Sums, Sums, Sums], faintest: float = FAINTEST) -> Ink:
    """Premultiplied ARGB, (n,), of cells with so many points (at least one) and such sums of their colours.

    The opacity is log(1 + count) / log(1 + crowd), stretched to go from `faintest`, for one point, to 1, for a crowd:
    the count that all but a few cells stay below.
    """
    if len(counts_n) == 0:
        return np.empty(0, dtype=np.uint32)
    sample_n = counts_n[:: max(1, len(counts_n) // _SAMPLED_CELLS)]
    rank = int(_FULL_SHARE * (len(sample_n) - 1))
    crowd = int(np.partition(sample_n, rank)[rank])
    numbers_n = counts_n.astype(np.float32)
    if crowd > 1:
        opacity_n = np.log1p(numbers_n)
        opacity_n -= np.float32(math.log(2.0))
        opacity_n *= np.float32((1.0 - faintest) / (math.log1p(crowd) - math.log(2.0)))
        opacity_n += np.float32(faintest)
        np.minimum(opacity_n, np.float32(1.0), out=opacity_n)
    else:
        opacity_n = np.ones(len(counts_n), np.float32)
    ink_n = _rounded(255 * opacity_n)
    opacity_n /= numbers_n
    for sum_n in rgb_sums:
        ink_n <<= np.uint32(8)
        ink_n |= _rounded(sum_n.astype(np.float32) * opacity_n)
    return ink_n


def _rounded(values_n: npt.NDArray[np.float32]) -> Ink:
    values_n += np.float32(0.5)
    return values_n.astype(np.int32).view(np.uint32)  # towards zero, and all are positive


CELL_STAMP = round_stamp(1)
"""What cells are drawn with on a canvas."""
