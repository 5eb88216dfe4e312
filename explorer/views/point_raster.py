"""Many points to pixels: numpy writes the dots straight into an image.

One graphics item a point takes 100 ms for 70,000 points. Here a dot is a *stamp*: a short list of pixels around its
middle, and drawing means writing one such pixel of all dots at a time. The pixels of a stamp are written from its rim
to its middle, so where dots overlap, a pixel shows the dot whose middle is nearest: no class lies on top of another,
and a pixel has the colour of the point that a click on it picks.

Colours are premultiplied ARGB in one uint32 (0xAARRGGBB), so that anything may lie behind the points.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from explorer.views.viewport import Viewport

Ink = npt.NDArray[np.uint32]

# Points at a time while coordinates are computed: all that is touched stays in the processor's cache.
_CHUNK = 32_768
_SUBPIXELS = 16


@dataclass(frozen=True, slots=True)
class StampPixel:
    """One pixel of a stamp: where it lies from the middle, and which of the stamp's levels it has."""

    down: int
    right: int
    level: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """A round dot with soft edges, and perhaps a rim.

    Attributes:
        diameter: In pixels, that of the rim included.
        reach: Largest distance of a pixel from the middle pixel, along an axis.
        coverages: By level, the share, from 0 to 1, to which pixels are covered by the dot.
        cores: By level, the share to which they are covered by what lies within its rim.
        pixels: From the edge to the middle: the order of writing.
    """

    diameter: int
    reach: int
    coverages: tuple[float, ...]
    cores: tuple[float, ...]
    pixels: tuple[StampPixel, ...]

    @property
    def shift(self) -> float:
        """What to add to a coordinate before rounding down, so that a dot with an even diameter is centred, too."""
        return 0.0 if self.diameter % 2 else 0.5


@lru_cache(maxsize=32)
def round_stamp(diameter: int, rim: int = 0) -> Stamp:
    """A disc of `diameter` pixels whose outermost `rim` pixels are its rim.

    One of one or two pixels is square and has no rim: soft edges would only make it faint.
    """
    reach = diameter // 2
    offsets = range(-reach, diameter - reach)
    middle = -0.5 if diameter % 2 == 0 else 0.0
    found: list[tuple[float, float, int, int, float]] = []
    for down in offsets:
        for right in offsets:
            place = right - middle, down - middle
            coverage = 1.0 if diameter <= 2 else _disc_coverage(diameter / 2, *place)
            core = coverage if rim == 0 or diameter <= 2 else _disc_coverage(diameter / 2 - rim, *place)
            if coverage >= 0.2:
                found.append((coverage, place[0] ** 2 + place[1] ** 2, down, right, core))
    found.sort(key=lambda pixel: (pixel[0], -pixel[1], -pixel[2], -pixel[3]))
    levels = sorted({(coverage, core) for coverage, *_, core in found})
    return Stamp(
        diameter,
        reach,
        tuple(coverage for coverage, _ in levels),
        tuple(core for _, core in levels),
        tuple(StampPixel(down, right, levels.index((coverage, core))) for coverage, _, down, right, core in found),
    )


def _disc_coverage(radius: float, right: float, down: float) -> float:
    """Share of the pixel around (right, down) that a disc around the origin covers, in steps of a sixteenth."""
    grid = (np.arange(_SUBPIXELS) + 0.5) / _SUBPIXELS - 0.5
    inside = (right + grid[None, :]) ** 2 + (down + grid[:, None]) ** 2 <= radius**2
    return min(1.0, round(float(inside.mean()) * 16 + 0.4) / 16)


def class_ink(rgb_K3: npt.NDArray[np.uint8], stamp: Stamp, *, rim: float = 0.0) -> Ink:
    """Premultiplied ARGB, (L, K), of each class colour at each level of a stamp.

    Args:
        rgb_K3: The colours.
        stamp: What they are for.
        rim: From 0 to 1 how dark the rim of a dot is, to set it off from a picture behind it.
    """
    coverage_L1, core_L1 = np.asarray(stamp.coverages)[:, None], np.asarray(stamp.cores)[:, None]
    light_L1 = core_L1 + (coverage_L1 - core_L1) * (1.0 - rim)
    rgb_LK3 = np.rint(light_L1[:, :, None] * rgb_K3[None]).astype(np.uint32)
    alpha_L1 = np.rint(255 * coverage_L1).astype(np.uint32)
    packed_LK: Ink = (
        alpha_L1 * 0x1000000 + rgb_LK3[..., 0] * 0x10000 + rgb_LK3[..., 1] * 0x100 + rgb_LK3[..., 2]
    ).astype(np.uint32)
    return packed_LK


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a canvas's visible pixels: its first row and column, and how many there are."""

    row: int
    column: int
    rows: int
    columns: int


class Canvas:
    """An image with a border in which dots outside it end up, so that no dot has to be tested or cut.

    Attributes:
        width: Of the visible part, in pixels.
        height: Of the visible part, in pixels.
        border: Pixels on every side.
        stride: Pixels from one row to the next.
        flat: All pixels, uint32, (rows × stride).
    """

    def __init__(self, width: int, height: int, border: int) -> None:
        self.width = max(1, width)
        self.height = max(1, height)
        self.border = border
        self.stride = self.width + 2 * border
        self.flat: Ink = np.zeros((self.height + 2 * border) * self.stride, dtype=np.uint32)

    @classmethod
    def for_stamp(cls, width: int, height: int, stamp: Stamp) -> "Canvas":
        """A canvas with a border that is wide enough for a stamp."""
        return cls(width, height, 2 * stamp.reach + 1)

    @property
    def start(self) -> int:
        """Index into `flat` of the first visible pixel."""
        return self.border * self.stride + self.border

    @property
    def picture_HW(self) -> Ink:
        """The visible part, (height, width)."""
        padded = self.flat.reshape(-1, self.stride)
        return padded[self.border : self.border + self.height, self.border : self.border + self.width]

    def suits(self, width: int, height: int, stamp: Stamp) -> bool:
        """Whether it is the canvas that `for_stamp` would make."""
        return (self.width, self.height, self.border) == (max(1, width), max(1, height), 2 * stamp.reach + 1)

    def clear(self) -> None:
        """Make every pixel transparent."""
        self.flat.fill(0)


def places(
    x_N: npt.NDArray[np.float32],
    y_N: npt.NDArray[np.float32],
    viewport: Viewport,
    canvas: Canvas,
    stamp: Stamp,
    out_N: npt.NDArray[np.intp] | None = None,
) -> npt.NDArray[np.intp]:
    """Index into `canvas.flat` of each point's middle pixel; points outside are moved into the border.

    Args:
        x_N: Latent x; no NaN.
        y_N: Latent y; no NaN.
        viewport: In pixels of the canvas.
        canvas: Where the points will be drawn.
        stamp: What they will be drawn with.
        out_N: An array to write into.
    """
    result_N = np.empty(len(x_N), dtype=np.intp) if out_N is None else out_N
    scale = np.float32(viewport.scale)
    centre_x, centre_y = np.float32(viewport.centre_x), np.float32(viewport.centre_y)
    # Subtracting a float32 centre first keeps neighbours apart at any zoom; its rounding is made good here.
    offset_x = (float(centre_x) - viewport.centre_x) * viewport.scale + 0.5 * viewport.width
    offset_y = (viewport.centre_y - float(centre_y)) * viewport.scale + 0.5 * viewport.height
    inset = canvas.border + stamp.shift
    size = min(_CHUNK, len(x_N))
    # Limits are arrays since numpy compares two arrays three times as fast as an array and a number.
    least = np.full(size, stamp.reach, np.float32)
    right_most = np.full(size, canvas.width + 2 * canvas.border - 1 - stamp.reach, np.float32)
    lowest = np.full(size, canvas.height + 2 * canvas.border - 1 - stamp.reach, np.float32)
    floats, columns, rows = np.empty(size, np.float32), np.empty(size, np.int32), np.empty(size, np.int32)
    with np.errstate(over="ignore"):
        for first in range(0, len(x_N), _CHUNK):
            part = slice(first, min(first + _CHUNK, len(x_N)))
            n = part.stop - first
            for values, centre, factor, offset, largest, whole in (
                (x_N[part], centre_x, scale, np.float32(offset_x + inset), right_most[:n], columns[:n]),
                (y_N[part], centre_y, -scale, np.float32(offset_y + inset), lowest[:n], rows[:n]),
            ):
                pixel = np.subtract(values, centre, out=floats[:n])
                pixel *= factor
                pixel += offset
                np.maximum(pixel, least[:n], out=pixel)
                np.minimum(pixel, largest, out=pixel)
                whole[:] = pixel  # towards zero, and all are positive
            rows[:n] *= canvas.stride
            rows[:n] += columns[:n]
            result_N[part] = rows[:n]
    return result_N


def stamp_dots(canvas: Canvas, places_N: npt.NDArray[np.intp], ink_LN: Ink, stamp: Stamp) -> None:
    """Draw a dot at each place.

    A pixel that several dots cover shows the one that covers it most, then the one with the nearest middle, then the
    one that comes last.

    Args:
        canvas: Drawn on; not cleared.
        places_N: From `places`.
        ink_LN: Colour of each dot at each of the stamp's coverages.
        stamp: The form of the dots.
    """
    reach = stamp.reach * canvas.stride + stamp.reach
    corner_N = places_N - reach
    for pixel in stamp.pixels:
        start = reach + pixel.down * canvas.stride + pixel.right
        canvas.flat[start:][corner_N] = ink_LN[pixel.level]
