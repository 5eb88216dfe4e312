"""A VAE's codes together are near N(0, I).

One code is drawn of each posterior; together they are the aggregate posterior. The claim wants its sliced Wasserstein
distance to the prior to be less than .25, a quarter of the prior's width; two draws of the prior itself are some .02
apart at ten thousand codes. Near is not equal: how often a classifier tells the two apart stands beside it.
"""

from collections.abc import Sequence
from typing import Final

from trainers.claims.bench import of_family, picture_of_codes, points_of
from trainers.claims.ruling import agreed, below, of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics import sliced_wasserstein, two_sample_test
from trainers.pictures.cloud import Window
from trainers.pictures.panels import side_by_side

NEAR: Final = 0.25


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open VAEs whose prior is N(0, I); an AE is shown beside them."""
    judged = [contender for contender in of_family(contenders, "vae") if contender.recipe.prior == "gaussian"]
    if not judged:
        return untested("a VAE with the Gaussian prior")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in (*judged, *of_family(contenders, "ae")[:1]):
        distance = of_seeds(contender, sliced_wasserstein.measure)
        told = of_seeds(contender, two_sample_test.measure)
        assert distance is not None
        assert told is not None
        decides = contender in judged
        line = f"below {NEAR}" if decides else ""
        figures += [
            DecidingFigure(model=contender.label, name="SW₂ to N(0, I)", figure=distance, line=line),
            DecidingFigure(model=contender.label, name="% told from the prior by a classifier", figure=told),
        ]
        found.append(f"{value_text(distance)} ({contender.label}, told from it {value_text(told)} % of the time)")
        if decides:
            rulings.append(below(distance, NEAR))
    evidence = judged[0].evidence
    codes_ND, prior_ND = evidence.drawn_codes_ND, evidence.prior_codes_SD
    window = Window.around(points_of(evidence, prior_ND), share=0.9995)
    clouds = [("N(0, I)", picture_of_codes(evidence, prior_ND, window))]
    clouds += [
        (label, picture_of_codes(evidence, codes_ND, window, labels_N=labels_N))
        for label, labels_N in ((f"{judged[0].label}: one code of each image", evidence.labels_N),)
    ]
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"The distance of the codes to N(0, I) is {listed(found)}; chance would tell half.",
        figures=tuple(figures),
        picture_HW3=side_by_side(clouds),
    )
