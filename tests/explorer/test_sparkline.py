"""Small curves keep inside their place, share the scale of their row, and are painted where they are said to be."""

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.sparkline import paint_sparkline, sparkline_points

PLACE = QRectF(10, 20, 80, 40)


def places(curve: tuple[tuple[float, float], ...], bounds: tuple[float, float, float, float]) -> list[list[float]]:
    return [[point.x(), point.y()] for point in sparkline_points(PLACE, curve, bounds)]


def test_values_lie_where_epoch_and_value_say() -> None:
    found = places(((1.0, 5.0), (2.0, 7.0), (5.0, 9.0)), (1.0, 5.0, 5.0, 9.0))
    assert np.allclose(found, [[10, 60], [30, 40], [90, 20]]), "left and low first, right and high last"


def test_a_curve_of_a_shorter_training_ends_earlier() -> None:
    assert np.allclose(places(((0.0, 1.0), (2.0, 1.0)), (0.0, 4.0, 0.0, 4.0)), [[10, 50], [50, 50]])


def test_one_epoch_stands_at_the_right_and_equal_values_in_the_middle() -> None:
    assert np.allclose(places(((3.0, 7.0),), (3.0, 3.0, 7.0, 7.0)), [[90, 40]])


def test_what_is_not_finite_is_left_out() -> None:
    assert len(places(((0.0, 1.0), (1.0, math.nan), (2.0, math.inf), (3.0, 2.0)), (0.0, 3.0, 1.0, 2.0))) == 2
    assert places((), (0.0, 0.0, 0.0, 0.0)) == []


def test_it_is_painted_in_its_place_with_a_dot_at_the_newest() -> None:
    image = QImage(100, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_sparkline(painter, PLACE, ((0.0, 0.0), (1.0, 1.0)), (0.0, 1.0, 0.0, 1.0), QColor("black"))
    painter.end()
    dark = np.frombuffer(image.constBits(), np.uint8).reshape(80, 100, 4)[:, :, 0] < 128
    rows, columns = np.nonzero(dark)
    assert columns.min() >= 10
    assert columns.max() <= 90
    assert rows.min() >= 20
    assert rows.max() <= 60
    assert dark[20:26, 84:90].sum() > dark[54:60, 10:16].sum(), "the dot is at the end, which is at the upper right"
    assert not dark[20:36, 10:46].any(), "nothing lies above the line"
    assert not dark[44:60, 54:90].any(), "and nothing below"
