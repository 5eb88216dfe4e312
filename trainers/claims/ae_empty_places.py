"""What an AE decodes from empty places is poor.

Places are drawn from the box of the codes, and kept where no training code is near: farther than 99 % of the held-out
codes are from theirs. The figure is the Fréchet distance of their decodes over that of as many decoded training codes.
The claim wants more than 1.25, a quarter worse. A classifier's confidence would not do: it stays high on such images.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from trainers.claims.bench import SIDE, images_of, images_of_codes, of_family, picture_of_points, points_of
from trainers.claims.code_sources import codes_from, distance_of, distance_of_training, from_empty_places, share
from trainers.claims.ruling import above, agreed, of_seeds, ratio_of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.evidence import Evidence
from trainers.pictures.cloud import Window, paint_dots
from trainers.pictures.panels import labelled_rows, over, side_by_side

WORSE: Final = 1.25
_PLACE: Final = (255, 255, 255)


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AEs."""
    judged = of_family(contenders, "ae")
    if not judged:
        return untested("an AE")
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    found: list[str] = []
    for contender in judged:
        worse = ratio_of_seeds(contender, lambda evidence: share(evidence, from_empty_places))
        empty = of_seeds(contender, lambda evidence: distance_of(evidence, from_empty_places))
        known = of_seeds(contender, distance_of_training)
        if worse is None or empty is None or known is None:
            continue
        rulings.append(above(worse, WORSE))
        figures += [
            DecidingFigure(
                model=contender.label, name="FD, empty places over codes", figure=worse, line=f"above {WORSE}"
            ),
            DecidingFigure(model=contender.label, name="FD of empty places", figure=empty),
            DecidingFigure(model=contender.label, name="FD of decoded codes", figure=known),
        ]
        found.append(f"{value_text(empty)} from empty places and {value_text(known)} from codes ({contender.label})")
    if not rulings:
        return untested("an AE whose codes leave empty places")
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"The Fréchet distance to held-out images is {listed(found)}. Empty places are the white dots.",
        figures=tuple(figures),
        picture_HW3=_picture(judged[0].evidence),
    )


def _picture(evidence: Evidence) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    places_ND = codes_from(evidence, from_empty_places)
    points_N2, places_N2 = points_of(evidence, evidence.codes_ND), points_of(evidence, places_ND[:300])
    window = Window.around(np.concatenate([points_N2, places_N2]), share=0.995)
    cloud = picture_of_points(
        points_N2[:3000], window, labels_N=evidence.labels_N, classes=len(evidence.images.class_names)
    )
    white_N3 = np.tile(np.array(_PLACE, np.uint8), (len(places_N2), 1))
    dots = paint_dots(places_N2, white_N3, window, side=SIDE, width=3.0, opacity=0.8)
    rows = labelled_rows(
        [
            ("decoded codes", images_of(evidence.decoded_training_MCHW, 8)),
            ("empty places", images_of_codes(evidence, places_ND, 8)),
            ("", images_of_codes(evidence, places_ND[8:], 8))
            if len(places_ND) >= 16
            else ("", images_of_codes(evidence, places_ND, 8)),
        ]
    )
    return side_by_side([("Codes, and empty places", over(cloud, dots)), ("What is decoded", rows)])
