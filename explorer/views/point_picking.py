"""Which points are meant: the nearest one, or those inside a rectangle or a lasso.

All of them look at every point. For coordinates that change many times a second that beats any tree: a million
distances take less than a millisecond, building a tree for them takes a third of a second.
"""

import numpy as np
import numpy.typing as npt

from explorer.views.viewport import Bounds

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

_CHUNK = 65_536
# Cells along either side of the rectangle around a polygon.
_CELLS = 384
_OUTSIDE, _INSIDE, _OPEN = 0, 1, 2


def nearest_point(x_N: Floats, y_N: Floats, x: float, y: float, radius: float, handicap_N: Floats | None = None) -> int:
    """Index of the point that is nearest to (x, y) and at most `radius` away, or −1.

    Args:
        x_N: Contiguous, no NaN.
        y_N: Contiguous, no NaN.
        x: In the points' units.
        y: In the points' units.
        radius: In the points' units.
        handicap_N: Added to the squared distances; infinity takes a point out of the choice.
    """
    best, best_square = -1, np.inf
    size = min(_CHUNK, len(x_N))
    across, along = np.empty(size, np.float32), np.empty(size, np.float32)
    with np.errstate(over="ignore"):
        for first in range(0, len(x_N), _CHUNK):
            part = slice(first, min(first + _CHUNK, len(x_N)))
            n = part.stop - first
            square, other = across[:n], along[:n]
            np.subtract(x_N[part], np.float32(x), out=square)
            np.subtract(y_N[part], np.float32(y), out=other)
            square *= square
            other *= other
            square += other
            if handicap_N is not None:
                square += handicap_N[part]
            index = int(square.argmin())
            if square[index] < best_square:
                best, best_square = first + index, float(square[index])
    return best if best_square <= radius * radius else -1


def points_in_rectangle(x_N: Floats, y_N: Floats, bounds: Bounds) -> Indices:
    """Indices, ascending, of the points inside a rectangle or on its edge."""
    inside_N = (x_N >= bounds.left) & (x_N <= bounds.right) & (y_N >= bounds.bottom) & (y_N <= bounds.top)
    return np.flatnonzero(inside_N).astype(np.int64, copy=False)


def points_in_polygon(x_N: Floats, y_N: Floats, polygon_M2: npt.NDArray[np.float64]) -> Indices:
    """Indices, ascending, of the points inside a polygon, by the even-odd rule.

    The rectangle around the polygon is cut into cells. A cell that no side meets is inside or outside as a whole; only
    points in the other cells are compared with the sides.

    Args:
        x_N: Contiguous, no NaN.
        y_N: Contiguous, no NaN.
        polygon_M2: Corners, in order; the last is joined to the first. Fewer than three hold no point.
    """
    if len(polygon_M2) < 3 or len(x_N) == 0:
        return np.empty(0, dtype=np.int64)
    (left, bottom), (right, top) = polygon_M2.min(axis=0).tolist(), polygon_M2.max(axis=0).tolist()
    near_n = points_in_rectangle(x_N, y_N, Bounds(left, bottom, right, top))
    if len(near_n) == 0 or top <= bottom or right <= left:
        return np.empty(0, dtype=np.int64)
    x_n, y_n = x_N[near_n].astype(np.float64), y_N[near_n].astype(np.float64)
    # A point may come to lie in the cell beside its own by rounding, which is why `_cells` marks neighbours, too.
    columns_n = ((x_n - left) * (_CELLS / (right - left))).astype(np.int64)
    rows_n = ((y_n - bottom) * (_CELLS / (top - bottom))).astype(np.int64)
    columns_n += 1
    rows_n += 1
    rows_n *= _CELLS + 3
    rows_n += columns_n
    state_n = np.take(_cells(polygon_M2), rows_n)
    open_n = np.flatnonzero(state_n == _OPEN)
    inside_n = state_n == _INSIDE
    inside_n[open_n] = _by_sides(x_n[open_n], y_n[open_n], polygon_M2)
    return near_n[inside_n]


def _cells(polygon_M2: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """State of each cell, flat, of rows of `_CELLS` + 3: with one cell more around the rectangle, and its far edge."""
    least_2 = polygon_M2.min(axis=0)
    start_M2 = (polygon_M2 - least_2) * (_CELLS / (polygon_M2.max(axis=0) - least_2)) + 1.0
    way_M2 = np.roll(start_M2, -1, axis=0) - start_M2
    width = _CELLS + 3
    # Which cells a side meets: it is looked at every half cell, and what is next to what is found counts as well.
    steps_M = np.ceil(2.0 * np.abs(way_M2).max(axis=1)).astype(np.int64) + 1
    side_n = np.repeat(np.arange(len(way_M2)), steps_M)
    step_n = np.arange(len(side_n)) - np.repeat(np.cumsum(steps_M) - steps_M, steps_M)
    places_n2 = (start_M2[side_n] + way_M2[side_n] * (step_n / steps_M[side_n])[:, None]).astype(np.int64)
    met = np.zeros((width + 2, width + 2), dtype=bool)
    met[places_n2[:, 1] + 1, places_n2[:, 0] + 1] = True
    met[:, 1:-1] = met[:, 1:-1] | met[:, 2:] | met[:, :-2]
    met[1:-1] = met[1:-1] | met[2:] | met[:-2]
    # How many sides cross each row's middle in each cell; a cell is inside when an odd number lies before it.
    low_M, high_M = (
        np.minimum(start_M2[:, 1], start_M2[:, 1] + way_M2[:, 1]),
        np.maximum(start_M2[:, 1], start_M2[:, 1] + way_M2[:, 1]),
    )
    first_M, last_M = np.ceil(low_M - 0.5).astype(np.int64), np.ceil(high_M - 0.5).astype(np.int64)
    side_n = np.repeat(np.arange(len(way_M2)), last_M - first_M)
    begin_M = np.cumsum(last_M - first_M) - (last_M - first_M)
    row_n = first_M[side_n] + np.arange(len(side_n)) - begin_M[side_n]
    share_n = (row_n + 0.5 - start_M2[side_n, 1]) / way_M2[side_n, 1]
    column_n = (start_M2[side_n, 0] + way_M2[side_n, 0] * share_n).astype(np.int64).clip(0, width - 1)
    crossings = np.bincount(row_n * width + column_n, minlength=width * width).reshape(width, width)
    inside = np.cumsum(crossings, axis=1) % 2 == 1
    state = np.where(met[1:-1, 1:-1], _OPEN, np.where(inside, _INSIDE, _OUTSIDE))
    return state.astype(np.uint8).ravel()


def _by_sides(
    x_n: npt.NDArray[np.float64], y_n: npt.NDArray[np.float64], polygon_M2: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """Whether each point is inside: a ray from it to the right crosses an odd number of sides.

    Points are put in order of height, so that each side looks only at those that it may matter to.
    """
    order_n = np.argsort(y_n)
    x_n, y_n = x_n[order_n], y_n[order_n]
    odd_n = np.zeros(len(x_n), dtype=bool)
    for (x0, y0), (x1, y1) in zip(polygon_M2.tolist(), np.roll(polygon_M2, -1, axis=0).tolist(), strict=True):
        first, last = np.searchsorted(y_n, (min(y0, y1), max(y0, y1))).tolist()
        if first < last:
            part = slice(first, last)
            odd_n[part] ^= x_n[part] < x0 + (y_n[part] - y0) * ((x1 - x0) / (y1 - y0))
    inside_n = np.empty(len(x_n), dtype=bool)
    inside_n[order_n] = odd_n
    return inside_n
