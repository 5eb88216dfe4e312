"""Dashes along lines. For a soft, dashed line Qt takes twenty times as long as for its dashes one by one."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def dashes_along(line_M2: Floats, width: float, height: float, *, dash: float, gap: float) -> Floats:
    """The dashes of a polyline that can be seen in a window, however far the line leads beyond it.

    Dashes are counted from the line's start, so that they stay where they are on it while the window moves. One that
    leads round a corner cuts it.

    Args:
        line_M2: The corners in pixels from the window's top left, all finite.
        width: Of the window, in pixels.
        height: Of the window, in pixels.
        dash: Length of a dash in pixels.
        gap: Length of what parts two dashes, in pixels.

    Returns:
        A row (x, y, x, y) for each dash, (K, 4), in their order.
    """
    if len(line_M2) < 2:
        return np.empty((0, 4))
    starts_S2, ways_S2 = line_M2[:-1], np.diff(line_M2, axis=0)
    lengths_S = np.hypot(ways_S2[:, 0], ways_S2[:, 1])
    along_M = np.concatenate(([0.0], np.cumsum(lengths_S)))
    enter_S, leave_S = _shares_inside(starts_S2, ways_S2, np.array([width, height]), dash)
    seen_s = np.flatnonzero(enter_S < leave_S)
    period = dash + gap
    first_s = np.floor((along_M[seen_s] + enter_S[seen_s] * lengths_S[seen_s]) / period).astype(np.int64)
    last_s = np.floor((along_M[seen_s] + leave_S[seen_s] * lengths_S[seen_s]) / period).astype(np.int64)
    counts_s = last_s - first_s + 1
    within = np.arange(counts_s.sum()) - np.repeat(np.cumsum(counts_s) - counts_s, counts_s)
    begin_K = np.unique(np.repeat(first_s, counts_s) + within) * period
    begin_K = begin_K[begin_K < along_M[-1]]
    end_K = np.minimum(begin_K + dash, along_M[-1])
    places = [np.interp(ends_K, along_M, line_M2[:, axis]) for ends_K in (begin_K, end_K) for axis in (0, 1)]
    return np.stack(places, axis=1)


def _shares_inside(starts_S2: Floats, ways_S2: Floats, size_2: Floats, margin: float) -> tuple[Floats, Floats]:
    """Where each straight piece enters the window with a margin round it, and leaves it, as shares of its length.

    By slabs, as rays are cut with boxes: Kay and Kajiya (1986), Ray Tracing Complex Scenes.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        one_S2, other_S2 = (-margin - starts_S2) / ways_S2, (size_2 + margin - starts_S2) / ways_S2
    nearer_S2, farther_S2 = np.minimum(one_S2, other_S2), np.maximum(one_S2, other_S2)
    still_S2 = ways_S2 == 0.0
    between_S2 = (starts_S2 >= -margin) & (starts_S2 <= size_2 + margin)
    nearer_S2[still_S2] = np.where(between_S2, -np.inf, np.inf)[still_S2]
    farther_S2[still_S2] = np.where(between_S2, np.inf, -np.inf)[still_S2]
    return np.maximum(nearer_S2.max(axis=1), 0.0), np.minimum(farther_S2.min(axis=1), 1.0)
