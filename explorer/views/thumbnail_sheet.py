"""Many small images as one picture, from which one can be picked."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.theme import look_of
from explorer.views.pixel_image import Pixels, draw_pixels, sharp_side, to_qimage

MOST: Final = 200
"""Thumbnails in the picture: few enough to be made within a frame."""
_CELL = 34
_EDGE = 3


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnails:
    """What is shown: images, (N, C, H, W), what each is called by whoever shows them, (N,), and its colour, (N, 3)."""

    images_NCHW: Pixels
    indices_N: npt.NDArray[np.int64]
    colours_N3: npt.NDArray[np.uint8]


NOTHING: Final = Thumbnails(np.zeros((0, 1, 1, 1), np.uint8), np.zeros(0, np.int64), np.zeros((0, 3), np.uint8))


class ThumbnailSheet(QWidget):
    """Rows of images, each underlined in a colour; drawn once and shown as a picture.

    Signals:
        image_picked(int): An image was clicked, or gone to with an arrow key: what it is called.
        image_hovered(int): The mouse is on this image; −1 when it is on none.
    """

    image_picked = Signal(int)
    image_hovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = NOTHING
        self._picture: QPixmap | None = None
        self._marked = -1
        self._hovered = -1
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Thumbnails")
        self.setToolTip("Click an image to select it; with the keyboard, arrows go from one to the next.")

    def show_thumbnails(self, thumbnails: Thumbnails) -> None:
        """Show these, at most `MOST`."""
        assert len(thumbnails.indices_N) <= MOST, len(thumbnails.indices_N)
        self._shown = thumbnails
        self._picture = None
        self._hover(-1)
        self.updateGeometry()
        self.update()

    def mark(self, index: int) -> None:
        """Frame the image that is called so, if it is here; −1 for none."""
        if index != self._marked:
            self._marked = index
            self.update()

    def place(self, at: int) -> QRectF:
        """Where the image at a position is."""
        row, column = divmod(at, self._columns(self.width()))
        return QRectF(column * _CELL, row * _CELL, _CELL, _CELL)

    def hasHeightForWidth(self) -> bool:
        """Fewer columns take more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all rows."""
        return -(-len(self._shown.indices_N) // self._columns(width)) * _CELL

    def sizeHint(self) -> QSize:
        """What it takes at the width of now."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """A few columns."""
        return QSize(3 * _CELL, 0)

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange anew."""
        super().resizeEvent(event)
        if self._columns(event.oldSize().width()) != self._columns(event.size().width()):
            self._picture = None
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew in other colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = None
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what the mouse is on."""
        self._hover(self._at(event))

    def leaveEvent(self, event: QEvent) -> None:
        """It is on nothing."""
        super().leaveEvent(event)
        self._hover(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick."""
        at = self._at(event)
        if event.button() is Qt.MouseButton.LeftButton and at >= 0:
            self.image_picked.emit(int(self._shown.indices_N[at]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another image."""
        columns = self._columns(self.width())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        step = steps.get(Qt.Key(event.key()))
        count = len(self._shown.indices_N)
        if step is None or not count:
            super().keyPressEvent(event)
            return
        found_n = np.flatnonzero(self._shown.indices_N == self._marked)
        at = min(max(int(found_n[0]) + step, 0), count - 1) if len(found_n) else 0
        self.image_picked.emit(int(self._shown.indices_N[at]))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture, and frame what is marked or under the mouse."""
        del event
        painter = QPainter(self)
        scale = self.devicePixelRatioF()
        if self._picture is None or self._picture.devicePixelRatio() != scale:
            self._picture = self._painted(scale)
        painter.drawPixmap(0, 0, self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        found_n = np.flatnonzero(self._shown.indices_N == self._marked)
        look = look_of(self)
        for at, colour, width in (
            (self._hovered, look.edge, 1.5),
            (int(found_n[0]) if len(found_n) else -1, look.accent, 2.0),
        ):
            if at >= 0:
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRoundedRect(self.place(at).adjusted(1, 1, -1, -1), 3, 3)

    def _painted(self, scale: float) -> QPixmap:
        picture = QPixmap(max(1, round(self.width() * scale)), max(1, round(self.height() * scale)))
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        for at, image_CHW in enumerate(self._shown.images_NCHW):
            cell = self.place(at)
            room = _CELL - 2 * _EDGE
            side = sharp_side(image_CHW.shape[1], room, scale)
            left = round((cell.left() + (_CELL - side) / 2) * scale) / scale
            draw_pixels(painter, QRectF(left, cell.top() + _EDGE, side, side), to_qimage(image_CHW))
            colour = QColor(*self._shown.colours_N3[at].tolist())
            painter.fillRect(QRectF(left, cell.top() + _EDGE + side, side, 2), colour)
        painter.end()
        return picture

    def _columns(self, width: int) -> int:
        return max(1, width // _CELL)

    def _at(self, event: QMouseEvent) -> int:
        place = event.position()
        columns = self._columns(self.width())
        column, row = int(place.x() // _CELL), int(place.y() // _CELL)
        at = row * columns + column
        return at if 0 <= column < columns and 0 <= at < len(self._shown.indices_N) else -1

    def _hover(self, at: int) -> None:
        if at != self._hovered:
            self._hovered = at
            self.image_hovered.emit(int(self._shown.indices_N[at]) if at >= 0 else -1)
            self.update()
