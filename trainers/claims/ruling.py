"""From figures with their spread to a ruling: what the interval does not settle stays undecided."""

from collections.abc import Callable, Iterable

import numpy as np

from trainers.claims.verdict import Ruling
from trainers.comparison.contender import Contender
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure, over_seeds
from trainers.metrics.resampling import figure_of_resamples

FEWEST_SEEDS = 3
"""Below, two kinds of model are not ranked: their figures differ from seed to seed more than from image to image."""


def above(figure: Figure, line: float) -> Ruling:
    """Whether a figure lies above a line: undecided while its interval holds the line."""
    return "holds" if figure.low > line else "fails" if figure.high < line else "undecided"


def below(figure: Figure, line: float) -> Ruling:
    """Whether it lies below."""
    return "holds" if figure.high < line else "fails" if figure.low > line else "undecided"


def outside(figure: Figure, low: float, high: float) -> Ruling:
    """Whether it lies outside of a band: fails when its whole interval lies within."""
    if figure.low > high or figure.high < low:
        return "holds"
    return "fails" if low <= figure.low and figure.high <= high else "undecided"


def all_of(rulings: Iterable[Ruling]) -> Ruling:
    """The ruling on a claim with several parts, each of which must hold."""
    found = list(rulings)
    return "fails" if "fails" in found else "undecided" if "undecided" in found else "holds"


def agreed(rulings: Iterable[Ruling]) -> Ruling:
    """The ruling on a claim about several models: theirs where they agree, else undecided."""
    found = set(rulings)
    return found.pop() if len(found) == 1 else "undecided"


def ratio(over: Figure, under: Figure) -> Figure:
    """One figure over another of the same model, on the same resamples."""
    assert over.resamples_R is not None, "a figure of one seed"
    assert under.resamples_R is not None, "a figure of one seed"
    assert len(over.resamples_R) == len(under.resamples_R), (len(over.resamples_R), len(under.resamples_R))
    tiny = np.finfo(np.float64).tiny
    resamples_R = over.resamples_R / np.maximum(under.resamples_R, tiny)
    return figure_of_resamples(over.value / max(under.value, tiny), resamples_R, over.count, note=over.note)


def of_seeds(contender: Contender, measure: Callable[[Evidence], Figure | None]) -> Figure | None:
    """A figure of a model: that of its one seed, or the mean over several; None where one of them has none."""
    figures = [measure(evidence) for evidence in contender.evidences]
    found = [figure for figure in figures if figure is not None]
    return over_seeds(found) if len(found) == len(figures) else None


def ratio_of_seeds(contender: Contender, measure: Callable[[Evidence], Figure | None]) -> Figure | None:
    """The same for a ratio: over several seeds the geometric mean, with Student's interval taken of logarithms."""
    figures = [measure(evidence) for evidence in contender.evidences]
    found = [figure for figure in figures if figure is not None]
    if len(found) != len(figures):
        return None
    if len(found) == 1:
        return found[0]
    logarithm = over_seeds([_logarithm(figure) for figure in found])
    return Figure(
        value=float(np.exp(logarithm.value)),
        low=float(np.exp(logarithm.low)),
        high=float(np.exp(min(logarithm.high, 700.0))),
        count=logarithm.count,
        seeds=logarithm.seeds,
        note=logarithm.note,
    )


def _logarithm(figure: Figure) -> Figure:
    tiny = np.finfo(np.float64).tiny
    value, low, high = (float(np.log(max(number, tiny))) for number in (figure.value, figure.low, figure.high))
    return Figure(value=value, low=low, high=high, count=figure.count, note=figure.note)
