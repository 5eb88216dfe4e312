"""What lies over the points: prior contours, rings, the pin, cross-hairs, a selection being drawn, a message."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPen, QPolygonF

from explorer.views.axes_painting import faded
from explorer.views.dashes import dashes_along
from explorer.views.selection_gesture import SelectionGesture, SelectionShape
from explorer.views.viewport import Viewport

Polyline = npt.NDArray[np.floating]

# A dark line under a light one can be seen on any background.
_DARK, _LIGHT = QColor(20, 22, 26), QColor(255, 255, 255)
_CONTOUR_WIDTH, _DASH, _GAP = 1.4, 5.6, 4.9


def paint_contours(painter: QPainter, viewport: Viewport, palette: QPalette, contours: Sequence[Polyline]) -> None:
    """Paint polylines, (M, 2) in latent coordinates and finite, as dashed lines."""
    pen = QPen(faded(palette.color(QPalette.ColorRole.Text), 0.55), _CONTOUR_WIDTH)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    lines = [viewport.all_to_pixels(line_M2) for line_M2 in contours]
    dashes_K4 = dashes_along(lines, viewport.width, viewport.height, dash=_DASH, gap=_GAP)
    painter.drawLines([QLineF(*ends) for ends in dashes_K4.tolist()])


def paint_dot(painter: QPainter, place: QPointF, diameter: float, colour: QColor) -> None:
    """Paint one point above all others: larger, with a rim that sets it off."""
    painter.setPen(QPen(_LIGHT, 1.5))
    painter.setBrush(colour)
    radius = 0.5 * diameter + 2.0
    painter.drawEllipse(place, radius, radius)
    painter.setPen(QPen(faded(_DARK, 0.85), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(place, radius + 1.2, radius + 1.2)


def paint_ring(painter: QPainter, place: QPointF, radius: float) -> None:
    """Paint a ring around one point, which can be seen on any background."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(faded(_DARK, 0.85), 3.6))
    painter.drawEllipse(place, radius, radius)
    painter.setPen(QPen(_LIGHT, 1.6))
    painter.drawEllipse(place, radius, radius)


def paint_pin(painter: QPainter, place: QPointF, palette: QPalette) -> None:
    """Paint the place that was clicked: a target with four ticks and an accent in the middle."""
    accent = palette.color(QPalette.ColorRole.Highlight)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((faded(_DARK, 0.9), 4.2), (_LIGHT, 2.0)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawEllipse(place, 7.0, 7.0)
        for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(place + QPointF(9.5 * right, 9.5 * down), place + QPointF(13.0 * right, 13.0 * down))
    painter.setPen(QPen(_LIGHT, 1.4))
    painter.setBrush(accent)
    painter.drawEllipse(place, 3.2, 3.2)


def paint_cross_hair(painter: QPainter, place: QPointF, viewport: Viewport, palette: QPalette) -> None:
    """Paint where the mouse is in another view: thin lines across the whole view, open in the middle."""
    pen = QPen(faded(palette.color(QPalette.ColorRole.Text), 0.45), 1.0, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3.0, 3.0])
    painter.setPen(pen)
    x, y, gap = round(place.x()) + 0.5, round(place.y()) + 0.5, 8.0
    painter.drawLine(QPointF(0, y), QPointF(x - gap, y))
    painter.drawLine(QPointF(x + gap, y), QPointF(viewport.width, y))
    painter.drawLine(QPointF(x, 0), QPointF(x, y - gap))
    painter.drawLine(QPointF(x, y + gap), QPointF(x, viewport.height))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((faded(_DARK, 0.8), 3.0), (_LIGHT, 1.3)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(QPointF(x, y), 4.0, 4.0)


def paint_gesture(painter: QPainter, gesture: SelectionGesture, palette: QPalette) -> None:
    """Paint the rectangle or the lasso as far as it is drawn."""
    accent = palette.color(QPalette.ColorRole.Highlight)
    painter.setPen(QPen(accent, 1.4))
    painter.setBrush(faded(accent, 0.14))
    if gesture.shape is SelectionShape.RECTANGLE:
        painter.drawRect(gesture.rectangle)
    else:
        painter.drawPolygon(QPolygonF(gesture.corners))


def paint_message(painter: QPainter, text: str, viewport: Viewport, palette: QPalette, font: QFont) -> None:
    """Paint a sentence in the middle, softly, on a plate of background."""
    room = QRectF(0, 0, viewport.width, viewport.height).adjusted(12, 12, -12, -12)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    if room.width() < 20 or room.height() < 12:
        return
    painter.setFont(font)
    plate = painter.boundingRect(room, int(flags), text).adjusted(-12, -7, 12, 7)
    painter.setPen(QPen(faded(palette.color(QPalette.ColorRole.Text), 0.14), 1.0))
    painter.setBrush(faded(palette.color(QPalette.ColorRole.Base), 0.86))
    painter.drawRoundedRect(plate, 8, 8)
    painter.setPen(faded(palette.color(QPalette.ColorRole.Text), 0.72))
    painter.drawText(room, int(flags), text)


def paint_frame(painter: QPainter, viewport: Viewport, palette: QPalette, *, focused: bool) -> None:
    """Paint the edge; a view that has the keyboard is ringed."""
    colour = (
        palette.color(QPalette.ColorRole.Highlight) if focused else faded(palette.color(QPalette.ColorRole.Text), 0.2)
    )
    edge = 2.0 if focused else 1.0
    width, height = viewport.width, viewport.height
    # Filled rectangles without soft edges: round a large view, an outline with a pen takes Qt fifty times as long.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(QRectF(0.0, 0.0, width, edge), colour)
    painter.fillRect(QRectF(0.0, height - edge, width, edge), colour)
    painter.fillRect(QRectF(0.0, edge, edge, height - 2 * edge), colour)
    painter.fillRect(QRectF(width - edge, edge, edge, height - 2 * edge), colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
