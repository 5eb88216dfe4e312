"""A path over the plane: the straight line, the shortest way, and its two ends, which can be taken hold of."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from explorer.views.axes_painting import faded
from explorer.views.viewport import Viewport

Floats = npt.NDArray[np.float32]

END_RADIUS = 6.0
REACH = 12.0
"""Pixels from an end within which the mouse takes hold of it."""
_NONE: Floats = np.zeros((0, 2), np.float32)


class PathLine:
    """What is known of a path; empty until something is shown."""

    def __init__(self) -> None:
        self._straight_P2 = self._shortest_P2 = self._stops_K2 = _NONE

    @property
    def is_empty(self) -> bool:
        """Whether there is no path."""
        return len(self._straight_P2) == 0

    def show_ends(self, start_2: Floats, end_2: Floats) -> None:
        """Show the straight line between two places; what was shown of another path goes."""
        self._straight_P2 = np.stack([start_2, end_2]).astype(np.float32)
        self._shortest_P2 = self._stops_K2 = _NONE

    def move_ends(self, start_2: Floats, end_2: Floats) -> None:
        """Show the same path between places that have moved."""
        self._straight_P2 = np.stack([start_2, end_2]).astype(np.float32)

    def show_shortest(self, places_P2: Floats, stops_K2: Floats) -> None:
        """Show the shortest way, (P, 2), and where the images of its film are taken, (K, 2)."""
        self._shortest_P2, self._stops_K2 = places_P2, stops_K2

    def clear(self) -> None:
        """Show no path."""
        self._straight_P2 = self._shortest_P2 = self._stops_K2 = _NONE

    def end_at(self, viewport: Viewport, place: QPointF) -> int | None:
        """Which end the mouse can take hold of: 0 is the start, 1 the end, None is neither."""
        distances = [
            math.hypot(place.x() - across, place.y() - down)
            for across, down in (viewport.to_pixels(x, y) for x, y in self._straight_P2.tolist())
        ]
        nearest = min(range(len(distances)), key=distances.__getitem__, default=None)
        return nearest if nearest is not None and distances[nearest] <= REACH else None

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint both ways, the film's places, and the ends."""
        del pixel_ratio
        if self.is_empty:
            return
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        accent = palette.color(QPalette.ColorRole.Highlight)
        _paint_way(painter, viewport, self._straight_P2, (text, base), dashed=len(self._shortest_P2) > 0)
        if len(self._shortest_P2):
            _paint_way(painter, viewport, self._shortest_P2, (accent, base), dashed=False)
        painter.setPen(QPen(base, 1.0))
        painter.setBrush(accent)
        for x, y in self._stops_K2[1:-1].tolist():
            painter.drawEllipse(_place(viewport, x, y), 3.2, 3.2)
        for index, (x, y) in enumerate(self._straight_P2.tolist()):
            place = _place(viewport, x, y)
            painter.setPen(QPen(base, 4.0))
            painter.setBrush(base)
            painter.drawEllipse(place, END_RADIUS, END_RADIUS)
            painter.setPen(QPen(accent, 2.0))
            # The start is full, the end a ring.
            painter.setBrush(accent if index == 0 else base)
            painter.drawEllipse(place, END_RADIUS, END_RADIUS)


def _paint_way(
    painter: QPainter, viewport: Viewport, places_P2: Floats, colours: tuple[QColor, QColor], *, dashed: bool
) -> None:
    ink, rim = colours
    line = QPolygonF([_place(viewport, x, y) for x, y in places_P2[np.isfinite(places_P2).all(1)].tolist()])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((faded(rim, 0.85), 4.6), (ink, 2.0)):
        pen = QPen(colour, width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed and colour is ink:
            pen.setDashPattern([2.5, 2.5])
        painter.setPen(pen)
        painter.drawPolyline(line)


def _place(viewport: Viewport, x: float, y: float) -> QPointF:
    across, down = viewport.to_pixels(x, y)
    return QPointF(min(max(across, -1e5), 1e5), min(max(down, -1e5), 1e5))
