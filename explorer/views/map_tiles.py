"""The pyramid of the decoded map: which tiles a viewport shows, in what order they are wanted, what stands in for one.

A cell of level k is a square of the latent plane with sides of 2^−k, and shows what is decoded at its centre. A tile
is 8 × 8 cells, decoded together. Levels have no end: they follow the viewport, also below 0.
"""

import math
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from explorer.views.viewport import Bounds, Viewport

CELLS: Final = 8
"""Cells along a side of a tile."""
LEAST_CELL: Final = 28.0
"""Pixels along a side of a cell, at least, and less than twice as many: as small as one can recognise an image."""
MOST_TILES: Final = 64
"""In one view."""


class Tile(NamedTuple):
    """A square of 8 × 8 cells; the one with `right` = `up` = 0 has the origin in its lower left corner.

    Attributes:
        level: Its cells have sides of 2^−level.
        right: How many tiles it lies to the right of the origin.
        up: How many tiles it lies above the origin.
    """

    level: int
    right: int
    up: int

    @property
    def cell(self) -> float:
        """Side of a cell in latent units."""
        return math.ldexp(1.0, -self.level)

    @property
    def side(self) -> float:
        """Side of the tile in latent units."""
        return math.ldexp(float(CELLS), -self.level)

    @property
    def bounds(self) -> Bounds:
        """What it covers of the plane."""
        side = self.side
        return Bounds(self.right * side, self.up * side, (self.right + 1) * side, (self.up + 1) * side)

    def centres_N2(self) -> npt.NDArray[np.float32]:
        """The centres of its cells, (64, 2), row by row from the upper left."""
        steps = (np.arange(CELLS) + 0.5) * self.cell
        x_C, y_C = self.right * self.side + steps, self.up * self.side + steps[::-1]
        x_CC, y_CC = np.meshgrid(x_C, y_C)
        return np.stack((x_CC.ravel(), y_CC.ravel()), axis=1).astype(np.float32)

    def above(self, levels: int = 1) -> "Tile":
        """The tile so many levels coarser in which it lies."""
        return Tile(self.level - levels, self.right >> levels, self.up >> levels)

    def below(self) -> "tuple[Tile, Tile, Tile, Tile]":
        """The four tiles of the next finer level that cover it."""
        level, right, up = self.level + 1, 2 * self.right, 2 * self.up
        return (
            Tile(level, right, up),
            Tile(level, right + 1, up),
            Tile(level, right, up + 1),
            Tile(level, right + 1, up + 1),
        )


def level_for(viewport: Viewport, most_tiles: int = MOST_TILES) -> int:
    """The finest level whose cells are large enough to recognise, and whose tiles in view are not too many."""
    level = math.floor(math.log2(viewport.scale / LEAST_CELL) + 1e-9)
    while _count(_span(viewport.bounds, level)) > max(4, most_tiles):
        level -= 1
    return level


def tiles_in(bounds: Bounds, level: int) -> list[Tile]:
    """All tiles of a level that lie in `bounds`, also in part."""
    left, bottom, right, top = _span(bounds, level)
    return [Tile(level, x, y) for y in range(bottom, top + 1) for x in range(left, right + 1)]


def wanted_tiles(
    visible: Iterable[Tile], focus: tuple[float, float], version: int, version_of: Callable[[Tile], int | None]
) -> tuple[tuple[Tile, ...], tuple[Tile, ...]]:
    """What is to be decoded: tiles that are not there, and tiles of an older version.

    Args:
        visible: The tiles in view.
        focus: The place of the plane to begin at.
        version: The one wanted.
        version_of: Which one a tile has; None when it is not there.

    Returns:
        Those that are missing, from the focus outwards; those to refresh, the oldest first, equally old ones from the
        focus outwards. So a refresh that never catches up with training comes to every tile all the same.
    """
    missing: list[tuple[float, Tile]] = []
    older: list[tuple[int, float, Tile]] = []
    for tile in visible:
        has, far = version_of(tile), distance(tile, focus)
        if has is None:
            missing.append((far, tile))
        elif has != version:
            older.append((has, far, tile))
    return tuple(tile for _, tile in sorted(missing)), tuple(tile for _, _, tile in sorted(older))


def distance(tile: Tile, place: tuple[float, float]) -> float:
    """From a place of the plane to the middle of a tile."""
    side = tile.side
    return math.hypot((tile.right + 0.5) * side - place[0], (tile.up + 0.5) * side - place[1])


def _span(bounds: Bounds, level: int) -> tuple[int, int, int, int]:
    """The outermost tiles of a level: left, bottom, right, top. A tile that only touches the edge is not in."""
    side = math.ldexp(float(CELLS), -level)
    left, bottom = math.floor(bounds.left / side), math.floor(bounds.bottom / side)
    right, top = math.ceil(bounds.right / side) - 1, math.ceil(bounds.top / side) - 1
    return left, bottom, max(left, right), max(bottom, top)


def _count(span: tuple[int, int, int, int]) -> int:
    left, bottom, right, top = span
    return (right - left + 1) * (top - bottom + 1)
