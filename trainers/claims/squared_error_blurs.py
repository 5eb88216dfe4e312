"""Squared error makes a VAE's images blurred.

The sharpness of reconstructions, the variance of their Laplacian over the data's, of a VAE under squared error (a
Gaussian likelihood with σ = 1) over that of an otherwise equal VAE under another likelihood. The claim wants less than
.9, a tenth less sharp. In two dimensions all models lose most of the detail, whatever the likelihood: so their own
sharpness stands beside it, and an AE's, which has no KL term to blame.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from trainers.claims.bench import images_of, of_family
from trainers.claims.ruling import agreed, below, of_seeds, ratio
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.figure import Figure
from trainers.metrics.sharpness import of_reconstructions
from trainers.pictures.panels import labelled_rows

LESS: Final = 0.9
SQUARED: Final = "gaussian"


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on each open VAE under squared error beside the first under another likelihood."""
    vaes = of_family(contenders, "vae")
    squared = [contender for contender in vaes if contender.recipe.likelihood == SQUARED]
    pairs = [(one, other) for one in squared if (other := _counterpart(one, vaes)) is not None]
    if not pairs:
        return untested("a VAE under squared error (Gaussian, σ = 1) and an equal one under another likelihood")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    for one, other in pairs:
        share = _share(one, other)
        if share is None:
            return untested("images that are not flat")
        rulings.append(below(share, LESS))
        name = f"sharpness over that of {other.label}"
        figures.append(DecidingFigure(model=one.label, name=name, figure=share, line=f"below {LESS}"))
    shown = [*dict.fromkeys(contender for pair in pairs for contender in pair), *of_family(contenders, "ae")[:1]]
    sharpness = {contender.label: of_seeds(contender, of_reconstructions) for contender in shown}
    found: list[str] = []
    for label, figure in sharpness.items():
        if figure is not None:
            figures.append(DecidingFigure(model=label, name="sharpness of reconstructions", figure=figure))
            found.append(f"{value_text(figure)} ({label})")
    blurred = all(figure is not None and figure.high < 0.5 for figure in sharpness.values())
    also = " All are blurred, whatever the likelihood: two numbers cannot hold an image." if blurred else ""
    evidence = shown[0].evidence
    rows = [("held-out images", images_of(evidence.held_out_NCHW))]
    rows += [(contender.label, images_of(contender.evidence.reconstructions_NCHW)) for contender in shown]
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"As a share of the data's, the sharpness of reconstructions is {listed(found)}.{also}",
        figures=tuple(figures),
        picture_HW3=labelled_rows(rows),
    )


def _counterpart(one: Contender, vaes: Sequence[Contender]) -> Contender | None:
    """The first model that differs from another by its likelihood, and besides at most by its seed."""
    for other in vaes:
        as_one = other.recipe.with_changes(likelihood=SQUARED, seed=one.recipe.seed)
        if other.recipe.likelihood != SQUARED and as_one == one.recipe:
            return other
    return None


def _share(one: Contender, other: Contender) -> Figure | None:
    """Sharpness of one model over that of another: on the same resamples, or over seeds."""
    mine, theirs = of_seeds(one, of_reconstructions), of_seeds(other, of_reconstructions)
    if mine is None or theirs is None or theirs.value == 0:
        return None
    if mine.resamples_R is not None and theirs.resamples_R is not None:
        return ratio(mine, theirs)
    # The delta method: relative errors of independent means add in squares.
    value = mine.value / theirs.value
    low = value * float(np.hypot((mine.value - mine.low) / mine.value, (theirs.high - theirs.value) / theirs.value))
    high = value * float(np.hypot((mine.high - mine.value) / mine.value, (theirs.value - theirs.low) / theirs.value))
    return Figure(value=value, low=value - low, high=value + high, count=mine.count, seeds=mine.seeds)
