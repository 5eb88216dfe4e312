"""The points of one view as a picture, drawn anew only when points, colours or viewport have changed.

A few points are round dots; a crowd shows how many there are of each class at each place.

Points that are muted (of a class that is not isolated, or not selected) lie on a sheet of their own, which is painted
faintly behind the others: muted, never hidden.
"""

import math
from time import perf_counter

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QPainter

from explorer.views.cloud_sample import NOWHERE, CloudSample
from explorer.views.point_drawings import DensityDrawing, PointSheets, draw_dots
from explorer.views.point_looks import PointLooks
from explorer.views.point_picking import Floats, Indices
from explorer.views.viewport import Bounds, Viewport

# Up to how many points in view a dot has which diameter, in pixels of the desktop.
DOT_SIZES: tuple[tuple[float, int], ...] = ((10_000, 7), (100_000, 5), (math.inf, 2))
# With more points than this in view for each of its pixels, the picture shows how many there are instead of dots: dots
# of five pixels would cover all of the view one and a half times, and the middle of a cloud some ten times.
CROWD = 0.075
# How strongly muted points are painted: dots, and crowds, which are faint where they are thin.
MUTED_DOTS = 0.18
MUTED_CROWD = 0.3
# How dark the edge of a dot is over a picture.
RIM = 0.65
# A frame of a fast screen: drawings that take longer are moved as a picture while the view moves.
FRAME_S = 1 / 120

_NEUTRAL = np.asarray([[128, 128, 128]], dtype=np.uint8)


class PointLayer:
    """Points with classes, and their picture.

    Attributes:
        x_N: Latent x, contiguous, without NaN.
        y_N: Latent y, contiguous, without NaN.
        redraws: How often the points have been drawn.
        cost_s: How long that took the last time, in seconds.
        is_crowded: Whether the last drawing shows how many points lie where, instead of a dot for each.
        dot_diameter: Of a dot in pixels of the desktop, such as the last drawing has or would have.
    """

    def __init__(self, *, budget_s: float = FRAME_S) -> None:
        self.x_N: Floats = np.empty(0, np.float32)
        self.y_N: Floats = np.empty(0, np.float32)
        self.redraws = 0
        self.cost_s = 0.0
        self.is_crowded = False
        self.dot_diameter = DOT_SIZES[0][1]
        self._budget_s = budget_s
        self._sample = CloudSample(self.x_N, self.y_N)
        self._count_in_view = 0.0
        self._labels_N: npt.NDArray[np.intp] = np.empty(0, np.intp)
        self._labels_given: npt.NDArray[np.integer] | None = None
        self._classes_N: npt.NDArray[np.intp] | None = None
        self._rgb_K3 = _NEUTRAL
        self._rim = 0.0
        self._emphasis_K: npt.NDArray[np.bool_] | None = None
        self._emphasised_N: npt.NDArray[np.bool_] | None = None
        self._selected_n: Indices = np.empty(0, np.int64)
        self._strong_N: npt.NDArray[np.bool_] | None = None
        self._handicap_N: Floats | None = None
        self._handicap_due = False
        self._looks: PointLooks | None = None
        self._drawn: tuple[Viewport, float] | None = None
        self._stale = True
        self._density = DensityDrawing()
        self._sheets = PointSheets()

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
            x_N[lost_N] = y_N[lost_N] = NOWHERE
        changed_number = len(x_N) != len(self.x_N)
        self.x_N, self.y_N = x_N, y_N
        self._sample = CloudSample(x_N, y_N)
        self._stale = True
        if changed_number:
            self._count_in_view = 0.0
            self._selected_n = self._selected_n[self._selected_n < len(x_N)]
        if labels_N is None and (changed_number or len(self._labels_N) != len(x_N)):
            labels_N = np.zeros(len(x_N), np.intp)
        if labels_N is not None and (
            changed_number or (labels_N is not self._labels_given and not np.array_equal(labels_N, self._labels_N))
        ):
            self._labels_N = labels_N.astype(np.intp)
            self._classes_N = None
            self._emphasise()
        self._labels_given = labels_N

    def set_colours(self, rgb_K3: npt.NDArray[np.uint8]) -> None:
        """Give each class its colour, (K, 3); classes beyond the last begin anew."""
        self._rgb_K3 = np.array(rgb_K3, dtype=np.uint8).reshape(-1, 3) if len(rgb_K3) else _NEUTRAL
        self._classes_N = None
        self._restyle()

    def set_rimmed(self, rimmed: bool) -> None:
        """Give dots a dark edge, which sets them off from a picture behind them, or take it away."""
        self._rim = RIM if rimmed else 0.0
        self._restyle()

    def set_emphasis(self, class_mask_K: npt.NDArray[np.bool_] | None) -> None:
        """Mute all classes but those that are True; None mutes none. Classes beyond the last are muted."""
        self._emphasis_K = None if class_mask_K is None or class_mask_K.all() else np.array(class_mask_K, dtype=bool)
        self._emphasise()

    def set_selection(self, indices: npt.ArrayLike) -> bool:
        """Mute all points but these, or none when empty; indices of no point are left out. Whether that is news."""
        given_n = np.asarray(indices, dtype=np.int64)
        chosen_N = np.zeros(len(self), dtype=bool)
        chosen_N[given_n[(given_n >= 0) & (given_n < len(self))]] = True
        chosen_n = np.flatnonzero(chosen_N).astype(np.int64, copy=False)
        if np.array_equal(chosen_n, self._selected_n):
            return False
        self._selected_n = chosen_n
        self._mute()
        return True

    def colour_of(self, index: int) -> QColor:
        """Colour of a point's class."""
        red, green, blue = self._rgb_K3[self._labels_N[index] % len(self._rgb_K3)].tolist()
        return QColor(red, green, blue)

    def handicap_N(self) -> Floats | None:
        """For `nearest_point`: infinite for points of classes that are muted, which cannot be picked."""
        if self._handicap_due:
            self._handicap_due = False
            emphasised_N = self._emphasised_N
            self._handicap_N = None if emphasised_N is None else np.where(emphasised_N, 0, np.inf).astype(np.float32)
        return self._handicap_N

    def pickable(self, indices_n: Indices) -> Indices:
        """Those of the indices whose class is not muted."""
        emphasised_N = self._emphasised_N
        return indices_n if emphasised_N is None else indices_n[emphasised_N[indices_n]]

    def bounds(self) -> Bounds | None:
        """Where the cloud is: around all points, but for a few that lie very far from the rest; None without points."""
        return self._sample.bounds()

    def prepare(self, viewport: Viewport, pixel_ratio: float, *, hurry: bool = False, waiting: bool = False) -> None:
        """Draw the points anew if need be, so that painting them for the same viewport takes no time.

        Args:
            viewport: In pixels of the desktop.
            pixel_ratio: Pixels of the screen in one of the desktop.
            hurry: Whether an old picture of the same points, moved and scaled, will do.
            waiting: Whether an old picture of any points will do.
        """
        key = (viewport, pixel_ratio)
        is_old = self._stale or self._drawn != key
        will_do = self._drawn is not None and (waiting or (hurry and not self._stale))
        if is_old and not will_do and len(self):
            started = perf_counter()
            self._draw(viewport, pixel_ratio)
            self.cost_s = perf_counter() - started
            self._drawn, self._stale = key, False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the points as they were drawn last, moved and scaled if that was for another viewport.

        Args:
            painter: In pixels of the desktop.
            viewport: In pixels of the desktop.
        """
        if len(self) == 0 or self._drawn is None:
            return
        then, _ = self._drawn
        self._sheets.muted.paint(painter, then, viewport, MUTED_CROWD if self.is_crowded else MUTED_DOTS)
        self._sheets.strong.paint(painter, then, viewport, 1.0)

    def _draw(self, viewport: Viewport, pixel_ratio: float) -> None:
        self.redraws += 1
        share = self._sample.share_in(viewport.bounds)
        count = share * len(self)
        # Points that come and go at an edge of the view must not change the way of drawing to and fro.
        if not 0.8 * self._count_in_view <= count <= 1.25 * self._count_in_view:
            self._count_in_view = count
        self.is_crowded = self._count_in_view > CROWD * viewport.width * viewport.height
        self.dot_diameter = next(diameter for most, diameter in DOT_SIZES if self._count_in_view <= most)
        looks = self._styled()
        if self.is_crowded:
            self._density.draw(self._sheets, self.x_N, self.y_N, looks, viewport, pixel_ratio)
        else:
            draw_dots(
                self._sheets,
                self.x_N,
                self.y_N,
                looks,
                viewport,
                pixel_ratio,
                self.dot_diameter,
                all_in_view=share == 1.0,
            )

    def _styled(self) -> PointLooks:
        if self._looks is None:
            if self._classes_N is None:
                self._classes_N = self._labels_N % len(self._rgb_K3)
            self._looks = PointLooks(self._classes_N, self._rgb_K3, self._rim, self._strong_N)
        return self._looks

    def _emphasise(self) -> None:
        emphasis_K = self._emphasis_K
        if emphasis_K is None:
            self._emphasised_N = None
        else:
            beyond = len(emphasis_K)
            self._emphasised_N = np.append(emphasis_K, False)[np.minimum(self._labels_N, beyond)]
        self._handicap_due = True
        self._mute()

    def _mute(self) -> None:
        self._strong_N = self._emphasised_N
        if len(self._selected_n):
            selected_N = np.zeros(len(self), dtype=bool)
            selected_N[self._selected_n] = True
            self._strong_N = selected_N if self._emphasised_N is None else selected_N & self._emphasised_N
        self._restyle()

    def _restyle(self) -> None:
        self._looks = None
        self._stale = True
