"""Class and lane colours are stable and can be told apart, by all eyes and on both grounds."""

import numpy as np
import pytest

from explorer.palette import class_colours, colour_distances, lane_colour, lane_dash


def test_a_class_keeps_its_colour_whatever_the_count() -> None:
    assert class_colours(10).tobytes() == class_colours(50)[:10].tobytes()
    assert class_colours(3).tolist() == [[0x3F, 0x90, 0xDA], [0xFF, 0xA9, 0x0E], [0xBD, 0x1F, 0x01]]


@pytest.mark.parametrize(
    ("count", "ordinary", "colour_blind"), [(10, 0.085, 0.055), (30, 0.075, 0.045), (50, 0.05, 0.03)]
)
def test_no_two_classes_look_alike(count: int, ordinary: float, colour_blind: float) -> None:
    between = colour_distances(class_colours(count)) + 9 * np.eye(count)
    assert between[0].min() > ordinary
    assert between[1:].min() > colour_blind


def test_more_classes_than_colours_repeat_instead_of_failing() -> None:
    colours = class_colours(200)
    assert colours.shape == (200, 3)
    assert len(np.unique(colours, axis=0)) == 64


def test_colours_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        class_colours(10)[0] = 0


def test_every_colour_shows_on_white_and_on_dark() -> None:
    for colours in (class_colours(50), np.array([lane_colour(index) for index in range(4)], np.uint8)):
        grounds = np.array([[255, 255, 255], [24, 26, 31]], np.uint8)
        to_grounds = colour_distances(np.concatenate([grounds, colours]))[0, :2, 2:]
        assert to_grounds.min() > 0.15


def test_four_lanes_differ_in_colour_and_in_dashes() -> None:
    assert len({lane_colour(index) for index in range(4)}) == 4
    assert len({lane_dash(index) for index in range(4)}) == 4
    assert lane_colour(4) == lane_colour(0)
