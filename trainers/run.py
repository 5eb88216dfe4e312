"""One model in training."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.adam import Adam
from trainers.compiled.captured_descents import CapturedDescents
from trainers.compiled.compiled_descents import CompiledDescents
from trainers.compiled.descents import Descents, EagerDescents
from trainers.compiled.machine_code import MachineCodeError
from trainers.compiled.shelf import StepOrder, label_of
from trainers.datasets.loading import load_images
from trainers.device import choose_device
from trainers.errors import DatasetError, RecipeError, TrainingError
from trainers.evaluation import evaluate
from trainers.fresh_model import fresh_model
from trainers.frozen_decoder import DecoderMould
from trainers.frozen_model import FrozenModel
from trainers.image_order import ImageOrder
from trainers.images import ImageSet, ImageShape
from trainers.latent_plane import principal_plane, whole_plane
from trainers.live_codes import LiveCodes, held_out_subset
from trainers.loss_recorder import LossRecorder
from trainers.messages import Floats, HeldOut, LossHistory, Plane, Snapshot, read_only
from trainers.models.family import Batch, Phase
from trainers.precision import autocast
from trainers.recipe import SETTINGS, Recipe
from trainers.seeds import generator_for
from trainers.shown_prior import ShownPrior

LEAST_LEARNING_RATE = 0.01
"""Where the cosine ends, as a share of the recipe's learning rate."""


class TrainingRun:
    """A model and all that its training needs; one thread at a time may use it.

    Equal recipes on equal images and the same device give equal losses, however often a run is saved and loaded; with a
    compiled step (`use_compiled`) they are equal up to rounding.

    Attributes:
        model: The networks.
        optimisers: One Adam for each descent of a step.
        recorder: Its losses.
        shape: Shape of the images.
        device: Where it computes.
        images_seen: Training images seen, counted with repetition.
        train_count: Training images in the set; 0 while that is not known.

    Args:
        recipe: What to train.
        images: The images; without them they are loaded as the recipe says, when first needed.
        device: An entry of `DEVICES`.
        shape: Shape of the images, to build a model without having them.

    Raises:
        DatasetError: When neither images nor shape are given and the images cannot be had.
        TrainingError: When the device is not here.
    """

    def __init__(
        self,
        recipe: Recipe,
        *,
        images: ImageSet | None = None,
        device: str = "auto",
        shape: ImageShape | None = None,
    ) -> None:
        if shape is None:
            images = images or load_images(recipe.dataset, image_size=recipe.image_size)
            shape = images.shape
        self._recipe = recipe
        self.shape = shape
        self.device = choose_device(device)
        self.images_seen = 0
        self.train_count = 0
        self.model = fresh_model(recipe, shape, self.device)
        self._mould = DecoderMould(self.model)
        self._phases = self.model.phases()
        eager = EagerDescents(recipe.precision, self.device)
        self._descents: Descents = CapturedDescents(self.model, eager) if self.device.type == "cuda" else eager
        self._adams = [[Adam(each.parameters, each.betas) for each in phase.descents] for phase in self._phases]
        self._plane: Plane | None = whole_plane() if recipe.latent_dim == 2 else None
        self._shown_prior: ShownPrior | None = None
        self._images: ImageSet | None = None
        self._live_codes: LiveCodes | None = None
        self.recorder = LossRecorder()
        if images is not None:
            self.give_images(images)

    def give_images(self, images: ImageSet) -> None:
        """Hand over the images of a run that was made without them.

        Raises:
            DatasetError: When they have another shape than the model's, or lack the classes that it needs.
        """
        if images.shape != self.shape:
            raise DatasetError(
                f"This model takes {_describe(self.shape)} images and those of {images.name} are"
                f" {_describe(images.shape)}; give it the images that it was made for."
            )
        self.model.meet(images)
        self._images = images
        self._train_NCHW, self._test_NCHW = _resident(images, self.device)
        self._train_labels_N = _resident_labels(images, self.device) if self.model.wants_labels else None
        self.train_count = len(self._train_NCHW)
        self._order = ImageOrder(self.train_count, self._recipe.seed)
        self._subset_N = held_out_subset(len(self._test_NCHW))
        everything = len(self._subset_N) == len(self._test_NCHW)
        subset_NCHW = self._test_NCHW if everything else self._test_NCHW[self._subset_N.to(self.device)]
        self._live_codes = LiveCodes(subset_NCHW, self._recipe.latent_dim, self._encode, self._encode_quickly)
        self.recorder.set_interval(self.train_count / self._recipe.batch_size)

    @property
    def images(self) -> ImageSet:
        """The images, loaded now if they were not before.

        Raises:
            DatasetError: When they cannot be had.
        """
        if self._images is None:
            self.give_images(load_images(self._recipe.dataset, image_size=self._recipe.image_size))
        assert self._images is not None
        return self._images

    @property
    def has_images(self) -> bool:
        """Whether the images are here already."""
        return self._images is not None

    @property
    def recipe(self) -> Recipe:
        """The recipe, with the learning rate and β as they are now."""
        return self._recipe

    def change(self, **live: float) -> None:
        """Change settings that are `live` in the recipe, while training; takes effect with the next step.

        Raises:
            RecipeError: When a value is out of range, or a setting is fixed; nothing is changed then.
        """
        fixed = {
            name: f"{SETTINGS[name].label} is fixed once a model is made." for name in live if not SETTINGS[name].live
        }
        if fixed:
            raise RecipeError(fixed)
        self._recipe = self._recipe.with_changes(**live)

    @property
    def step_count(self) -> int:
        """Optimiser steps taken."""
        return self.images_seen // self._recipe.batch_size

    @property
    def epoch(self) -> float:
        """Passes over the training images so far."""
        return self.images_seen / self.train_count if self.train_count else 0.0

    @property
    def finished(self) -> bool:
        """Whether the recipe's epochs have been trained; `step` goes on all the same."""
        return self.epoch >= self._recipe.epochs

    @property
    def remaining_images(self) -> int:
        """Training images still to see until it is finished."""
        return max(0, self._recipe.epochs * self.train_count - self.images_seen)

    @property
    def learning_rate_now(self) -> float:
        """The learning rate that the schedule gives for the next step."""
        if self._recipe.schedule == "constant":
            return self._recipe.learning_rate
        progress = min(1.0, self.epoch / self._recipe.epochs)
        share = LEAST_LEARNING_RATE + (1 - LEAST_LEARNING_RATE) * 0.5 * (1 + math.cos(math.pi * progress))
        return self._recipe.learning_rate * share

    @property
    def optimisers(self) -> tuple[Adam, ...]:
        """Those of all phases, in their order."""
        return tuple(adam for adams in self._adams for adam in adams)

    def step(self) -> None:
        """Train on the next batch: one descent for each phase of the family.

        Raises:
            DatasetError: When the images are not here yet and cannot be had.
            TrainingError: When the losses are no longer finite numbers; told every thousand steps or more at latest.
        """
        _ = self.images
        epoch, learning_rate = self.epoch, self.learning_rate_now
        batch = self._next_batch()
        self.model.prepare(epoch, self._recipe.beta)
        for phase, adams in zip(self._phases, self._adams, strict=True):
            self.recorder.add(self._descend(phase, adams, batch, learning_rate))
        self.images_seen += self._recipe.batch_size
        self.recorder.end_step(self.epoch)

    def _descend(self, phase: Phase, adams: Sequence[Adam], batch: Batch, learning_rate: float) -> Mapping[str, Tensor]:
        try:
            return self._descents.descend(phase, adams, batch, learning_rate)
        except MachineCodeError:
            # Code refuses a model or a batch that it was not made for before it changes anything.
            self._descents = EagerDescents(self._recipe.precision, self.device)
            return self._descents.descend(phase, adams, batch, learning_rate)

    @property
    def is_compiled(self) -> bool:
        """Whether steps are machine code that was compiled for them."""
        return isinstance(self._descents, CompiledDescents)

    @property
    def step_order(self) -> StepOrder | None:
        """What a compiler must know to make this run's step; None where steps are not compiled, as on a GPU."""
        if self.device.type != "cpu":
            return None
        return StepOrder(recipe=self._recipe, shape=self.shape, threads=torch.get_num_threads())

    def use_compiled(self, folder: Path) -> None:
        """Go on with a compiled step; losses differ from then on by the rounding of their last digits.

        Args:
            folder: Where it is kept, as found for `step_order`; what cannot be loaded is left alone.
        """
        label = label_of(folder)
        with suppress(MachineCodeError):
            if label is not None:
                self._descents = CompiledDescents.load(self.model, folder, label.phases)

    def _next_batch(self) -> Batch:
        size = self._recipe.batch_size
        indices_N = self._moved(self._order.take(self.images_seen, size))
        draws = self.model.draw(size, generator_for(self._recipe.seed, "draws", self.images_seen))
        labels_N = self._train_labels_N
        return Batch(
            images_NCHW=self._train_NCHW.index_select(0, indices_N),
            draws={name: self._moved(value) for name, value in draws.items()},
            labels_N=labels_N[indices_N] if labels_N is not None else None,
        )

    def _moved(self, tensor: Tensor) -> Tensor:
        # Torch takes its time to find out that a tensor is where it should be.
        return tensor if self.device.type == "cpu" else tensor.to(self.device, non_blocking=True)

    def encode(self, images_NCHW: npt.NDArray[np.uint8] | npt.NDArray[np.floating]) -> Floats:
        """The code of each image, float32 (N, latent_dim): the posterior's mean where there is a posterior.

        Args:
            images_NCHW: uint8, or floats in [0, 1]; (N, C, H, W), or (N, H, W) for grey images.

        Raises:
            DatasetError: When the images do not have the model's shape.
        """
        images = torch.tensor(np.asarray(images_NCHW))
        images = images.unsqueeze(1) if images.ndim == 3 else images
        expected = (self.shape.channels, self.shape.size, self.shape.size)
        if tuple(images.shape[1:]) != expected:
            raise DatasetError(f"Images of shape {tuple(images.shape)} were given; this model takes (N, {expected}).")
        if images.dtype != torch.uint8:
            images = (images * 255.0).round().clamp(0, 255).to(torch.uint8)
        return torch.cat([self._encode(part.to(self.device)).cpu() for part in images.split(1000)]).numpy()

    def _encode(self, images_NCHW: Tensor) -> Tensor:
        with torch.inference_mode():
            return self.model.encode(images_NCHW.float().div_(255.0))

    def _encode_quickly(self, images_NCHW: Tensor) -> Tensor:
        """In the precision of a training step; the narrow ends of the networks are float32 either way."""
        with autocast(self._recipe.precision, self.device):
            return self._encode(images_NCHW)

    def decode(self, codes_ND: npt.ArrayLike) -> Floats:
        """The expected image of each code, (N, latent_dim): float32 in [0, 1], (N, C, H, W).

        Raises:
            TrainingError: When the codes do not have the model's dimensions.
        """
        codes = torch.tensor(np.asarray(codes_ND, dtype=np.float32), device=self.device)
        if codes.ndim != 2 or codes.shape[1] != self._recipe.latent_dim:
            raise TrainingError(
                f"Codes of shape {tuple(codes.shape)} were given; this model takes (N, {self._recipe.latent_dim})."
            )
        with torch.inference_mode():
            return self.model.decode(codes).cpu().numpy()

    def evaluate(self) -> dict[str, float]:
        """Figures on all held-out images; see `trainers.evaluation.evaluate`."""
        _ = self.images
        return evaluate(self.model, self._test_NCHW)

    def losses(self) -> LossHistory:
        """Losses so far.

        Raises:
            TrainingError: When they are no longer finite numbers.
        """
        return self.recorder.history()

    def held_out(self) -> HeldOut:
        """The held-out images whose codes snapshots carry."""
        images, subset_N = self.images, self._subset_N.numpy()
        everything = len(subset_N) == len(images.test_NCHW)
        images_NCHW = images.test_NCHW[:] if everything else images.test_NCHW[subset_N]
        labels_N = images.test_labels_N[:] if everything else images.test_labels_N[subset_N]
        return HeldOut(
            name=images.name,
            images_NCHW=read_only(images_NCHW),
            labels_N=read_only(labels_N),
            class_names=images.class_names,
            notes=images.notes,
        )

    def snapshot(self, run: str = "", *, seconds: float = math.inf, with_model: bool = False) -> Snapshot:
        """The model as it is now.

        Args:
            run: What to call it.
            seconds: Time to spend on encoding; when it is short, some points are those of an earlier moment.
            with_model: Whether a copy of the whole model is wanted, and not of its decoder alone.

        Raises:
            TrainingError: When the losses are no longer finite numbers.
        """
        latent_dim = self._recipe.latent_dim
        losses = self.losses()
        codes_ND = (
            self._live_codes.refresh(seconds)
            if self._live_codes is not None
            else read_only(np.zeros((0, latent_dim), np.float32))
        )
        if not np.isfinite(codes_ND).all():
            raise TrainingError("The codes are no longer finite numbers. Lower the learning rate and reset the model.")
        plane = whole_plane() if latent_dim == 2 else principal_plane(codes_ND, self._plane)
        self._plane = plane
        if self._shown_prior is None or self.model.prior.learns:
            self._shown_prior = ShownPrior.of(self.model.prior)
        model = FrozenModel(self.model) if with_model else None
        return Snapshot(
            run=run,
            recipe=self._recipe,
            step=self.step_count,
            images_seen=self.images_seen,
            epoch=self.epoch,
            codes_ND=codes_ND,
            points_N2=codes_ND if latent_dim == 2 else read_only(plane.points(codes_ND)),
            plane=plane,
            losses=losses,
            decoder=model or self._mould.pour(),
            prior_codes_ND=self._shown_prior.codes_ND,
            contours=self._shown_prior.contours,
            model=model,
        )


@lru_cache(maxsize=4)
def _resident(images: ImageSet, device: torch.device) -> tuple[Tensor, Tensor]:
    """Training and held-out images on the device, uint8, shared by all runs on the same set."""
    parts = (images.train_NCHW, images.test_NCHW)
    # Torch warns of arrays that it may not write to; such a one is copied.
    train, test = (torch.from_numpy(part if part.flags.writeable else part.copy()).to(device) for part in parts)
    return train, test


@lru_cache(maxsize=4)
def _resident_labels(images: ImageSet, device: torch.device) -> Tensor:
    """Class of each training image, int64, on the device, shared like the images."""
    labels_N = images.train_labels_N
    return torch.from_numpy(labels_N if labels_N.flags.writeable else labels_N.copy()).to(device)


def _describe(shape: ImageShape) -> str:
    return f"{shape.size}×{shape.size} {'grey' if shape.channels == 1 else 'RGB'}"
