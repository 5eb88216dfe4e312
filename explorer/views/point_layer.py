"""The points of one view as a picture, drawn anew only when points, colours or viewport have changed.

Points that are muted (of a class that is not isolated, or not selected) lie on a sheet of their own, which is painted
faintly behind the others: muted, never hidden.
"""

import math
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.point_picking import Floats, Indices
from explorer.views.point_raster import Canvas, Ink, Stamp, class_ink, places, round_stamp, stamp_dots
from explorer.views.viewport import Bounds, Viewport

# Up to how many points a dot has which diameter, in pixels of the desktop.
DOT_SIZES: tuple[tuple[float, int], ...] = ((10_000, 7), (100_000, 5), (math.inf, 2))
MUTED_OPACITY = 0.18
# How dark the edge of a dot is over a picture.
RIM = 0.65
# A frame of a fast screen: drawings that take longer are moved as a picture while the view moves.
FRAME_S = 1 / 120

# Points that are no numbers lie here, far outside any view, with a square that float32 still holds.
_NOWHERE = np.float32(3e18)
_NEUTRAL = np.asarray([[128, 128, 128]], dtype=np.uint8)


class _Sheet:
    """A picture whose pixels are not touched while it is shown: two canvases, drawn on by turns."""

    def __init__(self) -> None:
        self._canvases: list[Canvas] = []
        self._image: QImage | None = None

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

    def show(self) -> None:
        canvas = self._canvases[-1]
        self._image = QImage(
            canvas.flat[canvas.start :].data,
            canvas.width,
            canvas.height,
            4 * canvas.stride,
            QImage.Format.Format_ARGB32_Premultiplied,
        )

    def hide(self) -> None:
        self._image = None

    @property
    def image(self) -> QImage | None:
        return self._image


@dataclass(frozen=True, slots=True)
class _Style:
    """Which points are muted, and the ink of each; computed once for many coordinates."""

    strong_n: Indices | None
    muted_n: Indices | None
    strong_ink_Ln: Ink
    muted_ink_Ln: Ink | None


class PointLayer:
    """Points with classes, and their picture.

    Attributes:
        x_N: Latent x, contiguous, without NaN.
        y_N: Latent y, contiguous, without NaN.
        redraws: How often the points have been rastered.
        cost_s: How long that took the last time, in seconds.
    """

    def __init__(self, *, budget_s: float = FRAME_S) -> None:
        self.x_N: Floats = np.empty(0, np.float32)
        self.y_N: Floats = np.empty(0, np.float32)
        self.redraws = 0
        self.cost_s = 0.0
        self._budget_s = budget_s
        self._labels_N: npt.NDArray[np.intp] = np.empty(0, np.intp)
        self._labels_given: npt.NDArray[np.integer] | None = None
        self._rgb_K3 = _NEUTRAL
        self._rim = 0.0
        self._emphasis_K: npt.NDArray[np.bool_] | None = None
        self._selected_n: Indices = np.empty(0, np.int64)
        self._handicap_N: Floats | None = None
        self._handicap_due = False
        self._places_N: npt.NDArray[np.intp] = np.empty(0, np.intp)
        self._style: _Style | None = None
        self._style_stamp: Stamp | None = None
        self._drawn: tuple[Viewport, float] | None = None
        self._stale = True
        self._sheets = (_Sheet(), _Sheet())

    def __len__(self) -> int:
        return len(self.x_N)

    @property
    def selected_n(self) -> Indices:
        """Indices of the selected points, ascending."""
        return self._selected_n

    @property
    def is_dear(self) -> bool:
        """Whether drawing takes longer than a frame."""
        return self.cost_s > self._budget_s

    @property
    def dot_diameter(self) -> int:
        """Diameter of a dot in pixels of the desktop."""
        return next(diameter for most, diameter in DOT_SIZES if len(self) <= most)

    def set_points(self, points_N2: npt.NDArray[np.floating], labels_N: npt.NDArray[np.integer] | None) -> None:
        """Take new coordinates, (N, 2), and classes, (N,); without classes the last ones stay if they are as many.

        Raises:
            ValueError: When the shapes do not belong together.
        """
        if points_N2.ndim != 2 or points_N2.shape[1] != 2:
            raise ValueError(f"Points have the shape {points_N2.shape}; give (N, 2).")
        if labels_N is not None and labels_N.shape != (len(points_N2),):
            raise ValueError(f"There are {len(points_N2)} points and labels of shape {labels_N.shape}; give one each.")
        with np.errstate(over="ignore", invalid="ignore"):
            x_N = np.array(points_N2[:, 0], dtype=np.float32)
            y_N = np.array(points_N2[:, 1], dtype=np.float32)
            all_finite = math.isfinite(float(x_N.sum())) and math.isfinite(float(y_N.sum()))
        if not all_finite:
            lost_N = ~(np.isfinite(x_N) & np.isfinite(y_N))
            x_N[lost_N] = y_N[lost_N] = _NOWHERE
        changed_number = len(x_N) != len(self.x_N)
        self.x_N, self.y_N = x_N, y_N
        self._stale = True
        if labels_N is None and (changed_number or len(self._labels_N) != len(x_N)):
            labels_N = np.zeros(len(x_N), np.intp)
        if labels_N is not None and (
            changed_number or (labels_N is not self._labels_given and not np.array_equal(labels_N, self._labels_N))
        ):
            self._labels_N = labels_N.astype(np.intp)
            self._restyle()
        self._labels_given = labels_N
        if changed_number:
            self._selected_n = self._selected_n[self._selected_n < len(x_N)]

    def set_colours(self, rgb_K3: npt.NDArray[np.uint8]) -> None:
        """Give each class its colour, (K, 3); classes beyond the last begin anew."""
        self._rgb_K3 = np.array(rgb_K3, dtype=np.uint8).reshape(-1, 3) if len(rgb_K3) else _NEUTRAL
        self._restyle()

    def set_rimmed(self, rimmed: bool) -> None:
        """Give dots a dark edge, which sets them off from a picture behind them, or take it away."""
        self._rim = RIM if rimmed else 0.0
        self._restyle()

    def set_emphasis(self, class_mask_K: npt.NDArray[np.bool_] | None) -> None:
        """Mute all classes but those that are True; None mutes none. Classes beyond the last are muted."""
        self._emphasis_K = None if class_mask_K is None or class_mask_K.all() else np.array(class_mask_K, dtype=bool)
        self._restyle()

    def set_selection(self, indices: npt.ArrayLike) -> bool:
        """Mute all points but these, or none when empty; indices of no point are left out. Whether that is news."""
        chosen_n = np.unique(np.asarray(indices, dtype=np.int64))
        chosen_n = chosen_n[(chosen_n >= 0) & (chosen_n < len(self))]
        if np.array_equal(chosen_n, self._selected_n):
            return False
        self._selected_n = chosen_n
        self._restyle()
        return True

    def colour_of(self, index: int) -> QColor:
        """Colour of a point's class."""
        red, green, blue = self._rgb_K3[self._labels_N[index] % len(self._rgb_K3)].tolist()
        return QColor(red, green, blue)

    def handicap_N(self) -> Floats | None:
        """For `nearest_point`: infinite for points of classes that are muted, which cannot be picked."""
        if self._handicap_due:
            self._handicap_due = False
            emphasised_N = self._emphasised_N()
            self._handicap_N = None if emphasised_N is None else np.where(emphasised_N, 0, np.inf).astype(np.float32)
        return self._handicap_N

    def pickable(self, indices_n: Indices) -> Indices:
        """Those of the indices whose class is not muted."""
        emphasised_N = self._emphasised_N()
        return indices_n if emphasised_N is None else indices_n[emphasised_N[indices_n]]

    def bounds(self) -> Bounds | None:
        """Where the cloud is: around all points, but for a few that lie very far from the rest; None without points."""
        if len(self) == 0:
            return None
        step = max(1, len(self) // 4096)
        ends: list[tuple[float, float]] = []
        for values_N in (self.x_N, self.y_N):
            sample_n = np.sort(values_N[::step])
            sample_n = sample_n[: np.searchsorted(sample_n, _NOWHERE)].astype(np.float64)
            if len(sample_n) == 0:
                return None
            low, high = float(sample_n[int(0.02 * len(sample_n))]), float(sample_n[-1 - int(0.02 * len(sample_n))])
            beyond = 0.75 * (high - low)
            ends.append((max(float(sample_n[0]), low - beyond), min(float(sample_n[-1]), high + beyond)))
        (left, right), (bottom, top) = ends
        return Bounds(left, bottom, right, top)

    def paint(self, painter: QPainter, viewport: Viewport, pixel_ratio: float, *, hurry: bool = False) -> None:
        """Paint the points, drawing them anew if need be.

        Args:
            painter: In pixels of the desktop.
            viewport: In pixels of the desktop.
            pixel_ratio: Pixels of the screen in one of the desktop.
            hurry: Whether an old picture, moved and scaled, will do if a new one takes longer than a frame.
        """
        if len(self) == 0:
            return
        key = (viewport, pixel_ratio)
        if self._stale or (self._drawn != key and not (hurry and self._drawn is not None and self.is_dear)):
            started = perf_counter()
            self._draw(viewport, pixel_ratio)
            self.cost_s = perf_counter() - started
            self._drawn, self._stale = key, False
        assert self._drawn is not None
        then, ratio = self._drawn
        muted, strong = (sheet.image for sheet in self._sheets)
        for image, opacity in ((muted, MUTED_OPACITY), (strong, 1.0)):
            if image is None:
                continue
            painter.setOpacity(opacity)
            if then == viewport:
                image.setDevicePixelRatio(ratio)
                painter.drawImage(0, 0, image)
            else:
                left, top = viewport.to_pixels(*then.to_latent(0.0, 0.0))
                growth = viewport.scale / then.scale / ratio
                target = QRectF(left, top, image.width() * growth, image.height() * growth)
                painter.drawImage(target, image, QRectF(0, 0, image.width(), image.height()))
        painter.setOpacity(1.0)

    def _draw(self, viewport: Viewport, pixel_ratio: float) -> None:
        self.redraws += 1
        device = viewport.magnified(pixel_ratio)
        stamp = round_stamp(max(1, round(self.dot_diameter * pixel_ratio)))
        style = self._styled(stamp)
        width, height = math.ceil(device.width - 1e-6), math.ceil(device.height - 1e-6)
        if len(self._places_N) != len(self):
            self._places_N = np.empty(len(self), np.intp)
        # Both sheets have equal borders, and so a point has the same place on both.
        canvases = [sheet.blank(width, height, stamp) for sheet in self._sheets[style.muted_n is None :]]
        strong = canvases[-1]
        places(self.x_N, self.y_N, device, strong, stamp, self._places_N)
        if style.muted_n is None or style.muted_ink_Ln is None or style.strong_n is None:
            stamp_dots(strong, self._places_N, style.strong_ink_Ln, stamp)
            self._sheets[0].hide()
        else:
            stamp_dots(canvases[0], self._places_N[style.muted_n], style.muted_ink_Ln, stamp)
            stamp_dots(strong, self._places_N[style.strong_n], style.strong_ink_Ln, stamp)
            self._sheets[0].show()
        self._sheets[1].show()

    def _styled(self, stamp: Stamp) -> _Style:
        if self._style is not None and self._style_stamp is stamp:
            return self._style
        ink_LK = class_ink(self._rgb_K3, stamp.coverages, rim=self._rim)
        ink_LN = np.ascontiguousarray(ink_LK[:, self._labels_N % len(self._rgb_K3)])
        strong_N = self._emphasised_N()
        if len(self._selected_n):
            selected_N = np.zeros(len(self), dtype=bool)
            selected_N[self._selected_n] = True
            strong_N = selected_N if strong_N is None else strong_N & selected_N
        if strong_N is None:
            self._style = _Style(None, None, ink_LN, None)
        else:
            strong_n, muted_n = np.flatnonzero(strong_N), np.flatnonzero(~strong_N)
            self._style = _Style(strong_n, muted_n, ink_LN[:, strong_n], ink_LN[:, muted_n])
        self._style_stamp = stamp
        return self._style

    def _emphasised_N(self) -> npt.NDArray[np.bool_] | None:
        if self._emphasis_K is None:
            return None
        known_N = self._labels_N < len(self._emphasis_K)
        emphasised_N = np.zeros(len(self), dtype=bool)
        emphasised_N[known_N] = self._emphasis_K[self._labels_N[known_N]]
        return emphasised_N

    def _restyle(self) -> None:
        self._style = None
        self._stale = True
        self._handicap_due = True
