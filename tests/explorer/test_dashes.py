"""Dashes are where Qt would put them, and only those that can be seen."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from explorer.views.dashes import dashes_along

Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT = 200, 160
DASH, GAP = 6.0, 4.0


def dashes_of(line_M2: Floats) -> Floats:
    return dashes_along([line_M2], WIDTH, HEIGHT, dash=DASH, gap=GAP)


def circle(x: float, y: float, radius: float, corners: int = 400) -> Floats:
    turns = np.linspace(0, 2 * np.pi, corners)
    return np.stack((x + radius * np.cos(turns), y + radius * np.sin(turns)), axis=1)


def picture_of(line_M2: Floats, *, by_qt: bool) -> Floats:
    """How dark each pixel is."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor("black"), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if by_qt:
        pen.setDashPattern([DASH / 2.0, GAP / 2.0])  # in widths of the pen
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line_M2.tolist()]))
    else:
        painter.setPen(pen)
        for left, top, right, bottom in dashes_of(line_M2).tolist():
            painter.drawLine(QPointF(left, top), QPointF(right, bottom))
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(HEIGHT, image.bytesPerLine())[:, :WIDTH]
    return 1.0 - pixels / 255.0


@pytest.mark.parametrize(
    "line_M2",
    [
        np.array([[10.0, 20.0], [180.0, 20.0]]),
        np.array([[10.0, 20.0], [150.0, 130.0]]),
        np.array([[100.0, 150.0], [100.0, 10.0]]),
        circle(100, 80, 60),
        circle(20, 20, 90),
        np.array([[10.0, 20.0], [10.0, 20.0], [150.0, 20.0]]),
    ],
    ids=["across", "slanting", "up", "circle", "circle that leaves the window", "a corner twice"],
)
def test_they_look_like_those_of_qt(line_M2: Floats) -> None:
    theirs, ours = picture_of(line_M2, by_qt=True), picture_of(line_M2, by_qt=False)
    assert theirs.sum() > 100
    assert np.abs(ours - theirs).sum() < 0.06 * theirs.sum()


def test_each_is_as_long_as_asked_but_the_last() -> None:
    dashes_K4 = dashes_of(np.array([[5.0, 7.0], [108.0, 7.0]]))
    assert dashes_K4[:, 0].tolist() == pytest.approx(5.0 + 10.0 * np.arange(11))
    lengths = np.hypot(*(dashes_K4[:, 2:] - dashes_K4[:, :2]).T)
    assert lengths[:-1].tolist() == pytest.approx([6.0] * 10)
    assert lengths[-1] == pytest.approx(3.0)


@pytest.mark.parametrize("far", [1e3, 1e6, 1e9])
def test_what_lies_far_outside_costs_nothing_and_moves_nothing(far: float) -> None:
    line_M2 = np.array([[-far, 30.0], [0.0, 30.0], [far, 30.0], [far, far]])
    dashes_K4 = dashes_of(line_M2)
    assert len(dashes_K4) <= (WIDTH + 2 * DASH) / (DASH + GAP) + 2
    assert dashes_K4[:, 2].max() >= WIDTH
    assert dashes_K4[:, 0].min() <= 0.0
    # Counted from the start of the line, which is a whole number of dashes and gaps away from zero.
    assert np.mod(dashes_K4[:, 0] + 5.0, 10.0).tolist() == pytest.approx([5.0] * len(dashes_K4), abs=1e-5)


@pytest.mark.parametrize(
    "line_M2",
    [
        np.empty((0, 2)),
        np.array([[10.0, 10.0]]),
        np.array([[10.0, 10.0], [10.0, 10.0]]),
        np.array([[-50.0, -90.0], [WIDTH + 50.0, -90.0]]),
        np.array([[-300.0, 10.0], [10.0, -300.0]]),
    ],
    ids=["nothing", "a point", "a point twice", "above the window", "past its corner"],
)
def test_there_are_none_where_nothing_is_to_be_seen(line_M2: Floats) -> None:
    assert dashes_of(line_M2).shape == (0, 4)


def test_several_lines_have_the_dashes_of_each() -> None:
    lines = [circle(100, 80, 60), np.array([[10.0, 10.0]]), circle(20, 20, 90), np.array([[5.0, 7.0], [105.0, 7.0]])]
    together_K4 = dashes_along(lines, WIDTH, HEIGHT, dash=DASH, gap=GAP)
    assert len(together_K4) > 60
    assert together_K4 == pytest.approx(np.concatenate([dashes_of(line_M2) for line_M2 in lines]))
