"""Marks of single places on a plane, and of the way from one to another."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPalette, QPen, QPolygonF

from explorer.views.axes_painting import faded
from explorer.views.viewport import Viewport

Place = tuple[float, float]

_DARK, _LIGHT = QColor(20, 22, 26), QColor(255, 255, 255)
_RADIUS = 7.0
_HEAD = 9.0
_EDGE = 12.0


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A diamond with a word beside it; at the edge and hollow while its place is out of view."""

    place: Place
    word: str

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint it."""
        del pixel_ratio
        at, is_inside = _in_view(viewport, self.place)
        _paint_diamond(painter, at, palette.color(QPalette.ColorRole.Highlight) if is_inside else _DARK)
        _paint_word(painter, at, self.word, viewport)


@dataclass(frozen=True, slots=True)
class WayMark:
    """An arrow from a ring to a diamond, with words beside both."""

    start: Place
    end: Place
    start_word: str
    end_word: str

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint it."""
        del pixel_ratio
        accent = palette.color(QPalette.ColorRole.Highlight)
        start, _ = _in_view(viewport, self.start)
        end, is_inside = _in_view(viewport, self.end)
        along = end - start
        length = math.hypot(along.x(), along.y())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if length > _RADIUS + _HEAD:
            unit = along / length
            aside = QPointF(-unit.y(), unit.x())
            tip = end - unit * (_RADIUS + 1)
            neck = tip - unit * _HEAD
            for colour, width in ((faded(_DARK, 0.85), 5.0), (_LIGHT, 3.2), (accent, 2.0)):
                painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(start, neck)
            painter.setPen(QPen(_LIGHT, 1.2))
            painter.setBrush(accent)
            painter.drawPolygon(QPolygonF([tip, neck + aside * (0.5 * _HEAD), neck - aside * (0.5 * _HEAD)]))
        painter.setPen(QPen(faded(_DARK, 0.85), 1.2))
        painter.setBrush(_LIGHT)
        painter.drawEllipse(start, 4.0, 4.0)
        _paint_diamond(painter, end, accent if is_inside else _DARK)
        _paint_word(painter, end, self.end_word, viewport)
        if length > 30:
            _paint_word(painter, start, self.start_word, viewport)


def _in_view(viewport: Viewport, place: Place) -> tuple[QPointF, bool]:
    """Where a place is, in pixels, or the nearest to it at the edge; and whether it is in view."""
    x, y = viewport.to_pixels(*place)
    if not (math.isfinite(x) and math.isfinite(y)):
        x, y = viewport.width / 2, -1.0
    inside_x = min(max(x, _EDGE), max(_EDGE, viewport.width - _EDGE))
    inside_y = min(max(y, _EDGE), max(_EDGE, viewport.height - _EDGE))
    is_inside = 0 <= x <= viewport.width and 0 <= y <= viewport.height
    return (QPointF(x, y) if is_inside else QPointF(inside_x, inside_y)), is_inside


def _paint_diamond(painter: QPainter, at: QPointF, colour: QColor) -> None:
    corners = [QPointF(0, -_RADIUS), QPointF(_RADIUS, 0), QPointF(0, _RADIUS), QPointF(-_RADIUS, 0)]
    diamond = QPolygonF([at + corner for corner in corners])
    painter.setPen(QPen(faded(_DARK, 0.9), 4.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(diamond)
    painter.setPen(QPen(_LIGHT, 1.8))
    painter.setBrush(colour)
    painter.drawPolygon(diamond)


def _paint_word(painter: QPainter, at: QPointF, word: str, viewport: Viewport) -> None:
    """Paint a word beside a mark, on the side that has room for it, with a rim so that it is read on any ground."""
    if not word:
        return
    font = QFont(painter.font())
    font.setBold(True)
    metrics = QFontMetrics(font)
    beside, margin = _RADIUS + 5, 3
    right_room, left_room = viewport.width - margin - at.x() - beside, at.x() - beside - margin
    width = metrics.horizontalAdvance(word)
    is_right = width <= right_room or right_room >= left_room
    word = metrics.elidedText(word, Qt.TextElideMode.ElideRight, int(max(right_room if is_right else left_room, 0)))
    left = at.x() + beside if is_right else at.x() - beside - metrics.horizontalAdvance(word)
    line = QRectF(left, at.y() - metrics.height() / 2, width, metrics.height())
    path = QPainterPath()
    path.addText(QPointF(line.left(), line.top() + metrics.ascent()), font, word)
    painter.setPen(
        QPen(faded(_DARK, 0.85), 3.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    )
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.fillPath(path, _LIGHT)
