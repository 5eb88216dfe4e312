"""The map between latent coordinates and pixels."""

import math

import numpy as np
import pytest

from explorer.views.viewport import Bounds, Viewport, bounds_of, nice_step, tick_text, tick_values

VIEWPORT = Viewport(centre_x=1.5, centre_y=-2.0, scale=40.0, width=300.0, height=200.0)


def test_y_points_up_and_both_axes_have_the_same_scale() -> None:
    assert VIEWPORT.to_pixels(1.5, -2.0) == (150.0, 100.0)
    assert VIEWPORT.to_pixels(2.5, -1.0) == (190.0, 60.0)


def test_latent_to_pixels_and_back() -> None:
    for place in ((0.0, 0.0), (17.0, 190.0), (299.5, 3.25)):
        assert VIEWPORT.to_pixels(*VIEWPORT.to_latent(*place)) == pytest.approx(place)
    many = np.asarray([(0.0, 0.0), (17.0, 190.0)])
    assert np.allclose(VIEWPORT.all_to_latent(many), [VIEWPORT.to_latent(*place) for place in many.tolist()])


def test_where_another_window_is() -> None:
    other = Viewport(centre_x=2.0, centre_y=-1.0, scale=10.0, width=60.0, height=20.0)
    left, top, width, height = VIEWPORT.place_of(other)
    assert (left, top) == pytest.approx(VIEWPORT.to_pixels(*other.to_latent(0.0, 0.0)))
    assert (left + width, top + height) == pytest.approx(VIEWPORT.to_pixels(*other.to_latent(60.0, 20.0)))
    assert VIEWPORT.place_of(VIEWPORT) == pytest.approx((0.0, 0.0, 300.0, 200.0))


def test_moving_takes_the_contents_along() -> None:
    grabbed = VIEWPORT.to_latent(100.0, 50.0)
    assert VIEWPORT.moved(30.0, -12.0).to_pixels(*grabbed) == pytest.approx((130.0, 38.0))


@pytest.mark.parametrize("factor", [0.1, 1.2, 50.0])
def test_zooming_keeps_what_is_under_the_cursor(factor: float) -> None:
    under = VIEWPORT.to_latent(31.0, 77.0)
    zoomed = VIEWPORT.zoomed(factor, 31.0, 77.0)
    assert zoomed.scale == pytest.approx(40.0 * factor)
    assert zoomed.to_pixels(*under) == pytest.approx((31.0, 77.0))


def test_zooming_without_end_stays_finite() -> None:
    near = far = VIEWPORT
    for _ in range(400):
        near, far = near.zoomed(1.5, 3.0, 5.0), far.zoomed(1 / 1.5, 3.0, 5.0)
    for viewport in (near, far):
        assert math.isfinite(viewport.centre_x + viewport.centre_y)
        assert viewport.bounds.width > 0


@pytest.mark.parametrize("size", [(300.0, 200.0), (80.0, 500.0)])
def test_fitting_leaves_the_margin_on_the_tighter_side(size: tuple[float, float]) -> None:
    bounds = Bounds(-3.0, 1.0, 5.0, 4.0)
    fitted = Viewport.around(bounds, *size, margin=0.1)
    left, top = fitted.to_pixels(bounds.left, bounds.top)
    right, bottom = fitted.to_pixels(bounds.right, bounds.bottom)
    assert (left + right, top + bottom) == pytest.approx(size)
    assert min(left / size[0], top / size[1]) == pytest.approx(0.1)


@pytest.mark.parametrize("place", [0.0, 7.25, -1e12])
def test_fitting_a_single_point_shows_its_surroundings(place: float) -> None:
    fitted = Viewport.around(Bounds(place, place, place, place), 100.0, 100.0)
    assert fitted.bounds.left < place < fitted.bounds.right
    assert fitted.to_pixels(place, place) == pytest.approx((50.0, 50.0))


@pytest.mark.parametrize("size", [(0.0, 0.0), (1.0, 400.0), (-5.0, 3.0)])
def test_tiny_windows_are_harmless(size: tuple[float, float]) -> None:
    assert Viewport.around(Bounds(0, 0, 1, 1), *size).bounds.width > 0
    assert VIEWPORT.resized(*size).bounds.height > 0


def test_resizing_keeps_the_middle_and_the_extent_of_the_shorter_side() -> None:
    resized = VIEWPORT.resized(600.0, 500.0)
    assert (resized.centre_x, resized.centre_y) == (VIEWPORT.centre_x, VIEWPORT.centre_y)
    assert resized.bounds.height == pytest.approx(VIEWPORT.bounds.height)


def test_the_way_between_two_viewports_changes_the_scale_by_factors() -> None:
    other = Viewport(3.5, 0.0, 160.0, 300.0, 200.0)
    half = VIEWPORT.towards(other, 0.5)
    assert (half.centre_x, half.centre_y, half.scale) == pytest.approx((2.5, -1.0, 80.0))


@pytest.mark.parametrize(
    ("least", "step"), [(0.7, 1.0), (1.0, 1.0), (1.01, 2.0), (2.5, 5.0), (6.0, 10.0), (0.03, 0.05), (1.2e-7, 2e-7)]
)
def test_steps_are_one_two_or_five(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)


def test_ticks_cover_the_view() -> None:
    assert tick_values(-0.25, 0.31, 0.1) == pytest.approx([-0.2, -0.1, 0.0, 0.1, 0.2, 0.3])
    assert tick_values(0.11, 0.19, 0.1) == []


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (-0.30000000000000004, 0.1, "−0.3"),
        (1e-18, 0.1, "0"),
        (2.0, 0.5, "2.0"),
        (1500.0, 500.0, "1500"),
        (3e7, 1e7, "3e+07"),
    ],
)
def test_tick_numbers_have_the_digits_of_their_step(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text


def test_bounds_of_lines_ignore_what_is_not_finite() -> None:
    lines = [np.asarray([[0.0, 1.0], [np.nan, 9.0], [2.0, -1.0]]), np.empty((0, 2)), np.asarray([[5.0, 0.0]])]
    assert bounds_of(lines) == Bounds(0.0, -1.0, 5.0, 1.0)
    assert bounds_of([np.full((2, 2), np.inf)]) is None
