"""All that one view of the latent plane shows, and the order in which it is painted."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPalette

from explorer.views.axes_painting import paint_grid, paint_numbers
from explorer.views.decoded_map import DecodedMap
from explorer.views.kept_picture import KeptPicture
from explorer.views.marker_painting import (
    Polyline,
    paint_contours,
    paint_cross_hair,
    paint_dot,
    paint_frame,
    paint_gesture,
    paint_message,
    paint_pin,
    paint_ring,
)
from explorer.views.plane_layer import PlaneLayer
from explorer.views.point_layer import PointLayer
from explorer.views.selection_gesture import SelectionGesture
from explorer.views.viewport import Bounds, Viewport, bounds_of

# So few selected points are each ringed, since a handful of dots is hard to find among thousands.
MOST_RINGS = 40

LatentPoint = tuple[float, float]


@dataclass(slots=True)
class LatentScene:
    """What is in the view.

    Attributes:
        points: The cloud, with its colours and its selection.
        points_visible: Whether the cloud is painted.
        contours: Lines that show the prior, (M, 2) each; given by `set_contours`.
        pin: The place that was clicked.
        linked_cursor: Where the mouse is in another view.
        linked_point: Index of the point that the mouse is on in another view; −1 for none.
        hovered_point: Index of the point under the mouse; −1 for none.
        layers: What lies over the points, from back to front.
        marks: What lies over those and over numbers and lines.
        decoded_map: What is decoded all over the plane, behind the points; None while that is not shown.
        gesture: The rectangle or lasso being drawn.
        message: A sentence over everything; empty for none.
    """

    points: PointLayer = field(default_factory=PointLayer)
    points_visible: bool = True
    contours: tuple[Polyline, ...] = ()
    pin: LatentPoint | None = None
    linked_cursor: LatentPoint | None = None
    linked_point: int = -1
    hovered_point: int = -1
    layers: tuple[PlaneLayer, ...] = ()
    marks: tuple[PlaneLayer, ...] = ()
    decoded_map: DecodedMap | None = None
    gesture: SelectionGesture | None = None
    message: str = ""
    _contours_given: tuple[Polyline, ...] = ()
    _grid: KeptPicture = field(default_factory=KeptPicture, repr=False)
    _lines: KeptPicture = field(default_factory=KeptPicture, repr=False)

    def bounds(self) -> Bounds | None:
        """Where there is something to see; None where there is nothing."""
        cloud, outline = self.points.bounds(), bounds_of(self.contours)
        if cloud is None or outline is None:
            return cloud or outline
        return cloud.united(outline)

    def set_contours(self, contours: tuple[Polyline, ...]) -> bool:
        """Take other lines for the prior, without corners that are not finite; whether they are other ones."""
        if contours is self._contours_given:
            return False
        self._contours_given = contours
        contours = tuple(line_M2[np.isfinite(line_M2).all(axis=1)] for line_M2 in contours)
        same = len(contours) == len(self.contours) and all(map(np.array_equal, contours, self.contours))
        if not same:
            self.contours = contours
            self._lines.forget()
        return not same

    def latent_of(self, index: int) -> LatentPoint | None:
        """Where a point is on the plane; None where there is no such point."""
        if not 0 <= index < len(self.points):
            return None
        return float(self.points.x_N[index]), float(self.points.y_N[index])

    def place_of(self, viewport: Viewport, index: int) -> QPointF:
        """Where a point is, in pixels."""
        x, y = viewport.to_pixels(float(self.points.x_N[index]), float(self.points.y_N[index]))
        return QPointF(min(max(x, -1e5), 1e5), min(max(y, -1e5), 1e5))

    def paint(
        self,
        painter: QPainter,
        viewport: Viewport,
        palette: QPalette,
        font: QFont,
        *,
        pixel_ratio: float,
        hurry: bool,
        gliding: bool,
        waiting: bool,
        focused: bool,
    ) -> None:
        """Paint everything, from the back to the front.

        Args:
            painter: In pixels of the desktop.
            viewport: In pixels of the desktop.
            palette: Base is the background, Text gives lines and numbers, Highlight marks what the person does.
            font: Of numbers and message.
            pixel_ratio: Pixels of the screen in one of the desktop.
            hurry: Whether points may be shown from an old picture, see `PointLayer.prepare`.
            gliding: Whether the viewport is on its way, see `DecodedMap.paint`.
            waiting: Whether all will soon be painted anew, and until then whatever there is will do.
            focused: Whether the view has the keyboard.
        """
        base = palette.color(QPalette.ColorRole.Base)
        if self.decoded_map is not None:
            self.decoded_map.paint(painter, viewport, pixel_ratio, base, gliding=gliding or waiting)
        else:
            painter.fillRect(QRectF(0, 0, viewport.width, viewport.height), base)
        looks = (palette.cacheKey(), font.key())

        def paint_rules(inner: QPainter) -> None:
            paint_grid(inner, viewport, palette)

        self._grid.paint(painter, viewport, pixel_ratio, looks, paint_rules, waiting=waiting)
        if self.points_visible:
            self.points.prepare(viewport, pixel_ratio, hurry=hurry, waiting=waiting)
            self.points.paint(painter, viewport)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

        def paint_lines(inner: QPainter) -> None:
            paint_contours(inner, viewport, palette, self.contours)
            paint_numbers(inner, viewport, palette, font)

        for layer in self.layers:
            layer.paint(painter, viewport, palette, pixel_ratio)
        self._lines.paint(painter, viewport, pixel_ratio, looks, paint_lines, waiting=waiting)
        for mark in self.marks:
            mark.paint(painter, viewport, palette, pixel_ratio)
        self._paint_chosen_points(painter, viewport)
        if self.linked_cursor is not None:
            paint_cross_hair(painter, QPointF(*viewport.to_pixels(*self.linked_cursor)), viewport, palette)
        if self.pin is not None:
            paint_pin(painter, QPointF(*viewport.to_pixels(*self.pin)), palette)
        if self.gesture is not None:
            paint_gesture(painter, self.gesture, palette)
        if self.message:
            paint_message(painter, self.message, viewport, palette, font)
        paint_frame(painter, viewport, palette, focused=focused)

    def _paint_chosen_points(self, painter: QPainter, viewport: Viewport) -> None:
        count, diameter = len(self.points), float(self.points.dot_diameter)
        chosen = self.points.selected_n
        if self.points_visible and 0 < len(chosen) <= MOST_RINGS:
            for index in chosen.tolist():
                paint_dot(painter, self.place_of(viewport, index), diameter, self.points.colour_of(index))
        if 0 <= self.linked_point < count:
            place = self.place_of(viewport, self.linked_point)
            paint_dot(painter, place, diameter, self.points.colour_of(self.linked_point))
            paint_ring(painter, place, 0.5 * diameter + 6.0)
        if self.points_visible and 0 <= self.hovered_point < count:
            place = self.place_of(viewport, self.hovered_point)
            paint_dot(painter, place, diameter + 2.0, self.points.colour_of(self.hovered_point))
        painter.setBrush(Qt.BrushStyle.NoBrush)
