"""What the window's threads tell it, besides snapshots: frozen values."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trainers.images import ImageSet
from trainers.messages import Decoder, Floats, HeldOut, Pixels
from trainers.recipe import Recipe

if TYPE_CHECKING:
    from trainers.frozen_model import FrozenModel


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOpened:
    """A model is ready.

    Attributes:
        run: Which.
        recipe: Its recipe.
        path: The file that it came from, if it did.
    """

    run: str
    recipe: Recipe
    path: Path | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ImagesGiven:
    """A model has its images."""

    run: str
    held_out: HeldOut


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSaved:
    """A model is on the disk."""

    run: str
    path: Path


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RunEvaluated:
    """Figures of a model on all held-out images; see `trainers.evaluation.evaluate`."""

    run: str
    epoch: float
    figures: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ModelCopied:
    """A model as it was between two steps, for those who measure it while it goes on.

    Attributes:
        run: Which.
        purpose: What the copy was asked for.
        epoch: How far it was trained.
        model: The copy; None where there is none to be had, and then `problem` says why in one sentence.
        images: The set that it is trained on.
        problem: See `model`.
    """

    run: str
    purpose: str
    epoch: float = 0.0
    model: "FrozenModel | None" = None
    images: ImageSet | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How training goes.

    Attributes:
        playing: Whether any model is being trained now.
        images_per_second: Of all models together, over the last second.
        seconds_left: Until all models are finished at this pace; None while that is not known.
        device: What computes.
    """

    playing: bool
    images_per_second: float
    seconds_left: float | None
    device: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DecodeJob:
    """Codes to be decoded.

    Attributes:
        purpose: What for; see `decode_thread.PURPOSES`.
        run: For which model.
        decoder: Its decoder.
        codes_ND: The codes.
        asked: When it was asked for, in seconds of `time.monotonic`.
    """

    purpose: str
    run: str
    decoder: Decoder
    codes_ND: Floats
    asked: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Decoded:
    """The images of a job, (N, C, H, W)."""

    job: DecodeJob
    pixels_NCHW: Pixels
