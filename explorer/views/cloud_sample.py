"""Every so many-th point of a cloud, which tells where most of it is."""

import numpy as np

from explorer.views.point_picking import Floats
from explorer.views.viewport import Bounds

# Points that are no numbers lie here, far outside any view, with a square that float32 still holds.
NOWHERE = np.float32(3e18)

_SIZE = 2048
# So many points at either end of an axis may lie very far away without moving the bounds, as a share of all.
_STRAYS = 0.02
# A cloud of which no more is outside counts as wholly in view, else a stray point that comes and goes would matter.
_UNSEEN = 0.1


class CloudSample:
    """About two thousand points of a cloud, evenly by their order.

    Attributes:
        x_n: Latent x.
        y_n: Latent y.
    """

    def __init__(self, x_N: Floats, y_N: Floats) -> None:
        step = max(1, len(x_N) // _SIZE)
        self.x_n: Floats = x_N[::step].copy()
        self.y_n: Floats = y_N[::step].copy()

    def bounds(self) -> Bounds | None:
        """Around all points, but for a few that lie very far from the rest; None without points."""
        ends: list[tuple[float, float]] = []
        for values_n in (self.x_n, self.y_n):
            sorted_n = np.sort(values_n)
            count = int(np.searchsorted(sorted_n, NOWHERE))
            if count == 0:
                return None
            stray = int(_STRAYS * count)
            least, most = float(sorted_n[0]), float(sorted_n[count - 1])
            low, high = float(sorted_n[stray]), float(sorted_n[count - 1 - stray])
            beyond = 0.75 * (high - low)
            ends.append((max(least, low - beyond), min(most, high + beyond)))
        (left, right), (bottom, top) = ends
        return Bounds(left, bottom, right, top)

    def share_in(self, bounds: Bounds) -> float:
        """Share of the points inside a rectangle, from 0 to 1; 1 when hardly any is outside."""
        if len(self.x_n) == 0:
            return 1.0
        inside_n = (self.x_n >= bounds.left) & (self.x_n <= bounds.right)
        inside_n &= (self.y_n >= bounds.bottom) & (self.y_n <= bounds.top)
        share = float(np.count_nonzero(inside_n)) / len(inside_n)
        return 1.0 if share >= 1.0 - _UNSEEN else share
