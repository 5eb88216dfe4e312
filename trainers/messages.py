"""What crosses threads: frozen values with read-only arrays, and nothing else.

Shapes: N images or codes, D latent dimensions, C channels, H = W pixels, T points in time, 2 the plane on the screen.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from trainers.recipe import Recipe

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Array = TypeVar("Array", bound=npt.NDArray[Any])


def read_only(array: Array) -> Array:
    """The array itself, which nobody can write to from now on."""
    array.flags.writeable = False
    return array


class Decoder(Protocol):
    """A copy of a model's decoder as it was at one moment; safe to use from several threads."""

    def decode(self, codes_ND: Floats) -> Pixels:
        """Decode codes, float32 (N, D), to images, uint8 (N, C, H, W), read-only."""
        ...


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Posterior:
    """Where images lie in latent space.

    Attributes:
        means_ND: The code of each, float32.
        variances_ND: Of the noise around it, along each latent axis; None for a family whose codes are single points.
    """

    means_ND: Floats
    variances_ND: Floats | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LatentPath:
    """A way from one code to another.

    Attributes:
        codes_PD: Codes along it, with its ends.
        length: Of the way among images: Euclidean distance over pixels in [0, 1], summed along the way.
        frame_codes_KD: Codes of the film's images.
        frames_KCHW: The images: at equal latent steps on a straight line, at equal lengths on a shortest way.
    """

    codes_PD: Floats
    length: float
    frame_codes_KD: Floats
    frames_KCHW: Pixels


class ModelCopy(Protocol):
    """A copy of a whole model as it was at one moment; safe to use from several threads."""

    def decode(self, codes_ND: Floats) -> Pixels:
        """Decode codes, float32 (N, D), to images, uint8 (N, C, H, W), read-only."""
        ...

    def posterior(self, images_NCHW: Pixels) -> Posterior:
        """Where images, uint8 (N, C, H, W), lie."""
        ...

    def prior_codes(self, count: int) -> Floats:
        """Codes of the prior, (count, D), spread evenly over it, always the same."""
        ...

    def metric(self, codes_ND: Floats, axes_2D: Floats) -> Floats:
        """JᵀJ of the decoded image along two axes at each code, (N, 2, 2)."""
        ...

    def path(self, start_D: Floats, end_D: Floats, *, is_shortest: bool, frames: int) -> LatentPath:
        """The straight line between two codes, or the shortest way for the images."""
        ...


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plane:
    """The plane of latent space that the window shows: `code = origin + point @ axes`.

    For two latent dimensions it is latent space itself; above, the first two principal components of the codes.

    Attributes:
        origin_D: Code at the middle of the plane.
        axes_2D: Two orthonormal directions.
        explained: Share of the codes' variance that lies in the plane, from 0 to 1.
    """

    origin_D: Floats
    axes_2D: Floats
    explained: float

    def codes(self, points_N2: Floats) -> Floats:
        """Codes, (N, D), of points on the plane."""
        return np.ascontiguousarray(self.origin_D + points_N2 @ self.axes_2D, dtype=np.float32)

    def points(self, codes_ND: Floats) -> Floats:
        """Where codes lie on the plane, (N, 2), after projection."""
        return np.ascontiguousarray((codes_ND - self.origin_D) @ self.axes_2D.T, dtype=np.float32)

    @property
    def is_whole_space(self) -> bool:
        """Whether the plane is all of latent space."""
        return len(self.origin_D) == 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class HeldOut:
    """The fixed subset of held-out images whose codes every snapshot carries, in the same order.

    Attributes:
        name: The image set, as in the recipe.
        images_NCHW: The images, read-only.
        labels_N: Class of each, an index into `class_names`, read-only.
        class_names: One name a class.
        notes: What the person should know about the loading, one sentence each.
    """

    name: str
    images_NCHW: Pixels
    labels_N: npt.NDArray[np.int64]
    class_names: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LossHistory:
    """Losses over training.

    Attributes:
        epochs_T: When each value was taken, in epochs (float32).
        terms: From the name of a term, such as "reconstruction" or "kl", to its values in nats per image, (T,).
    """

    epochs_T: Floats
    terms: Mapping[str, Floats]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Snapshot:
    """One model at one moment, with all that the window needs to show it.

    Attributes:
        run: Which run, as named by the one who opened it.
        recipe: Its recipe, with `learning_rate` and `beta` as they are now.
        step: Optimiser steps taken.
        images_seen: Training images seen, counted with repetition.
        epoch: The same in passes over the training images.
        codes_ND: Codes of the fixed held-out subset, float32; (0, D) where the images cannot be had.
        points_N2: Where these lie on the plane.
        plane: The plane on the screen.
        losses: Losses so far.
        decoder: The decoder as it was.
        prior_codes_ND: Samples of the prior, from noise that is the same for every run of equal `latent_dim`.
        contours: Outline of the prior on the plane, polylines (M, 2); empty above two dimensions.
        model: A copy of the whole model, in snapshots that were asked for one.
        taken: When it was taken, in seconds of `time.monotonic`.
    """

    run: str
    recipe: Recipe
    step: int
    images_seen: int
    epoch: float
    codes_ND: Floats
    points_N2: Floats
    plane: Plane
    losses: LossHistory
    decoder: Decoder
    prior_codes_ND: Floats
    contours: tuple[Floats, ...]
    model: ModelCopy | None = None
    taken: float = field(default_factory=time.monotonic)

    @property
    def finished(self) -> bool:
        """Whether the epochs of the recipe have been trained."""
        return self.epoch >= self.recipe.epochs


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed:
    """A model cannot go on.

    Attributes:
        run: Which run.
        sentence: What happened, why, and what to do, for a person.
        details: The traceback, for a bug report.
    """

    run: str
    sentence: str
    details: str
