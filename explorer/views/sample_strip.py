"""One row of decoded samples: as many as fit, drawn by one widget."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.theme import look_of, with_alpha
from explorer.views.pixel_image import Pixels, draw_pixels, sharp_side, to_qimage

_MARGIN = 3
_GAP = 4


class SampleStrip(QWidget):
    """Shows images side by side, each as high as the strip; those that do not fit are left out.

    Signals:
        sample_picked(int): Index of the image that was clicked, or chosen with the arrow keys and Return.
        room_made(): The strip has become so wide that more images would fit than it was given.
    """

    sample_picked = Signal(int)
    room_made = Signal()

    def __init__(self, placeholder: str = "Samples of the prior appear here", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._images: tuple[QImage, ...] = ()
        self._hovered: int | None = None
        self._pressed: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName("sample_strip")
        self.setAccessibleName("Decoded samples of the prior")
        self.setToolTip("Decoded samples of the prior, from the same noise in every model; click one to see its code.")

    def show_images(self, pixels_NCHW: Pixels | None) -> None:
        """Show images, uint8 (N, 1 or 3, H, W), or the placeholder when None or none."""
        self._images = () if pixels_NCHW is None else tuple(to_qimage(pixels) for pixels in pixels_NCHW)
        if self._hovered is not None and self._hovered >= self.visible_count():
            self._hovered = None
        self.update()

    def visible_count(self) -> int:
        """How many images are on show."""
        return min(len(self._images), self.capacity())

    def capacity(self) -> int:
        """How many images the strip has room for, at its width and height of now."""
        side = self._side()
        return max(0, int((self.width() - 2 * _MARGIN + _GAP) // (side + _GAP)))

    def image_place(self, index: int) -> QRectF:
        """Where image `index` is drawn; the room left over stands between the images."""
        side, capacity = self._side(), self.capacity()
        free = self.width() - 2 * _MARGIN - capacity * side
        step = side + (free / (capacity - 1) if capacity > 1 else 0)
        scale = self.devicePixelRatioF()
        return QRectF(round((_MARGIN + index * step) * scale) / scale, _MARGIN, side, side)

    def sizeHint(self) -> QSize:
        """A row of eight."""
        return QSize(8 * 50, 50)

    def minimumSizeHint(self) -> QSize:
        """A row of two."""
        return QSize(2 * 40, 40)

    def _side(self) -> float:
        room = max(8.0, self.height() - 2.0 * _MARGIN)
        if not self._images:
            return room
        return sharp_side(self._images[0].width(), room, self.devicePixelRatioF())

    def _index_at(self, x: float) -> int | None:
        for index in range(self.visible_count()):
            place = self.image_place(index)
            if place.left() <= x < place.right():
                return index
        return None

    def _hover(self, index: int | None) -> None:
        if index == self._hovered:
            return
        self._hovered = index
        self.setCursor(Qt.CursorShape.ArrowCursor if index is None else Qt.CursorShape.PointingHandCursor)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """All images, and a ring around the one under the pointer."""
        del event
        look = look_of(self)
        painter = QPainter(self)
        if not self._images:
            painter.setPen(QColor(look.muted))
            painter.fillRect(self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN), with_alpha(look.soft, 0.25))
            painter.drawText(QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignCenter, self._placeholder)
        for index in range(self.visible_count()):
            place = self.image_place(index)
            draw_pixels(painter, place, self._images[index])
            painter.setPen(QPen(QColor(look.border), 1))
            painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._hovered is not None and self._hovered < self.visible_count():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(look.accent), 2))
            painter.drawRoundedRect(self.image_place(self._hovered).adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)
        elif self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was under the pointer has moved, and there may be room for more."""
        super().resizeEvent(event)
        self._hover(None)
        if 0 < len(self._images) < self.capacity():
            self.room_made.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the image under the pointer."""
        self._hover(self._index_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Take the mark back."""
        super().leaveEvent(event)
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The first half of a click."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._index_at(event.position().x()) if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The second half of a click, when it is on the same image."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            if self._index_at(event.position().x()) == self._pressed:
                self.sample_picked.emit(self._pressed)
            self._pressed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Return and Space pick."""
        last = self.visible_count() - 1
        at = self._hovered
        if last < 0:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Right:
            self._hover(0 if at is None else min(at + 1, last))
        elif event.key() == Qt.Key.Key_Left:
            self._hover(last if at is None else max(at - 1, 0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and at is not None:
            self.sample_picked.emit(at)
        else:
            super().keyPressEvent(event)
