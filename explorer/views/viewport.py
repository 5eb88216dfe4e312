"""Which part of the latent plane is on the screen: the map between latent coordinates and pixels.

Latent y points up, pixel y points down, and both axes have the same scale, so that a circle stays a circle.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

MINIMUM_SCALE = 1e-12
MAXIMUM_SCALE = 1e12
FARTHEST_CENTRE = 1e15


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle of the latent plane; `bottom` is the smaller y."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Extent along x, in latent units."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Extent along y, in latent units."""
        return self.top - self.bottom

    def contains(self, other: "Bounds") -> bool:
        """Whether all of `other` lies inside."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and self.right >= other.right
            and self.top >= other.top
        )

    def united(self, other: "Bounds") -> "Bounds":
        """The smallest rectangle around both."""
        return Bounds(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window of `width` × `height` pixels onto the latent plane.

    Attributes:
        centre_x: Latent x in the middle of the window.
        centre_y: Latent y in the middle of the window.
        scale: Pixels per latent unit, along both axes.
        width: Pixels across, at least 1.
        height: Pixels down, at least 1.
    """

    centre_x: float = 0.0
    centre_y: float = 0.0
    scale: float = 100.0
    width: float = 1.0
    height: float = 1.0

    def __post_init__(self) -> None:
        assert self.width >= 1, self.width
        assert self.height >= 1, self.height
        assert MINIMUM_SCALE <= self.scale <= MAXIMUM_SCALE, self.scale
        assert math.isfinite(self.centre_x + self.centre_y), (self.centre_x, self.centre_y)

    @classmethod
    def around(cls, bounds: Bounds, width: float, height: float, margin: float = 0.12) -> Self:
        """The window that shows `bounds` as large as it can, with a `margin` (share of the window) on every side."""
        width, height = max(1.0, width), max(1.0, height)
        room = 1.0 - 2.0 * margin
        scale = min(
            width * room / max(bounds.width, 1.0 / MAXIMUM_SCALE),
            height * room / max(bounds.height, 1.0 / MAXIMUM_SCALE),
        )
        nearest = abs(bounds.left) + abs(bounds.right) + abs(bounds.bottom) + abs(bounds.top)
        if nearest > 0:  # a cloud of one point has no extent: show it with some surroundings instead of rounding errors
            scale = min(scale, 1e5 * min(width, height) / nearest)
        else:
            scale = min(scale, min(width, height) / 2.0)
        return cls(
            _limited(0.5 * bounds.left + 0.5 * bounds.right, FARTHEST_CENTRE),
            _limited(0.5 * bounds.bottom + 0.5 * bounds.top, FARTHEST_CENTRE),
            min(max(scale, MINIMUM_SCALE), MAXIMUM_SCALE),
            width,
            height,
        )

    @property
    def bounds(self) -> Bounds:
        """The part of the latent plane that is visible."""
        half_width, half_height = 0.5 * self.width / self.scale, 0.5 * self.height / self.scale
        return Bounds(
            self.centre_x - half_width,
            self.centre_y - half_height,
            self.centre_x + half_width,
            self.centre_y + half_height,
        )

    def to_pixels(self, x: float, y: float) -> tuple[float, float]:
        """Where a latent point is in the window, from its top left corner."""
        return (
            (x - self.centre_x) * self.scale + 0.5 * self.width,
            (self.centre_y - y) * self.scale + 0.5 * self.height,
        )

    def to_latent(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """Which latent point is at a place of the window."""
        return (
            self.centre_x + (pixel_x - 0.5 * self.width) / self.scale,
            self.centre_y - (pixel_y - 0.5 * self.height) / self.scale,
        )

    def place_of(self, other: "Viewport") -> tuple[float, float, float, float]:
        """Where what another window shows is in this one: left, top, width and height."""
        left, top = self.to_pixels(*other.to_latent(0.0, 0.0))
        growth = self.scale / other.scale
        return left, top, other.width * growth, other.height * growth

    def all_to_pixels(self, points_N2: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Where latent points, (N, 2), are in the window."""
        x_N, y_N = points_N2[:, 0].astype(np.float64), points_N2[:, 1].astype(np.float64)
        return np.stack(
            (
                (x_N - self.centre_x) * self.scale + 0.5 * self.width,
                (self.centre_y - y_N) * self.scale + 0.5 * self.height,
            ),
            axis=1,
        )

    def all_to_latent(self, pixels_N2: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Latent points, (N, 2), at places of the window."""
        x_N, y_N = pixels_N2[:, 0], pixels_N2[:, 1]
        return np.stack(
            (
                self.centre_x + (x_N - 0.5 * self.width) / self.scale,
                self.centre_y - (y_N - 0.5 * self.height) / self.scale,
            ),
            axis=1,
        )

    def moved(self, right: float, down: float) -> Self:
        """The window after its contents were pushed by so many pixels."""
        return replace(
            self,
            centre_x=_limited(self.centre_x - right / self.scale, FARTHEST_CENTRE),
            centre_y=_limited(self.centre_y + down / self.scale, FARTHEST_CENTRE),
        )

    def zoomed(self, factor: float, pixel_x: float, pixel_y: float) -> Self:
        """The window after zooming in by `factor`; what is at the given pixel stays there."""
        scale = min(max(self.scale * factor, MINIMUM_SCALE), MAXIMUM_SCALE)
        x, y = self.to_latent(pixel_x, pixel_y)
        return replace(
            self,
            scale=scale,
            centre_x=_limited(x - (pixel_x - 0.5 * self.width) / scale, FARTHEST_CENTRE),
            centre_y=_limited(y + (pixel_y - 0.5 * self.height) / scale, FARTHEST_CENTRE),
        )

    def resized(self, width: float, height: float) -> Self:
        """A window of another size around the same middle, which shows as much along its shorter side."""
        width, height = max(1.0, width), max(1.0, height)
        scale = self.scale * min(width, height) / min(self.width, self.height)
        return replace(self, scale=min(max(scale, MINIMUM_SCALE), MAXIMUM_SCALE), width=width, height=height)

    def magnified(self, factor: float) -> Self:
        """The same part of the plane in a window with `factor` times as many pixels a side."""
        return replace(
            self,
            scale=min(self.scale * factor, MAXIMUM_SCALE),
            width=max(1.0, self.width * factor),
            height=max(1.0, self.height * factor),
        )

    def towards(self, other: "Viewport", share: float) -> Self:
        """The window on the way to `other`, of which a `share` from 0 to 1 is done; the scale changes by factors."""
        return replace(
            self,
            centre_x=self.centre_x + (other.centre_x - self.centre_x) * share,
            centre_y=self.centre_y + (other.centre_y - self.centre_y) * share,
            scale=self.scale * (other.scale / self.scale) ** share,
            width=other.width,
            height=other.height,
        )


def nice_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2, 0.1 …) that is not below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0, 20.0) if factor * power >= least * (1 - 1e-9))


def tick_values(low: float, high: float, step: float) -> list[float]:
    """Multiples of `step` from `low` to `high`."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def tick_text(value: float, step: float) -> str:
    """A tick's number with just the digits that its `step` calls for."""
    if abs(value) < 0.5 * step:
        return "0"
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    if decimals > 5 or abs(value) >= 1e6:
        digits = max(1, math.ceil(math.log10(abs(value) / step) - 1e-9) + 1)
        text = f"{value:.{min(digits, 15)}g}"
    else:
        text = f"{value:.{decimals}f}"
    return text.replace("-", "−")


def bounds_of(polylines: Iterable[npt.NDArray[np.floating]]) -> Bounds | None:
    """The smallest rectangle around all finite points of some (M, 2) arrays, or None where there are none."""
    found: Bounds | None = None
    for line_M2 in polylines:
        finite_M2 = line_M2[np.isfinite(line_M2).all(axis=1)]
        if len(finite_M2) == 0:
            continue
        (left, bottom), (right, top) = finite_M2.min(axis=0).tolist(), finite_M2.max(axis=0).tolist()
        own = Bounds(left, bottom, right, top)
        found = own if found is None else found.united(own)
    return found


def _limited(value: float, limit: float) -> float:
    return min(max(value, -limit), limit)
