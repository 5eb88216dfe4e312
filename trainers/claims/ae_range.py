"""An AE's codes have no fixed range and no symmetry.

Range: the 99th percentile of the codes' distance from the origin, over that of N(0, I), which is √χ²_D(.99). The claim
wants it outside of .8 to 1.25: codes that reach as far as those of the prior have a range that one may count on.
Symmetry: SW₂ between the codes and their mirror image through the origin, over the root mean square of a coordinate.
The claim wants more than .2; codes of N(0, I) have some hundredths, by chance. Both must hold.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import stats

from trainers.claims.bench import of_family, picture_of_codes, points_of
from trainers.claims.ruling import above, agreed, all_of, of_seeds, outside, ratio_of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_statistic
from trainers.pictures.cloud import Window
from trainers.pictures.panels import side_by_side

BAND: Final = (0.8, 1.25)
SYMMETRIC: Final = 0.2
_DIRECTIONS: Final = 64


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AEs; a VAE and an AAE are shown beside them."""
    judged = of_family(contenders, "ae")
    if not judged:
        return untested("an AE")
    beside = (*of_family(contenders, "vae")[:1], *of_family(contenders, "aae")[:1])
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in (*judged, *beside):
        reach = ratio_of_seeds(contender, reach_of)
        lopsided = of_seeds(contender, asymmetry_of)
        assert reach is not None
        assert lopsided is not None
        decides = contender in judged
        lines = (f"outside of {BAND[0]} to {BAND[1]}", f"above {SYMMETRIC}") if decides else ("", "")
        figures += [
            DecidingFigure(model=contender.label, name="reach over that of N(0, I)", figure=reach, line=lines[0]),
            DecidingFigure(
                model=contender.label, name="distance from own mirror image", figure=lopsided, line=lines[1]
            ),
        ]
        found.append(f"{value_text(reach)} ({contender.label})")
        if decides:
            rulings.append(all_of((outside(reach, *BAND), above(lopsided, SYMMETRIC))))
    shown = [(contender.label, contender.evidence) for contender in (*judged[:1], *beside)]
    window = Window.around(
        np.concatenate([points_of(evidence, evidence.codes_ND) for _, evidence in shown]), share=0.999
    )
    clouds = [
        (label, picture_of_codes(evidence, evidence.codes_ND, window, labels_N=evidence.labels_N))
        for label, evidence in shown
    ]
    ruling = agreed(rulings)
    meaning = {
        "holds": "neither range nor middle is given",
        "fails": "range or symmetry is much as the prior's, by training or by chance",
    }.get(ruling, "the spread does not settle it")
    sentence = (
        f"Beside N(0, I) codes reach this many times as far: {listed(found)}; {meaning}. All clouds are at one scale."
    )
    return Verdict(ruling=ruling, sentence=sentence, figures=tuple(figures), picture_HW3=side_by_side(clouds))


def reach_of(evidence: Evidence) -> Figure:
    """How far codes reach, over N(0, I)."""
    radius_N = evidence.codes_ND.double().norm(dim=1).numpy()
    normal = float(np.sqrt(stats.chi2.ppf(0.99, evidence.latent_dim)))
    return figure_of_statistic(
        lambda chosen_M: float(np.quantile(radius_N[chosen_M], 0.99)) / normal, len(radius_N), pulse=evidence.pulse
    )


def asymmetry_of(evidence: Evidence) -> Figure:
    """How far the codes lie from their mirror image, in units of their own size."""
    codes_ND = evidence.codes_ND.double().numpy()
    directions_DP = np.random.default_rng(0).standard_normal((evidence.latent_dim, _DIRECTIONS))
    directions_DP /= np.linalg.norm(directions_DP, axis=0)
    places_NP = codes_ND @ directions_DP

    def distance(chosen_M: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
        sorted_MP = np.sort(places_NP[chosen_M], axis=0)
        size = np.sqrt(np.square(codes_ND[chosen_M]).mean())
        return float(np.sqrt(np.square(sorted_MP + sorted_MP[::-1]).mean()) / max(size, np.finfo(np.float64).tiny))

    return figure_of_statistic(distance, len(codes_ND), pulse=evidence.pulse)
