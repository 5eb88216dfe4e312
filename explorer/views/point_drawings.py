"""The two ways to draw a cloud on its sheets: as round dots, and as the density of a crowd."""

import math

import numpy as np
import numpy.typing as npt

from explorer.views.point_density import (
    CELL_STAMP,
    FAINTEST,
    FAINTEST_OVER_PICTURE,
    CellCounts,
    CellGrid,
    Sums,
    class_weights,
)
from explorer.views.point_looks import PointLooks
from explorer.views.point_picking import Floats, Indices, points_in_rectangle
from explorer.views.point_raster import class_ink, places, round_stamp, stamp_dots
from explorer.views.point_sheet import PointSheet
from explorer.views.viewport import Bounds, Viewport


class PointSheets:
    """Sheets of muted and of strong points; muted ones are painted faintly, behind the others.

    Attributes:
        muted: Of muted points.
        strong: Of all others.
    """

    def __init__(self) -> None:
        self.muted = PointSheet()
        self.strong = PointSheet()


def draw_dots(
    sheets: PointSheets,
    x_N: Floats,
    y_N: Floats,
    looks: PointLooks,
    viewport: Viewport,
    pixel_ratio: float,
    diameter: int,
    *,
    all_in_view: bool,
) -> None:
    """Draw each point as a round dot.

    Args:
        sheets: Drawn on, and shown.
        x_N: Latent x.
        y_N: Latent y.
        looks: Of the points.
        viewport: In pixels of the desktop.
        pixel_ratio: Pixels of the screen in one of the desktop.
        diameter: In pixels of the desktop.
        all_in_view: Whether there is no point in leaving out those that cannot be seen.
    """
    window = viewport.magnified(pixel_ratio)
    rim = max(1, round(pixel_ratio)) if looks.rim else 0
    dot = max(1, round(diameter * pixel_ratio))
    stamp = round_stamp(dot + rim if dot > 2 else dot, rim)  # half of the rim lies around the dot
    width, height = math.ceil(window.width - 1e-6), math.ceil(window.height - 1e-6)
    near_n: Indices | None = None
    classes_n = looks.classes_N
    if not all_in_view:
        near_n = points_in_rectangle(x_N, y_N, _widened(window.bounds, (stamp.reach + 2) / window.scale))
        x_N, y_N, classes_n = x_N[near_n], y_N[near_n], classes_n[near_n]
    ink_LK = class_ink(looks.rgb_K3, stamp, rim=looks.rim)
    strong, muted = looks.by_strength(len(x_N), near_n)
    canvas = sheets.strong.blank(width, height, stamp)
    places_n = places(x_N, y_N, window, canvas, stamp)
    stamp_dots(canvas, places_n[strong], np.take(ink_LK, classes_n[strong], axis=1), stamp)
    sheets.strong.show(0.0, 0.0, 1.0 / pixel_ratio)
    if muted is None:
        sheets.muted.hide()
        return
    # Both sheets have equal borders, and so a point has the same place on both.
    canvas = sheets.muted.blank(width, height, stamp)
    stamp_dots(canvas, places_n[muted], np.take(ink_LK, classes_n[muted], axis=1), stamp)
    sheets.muted.show(0.0, 0.0, 1.0 / pixel_ratio)


def _widened(bounds: Bounds, margin: float) -> Bounds:
    return Bounds(bounds.left - margin, bounds.bottom - margin, bounds.right + margin, bounds.top + margin)


def cell_side(pixel_ratio: float) -> int:
    """Side of a cell in pixels of the screen: two, or finer than that to the eye where pixels are small."""
    return max(2, round(1.5 * pixel_ratio))


class DensityDrawing:
    """Draws how many points of each class lie where; keeps what many drawings of equal looks share."""

    def __init__(self) -> None:
        self._looks: PointLooks | None = None
        self._weights_2N: Sums = np.empty((2, 0), np.int64)
        self._muted_N: npt.NDArray[np.intp] | None = None
        self._places_N: npt.NDArray[np.intp] = np.empty(0, np.intp)
        self._counts: CellCounts | None = None

    def draw(
        self,
        sheets: PointSheets,
        x_N: Floats,
        y_N: Floats,
        looks: PointLooks,
        viewport: Viewport,
        pixel_ratio: float,
    ) -> None:
        """Draw the points as a density.

        Args:
            sheets: Drawn on, and shown.
            x_N: Latent x.
            y_N: Latent y.
            looks: Of the points.
            viewport: In pixels of the desktop.
            pixel_ratio: Pixels of the screen in one of the desktop.
        """
        self._wear(looks)
        side = cell_side(pixel_ratio)
        grid = CellGrid.over(viewport.magnified(pixel_ratio), side)
        shown = [sheets.strong] if self._muted_N is None else [sheets.strong, sheets.muted]
        canvases = [sheet.blank(grid.columns, grid.rows, CELL_STAMP) for sheet in shown]
        if self._counts is None or not self._counts.suits(canvases[0], len(shown)):
            self._counts = CellCounts(canvases[0], len(shown))
        if len(self._places_N) != len(x_N):
            self._places_N = np.empty(len(x_N), np.intp)
        places(x_N, y_N, grid.viewport, canvases[0], CELL_STAMP, self._places_N)
        if self._muted_N is not None:
            self._places_N += self._muted_N * self._counts.size
        self._counts.count(self._places_N, self._weights_2N)
        for number, (sheet, canvas) in enumerate(zip(shown, canvases, strict=True)):
            part = self._counts.draw(number, canvas, FAINTEST_OVER_PICTURE if looks.rim else FAINTEST)
            sheet.show(grid.left / pixel_ratio, grid.top / pixel_ratio, side / pixel_ratio, part)
        if self._muted_N is None:
            sheets.muted.hide()

    def _wear(self, looks: PointLooks) -> None:
        last = self._looks
        if last is None or looks.classes_N is not last.classes_N or looks.rgb_K3 is not last.rgb_K3:
            self._weights_2N = np.take(class_weights(looks.rgb_K3), looks.classes_N, axis=1)
        if last is None or looks.strong_N is not last.strong_N:
            self._muted_N = None if looks.strong_N is None else (~looks.strong_N).astype(np.intp)
        self._looks = looks
