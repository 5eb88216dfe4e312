"""How each point of a cloud looks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from explorer.views.point_picking import Indices


@dataclass(frozen=True, slots=True, eq=False)
class PointLooks:
    """Colours of classes, and which points are muted.

    Attributes:
        classes_N: Index of each point's colour.
        rgb_K3: The colours.
        rim: From 0 to 1, how far points are set off from a picture behind them.
        strong_N: Whether each point is not muted; None when none is.
    """

    classes_N: npt.NDArray[np.intp]
    rgb_K3: npt.NDArray[np.uint8]
    rim: float
    strong_N: npt.NDArray[np.bool_] | None

    def by_strength(self, count: int, near_n: Indices | None) -> tuple[Indices | slice, Indices | slice | None]:
        """Which of `count` points, all of the cloud's or those of `near_n`, are strong; and muted, None for none."""
        if self.strong_N is None:
            return slice(0, count), None
        strong_n = self.strong_N if near_n is None else self.strong_N[near_n]
        return np.flatnonzero(strong_n), np.flatnonzero(~strong_n)
