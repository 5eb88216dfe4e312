"""Picking against plain double-precision references."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from explorer.views.point_picking import nearest_point, points_in_polygon, points_in_rectangle
from explorer.views.viewport import Bounds

Floats = npt.NDArray[np.float32]


def cloud(count: int, seed: int = 0) -> tuple[Floats, Floats]:
    noise = np.random.default_rng(seed)
    x_N, y_N = noise.normal(0, 1, (2, count)).astype(np.float32)
    return x_N, y_N


def inside_slowly(x: float, y: float, polygon_M2: npt.NDArray[np.float64]) -> bool:
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon_M2.tolist(), np.roll(polygon_M2, -1, axis=0).tolist(), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


@pytest.mark.parametrize("count", [1, 7, 5_000, 140_000])
def test_nearest_equals_brute_force_in_double_precision(count: int) -> None:
    x_N, y_N = cloud(count)
    for x, y in np.random.default_rng(1).normal(0, 1.5, (20, 2)).tolist():
        distance_N = np.hypot(x_N.astype(np.float64) - x, y_N.astype(np.float64) - y)
        found = nearest_point(x_N, y_N, x, y, 100.0)
        assert distance_N[found] == pytest.approx(distance_N.min(), rel=1e-5, abs=1e-6)


def test_nothing_is_nearest_beyond_the_radius() -> None:
    x_N, y_N = np.asarray([0, 3], np.float32), np.asarray([0, 4], np.float32)
    assert nearest_point(x_N, y_N, 0.0, 0.0, 0.1) == 0
    assert nearest_point(x_N, y_N, 6.0, 8.0, 5.001) == 1
    assert nearest_point(x_N, y_N, 6.0, 8.0, 4.999) == -1
    assert nearest_point(x_N[:0], y_N[:0], 0.0, 0.0, 9.0) == -1


def test_a_handicap_takes_points_out_of_the_choice() -> None:
    x_N, y_N = np.asarray([0, 1, 2], np.float32), np.zeros(3, np.float32)
    assert nearest_point(x_N, y_N, 0.1, 0.0, 9.0, np.asarray([np.inf, np.inf, 0], np.float32)) == 2
    assert nearest_point(x_N, y_N, 0.1, 0.0, 9.0, np.full(3, np.inf, np.float32)) == -1


def test_points_too_far_for_a_square_in_single_precision_are_harmless() -> None:
    x_N, y_N = np.asarray([3e38, 1], np.float32), np.asarray([-3e38, 1], np.float32)
    assert nearest_point(x_N, y_N, 0.0, 0.0, 9.0) == 1


def test_rectangle_takes_its_edge() -> None:
    x_N, y_N = np.asarray([0, 1, 2, 1], np.float32), np.asarray([0, 1, 2, 5], np.float32)
    found = points_in_rectangle(x_N, y_N, Bounds(0, 0, 1, 1))
    assert found.dtype == np.int64
    assert found.tolist() == [0, 1]


def spiky(noise: np.random.Generator) -> npt.NDArray[np.float64]:
    """Corners at random; the sides cross each other many times."""
    return noise.normal(0, 1, (int(noise.integers(3, 40)), 2))


def drawn_by_hand(noise: np.random.Generator) -> npt.NDArray[np.float64]:
    """A long way round, which only points near it have to be compared with."""
    angle_M = np.linspace(0, 2 * np.pi, 90)
    radius_M = 1.0 + 0.4 * np.sin(3 * angle_M) + noise.normal(0, 0.02, 90)
    return np.stack((radius_M * np.cos(angle_M), radius_M * np.sin(angle_M)), axis=1)


def on_a_lattice(noise: np.random.Generator) -> npt.NDArray[np.float64]:
    """Upright and level sides, and sides on top of each other."""
    return noise.integers(-2, 3, (25, 2)) / 2.0


def flat(noise: np.random.Generator) -> npt.NDArray[np.float64]:
    """A thousand times as wide as it is high."""
    return noise.normal(0, (1.0, 0.001), (12, 2))


@pytest.mark.parametrize("polygon_of", [spiky, drawn_by_hand, on_a_lattice, flat])
@pytest.mark.parametrize("seed", range(3))
def test_polygon_equals_the_slow_even_odd_rule(
    polygon_of: Callable[[np.random.Generator], npt.NDArray[np.float64]], seed: int
) -> None:
    noise = np.random.default_rng(seed)
    polygon_M2 = polygon_of(noise)
    middle_2, size_2 = polygon_M2.mean(axis=0), np.ptp(polygon_M2, axis=0)
    # Some points lie on corners and near sides, to the last digit of float32.
    ends_n2 = polygon_M2[noise.integers(0, len(polygon_M2), 300)]
    points_N2 = np.concatenate([noise.normal(middle_2, 0.4 * size_2, (2000, 2)), ends_n2, ends_n2 + 1e-7]).astype("f4")
    x_N, y_N = np.ascontiguousarray(points_N2[:, 0]), np.ascontiguousarray(points_N2[:, 1])
    places = enumerate(zip(x_N.tolist(), y_N.tolist(), strict=True))
    expected = [index for index, (x, y) in places if inside_slowly(x, y, polygon_M2)]
    assert len(expected) > 50
    assert points_in_polygon(x_N, y_N, polygon_M2).tolist() == expected


def test_polygon_with_level_sides() -> None:
    square = np.asarray([(0, 0), (2, 0), (2, 2), (0, 2)], dtype=np.float64)
    x_N, y_N = np.asarray([1, 3, 1, -1], np.float32), np.asarray([1, 1, 2.5, 0.5], np.float32)
    assert points_in_polygon(x_N, y_N, square).tolist() == [0]


@pytest.mark.parametrize("corners", [[], [(0, 0)], [(0, 0), (1, 1)], [(0, 0), (1, 0), (2, 0)]])
def test_polygons_without_an_inside_hold_nothing(corners: list[tuple[int, int]]) -> None:
    x_N, y_N = np.zeros(3, np.float32), np.zeros(3, np.float32)
    assert len(points_in_polygon(x_N, y_N, np.asarray(corners, np.float64).reshape(-1, 2))) == 0
