"""An AE is not a generative model.

An AE has no density to draw codes from, so the obvious ones are tried: N(0, I), and a uniform draw from the box of its
codes. For each, the Fréchet distance of the decodes over that of decoded training codes; the claim wants both to be
more than 1.25, a quarter worse. Coverage of held-out images by decodes of N(0, I) is shown beside it.
"""

from collections.abc import Sequence
from typing import Final

from trainers.claims.bench import SHOWN, images_of, images_of_codes, of_family
from trainers.claims.code_sources import (
    codes_from,
    distance_of,
    distance_of_training,
    from_box,
    from_normal,
    share,
)
from trainers.claims.ruling import above, agreed, all_of, of_seeds, ratio_of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.density_coverage import coverage
from trainers.pictures.panels import labelled_rows

WORSE: Final = 1.25


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AEs; the coverage of a VAE and an AAE is shown beside theirs."""
    judged = of_family(contenders, "ae")
    if not judged:
        return untested("an AE")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in judged:
        parts: list[Ruling] = []
        for name, source in (("N(0, I)", from_normal), ("the box", from_box)):
            worse = ratio_of_seeds(contender, lambda evidence, source=source: share(evidence, source))
            distance = of_seeds(contender, lambda evidence, source=source: distance_of(evidence, source))
            assert worse is not None
            assert distance is not None
            parts.append(above(worse, WORSE))
            figures += [
                DecidingFigure(
                    model=contender.label, name=f"FD, {name} over codes", figure=worse, line=f"above {WORSE}"
                ),
                DecidingFigure(model=contender.label, name=f"FD of {name}", figure=distance),
            ]
            found.append(f"{value_text(distance)} from {name}")
        known = of_seeds(contender, distance_of_training)
        assert known is not None
        figures.append(DecidingFigure(model=contender.label, name="FD of decoded codes", figure=known))
        found.append(f"{value_text(known)} from its own codes ({contender.label})")
        rulings.append(all_of(parts))
    for contender in (*judged, *of_family(contenders, "vae")[:1], *of_family(contenders, "aae")[:1]):
        covered = of_seeds(contender, coverage)
        if covered is not None:
            figures.append(
                DecidingFigure(model=contender.label, name="coverage by samples of the prior", figure=covered)
            )
    evidence = judged[0].evidence
    picture = labelled_rows(
        [
            ("held-out images", images_of(evidence.held_out_NCHW)),
            ("its own codes", images_of(evidence.decoded_training_MCHW)),
            ("N(0, I)", images_of_codes(evidence, codes_from(evidence, from_normal), SHOWN)),
            ("the box", images_of_codes(evidence, codes_from(evidence, from_box), SHOWN)),
        ]
    )
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"The Fréchet distance to held-out images is {listed(found)}.",
        figures=tuple(figures),
        picture_HW3=picture,
    )
