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
Places = npt.NDArray[np.float64]

SIGMAS = 2.0
"""An ellipse at two standard deviations holds 1 − e⁻² = 86 % of a posterior in two dimensions."""
LEAST_RADIUS = 1.0
MOST_COVERED = 6.0
"""So many times over ellipses may cover the view. A model that has learned nothing has hundreds as large as the view:
none could be told apart, and the window would stand still to paint them."""


class PosteriorEllipses:
    """An ellipse at 2 σ for each of some posteriors, filled with the colour of its class.

    Where they are too large for all of them, every second is shown, every fourth, and so on. The outline has the colour
    of words, between two of the ground's: among points of its own class an ellipse in their colour could not be seen.
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
        (xx_N, xy_N), (_, yy_N) = np.moveaxis(covariances_N22[is_finite_N].astype(np.float64), 0, -1)
        # The eigenvalues of two rows and columns, short before long, and the direction of the long axis.
        mean_N, spread_N = (xx_N + yy_N) / 2, np.hypot((xx_N - yy_N) / 2, xy_N)
        variances_N2 = np.stack((mean_N - spread_N, mean_N + spread_N), axis=1)
        self._half_axes_N2 = SIGMAS * np.sqrt(variances_N2.clip(min=0))
        # Screen y points down, so that angles turn the other way; they are those of the short axis.
        self._angles_N = -90.0 - np.degrees(np.arctan2(2 * xy_N, xx_N - yy_N) / 2)
        self._colours_N = tuple(QColor(*rgb) for rgb in rgb_N3[is_finite_N].tolist())
        self._picture.forget()

    def paint(self, painter: QPainter, viewport: Viewport, palette: QPalette, pixel_ratio: float) -> None:
        """Paint the ellipses in view."""

        def paint_anew(inner: QPainter) -> None:
            self._paint(inner, viewport, palette)

        self._picture.paint(painter, viewport, pixel_ratio, palette.cacheKey(), paint_anew)

    def _paint(self, painter: QPainter, viewport: Viewport, palette: QPalette) -> None:
        rim = QPen(faded(palette.color(QPalette.ColorRole.Base), 0.7), 1.0)
        ink = QPen(palette.color(QPalette.ColorRole.Text), 1.0)
        radii_N2 = np.maximum(self._half_axes_N2 * viewport.scale, LEAST_RADIUS)
        places_N2 = viewport.all_to_pixels(self._centres_N2)
        for index in _those_with_room(places_N2, radii_N2, viewport):
            (across, down), (short, long) = places_N2[index].tolist(), radii_N2[index].tolist()
            angle, colour = float(self._angles_N[index]), self._colours_N[index]
            painter.save()
            painter.translate(across, down)
            painter.rotate(angle)
            # Qt takes twenty times as long for a line wider than a pixel, and ten times for a disc with a soft edge,
            # which the lines hide.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(faded(colour, 0.3))
            painter.drawEllipse(QPointF(0, 0), short, long)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen, away in ((rim, 1.0), (rim, -1.0), (ink, 0.0)):
                painter.setPen(pen)
                painter.drawEllipse(QPointF(0, 0), max(0.0, short + away), max(0.0, long + away))
            painter.restore()


def _those_with_room(places_N2: Places, radii_N2: Places, viewport: Viewport) -> list[int]:
    """Which ellipses are in view, thinned out where they would cover it too many times over.

    By powers of two, so that those that are seen stay when more come with a closer look.
    """
    reach_N1 = np.hypot(radii_N2[:, :1], radii_N2[:, 1:])
    size_2 = np.array([viewport.width, viewport.height])
    seen_n = np.flatnonzero(((places_N2 > -reach_N1) & (places_N2 < size_2 + reach_N1)).all(axis=1))
    view = viewport.width * viewport.height
    covered = float(np.minimum(np.pi * radii_N2[seen_n].prod(axis=1), view).sum()) / view
    every = 2 ** max(0, math.ceil(math.log2(covered / MOST_COVERED))) if covered > 0 else 1
    return seen_n[seen_n % every == 0].tolist()
