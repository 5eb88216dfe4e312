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
_BUCKETS = 65_536


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

    A ray from a point to the right crosses the polygon's sides an odd number of times when the point is inside.
    Points are first put into 65,536 buckets by height, so that each side looks only at those that it may matter to.

    Args:
        x_N: Contiguous, no NaN.
        y_N: Contiguous, no NaN.
        polygon_M2: Corners, in order; the last is joined to the first. Fewer than three hold no point.
    """
    if len(polygon_M2) < 3 or len(x_N) == 0:
        return np.empty(0, dtype=np.int64)
    (left, bottom), (right, top) = polygon_M2.min(axis=0).tolist(), polygon_M2.max(axis=0).tolist()
    near = points_in_rectangle(x_N, y_N, Bounds(left, bottom, right, top))
    if len(near) == 0 or top <= bottom:
        return np.empty(0, dtype=np.int64)
    per_unit = (_BUCKETS - 1) / (top - bottom)
    bucket_n = ((y_N[near].astype(np.float64) - bottom) * per_unit).clip(0, _BUCKETS - 1).astype(np.uint16)
    near = near[np.argsort(bucket_n, kind="stable")]
    bucket_n.sort(kind="stable")
    px_n, py_n = x_N[near].astype(np.float64), y_N[near].astype(np.float64)
    inside_n = np.zeros(len(near), dtype=bool)
    for (x0, y0), (x1, y1) in zip(polygon_M2.tolist(), np.roll(polygon_M2, -1, axis=0).tolist(), strict=True):
        if y0 == y1:
            continue
        low, high = min(y0, y1), max(y0, y1)
        ends = np.asarray([(low - bottom) * per_unit, (high - bottom) * per_unit]).clip(0, _BUCKETS - 1)
        first = int(np.searchsorted(bucket_n, np.uint16(ends[0]), side="left"))
        last = int(np.searchsorted(bucket_n, np.uint16(ends[1]), side="right"))
        part = slice(first, last)
        y_n = py_n[part]
        crossing_n = (y_n >= low) & (y_n < high) & (px_n[part] < x0 + (y_n - y0) * ((x1 - x0) / (y1 - y0)))
        inside_n[part] ^= crossing_n
    return np.sort(near[inside_n])
