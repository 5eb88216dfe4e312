"""The latent plane under the hand: point into it, pick from it, select in it, move about it."""

import math

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from explorer.views.hover_tracker import HoverTracker
from explorer.views.latent_canvas import LatentCanvas
from explorer.views.paint_turns import PaintTurns
from explorer.views.point_layer import FRAME_S
from explorer.views.point_picking import Indices, nearest_point, points_in_polygon, points_in_rectangle
from explorer.views.selection_gesture import SelectionGesture, SelectionShape
from explorer.views.viewport import Bounds

PICKING_RADIUS = 14.0
CLICK_MOVEMENT = 3.0
ARROW_STEP = 4.0
LARGE_ARROW_STEP = 32.0
KEY_ZOOM = 1.25
WHEEL_NOTCH_ZOOM = 1.2
TOUCHPAD_NOTCH = 60.0

_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class LatentView(LatentCanvas):
    """A cloud of points that tells what a person does in it.

    Left-drag pans, the wheel zooms at the cursor, a click picks, Shift+drag selects a rectangle, Ctrl+Shift+drag a
    lasso, Ctrl+click one point; Esc, or a double-click on nothing, ends the selection. With the keyboard: arrows move
    the pin (Shift for large steps), + and − zoom, Enter picks, Home looks at everything. Points of classes that are
    muted by `set_emphasis` can neither be picked nor selected.

    Signals:
        latent_hovered: The mouse is over this latent point (x, y); at most once a frame, not during a drag.
        hover_left: The mouse is elsewhere, or drags.
        latent_picked: A person clicked at (x, y), or went there with the keyboard.
        point_hovered: Index of the nearest data point within 14 px of the mouse, −1 for none; when that changes.
        point_picked: The same for a click; told after `latent_picked`.
        card_requested: The mouse has rested on a data point: its index, and the place on the screen (QPoint).
        selection_changed: A person chose other points: their indices, ascending, int64; empty for none.
    """

    latent_hovered = Signal(float, float)
    hover_left = Signal()
    latent_picked = Signal(float, float)
    point_hovered = Signal(int)
    point_picked = Signal(int)
    card_requested = Signal(int, QPoint)
    selection_changed = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, *, budget_s: float = FRAME_S, turns: PaintTurns | None = None
    ) -> None:
        super().__init__(parent, budget_s=budget_s, turns=turns)
        self.setObjectName("latent_view")
        self.setAccessibleName("Latent space")
        self.setAccessibleDescription("Arrow keys move the pin, Enter decodes there, plus and minus zoom.")
        self.setToolTip(
            "Click to decode, drag to move, scroll to zoom; Shift+drag selects, Ctrl+Shift+drag selects with a lasso."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._mouse = HoverTracker(self)
        self._mouse.moved.connect(self._hover)
        self._mouse.rested.connect(self._request_card)
        self.viewport_changed.connect(self._mouse.look_again)
        self.scene_changed.connect(self._mouse.look_again)
        self._pressed: QPointF | None = None
        self._pressed_button = Qt.MouseButton.NoButton
        self._pressed_modifiers = Qt.KeyboardModifier.NoModifier
        self._pressed_viewport = self._camera.viewport
        self._dragging = False
        self._told_hover = False

    # Mouse

    def event(self, event: QEvent) -> bool:
        """Pinch to zoom, and keep the tooltip away from data, where a card tells more."""
        if event.type() is QEvent.Type.ToolTip and len(self._scene.points):
            event.ignore()
            return True
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
                return super().event(event)
            self._zoom(max(0.2, 1.0 + event.value()), event.position())
            return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Begin to hover."""
        self._mouse.enter(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        """End the hovering."""
        super().leaveEvent(event)
        self._end_hover()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what becomes a click or a drag."""
        held = self._pressed is not None and bool(event.buttons() & self._pressed_button)
        if held or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.ignore()
            return
        self._mouse.end_rest()
        self._pressed, self._pressed_viewport, self._dragging = event.position(), self._camera.viewport, False
        self._pressed_button, self._pressed_modifiers = event.button(), event.modifiers()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, pan, or go on selecting."""
        place = event.position()
        if self._pressed is None:
            if not event.buttons():
                self._mouse.enter(place)
            return
        if not self._dragging:
            moved = place - self._pressed
            if math.hypot(moved.x(), moved.y()) < CLICK_MOVEMENT:
                return
            self._begin_drag(self._pressed)
        if self._scene.gesture is not None:
            self._scene.gesture.add(place)
            self.update()
        else:
            moved = place - self._pressed
            self._camera.look_from(self._pressed_viewport.moved(moved.x(), moved.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick what was clicked, or select what was enclosed."""
        if event.button() is not self._pressed_button:
            return
        self._pressed_button = Qt.MouseButton.NoButton
        pressed, self._pressed = self._pressed, None
        dragged, self._dragging = self._dragging, False
        gesture, self._scene.gesture = self._scene.gesture, None
        self.setCursor(Qt.CursorShape.CrossCursor)
        if gesture is not None:
            gesture.add(event.position())
            self._choose(self._enclosed(gesture))
        elif pressed is not None and not dragged and event.button() is Qt.MouseButton.LeftButton:
            self._click(pressed, self._pressed_modifiers)
        if self.rect().contains(event.position().toPoint()):
            self._mouse.enter(event.position())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On nothing: end the selection, or look at everything when there is none."""
        if event.button() is not Qt.MouseButton.LeftButton or self._point_at(event.position()) >= 0:
            return
        if len(self.selection):
            self._choose(np.empty(0, np.int64))
        else:
            self.reset_view()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        fine = event.pixelDelta().y() if event.phase() is not Qt.ScrollPhase.NoScrollPhase else 0
        notches = fine / TOUCHPAD_NOTCH if fine else event.angleDelta().y() / 120.0
        if notches and self._pressed is None:
            self._zoom(WHEEL_NOTCH_ZOOM**notches, event.position())
        event.accept()

    def _begin_drag(self, pressed: QPointF) -> None:
        self._dragging = True
        self._end_hover()
        if self._pressed_button is Qt.MouseButton.LeftButton and self._pressed_modifiers & _SHIFT:
            shape = SelectionShape.LASSO if self._pressed_modifiers & _CTRL else SelectionShape.RECTANGLE
            self._scene.gesture = SelectionGesture(shape, [pressed])
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _click(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        index = self._point_at(place)
        if modifiers & _CTRL:
            if index >= 0:
                self._choose(np.setxor1d(self.selection, np.asarray([index], np.int64)))
            return
        self.latent_picked.emit(*self._camera.viewport.to_latent(place.x(), place.y()))
        self.point_picked.emit(index)

    def _zoom(self, factor: float, place: QPointF) -> None:
        self._camera.look_from(self._camera.viewport.zoomed(factor, place.x(), place.y()))

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the pin, zoom, pick, look at everything, deselect."""
        key, viewport = event.key(), self._camera.viewport
        middle = QPointF(viewport.width / 2, viewport.height / 2)
        if key in _ARROWS:
            right, down = _ARROWS[key]
            step = LARGE_ARROW_STEP if event.modifiers() & _SHIFT else ARROW_STEP
            start = self._keyboard_place()
            target = viewport.to_latent(start.x() + right * step, start.y() + down * step)
            self.latent_picked.emit(*target)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._click(self._keyboard_place(), Qt.KeyboardModifier.NoModifier)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(KEY_ZOOM, middle)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self._zoom(1 / KEY_ZOOM, middle)
        elif key == Qt.Key.Key_Home:
            self.reset_view()
        elif key == Qt.Key.Key_Escape and (self._scene.gesture is not None or len(self.selection)):
            self._escape()
        else:
            super().keyPressEvent(event)

    def _keyboard_place(self) -> QPointF:
        """Where the keyboard points: at the pin if it is in view, else at the middle."""
        viewport = self._camera.viewport
        if self._scene.pin is not None:
            x, y = viewport.to_pixels(*self._scene.pin)
            if 0 <= x <= viewport.width and 0 <= y <= viewport.height:
                return QPointF(x, y)
        return QPointF(viewport.width / 2, viewport.height / 2)

    def _escape(self) -> None:
        if self._scene.gesture is not None:
            self._scene.gesture, self._pressed = None, None
            self.update()
        else:
            self._choose(np.empty(0, np.int64))

    # Points

    def _point_at(self, place: QPointF) -> int:
        points, viewport = self._scene.points, self._camera.viewport
        if len(points) == 0 or not self._scene.points_visible:
            return -1
        x, y = viewport.to_latent(place.x(), place.y())
        return nearest_point(points.x_N, points.y_N, x, y, PICKING_RADIUS / viewport.scale, points.handicap_N())

    def _enclosed(self, gesture: SelectionGesture) -> Indices:
        points, viewport = self._scene.points, self._camera.viewport
        path_M2 = viewport.all_to_latent(gesture.path_M2)
        if gesture.shape is SelectionShape.LASSO:
            return points.pickable(points_in_polygon(points.x_N, points.y_N, path_M2))
        (left, bottom), (right, top) = path_M2.min(axis=0).tolist(), path_M2.max(axis=0).tolist()
        return points.pickable(points_in_rectangle(points.x_N, points.y_N, Bounds(left, bottom, right, top)))

    def _choose(self, indices: Indices) -> None:
        if self._scene.points.set_selection(indices):
            self.selection_changed.emit(self.selection)
            self.update()

    def _hover(self) -> None:
        place = self._mouse.place
        if place is None or self._dragging:
            return
        self._told_hover = True
        self.latent_hovered.emit(*self._camera.viewport.to_latent(place.x(), place.y()))
        self._hover_point(self._point_at(place))

    def _hover_point(self, index: int) -> None:
        if index == self._scene.hovered_point:
            return
        self._update_around(self._scene.latent_of(self._scene.hovered_point), self._scene.latent_of(index))
        self._scene.hovered_point = index
        if index >= 0:
            self._mouse.start_rest()
        else:
            self._mouse.end_rest()
        self.point_hovered.emit(index)

    def _end_hover(self) -> None:
        self._mouse.leave()
        self._hover_point(-1)
        if self._told_hover:
            self._told_hover = False
            self.hover_left.emit()

    def _request_card(self) -> None:
        index, place = self._scene.hovered_point, self._mouse.place
        if index >= 0 and place is not None:
            self.card_requested.emit(index, self.mapToGlobal(place.toPoint()))
