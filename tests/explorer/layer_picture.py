"""A layer of the latent plane as pixels."""

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from explorer.views.plane_layer import PlaneLayer
from explorer.views.viewport import Viewport


def layer_picture(layer: PlaneLayer, view: Viewport) -> npt.NDArray[np.uint8]:
    """A view with nothing but this layer on white, RGB, (H, W, 3)."""
    image = QImage(int(view.width), int(view.height), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    layer.paint(painter, view, QPalette(QColor("white")), 1.0)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, 2::-1].copy()
