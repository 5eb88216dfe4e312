"""One image, as large and as crisp as the room allows, with a line of words beneath."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from explorer.icons import icon
from explorer.theme import look_of, with_alpha
from explorer.views.pixel_image import Pixels, draw_pixels, sharp_side, to_qimage

_FRAME = 3  # room for the frame, the outline or the focus ring around the image
_CAPTION_GAP = 3
_MARK = 7


class ImageView(QWidget):
    """Shows one image; a click says so, and its menu copies it.

    Signals:
        clicked(): The left button, Return or Space.
    """

    clicked = Signal()

    def __init__(self, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._placeholder = placeholder
        self._pixels: Pixels | None = None
        self._image: QImage | None = None
        self._mark: QColor | None = None
        self._caption = ""
        self._outline: QColor | None = None
        self._has_caption = False
        self._pressed = False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(placeholder or "Image")

    # What it shows

    def show_pixels(self, pixels_CHW: Pixels | None) -> None:
        """Show an image, uint8 (1 or 3, H, W), or the placeholder when None."""
        self._pixels = pixels_CHW
        self._image = None if pixels_CHW is None else to_qimage(pixels_CHW)
        self.update()

    def pixels(self) -> Pixels | None:
        """The image on show, uint8 (C, H, W)."""
        return self._pixels

    def caption(self) -> str:
        """The words beneath."""
        return self._caption

    def set_caption(self, text: str) -> None:
        """Words beneath the image, one line."""
        if not self._has_caption and text:
            self.reserve_caption()
        self._caption = text
        self.update()

    def reserve_caption(self) -> None:
        """Keep room for words beneath, so that the image does not jump when they come."""
        self._has_caption = True
        self.updateGeometry()
        self.update()

    def set_outline(self, colour: QColor | None) -> None:
        """A line around the image, such as the colour of its class."""
        self._outline = colour
        self.update()

    def set_mark(self, colour: QColor | None) -> None:
        """A dot before the caption, such as the colour of a model."""
        self._mark = colour
        self.update()

    def copy_image(self) -> None:
        """Put the image, in its own pixels, on the clipboard."""
        if self._image is not None:
            QGuiApplication.clipboard().setImage(self._image)

    # How it lies

    def image_place(self) -> QRectF:
        """Where the image is drawn."""
        caption = self._caption_height()
        room = min(self.width(), self.height() - caption) - 2 * _FRAME
        pixels = 1 if self._image is None else max(self._image.width(), self._image.height())
        scale = self.devicePixelRatioF()
        side = sharp_side(pixels, max(1.0, room), scale)
        # The middle, moved to a whole screen pixel.
        left = round((self.width() - side) / 2 * scale) / scale
        top = round((self.height() - caption - side) / 2 * scale) / scale
        return QRectF(left, top, side, side)

    def hasHeightForWidth(self) -> bool:
        """It is square, but for the caption."""
        return True

    def heightForWidth(self, width: int) -> int:
        """A square and the caption."""
        return width + self._caption_height()

    def sizeHint(self) -> QSize:
        """Four times a small image."""
        return QSize(112, 112 + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        """Enough to know what it is."""
        return QSize(32, 32 + self._caption_height())

    def _caption_height(self) -> int:
        return QFontMetrics(self.font()).height() + _CAPTION_GAP if self._has_caption else 0

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame, image or placeholder, caption."""
        del event
        look = look_of(self)
        painter = QPainter(self)
        place = self.image_place()
        if self._image is None:
            room = min(self.width(), self.height() - self._caption_height()) - 2 * _FRAME
            place = QRectF(place.center().x() - room / 2, place.center().y() - room / 2, room, room)
            painter.fillRect(place, with_alpha(look.soft, 0.25))
            painter.setPen(QColor(look.muted))
            words = place.adjusted(6, 6, -6, -6)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._placeholder)
        else:
            draw_pixels(painter, place, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_frame(painter, place)
        if self._caption:
            self._draw_caption(painter, place.bottom() + _FRAME)

    def _draw_caption(self, painter: QPainter, top: float) -> None:
        look, metrics = look_of(self), QFontMetrics(self.font())
        mark = _MARK + _CAPTION_GAP + 1 if self._mark is not None else 0
        if metrics.horizontalAdvance(self._caption) + mark > self.width():
            mark = 0  # words first
        words = metrics.elidedText(self._caption, Qt.TextElideMode.ElideRight, self.width() - mark)
        left = (self.width() - metrics.horizontalAdvance(words) - mark) / 2
        line = QRectF(left + mark, top, self.width() - left - mark, self._caption_height())
        painter.setPen(QColor(look.text if self.isEnabled() else look.faint))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        if self._mark is not None and mark:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._mark)
            painter.drawEllipse(QPointF(left + _MARK / 2, line.center().y()), _MARK / 2, _MARK / 2)

    def _draw_frame(self, painter: QPainter, place: QRectF) -> None:
        look = look_of(self)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 2))
            painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), 2, 2)
        elif self._outline is not None and self._image is not None:
            painter.setPen(QPen(self._outline, 2))
            painter.drawRoundedRect(place.adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)
        else:
            painter.setPen(QPen(QColor(look.border), 1))
            painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The first half of a click."""
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The second half of a click."""
        if (
            self._pressed
            and event.button() == Qt.MouseButton.LeftButton
            and self.rect().contains(event.position().toPoint())
        ):
            self.clicked.emit()
        self._pressed = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space click, the key for copying copies."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_image()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        if self._image is None:
            return
        menu = QMenu(self)
        menu.setObjectName("image_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(icon("duplicate"), "Copy image")
        copy.setObjectName("copy_image")
        copy.triggered.connect(self.copy_image)
        menu.popup(event.globalPos())
