"""A picture whose pixels stay untouched while it is shown, and where it lies."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from explorer.views.point_raster import Canvas, Part, Stamp
from explorer.views.viewport import Viewport


class PointSheet:
    """Two canvases, drawn on by turns, of which one is shown."""

    def __init__(self) -> None:
        self._canvases: list[Canvas] = []
        self._image: QImage | None = None
        self._place = (0.0, 0.0, 1.0)

    def blank(self, width: int, height: int, stamp: Stamp) -> Canvas:
        """The canvas that is not shown, empty; `show` it when drawn."""
        if len(self._canvases) == 2 and self._canvases[0].suits(width, height, stamp):
            self._canvases.reverse()
            canvas = self._canvases[1]
            canvas.clear()
            return canvas
        canvas = Canvas.for_stamp(width, height, stamp)
        self._canvases = [*self._canvases[-1:], canvas]
        return canvas

    def show(self, left: float, top: float, side: float, part: Part | None = None) -> None:
        """Show what was drawn last, or a part of it outside of which it is empty.

        Args:
            left: Of the canvas's corner, in pixels of the desktop.
            top: Of the canvas's corner, in pixels of the desktop.
            side: Of the canvas's pixels, in pixels of the desktop.
            part: In the canvas's pixels.
        """
        canvas = self._canvases[-1]
        part = Part(0, 0, canvas.height, canvas.width) if part is None else part
        if part.rows == 0:
            self.hide()
            return
        first = canvas.start + part.row * canvas.stride + part.column
        image_format = QImage.Format.Format_ARGB32_Premultiplied
        self._image = QImage(canvas.flat[first:].data, part.columns, part.rows, 4 * canvas.stride, image_format)
        self._place = (left + part.column * side, top + part.row * side, side)

    def hide(self) -> None:
        """Show nothing."""
        self._image = None

    def paint(self, painter: QPainter, then: Viewport, viewport: Viewport, opacity: float) -> None:
        """Paint what is shown, if anything: drawn for one window, moved and scaled for another."""
        image = self._image
        if image is None:
            return
        left, top, side = self._place
        painter.setOpacity(opacity)
        if then == viewport and (left, top) == (0.0, 0.0):
            image.setDevicePixelRatio(1.0 / side)
            painter.drawImage(0, 0, image)
        else:
            image.setDevicePixelRatio(1.0)
            left, top = viewport.to_pixels(*then.to_latent(left, top)) if then != viewport else (left, top)
            growth = viewport.scale / then.scale * side
            target = QRectF(left, top, image.width() * growth, image.height() * growth)
            painter.drawImage(target, image, QRectF(0, 0, image.width(), image.height()))
        painter.setOpacity(1.0)
