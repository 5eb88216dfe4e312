"""What lies on the latent plane besides points and map: anything that can paint itself through a viewport."""

from typing import Protocol

from PySide6.QtGui import QPainter, QPalette

from explorer.views.viewport import Viewport


class PlaneLayer(Protocol):
    """A layer over the points."""

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint what is in view.

        Args:
            painter: In pixels of the desktop, antialiased.
            viewport: In pixels of the desktop.
            palette: Of the view.
            pixel_ratio: Pixels of the screen in one of the desktop.
        """
        ...
