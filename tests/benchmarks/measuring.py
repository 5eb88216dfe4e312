"""Timing that can be compared: by turns, and by medians."""

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Name = TypeVar("Name")


def pace(step: Callable[[], int], seconds: float, wait: Callable[[], None] | None = None) -> float:
    """Things a second, by steps that each tell how many things they did.

    Args:
        step: Does some.
        seconds: How long to go on, at least one step.
        wait: Waits for what a device has yet to do.
    """
    start = perf_counter()
    done = step()
    while perf_counter() - start < seconds:
        done += step()
    if wait is not None:
        wait()
    return done / (perf_counter() - start)


def seconds_each(action: Callable[[], None], seconds: float, most: int = 10_000) -> float:
    """Median seconds of an action, done for so long, at least three times."""
    taken: list[float] = []
    start = perf_counter()
    while len(taken) < 3 or (len(taken) < most and perf_counter() - start < seconds):
        begin = perf_counter()
        action()
        taken.append(perf_counter() - begin)
    return statistics.median(taken)


def interleaved(measures: Mapping[Name, Callable[[], float]], rounds: int) -> dict[Name, float]:
    """Medians of figures that are taken by turns, A B A B, so that a slow moment of the machine meets all alike."""
    found: dict[Name, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure())
    return {name: statistics.median(figures) for name, figures in found.items()}


def percentile(figures: Iterable[float], share: float) -> float:
    """The figure below which this share of them lies; `share` from 0 to 1."""
    return float(np.quantile(np.fromiter(figures, dtype=np.float64), share))


@dataclass(frozen=True, slots=True)
class Slope:
    """How fast something grows: `value` ± `spread` in its unit per unit of time (95 %)."""

    value: float
    spread: float


def slope(
    times: Sequence[float],
    figures: Sequence[float],
    blocks: int = 12,
    of: Callable[[npt.NDArray[np.float64]], np.float64] = np.mean,
) -> Slope:
    """Growth by least squares over equal blocks of time, of their means, or of something else of each block.

    Neighbours in time resemble each other, and single samples would pretend to a precision that is not there.

    Raises:
        ValueError: When there are fewer than three blocks to compare.
    """
    when, what = np.asarray(times, np.float64), np.asarray(figures, np.float64)
    blocks = min(blocks, len(when))
    if blocks < 3:
        raise ValueError(f"There are {len(when)} samples; a slope with a spread needs at least three.")
    x = np.array([part.mean() for part in np.array_split(when, blocks)])
    y = np.array([of(part) for part in np.array_split(what, blocks)])
    centred = x - x.mean()
    value = float((centred * y).sum() / (centred**2).sum())
    rest = y - y.mean() - value * centred
    error = float(np.sqrt((rest**2).sum() / (blocks - 2) / (centred**2).sum()))
    from scipy.stats import t

    return Slope(value, float(t.ppf(0.975, blocks - 2)) * error)
