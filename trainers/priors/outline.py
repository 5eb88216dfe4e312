"""Lines of equal height on a grid of numbers, by marching squares (Lorensen & Cline 1987, in the plane)."""

import numpy as np
import numpy.typing as npt

Heights = npt.NDArray[np.float64]
Edge = tuple[int, int, bool]
"""A side between two neighbours of the grid: row and column of its first end, and whether it runs downwards."""


def outlines(heights_HW: Heights, level: float) -> tuple[npt.NDArray[np.float32], ...]:
    """Closed lines, (M, 2) as (column, row), around all that is higher than `level`, holes too.

    The border of the grid must be lower: no line may leave it. Between neighbours, heights are taken as linear.
    """
    above_HW = heights_HW > level
    assert not above_HW[[0, -1]].any(), "the border is above the level"
    assert not above_HW[:, [0, -1]].any(), "the border is above the level"
    follows = _segments(heights_HW, level)
    lines: list[npt.NDArray[np.float32]] = []
    while follows:
        start, here = follows.popitem()
        edges = [start]
        while here != start:
            edges.append(here)
            here = follows.pop(here)
        places = [_crossing(heights_HW, level, edge) for edge in (*edges, start)]
        lines.append(np.array(places, np.float32))
    return tuple(lines)


def level_that_holds(heights_HW: Heights, share: float) -> float:
    """The level above which the highest places hold this share of the sum of all."""
    falling_N = np.sort(heights_HW, axis=None)[::-1]
    total_N = np.cumsum(falling_N)
    first = int(np.searchsorted(total_N, share * total_N[-1]))
    return float(falling_N[min(first, len(falling_N) - 1)])


def _segments(heights_HW: Heights, level: float) -> dict[Edge, Edge]:
    """From each side that a line crosses to the one that it crosses next, with the high ground always on one hand."""
    above_HW = heights_HW > level
    follows: dict[Edge, Edge] = {}
    corners_HW = (
        above_HW[:-1, :-1] * 1 + above_HW[:-1, 1:] * 2 + above_HW[1:, 1:] * 4 + above_HW[1:, :-1] * 8
    )  # clockwise from the upper left
    for row, column in np.argwhere((corners_HW > 0) & (corners_HW < 15)).tolist():
        sides: tuple[Edge, ...] = (
            (row, column, False),
            (row, column + 1, True),
            (row + 1, column, False),
            (row, column, True),
        )  # upper, right, lower, left
        corner = int(corners_HW[row, column])
        if corner in (5, 10):  # a saddle: the middle of the square says which corners hang together
            joined = heights_HW[row : row + 2, column : column + 2].mean() > level
            pairs = _SADDLES[corner, bool(joined)]
        else:
            pairs = (_PAIRS[corner],)
        for enter, leave in pairs:
            follows[sides[enter]] = sides[leave]
    return follows


def _crossing(heights_HW: Heights, level: float, edge: Edge) -> tuple[float, float]:
    """Where a line crosses a side, as (column, row)."""
    row, column, downwards = edge
    low, high = heights_HW[row, column], heights_HW[row + downwards, column + (not downwards)]
    share = float((level - low) / (high - low))
    return (column, row + share) if downwards else (column + share, row)


_UPPER, _RIGHT, _LOWER, _LEFT = range(4)
# From the corners that are high, as a sum, to the sides where the line enters and leaves.
_PAIRS: dict[int, tuple[int, int]] = {
    1: (_LEFT, _UPPER),
    2: (_UPPER, _RIGHT),
    3: (_LEFT, _RIGHT),
    4: (_RIGHT, _LOWER),
    6: (_UPPER, _LOWER),
    7: (_LEFT, _LOWER),
    8: (_LOWER, _LEFT),
    9: (_LOWER, _UPPER),
    11: (_LOWER, _RIGHT),
    12: (_RIGHT, _LEFT),
    13: (_RIGHT, _UPPER),
    14: (_UPPER, _LEFT),
}
_SADDLES: dict[tuple[int, bool], tuple[tuple[int, int], tuple[int, int]]] = {
    (5, False): ((_LEFT, _UPPER), (_RIGHT, _LOWER)),
    (5, True): ((_RIGHT, _UPPER), (_LEFT, _LOWER)),
    (10, False): ((_UPPER, _RIGHT), (_LOWER, _LEFT)),
    (10, True): ((_UPPER, _LEFT), (_LOWER, _RIGHT)),
}
