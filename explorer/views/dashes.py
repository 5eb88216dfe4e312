"""Dashes along lines. For a soft, dashed line Qt takes twenty times as long as for its dashes one by one."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def dashes_along(lines: Sequence[Floats], width: float, height: float, *, dash: float, gap: float) -> Floats:
    """The dashes of polylines that can be seen in a window, however far the lines lead beyond it.

    Dashes are counted from each line's start, so that they stay where they are on it while the window moves. One that
    leads round a corner cuts it.

    Args:
        lines: The corners of each, (M, 2), in pixels from the window's top left, all finite.
        width: Of the window, in pixels.
        height: Of the window, in pixels.
        dash: Length of a dash in pixels.
        gap: Length of what parts two dashes, in pixels.

    Returns:
        A row (x, y, x, y) for each dash, (K, 4), in their order.
    """
    lines = [line_M2 for line_M2 in lines if len(line_M2) > 1]
    if not lines:
        return np.empty((0, 4))
    # All lines as one, since numpy takes hardly longer for all of them than for one. It is measured so that each begins
    # with a dash, and later than the one before it ends.
    corners_M2, period = np.concatenate(lines), dash + gap
    counts_L = np.array([len(line_M2) for line_M2 in lines])
    lasts_L = np.cumsum(counts_L) - 1
    starts_S2, ways_S2 = corners_M2[:-1], np.diff(corners_M2, axis=0)
    lengths_S = np.hypot(ways_S2[:, 0], ways_S2[:, 1])
    lengths_S[lasts_L[:-1]] = 0.0
    along_M = np.concatenate(([0.0], np.cumsum(lengths_S)))
    from_L, to_L = along_M[lasts_L - counts_L + 1], along_M[lasts_L]
    room_L = (np.floor((to_L - from_L) / period) + 1) * period
    begins_L = np.cumsum(room_L) - room_L
    along_M += np.repeat(begins_L - from_L, counts_L)
    ends_L = along_M[lasts_L]

    enter_S, leave_S = _shares_inside(starts_S2, ways_S2, np.array([width, height]), dash)
    leave_S[lasts_L[:-1]] = -np.inf  # from one line to the next
    seen_s = np.flatnonzero(enter_S < leave_S)
    first_s = np.floor((along_M[seen_s] + enter_S[seen_s] * lengths_S[seen_s]) / period).astype(np.int64)
    last_s = np.floor((along_M[seen_s] + leave_S[seen_s] * lengths_S[seen_s]) / period).astype(np.int64)
    counts_s = last_s - first_s + 1
    within = np.arange(counts_s.sum()) - np.repeat(np.cumsum(counts_s) - counts_s, counts_s)
    begin_K = np.unique(np.repeat(first_s, counts_s) + within) * period
    limit_K = ends_L[np.searchsorted(begins_L, begin_K, side="right") - 1]
    begin_K, limit_K = begin_K[begin_K < limit_K], limit_K[begin_K < limit_K]
    end_K = np.minimum(begin_K + dash, limit_K)
    places = [np.interp(ends_K, along_M, corners_M2[:, axis]) for ends_K in (begin_K, end_K) for axis in (0, 1)]
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
