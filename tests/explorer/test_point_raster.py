"""The raster against a slow reference that looks at each point and each pixel by itself."""

import math

import numpy as np
import numpy.typing as npt
import pytest

from explorer.views.point_raster import Canvas, Ink, Stamp, class_ink, places, round_stamp, stamp_dots
from explorer.views.viewport import Viewport

COLOURS = np.asarray([[255, 0, 0], [0, 200, 40], [10, 20, 250]], dtype=np.uint8)
WIDTH, HEIGHT = 53, 41
VIEWPORT = Viewport(0.4, -0.3, 17.0, WIDTH, HEIGHT)


def rastered(points_N2: npt.NDArray[np.float32], ink_LN: Ink, stamp: Stamp) -> Ink:
    canvas = Canvas.for_stamp(WIDTH, HEIGHT, stamp)
    x_N, y_N = np.ascontiguousarray(points_N2[:, 0]), np.ascontiguousarray(points_N2[:, 1])
    stamp_dots(canvas, places(x_N, y_N, VIEWPORT, canvas, stamp), ink_LN, stamp)
    return canvas.picture_HW.copy()


def rastered_slowly(points_N2: npt.NDArray[np.float32], ink_LN: Ink, stamp: Stamp) -> Ink:
    """Every pixel asks every dot how well it covers it, and how near its middle is."""
    coverage = {(pixel.right, pixel.down): pixel.level for pixel in stamp.pixels}
    to_middle = stamp.shift
    picture = np.zeros((HEIGHT, WIDTH), dtype=np.uint32)
    best: dict[tuple[int, int], tuple[float, ...]] = {}
    for index, (x, y) in enumerate(points_N2.tolist()):
        pixel_x, pixel_y = VIEWPORT.to_pixels(x, y)
        column, row = math.floor(pixel_x + to_middle), math.floor(pixel_y + to_middle)
        for (right, down), level in coverage.items():
            place = (row + down, column + right)
            if not (0 <= place[0] < HEIGHT and 0 <= place[1] < WIDTH):
                continue
            distance = math.hypot(right + to_middle, down + to_middle)
            rank = (stamp.coverages[level], -distance, -down, -right, index)
            if place not in best or rank > best[place]:
                best[place] = rank
                picture[place] = ink_LN[level, index]
    return picture


@pytest.mark.parametrize(
    ("diameter", "rim"), [(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (7, 0), (10, 0), (14, 0), (8, 1), (16, 2)]
)
def test_raster_equals_the_slow_reference(diameter: int, rim: int) -> None:
    noise = np.random.default_rng(diameter)
    # Many lie outside on every side; none so near a pixel's edge that the two ways to round could differ.
    pixels_N2 = noise.integers(-20, 75, (400, 2)) + noise.uniform(0.1, 0.4, (400, 2))
    points_N2 = VIEWPORT.all_to_latent(pixels_N2).astype(np.float32)
    stamp = round_stamp(diameter, rim)
    ink_LN = class_ink(COLOURS, stamp, rim=0.6)[:, noise.integers(0, 3, 400)]
    expected = rastered_slowly(points_N2, ink_LN, stamp)
    assert np.count_nonzero(expected) > 90
    assert np.array_equal(rastered(points_N2, ink_LN, stamp), expected)


@pytest.mark.parametrize("diameter", [3, 5, 7, 10, 14])
def test_dots_are_round(diameter: int) -> None:
    stamp = round_stamp(diameter)
    area = sum(stamp.coverages[pixel.level] for pixel in stamp.pixels)
    assert area == pytest.approx(math.pi * diameter**2 / 4, rel=0.12)
    shape = {(pixel.right, pixel.down): pixel.level for pixel in stamp.pixels}
    assert all(shape[down, right] == level for (right, down), level in shape.items())
    corner = shape.get((-stamp.reach, -stamp.reach))
    assert corner is None or stamp.coverages[corner] < 0.6
    assert len(stamp.coverages) > 1, "edges are soft"


@pytest.mark.parametrize(("diameter", "rim"), [(8, 1), (12, 2), (16, 2), (24, 3)])
def test_a_rim_goes_all_around_and_is_as_wide_everywhere(diameter: int, rim: int) -> None:
    stamp = round_stamp(diameter, rim)
    middle = 0.5 * (diameter - 1)
    for pixel in stamp.pixels:
        from_middle = math.hypot(pixel.right + stamp.reach - middle, pixel.down + stamp.reach - middle)
        to_core = from_middle - (diameter / 2 - rim)
        core = stamp.cores[pixel.level]
        if to_core > 0.75:
            assert core == 0.0
        elif to_core < -0.75:
            assert core == 1.0
    core_area = sum(stamp.cores[pixel.level] for pixel in stamp.pixels)
    assert core_area == pytest.approx(math.pi * (diameter / 2 - rim) ** 2, rel=0.1)
    assert round_stamp(2, 1).cores == (1.0,), "too small for a rim"


def test_ink_is_premultiplied() -> None:
    orange = np.asarray([[255, 128, 2]], dtype=np.uint8)
    stamp = Stamp(3, 1, (0.5, 1.0), (0.5, 1.0), ())
    assert [hex(value) for value in class_ink(orange, stamp, rim=0.7)[:, 0].tolist()] == ["0x80804001", "0xffff8002"]
    rimmed = Stamp(3, 1, (0.5, 1.0, 1.0), (0.0, 0.0, 0.5), ())
    assert [hex(value) for value in class_ink(orange, rimmed, rim=0.75)[:, 0].tolist()] == [
        "0x80201000",  # half covered, and dark
        "0xff402000",
        "0xff9f5001",  # half of it rim
    ]


def test_more_points_than_one_chunk_are_all_drawn() -> None:
    count = 70_001
    points_N2 = np.full((count, 2), 0.4, dtype=np.float32)
    points_N2[:, 0] = np.linspace(-0.9, 1.7, count, dtype=np.float32)
    stamp = round_stamp(1)
    picture = rastered(points_N2, np.full((1, count), 7, np.uint32), stamp)
    columns = np.flatnonzero(picture.any(axis=0))
    first, last = (math.floor(VIEWPORT.to_pixels(x, 0.0)[0]) for x in (-0.9, 1.7))
    assert np.array_equal(columns, np.arange(first, last + 1))


def test_points_far_away_stay_out_of_the_picture() -> None:
    far = [(sx * size, sy * size) for size in (10.0, 1e20, 3e38) for sx in (-1, 0, 1) for sy in (-1, 0, 1) if sx or sy]
    points_N2 = np.asarray(far, dtype=np.float32)
    for diameter in (1, 2, 7, 14):
        stamp = round_stamp(diameter)
        ink_LN = np.full((len(stamp.coverages), len(far)), 0xFFFFFFFF, np.uint32)
        assert not rastered(points_N2, ink_LN, stamp).any()


def test_neighbours_stay_apart_however_far_one_zooms_in() -> None:
    base = np.float32(5.0)
    neighbour = np.nextafter(base, np.float32(6.0))
    viewport = Viewport(5.0, 0.0, 10.0 / float(neighbour - base), 100.0, 100.0)
    stamp = round_stamp(1)
    canvas = Canvas.for_stamp(100, 100, stamp)
    x_N = np.asarray([base, neighbour], dtype=np.float32)
    left, right = places(x_N, np.zeros(2, np.float32), viewport, canvas, stamp).tolist()
    assert right - left == 10


@pytest.mark.parametrize("count", [0, 1])
def test_a_canvas_of_one_pixel_is_harmless(count: int) -> None:
    stamp = round_stamp(7)
    canvas = Canvas.for_stamp(0, 0, stamp)
    x_N = np.zeros(count, np.float32)
    dots = places(x_N, x_N, Viewport(0.0, 0.0, 1.0), canvas, stamp)
    stamp_dots(canvas, dots, np.full((len(stamp.coverages), count), 9, np.uint32), stamp)
    assert canvas.picture_HW.tolist() == [[9 * count]]
