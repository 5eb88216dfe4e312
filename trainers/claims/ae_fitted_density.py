"""With a density fitted to its codes, an AE becomes a generative model.

A mixture of up to twenty Gaussians is fitted to the training codes, and its samples are decoded. The claim wants their
Fréchet distance to be less than 1.25 times that of decoded training codes: what the decoder can do, it then does also
for new codes. A VAE's samples of its prior are shown beside it.
"""

from collections.abc import Sequence
from typing import Final

from trainers.claims.bench import SHOWN, images_of, images_of_codes, of_family
from trainers.claims.code_sources import codes_from, distance_of, distance_of_training, from_mixture, from_normal, share
from trainers.claims.ruling import agreed, below, of_seeds, ratio_of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.frechet_distance import of_samples
from trainers.pictures.panels import labelled_rows

AS_GOOD: Final = 1.25


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AEs."""
    judged = of_family(contenders, "ae")
    if not judged:
        return untested("an AE")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in judged:
        worse = ratio_of_seeds(contender, lambda evidence: share(evidence, from_mixture))
        fitted = of_seeds(contender, lambda evidence: distance_of(evidence, from_mixture))
        plain = of_seeds(contender, lambda evidence: distance_of(evidence, from_normal))
        known = of_seeds(contender, distance_of_training)
        assert worse is not None
        assert fitted is not None
        assert plain is not None
        assert known is not None
        rulings.append(below(worse, AS_GOOD))
        figures += [
            DecidingFigure(model=contender.label, name="FD, mixture over codes", figure=worse, line=f"below {AS_GOOD}"),
            DecidingFigure(model=contender.label, name="FD of the mixture", figure=fitted),
            DecidingFigure(model=contender.label, name="FD of N(0, I)", figure=plain),
            DecidingFigure(model=contender.label, name="FD of decoded codes", figure=known),
        ]
        found.append(
            f"{value_text(plain)} from N(0, I), {value_text(fitted)} from a fitted mixture and {value_text(known)} from"
            f" its own codes ({contender.label})"
        )
    for contender in of_family(contenders, "vae")[:1]:
        samples = of_seeds(contender, of_samples)
        if samples is not None:
            figures.append(DecidingFigure(model=contender.label, name="FD of samples of the prior", figure=samples))
            found.append(f"{value_text(samples)} from the prior ({contender.label})")
    evidence = judged[0].evidence
    picture = labelled_rows(
        [
            ("held-out images", images_of(evidence.held_out_NCHW)),
            ("N(0, I)", images_of_codes(evidence, codes_from(evidence, from_normal), SHOWN)),
            ("fitted mixture", images_of_codes(evidence, codes_from(evidence, from_mixture), SHOWN)),
        ]
    )
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"The Fréchet distance to held-out images is {listed(found)}.",
        figures=tuple(figures),
        picture_HW3=picture,
    )
