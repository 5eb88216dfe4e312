"""An AAE's codes fill its prior, whatever its shape.

Two figures: the sliced Wasserstein distance of the codes to the prior, over the prior's width (the root mean variance
of a coordinate), which says how much would have to be moved; and coverage, the share of the prior's samples whose ball
to their fifth nearest other sample holds a code (Naeem et al. 2020, here in latent space), which sees holes and
places that are left out: .97 at best. The claim wants less than .25 and more than .75.
"""

from collections.abc import Sequence
from typing import Final

from trainers.claims.bench import Bytes, of_family, picture_of_codes, points_of
from trainers.claims.ruling import above, agreed, all_of, below, of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics import sliced_wasserstein
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.neighbour_balls import count_in_balls, neighbour_radii
from trainers.metrics.resampling import figure_of_mean, figure_of_resamples
from trainers.pictures.cloud import Window
from trainers.pictures.panels import side_by_side
from trainers.priors import PRIORS

NEAR: Final = 0.25
FILLED: Final = 0.75
NEIGHBOURS: Final = 5


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AAEs, each with its own prior."""
    judged = of_family(contenders, "aae")
    if not judged:
        return untested("an AAE")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in judged:
        distance, filled = of_seeds(contender, distance_of), of_seeds(contender, filled_share)
        assert distance is not None
        assert filled is not None
        rulings.append(all_of((below(distance, NEAR), above(filled, FILLED))))
        figures += [
            DecidingFigure(
                model=contender.label, name="SW₂ over the prior's width", figure=distance, line=f"below {NEAR}"
            ),
            DecidingFigure(
                model=contender.label, name="share of the prior that codes reach", figure=filled, line=f"above {FILLED}"
            ),
        ]
        prior = PRIORS[contender.recipe.prior].title
        found.append(f"{value_text(filled)} of the prior “{prior}” ({contender.label})")
    priors = {contender.recipe.prior for contender in judged}
    also = " Open an AAE with a prior that is not Gaussian, to see that too." if priors == {"gaussian"} else ""
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"Codes reach {listed(found)}; two draws of one prior would reach .97.{also}",
        figures=tuple(figures),
        picture_HW3=side_by_side([panel for contender in judged[:2] for panel in _panels(contender)]),
    )


def distance_of(evidence: Evidence) -> Figure:
    """SW₂ to the prior over the prior's width."""
    figure = sliced_wasserstein.measure(evidence)
    width = float(evidence.prior_codes_SD.double().var(0, correction=0).mean().sqrt())
    assert figure.resamples_R is not None
    return figure_of_resamples(figure.value / width, figure.resamples_R / width, figure.count)


def filled_share(evidence: Evidence) -> Figure:
    """The share of the prior's samples that have a code among their nearest."""
    prior_ND = evidence.prior_codes_SD
    radii_N = neighbour_radii(prior_ND, NEIGHBOURS, evidence.pulse)
    _, codes_N = count_in_balls(evidence.drawn_codes_ND, prior_ND, radii_N, evidence.pulse)
    return figure_of_mean((codes_N > 0).double())


def _panels(contender: Contender) -> list[tuple[str, Bytes]]:
    evidence = contender.evidence
    prior_ND = evidence.prior_codes_SD
    window = Window.around(points_of(evidence, prior_ND), share=0.9995)
    return [
        (PRIORS[contender.recipe.prior].label, picture_of_codes(evidence, prior_ND, window)),
        (
            f"{contender.label}: codes",
            picture_of_codes(evidence, evidence.drawn_codes_ND, window, labels_N=evidence.labels_N),
        ),
    ]
