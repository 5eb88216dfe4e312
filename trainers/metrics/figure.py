"""A number with its spread, and what can be said of two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

CONFIDENCE: Final = 0.95
"""Of every interval here."""

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figure:
    """What a metric says of a model.

    Attributes:
        value: The figure, on all images or samples.
        low: Lower end of its 95 % interval, at most `value`.
        high: Upper end, at least `value`.
        count: Images, codes or samples that it is taken on.
        seeds: Models, trained from different seeds, that it is the mean of.
        note: What else one must know to read it, such as which network gave the features; a few words.
        resamples_R: The statistic on resamples of the images, which are the same resamples for every model: with them
            two models on the same images are compared image by image. None where the spread is that over seeds.
    """

    value: float
    low: float
    high: float
    count: int
    seeds: int = 1
    note: str = ""
    resamples_R: Doubles | None = None


def is_better(one: Figure, other: Figure, better: Literal["higher", "lower", ""]) -> bool:
    """Whether `one` is better than `other` beyond chance: the 95 % interval of their difference leaves 0 out.

    Both must be of the same metric on the same images. Where both have resamples, the difference is taken on each of
    them, which cancels what the images do to both models alike. Else its interval is put together from the two
    intervals: with a − b > 0 its lower end is a − b − √((a − low a)² + (high b − b)²) (Zou & Donner 2008, equation 4).
    """
    if not better:
        return False
    worse, best = (one, other) if better == "lower" else (other, one)  # by their values, if `one` is the better
    difference = best.value - worse.value
    if _paired(one, other):
        assert best.resamples_R is not None
        assert worse.resamples_R is not None
        low, _ = interval(difference, best.resamples_R - worse.resamples_R)
        return low > 0
    return difference > float(np.hypot(best.value - best.low, worse.high - worse.value))


def _paired(one: Figure, other: Figure) -> bool:
    a_R, b_R = one.resamples_R, other.resamples_R
    return a_R is not None and b_R is not None and one.count == other.count and len(a_R) == len(b_R)


def interval(value: float, resamples_R: Doubles) -> tuple[float, float]:
    """The 95 % interval around a statistic, from its values on resamples.

    It is as wide as theirs, and placed so that their median falls on the value. A statistic that is biased on few
    images, as a Fréchet distance is, is so on every resample, and its plain percentiles would leave the value out.
    """
    low, middle, high = np.quantile(resamples_R, [(1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2])
    return float(value + low - middle), float(value + high - middle)


def over_seeds(figures: Sequence[Figure]) -> Figure:
    """The mean of one metric over models that differ by their seed, with Student's 95 % interval of that mean.

    One model's figure stays as it is, with the spread over its images.
    """
    if len(figures) == 1:
        return figures[0]
    values_S = np.array([figure.value for figure in figures])
    value, seeds = float(values_S.mean()), len(values_S)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, seeds - 1) * values_S.std(ddof=1) / np.sqrt(seeds))
    first = figures[0]
    return Figure(value=value, low=value - half, high=value + half, count=first.count, seeds=seeds, note=first.note)
