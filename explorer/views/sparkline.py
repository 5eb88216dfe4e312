"""A curve without axes, small enough to stand beside its newest number."""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

Curve = tuple[tuple[float, float], ...]
DOT: float = 2.0
"""Radius of the mark at the newest value."""


def paint_sparkline(
    painter: QPainter,
    place: QRectF,
    curve: Curve,
    bounds: tuple[float, float, float, float],
    colour: QColor,
    *,
    weight: float = 1.5,
) -> None:
    """Draw values over epochs, and a dot at the newest.

    Args:
        painter: Where to draw.
        place: In which rectangle; the line and its dot stay inside.
        curve: Epochs and values, ascending; values that are not finite are left out.
        bounds: Epochs at the left and right edge, values at the lower and upper one.
        colour: Of the line.
        weight: Width of the line in pixels.
    """
    points = sparkline_points(place.adjusted(DOT, DOT, -DOT, -DOT), curve, bounds)
    if not points:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if len(points) > 1:
        path = QPainterPath()
        path.addPolygon(QPolygonF(points))
        painter.setPen(QPen(colour, weight, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(points[-1], DOT, DOT)
    painter.restore()


def sparkline_points(place: QRectF, curve: Curve, bounds: tuple[float, float, float, float]) -> list[QPointF]:
    """Where the values lie in a rectangle; a single epoch stands at its right, equal values in its middle."""
    first, last, least, greatest = bounds
    across, up = last - first, greatest - least
    return [
        QPointF(
            place.left() + place.width() * ((epoch - first) / across if across > 0 else 1.0),
            place.bottom() - place.height() * ((value - least) / up if up > 0 else 0.5),
        )
        for epoch, value in curve
        if math.isfinite(value)
    ]
