"""The density of a crowd against a slow reference that looks at each point by itself."""

import math
from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pytest

from explorer.views.point_density import CELL_STAMP, FAINTEST, CellCounts, CellGrid, class_weights, tone_mapped
from explorer.views.point_raster import Canvas, Ink, places
from explorer.views.viewport import Viewport

COLOURS = np.asarray([[255, 0, 0], [0, 200, 40], [10, 20, 250], [255, 255, 255], [0, 0, 0]], dtype=np.uint8)
WINDOW = Viewport(0.4, -0.3, 17.0, 53.0, 41.0)


def cloud(count: int, spread: float) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.intp]]:
    noise = np.random.default_rng(count)
    return noise.normal((0.4, -0.3), spread, (count, 2)).astype(np.float32), noise.integers(0, len(COLOURS), count)


def drawn(points_N2: npt.NDArray[np.float32], classes_N: npt.NDArray[np.intp], side: float) -> tuple[Ink, CellGrid]:
    """The cells of a window, (rows, columns)."""
    grid = CellGrid.over(WINDOW, side)
    canvas = Canvas.for_stamp(grid.columns, grid.rows, CELL_STAMP)
    x_N, y_N = np.ascontiguousarray(points_N2[:, 0]), np.ascontiguousarray(points_N2[:, 1])
    counts = CellCounts(canvas, 1)
    counts.count(places(x_N, y_N, grid.viewport, canvas, CELL_STAMP), class_weights(COLOURS)[:, classes_N])
    counts.draw(0, canvas)
    return canvas.picture_HW, grid


def drawn_slowly(
    points_N2: npt.NDArray[np.float32], classes_N: npt.NDArray[np.intp], grid: CellGrid, side: float
) -> dict[tuple[int, int], tuple[float, ...]]:
    """Opacity, red, green and blue, premultiplied, from 0 to 255, of each cell (row, column) that holds points."""
    cells: defaultdict[tuple[int, int], list[list[int]]] = defaultdict(list)
    for (x, y), label in zip(points_N2.tolist(), classes_N.tolist(), strict=True):
        pixel_x, pixel_y = WINDOW.to_pixels(x, y)
        column, row = math.floor((pixel_x - grid.left) / side), math.floor((pixel_y - grid.top) / side)
        if 0 <= column < grid.columns and 0 <= row < grid.rows:
            cells[row, column].append(COLOURS[label].tolist())
    # In the order of the picture, in which the crowd is looked for.
    numbers = [len(cells[place]) for place in sorted(cells)]
    crowd = sorted(numbers)[int(0.98 * (len(numbers) - 1))]
    picture: dict[tuple[int, int], tuple[float, ...]] = {}
    for place, colours in cells.items():
        share = math.log((1 + len(colours)) / 2) / math.log((1 + crowd) / 2) if crowd > 1 else 1.0
        opacity = min(1.0, FAINTEST + (1 - FAINTEST) * share)
        picture[place] = (
            255 * opacity,
            *(opacity * sum(colour[k] for colour in colours) / len(colours) for k in range(3)),
        )
    return picture


@pytest.mark.parametrize(("count", "spread", "side"), [(40, 1.0, 2), (900, 0.8, 2), (900, 0.02, 3), (4000, 3.0, 1)])
def test_density_equals_the_slow_reference(count: int, spread: float, side: float) -> None:
    points_N2, classes_N = cloud(count, spread)
    picture, grid = drawn(points_N2, classes_N, side)
    expected = drawn_slowly(points_N2, classes_N, grid, side)
    assert set(expected) == {(int(row), int(column)) for row, column in np.argwhere(picture)}
    for (row, column), argb in expected.items():
        value = int(picture[row, column])
        found = [value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255]
        assert found == pytest.approx(argb, abs=0.501)


def test_more_points_are_more_opaque_and_one_can_be_seen() -> None:
    counts_n = np.asarray([1, 2, 10, 100, 10_000, 1_000_000, 1_000_000], np.int64)
    ink_n = tone_mapped(counts_n, (255 * counts_n, counts_n, 0 * counts_n))
    opacities = (ink_n >> 24).tolist()
    assert opacities[0] == round(255 * FAINTEST)
    assert opacities[:6] == sorted(set(opacities[:6]))
    assert opacities[-2:] == [255, 255]
    assert (ink_n >> 16 & 255).tolist() == opacities


def test_a_million_points_in_one_cell_are_counted_to_the_last() -> None:
    grid = CellGrid.over(WINDOW, 2)
    canvas = Canvas.for_stamp(grid.columns, grid.rows, CELL_STAMP)
    counts = CellCounts(canvas, 2)
    # An odd one among them, on either sheet.
    classes_N = np.where(np.arange(1_000_000) == 7, 2, 3)
    place = canvas.start + 5
    weights_2N = np.take(class_weights(COLOURS), classes_N, axis=1)
    counts.count(np.where(np.arange(1_000_000) % 2 == 0, place, place + counts.size), weights_2N)
    first, second = counts.sums[:, place].tolist(), counts.sums[:, place + counts.size].tolist()
    assert first == [(500_000 << 32) + 500_000 * 255, (500_000 * 255 << 32) + 500_000 * 255]
    assert second == [(500_000 << 32) + 499_999 * 255 + 10, (499_999 * 255 + 20 << 32) + 499_999 * 255 + 250]


def test_points_outside_are_not_shown_and_do_not_pale_the_others() -> None:
    inside_N2 = np.full((3, 2), (0.4, -0.3), np.float32)
    far_N2 = np.asarray([(sx * size, sy * size) for size in (40.0, 3e18) for sx in (-1, 1) for sy in (-1, 0, 1)])
    points_N2 = np.concatenate([inside_N2, np.repeat(far_N2, 50, axis=0)]).astype(np.float32)
    picture, _ = drawn(points_N2, np.zeros(len(points_N2), np.intp), 2)
    assert picture[picture != 0].tolist() == [0xFFFF0000]


def test_cells_stay_where_they_are_in_the_plane_while_the_view_is_dragged() -> None:
    points_N2, _ = cloud(500, 0.3)
    x_N, y_N = np.ascontiguousarray(points_N2[:, 0]), np.ascontiguousarray(points_N2[:, 1])
    cells: list[list[set[int]]] = []
    for moved in (0.0, 1.0, 2.0, 5.0):
        grid = CellGrid.over(WINDOW.moved(moved, -moved), 2)
        assert -2 <= grid.left <= 0
        assert -2 <= grid.top <= 0
        assert grid.left + 2 * grid.columns >= WINDOW.width
        assert grid.top + 2 * grid.rows >= WINDOW.height
        canvas = Canvas.for_stamp(grid.columns, grid.rows, CELL_STAMP)
        found_N = places(x_N, y_N, grid.viewport, canvas, CELL_STAMP)
        cells.append([set(np.flatnonzero(found_N == place).tolist()) for place in np.unique(found_N)])
    together = [sum(len(group & other) ** 2 for group in cells[0] for other in later) for later in cells]
    assert min(together) >= 0.97 * together[0], "but for rounding, the same points share a cell"


def test_an_empty_picture_stays_empty() -> None:
    picture, _ = drawn(np.full((2, 2), 3e18, np.float32), np.zeros(2, np.intp), 2)
    assert not picture.any()
