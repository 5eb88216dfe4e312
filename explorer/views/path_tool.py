"""The tool that draws paths: while it is in hand, dragging in a cloud draws instead of panning."""

import math

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.views.latent_view import CLICK_MOVEMENT, LatentView
from explorer.views.path_line import PathLine

_LEFT, _NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_NONE = Qt.KeyboardModifier.NoModifier


class PathTool(QObject):
    """Stands before one cloud: takes its drags, and leaves it clicks, the wheel and drags with a key held.

    Signals:
        drawn(float, float, float, float): From (x, y) to (x, y) in latent coordinates; told at every movement.
        end_moved(int, float, float): An end of the path (0 or 1) is dragged to (x, y).
    """

    drawn = Signal(float, float, float, float)
    end_moved = Signal(int, float, float)

    def __init__(self, cloud: LatentView, path: PathLine) -> None:
        super().__init__(cloud)
        self._cloud, self._path = cloud, path
        self._is_in_hand = False
        self._is_pressed = False
        self._from = QPointF()
        self._held_end: int | None = None
        self._is_drawing = False
        self._is_passing_on = False

    def set_in_hand(self, is_in_hand: bool) -> None:
        """Take the tool up, or put it down."""
        if is_in_hand != self._is_in_hand:
            self._is_in_hand, self._is_pressed = is_in_hand, False
            if is_in_hand:
                self._cloud.installEventFilter(self)
            else:
                self._cloud.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw with the left button, if no key is held."""
        if watched is not self._cloud or self._is_passing_on or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind is QEvent.Type.MouseButtonPress and event.button() is _LEFT and event.modifiers() == _NONE:
            self._is_pressed, self._from, self._is_drawing = True, event.position(), False
            self._held_end = self._path.end_at(self._cloud.viewport, self._from)
            return True
        if not self._is_pressed:
            return False
        if kind is QEvent.Type.MouseMove:
            self._move(event.position())
        elif kind is QEvent.Type.MouseButtonRelease and event.button() is _LEFT:
            self._is_pressed = False
            if not self._is_drawing:
                self._pass_on_click()
        return True

    def _move(self, place: QPointF) -> None:
        moved = place - self._from
        if not self._is_drawing and math.hypot(moved.x(), moved.y()) < CLICK_MOVEMENT:
            return
        self._is_drawing = True
        viewport = self._cloud.viewport
        to = viewport.to_latent(place.x(), place.y())
        if self._held_end is not None:
            self.end_moved.emit(self._held_end, *to)
        else:
            self.drawn.emit(*viewport.to_latent(self._from.x(), self._from.y()), *to)

    def _pass_on_click(self) -> None:
        """Let the cloud have a click after all."""
        self._is_passing_on = True
        place = QPointF(self._cloud.mapToGlobal(self._from))
        for kind, held in ((QEvent.Type.MouseButtonPress, _LEFT), (QEvent.Type.MouseButtonRelease, _NO_BUTTON)):
            QApplication.sendEvent(self._cloud, QMouseEvent(kind, self._from, place, _LEFT, held, _NONE))
        self._is_passing_on = False
