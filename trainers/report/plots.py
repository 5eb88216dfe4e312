"""Lines, axes and intervals as SVG inside a page, in the colours of its text."""

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from trainers.comparison.number_text import number_text
from trainers.metrics.figure import Figure
from trainers.pictures.cloud import Window
from trainers.report.markup import escape

Floats = npt.NDArray[np.float32]

_MOST_POINTS = 240


def interval_strip(figure: Figure, low: float, high: float) -> str:
    """Where a figure and its interval lie between two ends that a whole row shares."""
    width, middle = 112.0, 5.0

    def place(value: float) -> float:
        return 4 + (width - 8) * ((value - low) / (high - low) if high > low else 0.5)

    left, right = place(figure.low), place(figure.high)
    return (
        f'<svg class="strip" viewBox="0 0 {width:g} 10" width="{width:g}" height="10" aria-hidden="true">'
        f'<line class="track" x1="4" y1="{middle}" x2="{width - 4:g}" y2="{middle}"/>'
        f'<line class="range" x1="{left:.1f}" y1="{middle}" x2="{max(right, left + 0.5):.1f}" y2="{middle}"/>'
        f'<circle cx="{place(figure.value):.1f}" cy="{middle}" r="2.6"/></svg>'
    )


def framed_plane(address: str, window: Window, contours: Sequence[Floats], *, side: int, description: str) -> str:
    """A picture of a part of the plane, with axes in latent units and lines over it."""
    left, top, below = 34, 6, 22
    lines = "".join(
        f'<polyline class="contour" points="{_points(window.pixels(line_M2, side))}"/>' for line_M2 in contours
    )
    ticks: list[str] = []
    for value in tick_values(window.x - window.half, window.x + window.half):
        column = left + (value - window.x + window.half) / (2 * window.half) * side
        ticks.append(f'<text x="{column:.1f}" y="{top + side + 15}" text-anchor="middle">{_tick(value)}</text>')
        ticks.append(f'<path d="M{column:.1f} {top + side}v4"/>')
    for value in tick_values(window.y - window.half, window.y + window.half):
        row = top + (window.y + window.half - value) / (2 * window.half) * side
        ticks.append(f'<text x="{left - 7}" y="{row + 3.5:.1f}" text-anchor="end">{_tick(value)}</text>')
        ticks.append(f'<path d="M{left} {row:.1f}h-4"/>')
    width, height = left + side + 6, top + side + below
    return (
        f'<svg class="plane" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(description)}">'
        f'<image href="{address}" x="{left}" y="{top}" width="{side}" height="{side}"/>'
        f'<svg x="{left}" y="{top}" width="{side}" height="{side}">{lines}</svg>'
        f'<rect class="frame" x="{left}" y="{top}" width="{side}" height="{side}"/>{"".join(ticks)}</svg>'
    )


def curve(name: str, epochs_T: Floats, values_T: Floats) -> str:
    """One loss over training, with its first, last and extreme values readable."""
    kept = np.isfinite(values_T)
    epochs, values = epochs_T[kept].astype(float), values_T[kept].astype(float)
    if len(values) < 2:
        return ""
    chosen = np.unique(np.linspace(0, len(values) - 1, _MOST_POINTS).astype(int))
    # The first steps of a training dwarf the rest: the axis is that of what comes after them.
    settled = values[len(values) // 20 :]
    low, high = float(settled.min()), float(settled.max())
    span = (high - low) or 1.0
    width, height, left, top = 236.0, 74.0, 4.0, 20.0
    x = left + (epochs[chosen] - epochs[0]) / max(epochs[-1] - epochs[0], 1e-9) * (width - 2 * left)
    y = top + (high - np.clip(values[chosen], low, high)) / span * (height - top - 16)
    line = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return (
        f'<svg class="curve" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img"'
        f' aria-label="{escape(name)} over training">'
        f'<text class="name" x="{left}" y="12">{escape(name)}</text>'
        f'<text class="last" x="{width - left}" y="12" text-anchor="end">{_number(values[-1])}</text>'
        f'<polyline points="{line}"/>'
        f'<text x="{left}" y="{height - 2}">epoch {epochs[0]:.0f}</text>'
        f'<text x="{width - left}" y="{height - 2}" text-anchor="end">{epochs[-1]:.0f}</text></svg>'
    )


def tick_values(low: float, high: float) -> list[float]:
    """Round numbers between two ends, three to six of them."""
    step = 10.0 ** math.floor(math.log10((high - low) / 3))
    step *= next(factor for factor in (5, 2, 1) if factor * step * 3 <= high - low)
    first = math.ceil(low / step)
    return [round(step * index, 10) for index in range(first, math.floor(high / step) + 1)]


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _number(value: float) -> str:
    decimals = max(0, 3 - math.floor(math.log10(abs(value))) - 1) if value else 0
    return number_text(value, min(decimals, 4))


def _points(places_M2: Floats) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places_M2)
