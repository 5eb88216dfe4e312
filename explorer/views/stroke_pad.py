"""A square to draw on in grey, with a soft brush: what pads of different meaning have in common."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from explorer.theme import look_of
from explorer.views.dropped_files import NO_FILE, dropped_files, may_be_dropped

Drawing = npt.NDArray[np.uint8]
"""(side, side), row 0 at the top: how much is drawn in each pixel, up to 255."""

LEAST_BRUSH: Final = 2
GREATEST_BRUSH: Final = 12
_SIDE_ON_SCREEN = 232
_FRAME = 3
_KEPT = 50
_FAR = 6
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class StrokePad(QWidget):
    """Left button or Space draws, right button or Delete erases; arrows move the brush; Ctrl+Z takes a stroke back.

    Places are counted in pixels of the drawing, from its upper left corner.

    Signals:
        drawn(): The person finished a stroke, or changed the drawing in another way.
        changed(): The drawing is another, also in the middle of a stroke.
        picture_dropped(object): The `Path` of a file that was dropped here.
        refused(str): One sentence on why what was dropped is not taken.
    """

    drawn = Signal()
    changed = Signal()
    picture_dropped = Signal(object)
    refused = Signal(str)

    def __init__(self, drawing: Drawing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._side = len(drawing)
        self._undo: list[Drawing] = []
        self._redo: list[Drawing] = []
        self._brush = 4
        self._at: tuple[float, float] = (self._side / 2, self._side / 2)
        self._stroke: Qt.MouseButton | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)  # the right button erases
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFixedSize(self.sizeHint())

    # What it holds

    @property
    def drawing(self) -> Drawing:
        """What is drawn; nobody writes into it."""
        return self._drawing

    def show_drawing(self, drawing: Drawing) -> None:
        """Show another drawing, as where to start from."""
        self._undo, self._redo = [], []
        self._show(drawing)

    def change(self, drawing: Drawing) -> None:
        """Let another drawing take the place of this one, as a step that can be taken back."""
        self._remember()
        self._show(drawing)
        self.drawn.emit()

    def clear(self) -> None:
        """Leave nothing."""
        self.change(np.zeros_like(self._drawing))

    def undo(self) -> None:
        """Take the last change back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Make it again."""
        self._step(self._redo, self._undo)

    def set_brush(self, radius: int) -> None:
        """How far the brush reaches, in pixels of the drawing."""
        self._brush = radius
        self.update()

    def _step(self, steps: list[Drawing], others: list[Drawing]) -> None:
        if steps and self._stroke is None:
            others.append(self._drawing)
            self._show(steps.pop())
            self.drawn.emit()

    def _remember(self) -> None:
        self._undo = [*self._undo[1 - _KEPT :], self._drawing]
        self._redo = []

    def _show(self, drawing: Drawing) -> None:
        self._drawing = drawing
        self._note_change()
        self.changed.emit()
        self.update()

    def _note_change(self) -> None:
        """For pads that show something made from the drawing."""

    def _mark(self, start: tuple[float, float], end: tuple[float, float], *, erase: bool) -> None:
        """Draw or erase along a line: full at its middle, fading towards the brush's edge.

        To erase fades later: one dab takes away what another left at the same place.
        """
        inside_HW = 1 - (_distances(self._side, start, end) / self._brush) ** 2
        if erase:
            self._show(np.rint(self._drawing * (1 - np.clip(4 * inside_HW, 0, 1))).astype(np.uint8))
        else:
            self._show(np.maximum(self._drawing, np.rint(255 * np.clip(1.6 * inside_HW, 0, 1)).astype(np.uint8)))

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if self._stroke is None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._stroke = event.button()
            self._remember()
            self._move_to(event.position(), begin=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it, or show where it would begin."""
        self._move_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == self._stroke:
            self._move_to(event.position())
            self._stroke = None
            self.drawn.emit()

    def _move_to(self, position: QPointF, *, begin: bool = False) -> None:
        place, before = self._place(), self._at
        scale = self._side / place.width()
        self._at = ((position.x() - place.x()) * scale, (position.y() - place.y()) * scale)
        if self._stroke is not None:
            self._mark(self._at if begin else before, self._at, erase=self._stroke == Qt.MouseButton.RightButton)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush, Shift far; Space draws there, Delete erases; the keys of undo and redo."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            step = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            across, down = _ARROWS[key]
            x, y = self._at
            self._at = (min(max(x + step * across, 0.0), self._side), min(max(y + step * down, 0.0), self._side))
            self.update()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remember()
            self._mark(self._at, self._at, erase=key != Qt.Key.Key_Space)
            self.drawn.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.redo()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the brush."""
        super().enterEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Bring the brush of the keyboard into view."""
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._at = (self._side / 2, self._side / 2)
        super().focusInEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file."""
        if may_be_dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell of it."""
        event.acceptProposedAction()
        files = dropped_files(event.mimeData())
        if files:
            self.picture_dropped.emit(files[0])
        else:
            self.refused.emit(NO_FILE)

    # Looks

    def sizeHint(self) -> QSize:
        """A little over three screen pixels for each of the drawing."""
        return QSize(_SIDE_ON_SCREEN + 2 * _FRAME, _SIDE_ON_SCREEN + 2 * _FRAME)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, drawing, what lies over it, brush and frame."""
        del event
        look, place = look_of(self), self._place()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, place)
        painter.drawImage(place, self._ink())
        painter.save()
        painter.setClipRect(place)
        self._paint_over(painter, place)
        if self.underMouse() or self.hasFocus():
            at = place.topLeft() + QPointF(*self._at) * (place.width() / self._side)
            radius = self._brush * place.width() / self._side
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(look.muted), 1))
            painter.drawEllipse(at, radius, radius)
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        focus = self.hasFocus()
        painter.setPen(QPen(QColor(look.accent if focus else look.edge), 2 if focus else 1))
        painter.drawRoundedRect(place.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)

    def _paint_ground(self, painter: QPainter, place: QRectF) -> None:
        """Paint what lies under the drawing."""
        painter.fillRect(place, QColor(look_of(self).surface))

    def _ink(self) -> QImage:
        """The drawing as a picture."""
        return as_ink(self._drawing, QColor(look_of(self).text))

    def _paint_over(self, painter: QPainter, place: QRectF) -> None:
        """Paint what lies over the drawing."""

    def _place(self) -> QRectF:
        side = min(self.width(), self.height()) - 2 * _FRAME
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)


def _distances(side: int, start: tuple[float, float], end: tuple[float, float]) -> npt.NDArray[np.float64]:
    """How far the middle of each pixel is from a line between two places, in pixels, (side, side)."""
    row_HW, column_HW = np.mgrid[:side, :side] + 0.5
    along, down = end[0] - start[0], end[1] - start[1]
    length = along**2 + down**2
    share_HW = np.zeros_like(row_HW)
    if length > 0:
        share_HW = np.clip(((column_HW - start[0]) * along + (row_HW - start[1]) * down) / length, 0, 1)
    return np.hypot(column_HW - start[0] - share_HW * along, row_HW - start[1] - share_HW * down)


def as_ink(drawing: Drawing, colour: QColor, strength: float = 1.0) -> QImage:
    """A drawing as ink of one colour, the stronger the less is seen through it."""
    height, width = drawing.shape
    ink = np.empty((height, width, 4), np.uint8)
    ink[..., :3] = (colour.red(), colour.green(), colour.blue())
    ink[..., 3] = (drawing * strength).astype(np.uint8)
    return QImage(ink.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
