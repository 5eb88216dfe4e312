"""A picture as large as the room allows, and never larger than it is."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from explorer.icons import icon
from explorer.views.pixel_image import to_qimage

_CORNER = 6
_LEAST_WIDTH = 200


class WidePicture(QWidget):
    """Shows a picture of any shape from its top left corner, smoothed where it must shrink; its menu copies it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixels_HW3: npt.NDArray[np.uint8] | None = None
        self._image = QImage()
        self._drawn = QImage()  # in the size in which it was last drawn
        self._most_height: int | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_picture(self, pixels_HW3: npt.NDArray[np.uint8] | None) -> None:
        """Show a picture, uint8 (H, W, 3), or nothing."""
        self._pixels_HW3 = pixels_HW3
        self._image = QImage() if pixels_HW3 is None else to_qimage(np.moveaxis(pixels_HW3, 2, 0))
        self._drawn = QImage()
        self._fit()

    def limit_height(self, pixels: int) -> None:
        """Be no higher than so many pixels."""
        if pixels != self._most_height:
            self._most_height = pixels
            self._fit()

    def pixels(self) -> npt.NDArray[np.uint8] | None:
        """The picture on show."""
        return self._pixels_HW3

    def copy_picture(self) -> None:
        """Put the picture, in its own size, on the clipboard."""
        QGuiApplication.clipboard().setImage(self._image)

    def picture_place(self) -> QRect:
        """Where it is drawn."""
        return QRect(0, 0, *self._size_within(self.width()))

    def hasHeightForWidth(self) -> bool:
        """It keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Its height when it is so wide."""
        return self._size_within(width)[1]

    def sizeHint(self) -> QSize:
        """As large as it is."""
        return self._image.size()

    def minimumSizeHint(self) -> QSize:
        """As narrow as one can still see something."""
        return QSize(*self._size_within(_LEAST_WIDTH))

    def _size_within(self, width: int) -> tuple[int, int]:
        if self._image.isNull():
            return 0, 0
        shown = max(1, min(width, self._most_width()))
        return shown, max(1, round(self._image.height() * shown / self._image.width()))

    def _most_width(self) -> int:
        wide, high = self._image.width(), self._image.height()
        return wide if self._most_height is None or high <= self._most_height else wide * self._most_height // high

    def _fit(self) -> None:
        self.setMaximumWidth(max(_LEAST_WIDTH, self._most_width()))
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, with round corners."""
        del event
        if self._image.isNull():
            return
        place, scale = self.picture_place(), self.devicePixelRatioF()
        size = QSize(round(place.width() * scale), round(place.height() * scale))
        if self._drawn.size() != size:
            shrinks = size.width() < self._image.width()
            mode = Qt.TransformationMode.SmoothTransformation if shrinks else Qt.TransformationMode.FastTransformation
            self._drawn = self._image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(place, _CORNER, _CORNER)
        painter.setClipPath(outline)
        painter.drawImage(place, self._drawn)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        if self._image.isNull():
            return
        menu = QMenu(self)
        menu.setObjectName("picture_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("duplicate"), "Copy picture", self.copy_picture)
        menu.popup(event.globalPos())
