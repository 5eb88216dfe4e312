"""Posteriors as ellipses: how much room the noise of a variational model gives each image."""

import math

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

from explorer.views.axes_painting import faded
from explorer.views.kept_picture import KeptPicture
from explorer.views.viewport import Viewport

Floats = npt.NDArray[np.float32]

SIGMAS = 2.0
"""An ellipse at two standard deviations holds 1 − e⁻² = 86 % of a posterior in two dimensions."""
LEAST_RADIUS = 1.0


class PosteriorEllipses:
    """An ellipse at 2 σ for each of some posteriors, filled with the colour of its class.

    The outline has the colour of words: among points of its own class an ellipse in their colour could not be seen.
    """

    def __init__(self) -> None:
        self._centres_N2: Floats = np.zeros((0, 2), np.float32)
        self._half_axes_N2 = np.zeros((0, 2))
        self._angles_N = np.zeros(0)
        self._colours_N: tuple[QColor, ...] = ()
        self._picture = KeptPicture()

    def __len__(self) -> int:
        return len(self._centres_N2)

    def show(self, centres_N2: Floats, covariances_N22: Floats, rgb_N3: npt.NDArray[np.uint8]) -> None:
        """Show other posteriors: means, (N, 2), covariances, (N, 2, 2), and colours, RGB, (N, 3)."""
        assert len(centres_N2) == len(covariances_N22) == len(rgb_N3)
        is_finite_N = np.isfinite(centres_N2).all(1) & np.isfinite(covariances_N22).all((1, 2))
        self._centres_N2 = centres_N2[is_finite_N]
        variances_N2, directions_N22 = np.linalg.eigh(covariances_N22[is_finite_N].astype(np.float64))
        self._half_axes_N2 = SIGMAS * np.sqrt(variances_N2.clip(min=0))
        # Screen y points down, so that angles turn the other way.
        self._angles_N = -np.degrees(np.arctan2(directions_N22[:, 1, 0], directions_N22[:, 0, 0]))
        self._colours_N = tuple(QColor(*rgb) for rgb in rgb_N3[is_finite_N].tolist())
        self._picture.forget()

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint the ellipses in view."""

        def paint_anew(inner: QPainter) -> None:
            self._paint(inner, viewport, palette)

        self._picture.paint(painter, viewport, pixel_ratio, palette.cacheKey(), paint_anew)

    def _paint(self, painter: QPainter, viewport: Viewport, palette: QPalette) -> None:
        rim, ink = faded(palette.color(QPalette.ColorRole.Base), 0.7), palette.color(QPalette.ColorRole.Text)
        radii_N2 = np.maximum(self._half_axes_N2 * viewport.scale, LEAST_RADIUS)
        for (x, y), (short, long), angle, colour in zip(
            self._centres_N2.tolist(), radii_N2.tolist(), self._angles_N.tolist(), self._colours_N, strict=True
        ):
            across, down = viewport.to_pixels(x, y)
            reach = math.hypot(short, long)
            if not (-reach < across < viewport.width + reach and -reach < down < viewport.height + reach):
                continue
            painter.save()
            painter.translate(across, down)
            painter.rotate(angle)
            painter.setPen(QPen(rim, 2.6))
            painter.setBrush(faded(colour, 0.3))
            painter.drawEllipse(QPointF(0, 0), short, long)
            painter.setPen(QPen(ink, 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(0, 0), short, long)
            painter.restore()
