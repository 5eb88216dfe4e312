"""One colour per class and one line per model, the same in every view, for light and dark grounds and for all eyes."""

from functools import cache

import numpy as np
import numpy.typing as npt

Rgb = tuple[int, int, int]

# The ten-colour sequence of Petroff 2021, "Accessible Color Sequences for Data Visualization" (arXiv 2107.02270).
_PETROFF_10 = (
    "3f90da", "ffa90e", "bd1f01", "94a4a2", "832db6", "a96b59", "e76300", "b9ac70", "717581", "92dadd",
)  # fmt: skip

# Blue, vermilion, green and purple of Okabe & Ito 2008: each has 3:1 against white and against the dark ground.
_LANE_COLOURS: tuple[Rgb, ...] = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167))
_LANE_DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (2.0, 2.0), (8.0, 3.0, 2.0, 3.0))

# What people without one kind of cone see, in linear RGB: Machado, Oliveira & Fernandes 2009, severity 1.
_VISIONS = np.array(
    [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)
# With ordinary vision all of a difference counts; the others see less, so theirs is weighed up, yet not to par: nobody
# can tell fifty colours apart with two cones.
_VISION_WEIGHTS = np.array([1.0, 1.6, 1.6, 1.6])

_LMS_FROM_RGB = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB_FROM_LMS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LIGHTNESS = (0.45, 0.86)  # of OKLab: dark enough for white, light enough for black


def class_colours(count: int) -> npt.NDArray[np.uint8]:
    """Colours of `count` classes, sRGB, (K, 3), read-only; a class keeps its colour whatever the count.

    The first ten are Petroff's. Each one beyond is the colour farthest, in OKLab and to the eye that tells it worst
    (ordinary, protanope, deuteranope, tritanope), from all before it. From 64 on they repeat.
    """
    colours = _first_ten() if count <= len(_PETROFF_10) else _distinct_colours()
    chosen = colours[np.arange(count) % len(colours)]
    chosen.flags.writeable = False
    return chosen


def lane_colour(index: int) -> Rgb:
    """Colour of the model in lane `index`, for its curves and its name; four differ, then they repeat."""
    return _LANE_COLOURS[index % len(_LANE_COLOURS)]


def lane_dash(index: int) -> tuple[float, ...]:
    """Dashes and gaps of that model's curves, in pen widths; empty for a solid line."""
    return _LANE_DASHES[index % len(_LANE_DASHES)]


def _first_ten() -> npt.NDArray[np.uint8]:
    return np.array([list(bytes.fromhex(colour)) for colour in _PETROFF_10], np.uint8)


@cache
def _distinct_colours() -> npt.NDArray[np.uint8]:
    first = _first_ten()
    levels = np.linspace(0, 255, 16).astype(np.uint8)
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    lightness = oklab(grid)[:, 0]
    candidates = grid[(lightness > _LIGHTNESS[0]) & (lightness < _LIGHTNESS[1])]
    seen_KVC = _as_seen(candidates)
    nearest = np.full(len(candidates), np.inf)
    chosen = list(first)
    for colour in first:
        nearest = np.minimum(nearest, _distances(_as_seen(colour[None])[0], seen_KVC))
    while len(chosen) < 64:
        farthest = int(nearest.argmax())
        chosen.append(candidates[farthest])
        nearest = np.minimum(nearest, _distances(seen_KVC[farthest], seen_KVC))
    return np.array(chosen, np.uint8)


def oklab(colours_K3: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Lightness, green-red and blue-yellow of sRGB colours, (K, 3), after Ottosson 2020."""
    return _oklab_of_linear(_linear(colours_K3))


def colour_distances(colours_K3: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """How far each two colours are apart in OKLab, (4, K, K), to each eye: ordinary, protan, deutan, tritan."""
    seen = np.stack([_oklab_of_linear(_linear(colours_K3) @ vision.T) for vision in _VISIONS])
    return np.linalg.norm(seen[:, :, None] - seen[:, None], axis=-1)


def _linear(colours_K3: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    encoded = colours_K3 / 255.0
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def _oklab_of_linear(linear_K3: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.cbrt(np.clip(linear_K3, 0, 1) @ _LMS_FROM_RGB.T) @ _OKLAB_FROM_LMS.T


def _as_seen(colours_K3: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """OKLab of the colours to each eye, (K, eyes, 3)."""
    return np.stack([_oklab_of_linear(_linear(colours_K3) @ vision.T) for vision in _VISIONS], axis=1)


def _distances(one_V3: npt.NDArray[np.float64], many_KV3: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return (np.linalg.norm(many_KV3 - one_V3, axis=-1) * _VISION_WEIGHTS).min(axis=1)
