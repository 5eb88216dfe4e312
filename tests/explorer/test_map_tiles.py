"""The pyramid of the decoded map: properties that hold for any view, the order of work, the bound of memory."""

import itertools
import math
import random

import numpy as np
import pytest
from PySide6.QtGui import QImage

from explorer.views.map_tiles import CELLS, LEAST_CELL, Tile, distance, level_for, tiles_in, wanted_tiles
from explorer.views.tile_store import TileStore
from explorer.views.viewport import MAXIMUM_SCALE, Bounds, Viewport


def some_viewports(count: int = 60) -> list[Viewport]:
    chance = random.Random(7)
    return [
        Viewport(
            centre_x=chance.uniform(-1, 1) * 10 ** chance.uniform(-3, 3),
            centre_y=chance.uniform(-1, 1) * 10 ** chance.uniform(-3, 3),
            scale=10 ** chance.uniform(-4, 8),
            width=chance.randint(1, 1600),
            height=chance.randint(1, 1200),
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("viewport", some_viewports())
def test_tiles_cover_the_view_once_and_reach_no_further_than_they_must(viewport: Viewport) -> None:
    level, visible = level_for(viewport), viewport.bounds
    tiles = tiles_in(visible, level)
    assert tiles[0].cell * viewport.scale * (1 + 1e-6) >= LEAST_CELL
    assert tiles[0].cell * viewport.scale < 2 * LEAST_CELL
    assert len(set(tiles)) == len(tiles)
    for tile in tiles:
        bounds = tile.bounds
        assert bounds.left < visible.right
        assert bounds.right > visible.left
        assert bounds.bottom < visible.top
        assert bounds.top > visible.bottom
    assert min(tile.bounds.left for tile in tiles) <= visible.left
    assert max(tile.bounds.right for tile in tiles) >= visible.right
    assert min(tile.bounds.bottom for tile in tiles) <= visible.bottom
    assert max(tile.bounds.top for tile in tiles) >= visible.top
    columns, rows = {tile.right for tile in tiles}, {tile.up for tile in tiles}
    assert {(tile.right, tile.up) for tile in tiles} == set(itertools.product(columns, rows))
    assert columns == set(range(min(columns), max(columns) + 1))


@pytest.mark.parametrize("viewport", some_viewports(20))
def test_every_zoom_by_two_is_a_level_and_there_is_no_deepest(viewport: Viewport) -> None:
    level = level_for(viewport)
    assert level_for(viewport.zoomed(2.0, 0.0, 0.0)) == level + 1
    deepest = viewport.zoomed(math.inf, 0.0, 0.0)
    assert deepest.scale == MAXIMUM_SCALE
    assert level_for(deepest) > 33
    assert 1 <= len(tiles_in(deepest.bounds, level_for(deepest))) <= 64


@pytest.mark.parametrize("most", [4, 9, 20])
def test_a_large_view_has_larger_cells_instead_of_too_many_tiles(most: int) -> None:
    for viewport in some_viewports():
        assert len(tiles_in(viewport.bounds, level_for(viewport, most))) <= most


@pytest.mark.parametrize("place", [(0, 0), (-1, -1), (5, -7), (-12, 3)])
def test_a_tile_lies_in_the_one_above_and_is_covered_by_those_below(place: tuple[int, int]) -> None:
    tile = Tile(3, *place)
    assert all(fine.above() == tile for fine in tile.below())
    assert len({*tile.below()}) == 4
    assert all(tile.bounds.contains(fine.bounds) for fine in tile.below())
    for levels in range(6):
        assert tile.above(levels).bounds.contains(tile.bounds)
        assert tile.above(levels).side == tile.side * 2**levels


@pytest.mark.parametrize("tile", [Tile(0, 0, 0), Tile(-2, -1, 4), Tile(9, -300, 55)])
def test_centres_are_those_of_cells_from_the_upper_left(tile: Tile) -> None:
    centres = tile.centres_N2().astype(np.float64)
    bounds, cell = tile.bounds, tile.cell
    for row, column in itertools.product(range(CELLS), repeat=2):
        expected = (bounds.left + (column + 0.5) * cell, bounds.top - (row + 0.5) * cell)
        assert centres[row * CELLS + column] == pytest.approx(expected, rel=1e-6)


def test_what_is_missing_is_wanted_from_the_focus_outwards() -> None:
    tiles = tiles_in(Bounds(-30, -20, 30, 20), 0)
    focus = (11.0, -7.0)
    missing, older = wanted_tiles(tiles, focus, 5, lambda _: None)
    assert older == ()
    assert set(missing) == set(tiles)
    far = [distance(tile, focus) for tile in missing]
    assert far == sorted(far)
    bounds = missing[0].bounds
    assert bounds.left <= 11.0 <= bounds.right
    assert bounds.bottom <= -7.0 <= bounds.top


def test_the_oldest_are_refreshed_first_and_the_newest_not_at_all() -> None:
    near, middle, far = Tile(0, 0, 0), Tile(0, 1, 0), Tile(0, 2, 0)
    versions = {near: 3, middle: 1, far: 1}
    missing, older = wanted_tiles(versions, (4.0, 4.0), 3, versions.get)
    assert missing == ()
    assert older == (middle, far)


def test_a_refresh_that_never_catches_up_comes_to_every_tile() -> None:
    tiles = tiles_in(Bounds(-30, -20, 30, 20), 0)
    versions = dict.fromkeys(tiles, 0)
    for version in range(1, len(tiles) + 1):  # one tile a version
        _, older = wanted_tiles(tiles, (0.0, 0.0), version, versions.get)
        versions[older[0]] = version
    assert sorted(versions.values()) == list(range(1, len(tiles) + 1))


def picture(value: int = 0, side: int = 16) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(value)
    return image


def test_memory_is_bounded_and_what_was_not_used_for_longest_goes() -> None:
    size = picture().sizeInBytes()
    store = TileStore(4 * size)
    tiles = [Tile(0, right, 0) for right in range(6)]
    for tile in tiles[:4]:
        store.put(tile, 1, picture())
    assert store.use(tiles[0]) is not None
    for tile in tiles[4:]:
        store.put(tile, 1, picture())
    assert store.size_bytes == 4 * size
    assert [store.version(tile) for tile in tiles] == [1, None, None, 1, 1, 1]


def test_a_newer_picture_takes_the_place_of_an_older_one() -> None:
    store, tile = TileStore(10**6), Tile(2, 1, 1)
    store.put(tile, 1, picture(0xFF111111))
    store.put(tile, 4, picture(0xFF222222, side=32))
    assert len(store) == 1
    assert store.size_bytes == store.tile_bytes == 32 * 32 * 4
    assert store.version(tile) == 4
    shown = store.use(tile)
    assert shown is not None
    assert shown.pixel(0, 0) == 0xFF222222
    store.clear()
    assert (len(store), store.size_bytes, store.tile_bytes) == (0, 0, 0)
