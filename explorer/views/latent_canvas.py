"""The latent plane as it is shown: a cloud of points with what belongs to it, and a camera that looks at it."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from explorer.views.camera import Camera
from explorer.views.decoded_map import DecodedMap
from explorer.views.latent_scene import LatentPoint, LatentScene
from explorer.views.map_tiles import Tile
from explorer.views.marker_painting import Polyline
from explorer.views.paint_turns import NEXT_TURN_MS, PaintTurns
from explorer.views.plane_layer import PlaneLayer
from explorer.views.point_layer import FRAME_S, PointLayer
from explorer.views.point_picking import Indices
from explorer.views.viewport import Viewport

# A picture that was moved instead of drawn is drawn again after so much rest.
IDLE_MS = 80
# How far a mark reaches from its place, and a line of a cross-hair from its middle.
MARK_PX = 24
LINE_PX = 8
# Marks are painted so much later than they come, together: the image of a click, which takes less, does not wait for
# three clouds to be painted.
MARK_DELAY_MS = 4
# Points are drawn so much later than they come: whoever gives them has more to do, and the mouse is heard in between.
DRAWING_DELAY_MS = 4
# Tiles of the map that only take the place of older ones are shown with the next points, or after so long.
REFRESH_MS = 1000


class LatentCanvas(QWidget):
    """A cloud of latent points with classes; draws what it is given.

    Latent coordinates have y up. Points are drawn once a frame, however often they change, in the turn of the event
    loop before the one that paints them, or in `paintEvent` where that comes first. While the view moves, a drawing
    that takes longer than `budget_s` seconds is moved as a picture, and made anew afterwards. Views that share `turns`
    are drawn anew one after the other when all of them have to be.

    Signals:
        viewport_changed: Another part of the plane is visible; see `viewport`.
        scene_changed: Other points are shown, or others can be picked.
    """

    viewport_changed = Signal()
    scene_changed = Signal()

    def __init__(
        self, parent: QWidget | None = None, *, budget_s: float = FRAME_S, turns: PaintTurns | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._turns, self._shares_turns = turns or PaintTurns(self), turns is not None
        self._scene = LatentScene(PointLayer(budget_s=budget_s))
        self._scene_has_moved = False
        self._camera = Camera(self)
        self._camera.changed.connect(self._viewport_has_changed)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self.update)
        self._stale_marks = QRegion()
        self._mark_delay = QTimer(self)
        self._mark_delay.setSingleShot(True)
        self._mark_delay.setInterval(MARK_DELAY_MS)
        self._mark_delay.timeout.connect(self._paint_marks)
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.setInterval(DRAWING_DELAY_MS)
        self._next_turn.timeout.connect(self._draw_points)
        self._points_drawn = QTimer(self)
        self._points_drawn.setSingleShot(True)
        self._points_drawn.setInterval(NEXT_TURN_MS)
        self._points_drawn.timeout.connect(self.update)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.update)

    @property
    def viewport(self) -> Viewport:
        """What is visible, in pixels of the desktop."""
        return self._camera.viewport

    @property
    def points(self) -> PointLayer:
        """The cloud as it is drawn, to be read: how often it was drawn, and what that took."""
        return self._scene.points

    @property
    def follows(self) -> bool:
        """Whether the view goes after the cloud: until a person pans or zooms, and again after `reset_view`."""
        return self._camera.following

    @property
    def selection(self) -> Indices:
        """Indices of the selected points, ascending."""
        return self._scene.points.selected_n

    def show_points(self, points_N2: npt.NDArray[np.floating], labels_N: npt.NDArray[np.integer] | None = None) -> None:
        """Show other coordinates, (N, 2), and classes, (N,), each an index into the colours.

        Without classes the last ones stay, if they are as many. Points that are not finite are not shown.

        Raises:
            ValueError: When the shapes do not belong together.
        """
        self._scene.points.set_points(points_N2, labels_N)
        self._scene_has_moved = True
        self.scene_changed.emit()
        self._next_turn.start()

    def set_class_colours(self, rgb_K3: npt.NDArray[np.uint8]) -> None:
        """Give each class its colour, RGB, (K, 3)."""
        self._scene.points.set_colours(rgb_K3)
        self.update()

    def set_emphasis(self, class_mask_K: npt.NDArray[np.bool_] | None) -> None:
        """Mute all classes but those that are true; None mutes none."""
        self._scene.points.set_emphasis(class_mask_K)
        self.scene_changed.emit()
        self.update()

    def set_selection(self, indices: npt.ArrayLike) -> None:
        """Select these points and mute the others; none are muted when it is empty. Tells nobody."""
        if self._scene.points.set_selection(indices):
            self.update()

    def set_contours(self, polylines: tuple[Polyline, ...]) -> None:
        """Show the prior by dashed lines, (M, 2) each."""
        if self._scene.set_contours(polylines):
            self._scene_has_moved = True
            self.update()

    def set_pin(self, point: LatentPoint | None) -> None:
        """Mark the place that was clicked, or none."""
        if point != self._scene.pin:
            self._update_around(self._scene.pin, point)
            self._scene.pin = point

    def set_linked_cursor(self, point: LatentPoint | None) -> None:
        """Mark where the mouse is in another view, or nowhere."""
        if point != self._scene.linked_cursor:
            self._update_around(self._scene.linked_cursor, point, across=True)
            self._scene.linked_cursor = point

    def set_linked_point(self, index: int) -> None:
        """Ring the point that the mouse is on in another view; −1 for none."""
        if index != self._scene.linked_point:
            self._update_around(self._scene.latent_of(self._scene.linked_point), self._scene.latent_of(index))
            self._scene.linked_point = index

    @property
    def decoded_map(self) -> DecodedMap | None:
        """The map behind the points, while one is shown; see `add_map_tile`."""
        return self._scene.decoded_map

    def set_map_visible(self, visible: bool) -> None:
        """Show a map of what is decoded where, empty at first, behind the points; or let it go with all its tiles."""
        if visible != (self._scene.decoded_map is not None):
            self._scene.decoded_map = DecodedMap() if visible else None
            self._scene.points.set_rimmed(visible)
            self.update()

    def add_map_tile(self, tile: Tile, version: int, picture: QImage) -> None:
        """Show a tile of the map, in place of an older one; dropped while no map is shown."""
        shown = self._scene.decoded_map
        if shown is None:
            return
        is_new = shown.store.version(tile) is None
        shown.put(tile, version, picture)
        if is_new:
            self.update()
            return
        shown.draw_arrived()
        if not self._refresh.isActive():
            self._refresh.start()

    def set_layers(self, layers: tuple[PlaneLayer, ...]) -> None:
        """Show other layers over the points, from back to front, or the same ones as they look now."""
        self._scene.layers = layers
        self.update()

    def set_marks(self, marks: tuple[PlaneLayer, ...]) -> None:
        """Show other marks over everything but the pin, or the same ones as they look now."""
        self._scene.marks = marks
        self.update()

    def set_points_visible(self, visible: bool) -> None:
        """Show or hide the cloud; hidden points cannot be picked."""
        self._scene.points_visible = visible
        self.scene_changed.emit()
        self.update()

    def set_message(self, message: str) -> None:
        """Show a sentence in the middle; an empty one takes it away."""
        self._scene.message = message
        self.update()

    def reset_view(self) -> None:
        """Look at the whole cloud, and follow it again."""
        self._follow_scene()
        self._camera.reset()

    # Painting

    def sizeHint(self) -> QSize:
        """A square in which ten classes can be told apart."""
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        """So small that four lanes fit on a small screen."""
        return QSize(140, 140)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what has changed since the last frame, and show everything."""
        del event
        self._refresh.stop()
        self._next_turn.stop()
        self._points_drawn.stop()
        self._follow_scene()
        painter = QPainter(self)
        self._scene.paint(
            painter,
            self._camera.viewport,
            self.palette(),
            self.font(),
            pixel_ratio=self.devicePixelRatioF(),
            hurry=self._idle.isActive(),
            gliding=self._camera.gliding,
            waiting=self._turns.is_waiting(self),
            focused=self.hasFocus(),
        )
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the same part of the plane at another size."""
        self._camera.resize(event.size().width(), event.size().height())
        if self._shares_turns:  # all views of a row get another size together
            self._turns.ask_later(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring of the keyboard focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def _update_around(self, *points: LatentPoint | None, across: bool = False) -> None:
        """Paint again where a mark was and where it will be, and no more, in a moment."""
        for point in points:
            if point is not None:
                x, y = (round(min(max(pixel, -1e5), 1e5)) for pixel in self.viewport.to_pixels(*point))
                self._stale_marks += QRect(x - MARK_PX, y - MARK_PX, 2 * MARK_PX, 2 * MARK_PX)
                if across:
                    self._stale_marks += QRect(0, y - LINE_PX, self.width(), 2 * LINE_PX)
                    self._stale_marks += QRect(x - LINE_PX, 0, 2 * LINE_PX, self.height())
        if not self._mark_delay.isActive():
            self._mark_delay.start()

    def _paint_marks(self) -> None:
        self.update(self._stale_marks)
        self._stale_marks = QRegion()

    def _draw_points(self) -> None:
        """Draw the points in a turn of their own: the next one has enough to do with painting everything."""
        self._follow_scene()
        if self.isVisible() and self._scene.points_visible:
            self._scene.points.prepare(
                self._camera.viewport,
                self.devicePixelRatioF(),
                hurry=self._idle.isActive(),
                waiting=self._turns.is_waiting(self),
            )
        self._points_drawn.start()

    def _follow_scene(self) -> None:
        if self._scene_has_moved:
            self._scene_has_moved = False
            self._camera.set_scene(self._scene.bounds())

    def _viewport_has_changed(self) -> None:
        if self._scene.points.is_dear:
            self._idle.start()
        if self._camera.viewport == self._camera.target:  # on its way there, old pictures are stretched anyhow
            self._turns.ask(self)
        self.viewport_changed.emit()
        if self._camera.gliding:
            self._next_turn.start()
        else:
            self.update()
