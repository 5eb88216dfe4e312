"""Round trips as arrows: from a place to where the encoder puts what was decoded there."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPalette, QPen, QPolygonF

from explorer.views.axes_painting import faded
from explorer.views.kept_picture import KeptPicture
from explorer.views.viewport import Viewport, tick_values

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

SPACING = 26.0
"""Pixels between two arrows' beginnings, at least."""
HEAD = 6.0
SHORT = 4.0
"""Pixels; a shorter way is shown as a dot: the place has come back to itself."""
FAR = 90.0
"""Pixels from which on an arrow has its strongest colour."""
MOST_CROSSINGS = 8.0
"""So many times all arrows in a row may be as long as the view is wide and high. A model that has learned nothing has
hundreds that meet in one place: none could be told apart, and the window would stand still to paint them."""


def arrow_places(viewport: Viewport) -> Floats:
    """Where arrows begin, (N, 2): crossings of a lattice that stays where it is while the view is panned."""
    # Half octaves: a zoom changes the lattice at times, a pan never does.
    step = 2.0 ** (math.ceil(2 * math.log2(SPACING / viewport.scale)) / 2)
    visible = viewport.bounds
    x_M = tick_values(visible.left, visible.right, step)
    y_R = tick_values(visible.bottom, visible.top, step)
    return np.array([(x, y) for y in y_R for x in x_M], np.float32).reshape(-1, 2)


class RoundTripArrows:
    """Arrows between pairs of places."""

    def __init__(self) -> None:
        self._starts_N2: Floats = np.zeros((0, 2), np.float32)
        self._ends_N2: Floats = np.zeros((0, 2), np.float32)
        self._picture = KeptPicture()

    def __len__(self) -> int:
        return len(self._starts_N2)

    def show(self, starts_N2: Floats, ends_N2: Floats) -> None:
        """Show other arrows, from and to, (N, 2) each; those that are not finite are left out."""
        is_finite_N = np.isfinite(starts_N2).all(1) & np.isfinite(ends_N2).all(1)
        self._starts_N2, self._ends_N2 = starts_N2[is_finite_N], ends_N2[is_finite_N]
        self._picture.forget()

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint the arrows, long ones last."""

        def paint_anew(inner: QPainter) -> None:
            self._paint(inner, viewport, palette)

        self._picture.paint(painter, viewport, pixel_ratio, palette.cacheKey(), paint_anew)

    def _paint(self, painter: QPainter, viewport: Viewport, palette: QPalette) -> None:
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        lengths_N = np.linalg.norm(self._ends_N2 - self._starts_N2, axis=1) * viewport.scale
        shown_n = _those_with_room(self._starts_N2, lengths_N, viewport)
        for index in shown_n[np.argsort(lengths_N[shown_n])].tolist():
            start = QPointF(*viewport.to_pixels(*self._starts_N2[index].tolist()))
            length = float(lengths_N[index])
            if length < SHORT:
                painter.setPen(QPen(faded(base, 0.7), 1.0))
                painter.setBrush(faded(text, 0.55))
                painter.drawEllipse(start, 1.8, 1.8)
                continue
            end = QPointF(*viewport.to_pixels(*self._ends_N2[index].tolist()))
            _paint_arrow(painter, start, end, arrow_colour(length, base), base)


def _those_with_room(starts_N2: Floats, lengths_N: Floats, viewport: Viewport) -> Indices:
    """Which arrows are shown: every second of a row and every second row, every fourth, and so on, if they are long.

    By powers of two and from the plane's origin, so that those that are seen stay while the view moves.
    """
    shown_n = np.arange(len(starts_N2))
    most = MOST_CROSSINGS * (viewport.width + viewport.height)
    steps_2 = [np.diff(np.unique(along_N)).min(initial=np.inf) for along_N in starts_N2.T]
    every_N2 = np.rint(starts_N2 / np.array(steps_2)).astype(np.int64)
    every = 1
    while lengths_N[shown_n].sum() > most and len(shown_n) > 1:
        every *= 2
        shown_n = np.flatnonzero((every_N2 % every == 0).all(axis=1))
    return shown_n


def arrow_colour(length: float, base: QColor) -> QColor:
    """From a calm blue to vermilion with the way's length in pixels: told apart by all kinds of colour vision."""
    near, far = ((40, 100, 160), (205, 80, 0)) if base.lightnessF() > 0.5 else ((120, 175, 235), (255, 140, 60))
    share = min(1.0, length / FAR)
    return QColor(*(round(one + share * (other - one)) for one, other in zip(near, far, strict=True)))


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, ink: QColor, base: QColor) -> None:
    """Paint an arrow that grows stronger towards its head, since that is where many meet."""
    along = end - start
    length = math.hypot(along.x(), along.y())
    unit = along / length
    aside = QPointF(-unit.y(), unit.x())
    neck = end - unit * min(HEAD, length)
    head = QPolygonF([end, neck + aside * (0.45 * HEAD), neck - aside * (0.45 * HEAD)])
    # Lines beside the ink, and no wider one under it: Qt is many times as fast with lines of a pixel.
    for colour, away in ((faded(base, 0.8), 1.0), (faded(base, 0.8), -1.0), (ink, 0.0)):
        shade = QLinearGradient(start, end)
        shade.setColorAt(0.0, faded(colour, 0.3 * colour.alphaF()))
        shade.setColorAt(1.0, colour)
        painter.setPen(QPen(QBrush(shade), 1.0))
        painter.drawLine(start + aside * away, neck + aside * away)
    painter.setPen(QPen(faded(base, 0.8), 0.8))
    painter.setBrush(ink)
    painter.drawPolygon(head)
