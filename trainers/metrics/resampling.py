"""Where the spread of a figure comes from: the same metric on parts of the images, drawn anew many times.

Which parts those are depends on nothing but how many images there are, so that two models are judged on the same ones.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from trainers.metrics.figure import Doubles, Figure, interval

MEAN_RESAMPLES: Final = 1000
STATISTIC_RESAMPLES: Final = 100
_CELLS: Final = 50_000
"""Indices drawn at once: NumPy holds other threads up meanwhile, among them the one that answers the mouse."""

Indices = npt.NDArray[np.int64]


def figure_of_mean(values_N: npt.ArrayLike, *, note: str = "") -> Figure:
    """The mean of one value an image, with the bootstrap's interval (Efron 1979): 1,000 draws with replacement.

    Args:
        values_N: One value an image, in the order of the images.
        note: As in `Figure`.
    """
    values_N = np.asarray(values_N, dtype=np.float64)
    value, count = float(values_N.mean()), len(values_N)
    generator = np.random.default_rng(count)
    resamples_R = np.empty(MEAN_RESAMPLES)
    rows = max(1, _CELLS // count)
    for start in range(0, MEAN_RESAMPLES, rows):
        part_R = resamples_R[start : start + rows]
        part_R[:] = values_N[generator.integers(0, count, (len(part_R), count))].mean(axis=1)
    return figure_of_resamples(value, resamples_R, count, note=note)


def figure_of_statistic(
    statistic: Callable[[Indices], float],
    count: int,
    *,
    resamples: int = STATISTIC_RESAMPLES,
    pulse: Callable[[], None] = lambda: None,
    note: str = "",
) -> Figure:
    """A statistic that is no mean, with its spread over halves of the images; see `halves`.

    Args:
        statistic: From indices of images, ascending, to the statistic on those.
        count: How many images there are.
        resamples: How many halves to take.
        pulse: Called before each; may raise.
        note: As in `Figure`.
    """
    value = float(statistic(np.arange(count)))
    resamples_R = np.empty(resamples)
    for index, half_M in enumerate(halves(count, resamples)):
        pulse()
        resamples_R[index] = statistic(half_M)
    return figure_of_resamples(value, resamples_R, count, note=note)


def figure_of_ratio(over_N: npt.ArrayLike, under_N: npt.ArrayLike) -> Figure | None:
    """The mean of one value an image over the mean of another; neither is negative.

    None where the second is 0 on so many images that half of them might have none else.
    """
    over_N, under_N = np.asarray(over_N, dtype=np.float64), np.asarray(under_N, dtype=np.float64)
    count = len(under_N)
    if np.count_nonzero(under_N == 0) >= count // 2:
        return None
    return figure_of_statistic(lambda chosen_M: float(over_N[chosen_M].mean() / under_N[chosen_M].mean()), count)


def halves(count: int, resamples: int = STATISTIC_RESAMPLES) -> Indices:
    """Indices of random halves of the images, (resamples, count // 2), each row ascending and without repetition.

    A statistic varies from half to half as much as the statistic on all images varies from one set of images to another
    of that size (the delete-half jackknife, Shao & Wu 1989). Unlike the bootstrap this puts no image beside its own
    copy, which would spoil distances to nearest neighbours and sums over pairs.
    """
    generator = np.random.default_rng(count)
    halves_RM = np.empty((resamples, count // 2), np.int64)
    rows = max(1, _CELLS // count)
    for start in range(0, resamples, rows):
        part_RM = halves_RM[start : start + rows]
        everything_RN = np.broadcast_to(np.arange(count), (len(part_RM), count))
        part_RM[:] = np.sort(generator.permuted(everything_RN, axis=1)[:, : count // 2], axis=1)
    return halves_RM


def figure_of_resamples(value: float, resamples_R: Doubles, count: int, *, note: str = "") -> Figure:
    """A figure whose statistic was taken on resamples already, in the order of `halves`."""
    low, high = interval(value, resamples_R)
    return Figure(value=value, low=low, high=high, count=count, note=note, resamples_R=resamples_R)
