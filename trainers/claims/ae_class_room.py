"""An AE gives its classes very unequal room.

The room of a class is the area of an ellipse around its codes: √det Σ over the nine tenths of them that lie nearest to
their middle, in Mahalanobis' distance, so that a few strays do not count. Above two dimensions it is the volume to the
power of 2 / D, which is an area again. The figure is the largest room over the smallest, of classes that have
twenty held-out images or more; over seeds, the geometric mean. The claim wants more than 10; a VAE and an AAE
are shown beside it, for classes that differ in variety have unequal room in any good model.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from trainers.claims.bench import SIDE, of_family, picture_of_points, points_of
from trainers.claims.ruling import above, agreed, ratio_of_seeds
from trainers.claims.verdict import DecidingFigure, Ruling, Verdict, untested
from trainers.comparison.contender import Contender
from trainers.comparison.number_text import value_text
from trainers.comparison.wording import listed
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Doubles, Figure
from trainers.metrics.resampling import figure_of_statistic
from trainers.pictures.cloud import Window
from trainers.pictures.panels import INK, side_by_side, with_lines

UNEQUAL: Final = 10.0
FEWEST: Final = 20
KEPT: Final = 0.9
_TINY: Final = 1e-300


def check(contenders: Sequence[Contender]) -> Verdict:
    """The verdict on the open AEs; a VAE and an AAE are shown beside them."""
    judged = of_family(contenders, "ae")
    if not judged:
        return untested("an AE")
    beside = (*of_family(contenders, "vae")[:1], *of_family(contenders, "aae")[:1])
    figures: list[DecidingFigure] = []
    rulings: list[Ruling] = []
    for contender in (*judged, *beside):
        unequal = ratio_of_seeds(contender, inequality_of)
        if unequal is None:
            return untested(f"an AE on images with two classes or more of {FEWEST} held-out images each")
        decides = contender in judged
        line = f"above {UNEQUAL:g}" if decides else ""
        figures.append(
            DecidingFigure(model=contender.label, name="largest room over smallest", figure=unequal, line=line)
        )
        if decides:
            rulings.append(above(unequal, UNEQUAL))
    rooms = listed([f"{value_text(entry.figure)} times ({entry.model})" for entry in figures])
    return Verdict(
        ruling=agreed(rulings),
        sentence=f"The class with most room has that of the one with least: {rooms}. The two are outlined.",
        figures=tuple(figures),
        picture_HW3=side_by_side(
            [(contender.label, _picture(contender.evidence)) for contender in (*judged[:1], *beside)]
        ),
    )


def inequality_of(evidence: Evidence) -> Figure | None:
    """The largest room over the smallest; None without two classes that are large enough."""
    if not evidence.has_labels:
        return None
    codes_ND, labels_N = evidence.codes_ND.double().numpy(), evidence.labels_N
    counts_K = np.bincount(labels_N)
    classes = np.flatnonzero(counts_K >= FEWEST)
    if len(classes) < 2:
        return None

    def inequality(chosen_M: npt.NDArray[np.int64]) -> float:
        chosen_ND, chosen_labels = codes_ND[chosen_M], labels_N[chosen_M]
        logs = [log_room(chosen_ND[chosen_labels == label]) for label in classes]
        return math.exp(min(700.0, max(logs) - min(logs)))

    return figure_of_statistic(inequality, len(codes_ND), pulse=evidence.pulse)


def log_room(codes_ND: Doubles) -> float:
    """Log of the area that nine tenths of the codes take, up to a constant; very low for fewer than three."""
    if len(codes_ND) < 3:
        return math.log(_TINY)
    kept_ND = codes_ND[inner(codes_ND)]
    _, log_determinant = np.linalg.slogdet(_covariance(kept_ND))
    return max(math.log(_TINY), float(log_determinant) / codes_ND.shape[1])


def inner(codes_ND: Doubles) -> npt.NDArray[np.bool_]:
    """The nine tenths of the codes that lie nearest to their middle."""
    centred_ND = codes_ND - np.median(codes_ND, axis=0)
    distance_N = np.einsum("nd,de,ne->n", centred_ND, np.linalg.pinv(_covariance(codes_ND)), centred_ND)
    return distance_N <= np.quantile(distance_N, KEPT)


def _covariance(codes_ND: Doubles) -> Doubles:
    # A hair of variance: codes on a line, or at one place, have very little room, and not none.
    return np.atleast_2d(np.cov(codes_ND, rowvar=False)) + 1e-12 * np.eye(codes_ND.shape[1])


def _picture(evidence: Evidence) -> npt.NDArray[np.uint8]:
    points_N2 = points_of(evidence, evidence.codes_ND)
    window = Window.around(points_N2, share=0.998)
    picture = picture_of_points(
        points_N2[:3000], window, labels_N=evidence.labels_N, classes=len(evidence.images.class_names)
    )
    counts_K = np.bincount(evidence.labels_N)
    rooms = {
        int(label): log_room(points_N2[evidence.labels_N == label].astype(np.float64))
        for label in np.flatnonzero(counts_K >= FEWEST)
    }
    if not rooms:
        return picture
    outlines = [
        window.pixels(_ellipse(points_N2[evidence.labels_N == label].astype(np.float64)), SIDE)
        for label in (max(rooms, key=lambda label: rooms[label]), min(rooms, key=lambda label: rooms[label]))
    ]
    return with_lines(picture, outlines, INK)


def _ellipse(points_N2: Doubles) -> npt.NDArray[np.float32]:
    kept_N2 = points_N2[inner(points_N2)]
    values_2, vectors_22 = np.linalg.eigh(_covariance(kept_N2))
    angles = np.linspace(0, 2 * np.pi, 73)
    circle_M2 = 2.2 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (kept_N2.mean(axis=0) + circle_M2 * np.sqrt(values_2) @ vectors_22.T).astype(np.float32)
