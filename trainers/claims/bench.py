"""Who is open, and how their codes and images are shown in the pictures of claims."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.comparison.contender import Contender
from trainers.frozen_decoder import to_bytes
from trainers.latent_plane import principal_plane, whole_plane
from trainers.messages import Floats, Plane
from trainers.metrics.evidence import Evidence
from trainers.pictures.class_colours import class_colours
from trainers.pictures.cloud import Window, on_ground, paint_dots
from trainers.pictures.panels import GROUND, QUIET_INK

Bytes = npt.NDArray[np.uint8]

SIDE = 240
"""Of a cloud, in pixels."""
SHOWN = 12
"""Images in a row."""
MOST_DOTS = 3000


def of_family(contenders: Sequence[Contender], family: str) -> tuple[Contender, ...]:
    """The models of one family, in their order."""
    return tuple(contender for contender in contenders if contender.recipe.family == family)


def plane_of(evidence: Evidence) -> Plane:
    """The plane that pictures show: latent space, or the first two principal components of the codes."""
    if evidence.latent_dim == 2:
        return whole_plane()
    return principal_plane(evidence.codes_ND.numpy())


def points_of(evidence: Evidence, codes_ND: Tensor) -> Floats:
    """Where codes lie on that plane, (N, 2)."""
    return plane_of(evidence).points(codes_ND.numpy())


def picture_of_codes(
    evidence: Evidence, codes_ND: Tensor, window: Window, *, labels_N: npt.NDArray[np.int64] | None = None
) -> Bytes:
    """Codes as dots, in the colours of their classes or in grey."""
    points_N2 = points_of(evidence, codes_ND[:MOST_DOTS])
    return picture_of_points(points_N2, window, labels_N=labels_N, classes=len(evidence.images.class_names))


def picture_of_points(
    points_N2: Floats, window: Window, *, labels_N: npt.NDArray[np.int64] | None = None, classes: int = 1
) -> Bytes:
    """Points as dots on the ground of all pictures, uint8 (SIDE, SIDE, 3)."""
    colours_N3 = np.tile(np.array(QUIET_INK, np.uint8), (len(points_N2), 1))
    if labels_N is not None and classes > 1:
        colours_N3 = class_colours(classes)[labels_N[: len(points_N2)]]
    return on_ground(paint_dots(points_N2, colours_N3, window, side=SIDE, width=3.0, opacity=0.85), GROUND)


def images_of_codes(evidence: Evidence, codes_ND: Tensor, count: int = SHOWN) -> Bytes:
    """What a model makes of the first few codes, uint8 (count, C, H, W)."""
    with torch.inference_mode():
        return to_bytes(evidence.in_chunks(evidence.model.decode, codes_ND[:count])).numpy()


def images_of(pixels_NCHW: Tensor, count: int = SHOWN) -> Bytes:
    """The first few images, as bytes; uint8 or floats in [0, 1]."""
    few_NCHW = pixels_NCHW[:count]
    return (to_bytes(few_NCHW.clone()) if few_NCHW.is_floating_point() else few_NCHW).numpy()
