"""An AAE makes better images than a VAE.

Fréchet distance and coverage of new images, decoded from samples of each model's prior with the same noise. The claim
wants an AAE to be better than a VAE beyond chance by one of them, and worse by neither; it fails where the VAE is so.
Chance is what another seed would change, which exceeds what other images would: with fewer than three seeds of each
the verdict is undecided, whatever the figures.
"""

from collections.abc import Sequence

from trainers.claims.bench import images_of, of_family
from trainers.claims.ruling import FEWEST_SEEDS, agreed, of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.density_coverage import coverage
from trainers.metrics.figure import Better, Figure, is_better
from trainers.metrics.frechet_distance import of_samples
from trainers.metrics.sharpness import of_samples as sharpness_of_samples
from trainers.pictures.panels import labelled_rows


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on each open AAE beside each open VAE that shares likelihood, backbone and latent dimensions."""
    pairs = [
        (aae, vae)
        for aae in of_family(contenders, "aae")
        for vae in of_family(contenders, "vae")
        if _are_alike(aae, vae)
    ]
    if not pairs:
        return untested("an AAE and a VAE with equal likelihood, backbone and latent dimensions")
    shown = list(dict.fromkeys(contender for pair in pairs for contender in pair))
    figures: list[DecidingFigure] = []
    found: dict[Contender, tuple[Figure, Figure]] = {}
    for contender in shown:
        distance, covered = of_seeds(contender, of_samples), of_seeds(contender, coverage)
        assert distance is not None
        assert covered is not None
        found[contender] = (distance, covered)
        figures += [
            DecidingFigure(model=contender.label, name="FD of new images", figure=distance, line="lower is better"),
            DecidingFigure(model=contender.label, name="coverage", figure=covered, line="higher is better"),
        ]
        sharp = of_seeds(contender, sharpness_of_samples)
        if sharp is not None:
            figures.append(DecidingFigure(model=contender.label, name="sharpness of new images", figure=sharp))
    ruling = agreed(_ruling(found[aae], found[vae]) for aae, vae in pairs)
    few = any(len(contender.evidences) < FEWEST_SEEDS for contender in shown)
    numbers = listed(
        [
            f"FD {value_text(distance)} and coverage {value_text(covered)} ({contender.label})"
            for contender, (distance, covered) in found.items()
        ]
    )
    meaning = ""
    if few:
        ruling = "undecided"
        meaning = f" Another seed would change these figures: compare over {FEWEST_SEEDS} seeds or more."
    elif ruling == "undecided":
        meaning = " The spread over seeds does not part them: a tie."
    rows = [(contender.label, images_of(contender.evidence.samples_SCHW)) for contender in shown]
    return Verdict(
        ruling=ruling,
        sentence=f"New images have {numbers}.{meaning}",
        figures=tuple(figures),
        picture_HW3=labelled_rows([("held-out images", images_of(shown[0].evidence.held_out_NCHW)), *rows]),
    )


def _are_alike(one: Contender, other: Contender) -> bool:
    names = ("likelihood", "backbone", "latent_dim")
    return all(getattr(one.recipe, name) == getattr(other.recipe, name) for name in names)


def _ruling(aae: tuple[Figure, Figure], vae: tuple[Figure, Figure]) -> Ruling:
    directions: tuple[Better, Better] = ("lower", "higher")
    ours = [is_better(one, other, better) for one, other, better in zip(aae, vae, directions, strict=True)]
    theirs = [is_better(other, one, better) for one, other, better in zip(aae, vae, directions, strict=True)]
    if any(ours) and not any(theirs):
        return "holds"
    return "fails" if any(theirs) and not any(ours) else "undecided"
