"""A number with its spread, and what can be said of two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

CONFIDENCE: Final = 0.95
"""Of every interval here."""

Better = Literal["higher", "lower", "near 1", ""]
"""Which values of a metric are better; empty where none are."""

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
        note: What it depends on besides model and images, in a few words, such as which network gave the features.
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


def is_better(one: Figure, other: Figure, better: Better) -> bool:
    """Whether `one` is better than `other` beyond chance: the 95 % interval of their difference leaves 0 out.

    Both must be of the same metric on the same images; figures whose notes differ are not compared, nor are two that
    lie on either side of 1 where "near 1" is better. Where both have resamples, the difference is taken on each of
    them, which cancels what the images do to both models alike. Else its interval is put together from the two
    intervals: with a − b > 0 its lower end is a − b − √((a − low a)² + (high b − b)²) (Zou & Donner 2008, equation
    4).
    """
    if better == "near 1":
        better = _side_of_one(one, other)
    if not better or one.note != other.note:
        return False
    upper, lower = (one, other) if better == "higher" else (other, one)  # if `one` is the better
    difference = upper.value - lower.value
    a_R, b_R = upper.resamples_R, lower.resamples_R
    if a_R is not None and b_R is not None and upper.count == lower.count and len(a_R) == len(b_R):
        low, _ = interval(difference, a_R - b_R)
        return low > 0
    return difference > float(np.hypot(upper.value - upper.low, lower.high - lower.value))


def _side_of_one(one: Figure, other: Figure) -> Better:
    if max(one.value, other.value) <= 1:
        return "higher"
    return "lower" if min(one.value, other.value) >= 1 else ""


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
