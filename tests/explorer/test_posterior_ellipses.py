"""Ellipses lie where the posteriors are, and are thinned out where there is no room for all of them."""

import numpy as np
import numpy.typing as npt
import pytest

from explorer.views.posterior_ellipses import MOST_COVERED, SIGMAS, PosteriorEllipses
from explorer.views.viewport import Viewport
from tests.explorer.layer_picture import layer_picture

pytestmark = pytest.mark.usefixtures("qapp")

VIEW = Viewport(0.0, 0.0, 50.0, 400, 300)
RED = (220, 30, 20)
ROUND = np.eye(2)


def picture_of(centres_N2: npt.NDArray[np.float32], covariance_22: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """The view with an ellipse for each centre, RGB, (H, W, 3)."""
    count = len(centres_N2)
    covariances_N22 = np.broadcast_to(covariance_22.astype(np.float32), (count, 2, 2))
    ellipses = PosteriorEllipses()
    ellipses.show(centres_N2, covariances_N22, np.tile(np.array(RED, np.uint8), (count, 1)))
    return layer_picture(ellipses, VIEW)


def spread(count: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-3, 3, (count, 2)).astype(np.float32)


def test_an_ellipse_reaches_two_deviations_along_its_axes() -> None:
    turn = np.deg2rad(30.0)
    axes_22 = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    deviations, centre = (0.4, 0.1), np.array([1.0, 0.5])
    covariance_22 = axes_22 @ np.diag(np.square(deviations)) @ axes_22.T
    is_inked = picture_of(centre[None].astype(np.float32), covariance_22).min(axis=2) < 255
    for share, is_inside in ((0.0, True), (0.9, True), (1.4, False)):
        for axis, deviation in zip(axes_22.T, deviations, strict=True):
            across, down = VIEW.to_pixels(*(centre + share * SIGMAS * deviation * axis).tolist())
            assert is_inked[round(down), round(across)] == is_inside


@pytest.mark.parametrize("deviation", [0.01, 0.1])
def test_all_are_shown_where_there_is_room(deviation: float) -> None:
    centres_N2 = spread(240)
    together = picture_of(centres_N2, deviation**2 * ROUND)
    for x, y in centres_N2.tolist():
        across, down = (round(pixel) for pixel in VIEW.to_pixels(x, y))
        if 0 <= across < VIEW.width and 0 <= down < VIEW.height:
            assert (together[down, across] < 255).any()


def test_those_that_would_lie_on_each_other_are_thinned_out() -> None:
    centres_N2, deviation = spread(240), 0.8
    each = np.pi * (SIGMAS * deviation * VIEW.scale) ** 2 / (VIEW.width * VIEW.height)
    every = 2 ** int(np.ceil(np.log2(240 * each / MOST_COVERED)))
    assert every >= 4
    thinned = picture_of(centres_N2, deviation**2 * ROUND)
    assert np.array_equal(thinned, picture_of(centres_N2[::every].copy(), deviation**2 * ROUND))


def test_nothing_is_painted_where_nothing_is_in_view() -> None:
    assert (picture_of(np.full((5, 2), 100.0, np.float32), 0.01 * ROUND) == 255).all()
    assert (picture_of(np.zeros((0, 2), np.float32), 0.01 * ROUND) == 255).all()
