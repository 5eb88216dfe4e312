"""The strip shows as many samples as fit, and says which one was picked."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from explorer.views.pixel_image import Pixels
from explorer.views.sample_strip import SampleStrip

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen


@pytest.fixture
def strip(qtbot: QtBot) -> SampleStrip:
    strip = SampleStrip()
    qtbot.addWidget(strip)
    strip.resize(400, 46)
    strip.show()
    return strip


def _shades(count: int, size: int = 8, channels: int = 1) -> Pixels:
    shades = (
        np.zeros((count, channels, size, size), np.uint8) + np.arange(count, dtype=np.uint8)[:, None, None, None] * 3
    )
    shades.flags.writeable = False
    return shades


def _middle(strip: SampleStrip, index: int) -> QPoint:
    return strip.image_place(index).center().toPoint()


@pytest.mark.parametrize(("width", "size", "channels"), [(400, 8, 1), (123, 28, 3), (640, 128, 3), (30, 8, 1)])
def test_what_fits_is_shown_inside_and_apart(strip: SampleStrip, width: int, size: int, channels: int) -> None:
    strip.resize(width, 46)
    strip.show_images(_shades(64, size, channels))
    places = [strip.image_place(index) for index in range(strip.visible_count())]
    assert all(strip.rect().contains(place.toAlignedRect()) for place in places)
    assert all(left.right() < right.left() for left, right in pairwise(places))
    assert (strip.visible_count() + 1) * (46 - 6 + 4) > width - 6 or strip.visible_count() == 64
    grabbed = strip.grab().toImage()
    for index, place in enumerate(places):
        assert grabbed.pixelColor(place.center().toPoint()).red() == index * 3


def test_fewer_samples_than_room(strip: SampleStrip) -> None:
    strip.show_images(_shades(3))
    assert strip.visible_count() == 3
    assert strip.capacity() > 3
    strip.show_images(None)
    assert strip.visible_count() == 0


def test_a_click_picks_the_sample_under_it(strip: SampleStrip, qtbot: QtBot) -> None:
    strip.show_images(_shades(64))
    with qtbot.waitSignal(strip.sample_picked) as told:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=_middle(strip, 5))
    assert told.args == [5]
    with qtbot.assertNotEmitted(strip.sample_picked):
        qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=_middle(strip, 1))
        qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=_middle(strip, 2))


def test_a_click_beside_the_samples_picks_none(strip: SampleStrip, qtbot: QtBot) -> None:
    strip.show_images(_shades(2))
    with qtbot.assertNotEmitted(strip.sample_picked):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(390, 20))


def test_the_sample_under_the_pointer_is_marked(strip: SampleStrip, qtbot: QtBot) -> None:
    strip.show_images(_shades(64))
    qtbot.mouseMove(strip, QPoint(1, 1))
    plain = strip.grab().toImage()
    qtbot.mouseMove(strip, _middle(strip, 2))
    qtbot.waitUntil(lambda: strip.grab().toImage() != plain)


def test_the_keyboard_picks_too(strip: SampleStrip, qtbot: QtBot) -> None:
    strip.show_images(_shades(64))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(strip, key)
    with qtbot.waitSignal(strip.sample_picked) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert told.args == [1]
