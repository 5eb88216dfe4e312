"""A picture that is painted once and shown until what it depends on changes."""

import math
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from explorer.views.viewport import Viewport


class KeptPicture:
    """A transparent picture of a view's size, for what is slow to paint and seldom changes."""

    def __init__(self) -> None:
        self._key: Hashable = None
        self._then: Viewport | None = None
        self._image = QImage()

    def forget(self) -> None:
        """Have it painted anew the next time."""
        self._key = self._then = None

    def paint(
        self,
        painter: QPainter,
        viewport: Viewport,
        pixel_ratio: float,
        depends_on: Hashable,
        paint_anew: Callable[[QPainter], None],
        *,
        waiting: bool = False,
    ) -> None:
        """Show the picture, after painting it anew if the view or what it depends on is not as it was.

        Args:
            painter: In pixels of the desktop.
            viewport: In pixels of the desktop.
            pixel_ratio: Pixels of the screen in one of the desktop.
            depends_on: Whatever else decides how the picture looks.
            paint_anew: Paints it, in pixels of the desktop.
            waiting: Whether an old picture, moved and scaled, will do.
        """
        if waiting and self._then is not None:
            painter.drawImage(QRectF(*viewport.place_of(self._then)), self._image, QRectF(self._image.rect()))
            return
        key = (viewport, pixel_ratio, depends_on)
        if key != self._key:
            self._key, self._then = key, viewport
            width, height = (math.ceil(side * pixel_ratio - 1e-6) for side in (viewport.width, viewport.height))
            if (self._image.width(), self._image.height()) != (width, height):
                self._image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            self._image.setDevicePixelRatio(pixel_ratio)
            self._image.fill(Qt.GlobalColor.transparent)
            inner = QPainter(self._image)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_anew(inner)
            inner.end()
        painter.drawImage(0, 0, self._image)
