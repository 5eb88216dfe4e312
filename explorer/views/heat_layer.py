"""Values on a grid of the plane as a smooth sheet of colour."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPalette

from explorer.views.viewport import Bounds, Viewport

Floats = npt.NDArray[np.float32]
Rgba = npt.NDArray[np.float32]
Colouring = Callable[[Floats, bool], Rgba]
"""From values, (R, C), and whether the ground is dark, to red, green, blue and opacity from 0 to 1, (R, C, 4)."""


class HeatLayer:
    """A picture of values; row 0 of them is at the bottom."""

    def __init__(self, colouring: Colouring) -> None:
        self._colouring = colouring
        self._values_RM: Floats | None = None
        self._bounds = Bounds(0, 0, 0, 0)
        self._image = QImage()
        self._is_on_dark: bool | None = None
        self._beyond = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet."""
        return self._values_RM is None

    def show(self, values_RM: Floats, bounds: Bounds, *, beyond: float = 0.0) -> None:
        """Show other values in a part of the plane; `beyond` is the value everywhere else."""
        self._values_RM, self._bounds, self._beyond = values_RM, bounds, beyond
        self._is_on_dark = None

    def clear(self) -> None:
        """Show nothing."""
        self._values_RM = None

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint the sheet."""
        del pixel_ratio  # it is smooth: no pixel of it can be seen
        values_RM = self._values_RM
        if values_RM is None:
            return
        is_on_dark = palette.color(QPalette.ColorRole.Base).lightnessF() < 0.5
        if is_on_dark != self._is_on_dark:
            self._is_on_dark = is_on_dark
            self._image = _image(self._colouring(values_RM[::-1], is_on_dark))
        left, top = viewport.to_pixels(self._bounds.left, self._bounds.top)
        right, bottom = viewport.to_pixels(self._bounds.right, self._bounds.bottom)
        place = QRectF(left, top, right - left, bottom - top)
        view = QRectF(0, 0, viewport.width, viewport.height)
        seen = place.intersected(view)
        if not seen.isEmpty():
            across, down = self._image.width() / place.width(), self._image.height() / place.height()
            part = QRectF(
                (seen.left() - left) * across, (seen.top() - top) * down, seen.width() * across, seen.height() * down
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(seen, self._image, part)
        self._paint_beyond(painter, view, seen, is_on_dark=is_on_dark)

    def _paint_beyond(self, painter: QPainter, view: QRectF, seen: QRectF, *, is_on_dark: bool) -> None:
        around = _image(self._colouring(np.full((1, 1), self._beyond, np.float32), is_on_dark)).pixelColor(0, 0)
        if around.alpha() == 0:
            return
        if seen.isEmpty():
            painter.fillRect(view, around)
            return
        for rest in (
            QRectF(view.left(), view.top(), view.width(), seen.top() - view.top()),
            QRectF(view.left(), seen.bottom(), view.width(), view.bottom() - seen.bottom()),
            QRectF(view.left(), seen.top(), seen.left() - view.left(), seen.height()),
            QRectF(seen.right(), seen.top(), view.right() - seen.right(), seen.height()),
        ):
            if not rest.isEmpty():
                painter.fillRect(rest, around)


def hole_colours(excess_RM: Floats, is_on_dark: bool) -> Rgba:
    """Orange where the prior exceeds the codes, blue where codes crowd beyond it, clear where both agree.

    Orange and blue are told apart by all kinds of colour vision.
    """
    hole_3, crowd_3 = ((1.0, 0.62, 0.18), (0.35, 0.65, 1.0)) if is_on_dark else ((0.90, 0.42, 0.0), (0.05, 0.35, 0.80))
    strength_RM = np.abs(excess_RM).clip(0, 1) ** 0.7
    colours = np.where((excess_RM > 0)[..., None], np.array(hole_3), np.array(crowd_3))
    return np.concatenate([colours, 0.6 * strength_RM[..., None]], axis=-1).astype(np.float32)


def trust_colours(trust_RM: Floats, is_on_dark: bool) -> Rgba:
    """A fog that is thick where the model makes things up, and clear where it can be trusted."""
    fog_3 = (0.30, 0.28, 0.37) if is_on_dark else (0.79, 0.77, 0.84)
    thickness_RM = 0.8 * (1.0 - trust_RM.clip(0, 1))
    colours = np.broadcast_to(np.array(fog_3), (*trust_RM.shape, 3))
    return np.concatenate([colours, thickness_RM[..., None]], axis=-1).astype(np.float32)


def _image(rgba_RM4: Rgba) -> QImage:
    """As a premultiplied picture."""
    premultiplied = rgba_RM4.copy()
    premultiplied[..., :3] *= rgba_RM4[..., 3:]
    channels = np.rint(premultiplied * 255).clip(0, 255).astype(np.uint32)
    red, green, blue, alpha = (channels[..., index] for index in range(4))
    packed = np.ascontiguousarray(alpha << 24 | red << 16 | green << 8 | blue, dtype=np.uint32)
    rows, columns = packed.shape
    return QImage(packed.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied).copy()
