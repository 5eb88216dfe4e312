"""A grid of places on the plane, and what was computed at each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from trainers.messages import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneGrid:
    """Square cells in rows and columns; row 0 is at the bottom, where y is smallest.

    Attributes:
        left: x of the left edge.
        bottom: y of the bottom edge.
        cell: Side of a cell.
        rows: How many upwards.
        columns: How many to the right.
    """

    left: float
    bottom: float
    cell: float
    rows: int
    columns: int

    @classmethod
    def around(cls, *clouds_N2: Floats, cells: int, margin: float) -> "PlaneGrid":
        """The grid around all finite points, with at most `cells` cells a side and a margin on each, in latent units.

        Raises:
            ValueError: When no point is finite.
        """
        points_N2 = np.concatenate([cloud_N2[np.isfinite(cloud_N2).all(1)] for cloud_N2 in clouds_N2])
        if not len(points_N2):
            raise ValueError("There is no point to lay a grid around.")
        low_2, high_2 = points_N2.min(0) - margin, points_N2.max(0) + margin
        extent_2 = np.maximum(high_2 - low_2, 1e-6)
        cell = float(extent_2.max()) / cells
        columns, rows = (max(1, int(np.ceil(extent / cell - 1e-6))) for extent in extent_2.tolist())
        return cls(left=float(low_2[0]), bottom=float(low_2[1]), cell=cell, rows=rows, columns=columns)

    @property
    def x_M(self) -> Floats:
        """Where the middle of each column is."""
        return (self.left + self.cell * (np.arange(self.columns) + 0.5)).astype(np.float32)

    @property
    def y_R(self) -> Floats:
        """Where the middle of each row is, from the bottom."""
        return (self.bottom + self.cell * (np.arange(self.rows) + 0.5)).astype(np.float32)

    @property
    def right(self) -> float:
        """Where the right edge is."""
        return self.left + self.cell * self.columns

    @property
    def top(self) -> float:
        """Where the top edge is."""
        return self.bottom + self.cell * self.rows

    def points_N2(self) -> Floats:
        """The middle of every cell, row by row, (rows · columns, 2)."""
        x_RM, y_RM = np.meshgrid(self.x_M, self.y_R)
        return np.stack([x_RM.ravel(), y_RM.ravel()], axis=1)

    def values_at(self, values_RM: Floats, points_N2: Floats, *, outside: float = 0.0) -> Floats:
        """Values at any points, (N,), bilinear between the middles of cells, and `outside` beyond the edge."""
        column_N = (points_N2[:, 0].astype(np.float64) - self.left) / self.cell - 0.5
        row_N = (points_N2[:, 1].astype(np.float64) - self.bottom) / self.cell - 0.5
        is_inside_N = (
            (column_N >= -0.5) & (column_N <= self.columns - 0.5) & (row_N >= -0.5) & (row_N <= self.rows - 0.5)
        )
        low_column_N, right_share_N = _split(column_N, self.columns, is_inside_N)
        low_row_N, up_share_N = _split(row_N, self.rows, is_inside_N)
        next_column_N = np.minimum(low_column_N + 1, self.columns - 1)
        next_row_N = np.minimum(low_row_N + 1, self.rows - 1)
        below_N = _between(values_RM[low_row_N, low_column_N], values_RM[low_row_N, next_column_N], right_share_N)
        above_N = _between(values_RM[next_row_N, low_column_N], values_RM[next_row_N, next_column_N], right_share_N)
        return np.where(is_inside_N, _between(below_N, above_N, up_share_N), outside).astype(np.float32)


def _split(
    place_N: npt.NDArray[np.float64], count: int, is_inside_N: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """The cell whose middle lies before each place, and the share of the way to the next."""
    place_N = np.where(is_inside_N, place_N, 0.0).clip(0.0, count - 1.0)
    first_N = np.floor(place_N).astype(np.intp)
    return first_N, place_N - first_N


def _between(
    first_N: npt.NDArray[np.floating], second_N: npt.NDArray[np.floating], share_N: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    return first_N * (1.0 - share_N) + second_N * share_N
