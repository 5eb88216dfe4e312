"""Arrows lead from where they begin to where they end, and are thinned out where they would all cross."""

import numpy as np
import numpy.typing as npt
import pytest

from explorer.views.round_trip_arrows import MOST_CROSSINGS, SHORT, RoundTripArrows, arrow_places
from explorer.views.viewport import Viewport
from tests.explorer.layer_picture import layer_picture

pytestmark = pytest.mark.usefixtures("qapp")

VIEW = Viewport(0.0, 0.0, 50.0, 400, 300)
Places = npt.NDArray[np.float32]


def picture_of(starts_N2: Places, ends_N2: Places) -> npt.NDArray[np.uint8]:
    """The view with these arrows on white, RGB, (H, W, 3)."""
    arrows = RoundTripArrows()
    arrows.show(starts_N2, ends_N2)
    return layer_picture(arrows, VIEW)


def ink_at(picture: npt.NDArray[np.uint8], x: float, y: float) -> int:
    """How dark the darkest pixel is around a place of the plane."""
    across, down = (round(pixel) for pixel in VIEW.to_pixels(x, y))
    return 255 - int(picture[down - 1 : down + 2, across - 1 : across + 2].min())


def test_an_arrow_grows_stronger_from_its_beginning_to_its_head() -> None:
    one = picture_of(np.array([[-2, -1]], np.float32), np.array([[2, 1]], np.float32))
    along = [ink_at(one, 4 * share - 2, 2 * share - 1) for share in (0.05, 0.5, 0.9)]
    assert 30 < along[0] < along[1] < along[2]
    assert ink_at(one, -2, 1) == ink_at(one, 2, -1) == 0


def test_a_place_that_comes_back_to_itself_is_a_dot() -> None:
    here = np.array([[1, 0.5]], np.float32)
    dot = picture_of(here, here + 0.5 * SHORT / VIEW.scale)
    assert ink_at(dot, 1, 0.5) > 60
    inked = np.argwhere(dot.min(axis=2) < 250)
    assert np.ptp(inked, axis=0).max() <= 6


def test_all_are_shown_where_they_are_short() -> None:
    starts_N2 = arrow_places(VIEW)
    picture = picture_of(starts_N2, starts_N2 + np.array([10 / VIEW.scale, 0.0], np.float32))
    seen = [(x, y) for x, y in starts_N2.tolist() if abs(x) < 3.5 and abs(y) < 2.5]
    assert len(seen) > 50
    assert all(ink_at(picture, x + 6 / VIEW.scale, y) > 60 for x, y in seen)


def test_those_that_would_all_cross_are_thinned_out_on_a_coarser_lattice() -> None:
    starts_N2 = arrow_places(VIEW)
    ends_N2 = np.tile(np.array([[5.0, 5.0]], np.float32), (len(starts_N2), 1))  # far away for all
    step = np.diff(np.unique(starts_N2[:, 0])).min()
    lengths_N = np.linalg.norm(ends_N2 - starts_N2, axis=1) * VIEW.scale
    assert lengths_N.sum() > 2 * MOST_CROSSINGS * (VIEW.width + VIEW.height)
    every_fourth_N = (np.rint(starts_N2 / step).astype(int) % 4 == 0).all(axis=1)
    assert lengths_N[every_fourth_N].sum() <= MOST_CROSSINGS * (VIEW.width + VIEW.height)
    expected = picture_of(starts_N2[every_fourth_N], ends_N2[every_fourth_N])
    assert np.array_equal(picture_of(starts_N2, ends_N2), expected)
    assert (expected < 255).any()


def test_arrows_that_are_not_finite_are_left_out() -> None:
    starts_N2 = np.array([[0, 0], [1, 1]], np.float32)
    ends_N2 = np.array([[np.nan, 0], [1.5, 1]], np.float32)
    assert np.array_equal(picture_of(starts_N2, ends_N2), picture_of(starts_N2[1:], ends_N2[1:]))
