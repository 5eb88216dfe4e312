"""From an array of pixels to a picture on the screen: the one place that knows how both are laid out in memory."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

Pixels = npt.NDArray[np.uint8]

# A whole number of screen pixels per image pixel looks best, unless it would leave more than this share of the room.
_SHARE_TO_FILL = 0.78


def to_qimage(pixels_CHW: Pixels) -> QImage:
    """A picture of one image, uint8 (1 or 3, H, W), with memory of its own."""
    channels, height, width = pixels_CHW.shape
    assert channels in (1, 3), pixels_CHW.shape
    assert pixels_CHW.dtype == np.uint8, pixels_CHW.dtype
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    rows = np.ascontiguousarray(np.moveaxis(pixels_CHW, 0, -1))
    return QImage(rows.data, width, height, channels * width, kind).copy()


def sharp_side(pixels: int, room: float, screen_scale: float) -> float:
    """Side on the screen, at most `room`, for an image of `pixels`; all but `pixels` and the scale in Qt's own units.

    It is a whole number of screen pixels, and mostly so many times the image's own.
    """
    whole = math.floor(room * screen_scale)
    multiple = whole // pixels * pixels
    return (multiple if multiple >= _SHARE_TO_FILL * whole else whole) / screen_scale


def draw_pixels(painter: QPainter, place: QRectF, image: QImage) -> None:
    """Draw so that every pixel of the image is a clear square; only what must shrink is smoothed."""
    scale = painter.device().devicePixelRatio()
    if place.width() * scale < image.width():
        width, height = round(place.width() * scale), round(place.height() * scale)
        keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(max(1, width), max(1, height), keep, smooth)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)


def mean_squared_error(one_CHW: Pixels, other_CHW: Pixels) -> float:
    """Mean over pixels and channels of the squared difference, with pixels from 0 to 1."""
    difference = (one_CHW.astype(np.float32) - other_CHW.astype(np.float32)) / 255
    return float(np.square(difference).mean())
