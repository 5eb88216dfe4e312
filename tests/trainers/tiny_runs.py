"""Small image sets and runs on them, for tests that train."""

from functools import cache

import numpy as np

from trainers.datasets.loading import load_images
from trainers.images import ImageSet
from trainers.models import FAMILIES
from trainers.recipe import Recipe
from trainers.run import TrainingRun

KINDS_OF_RUN: dict[str, Recipe] = {
    **{family: Recipe(family=family, batch_size=32) for family in FAMILIES},
    "vae-learned-sigma": Recipe(family="vae", likelihood="gaussian-learned", kl_warmup=1.0, batch_size=32),
    "vae-learned-prior": Recipe(family="vae", prior="learned-mixture", latent_dim=3, batch_size=32),
    "aae-alternating": Recipe(family="aae", adversarial_updates="alternating", prior="ring", batch_size=32),
    "vae-drawn-prior": Recipe(family="vae", prior="drawn", batch_size=32),
    "aae-labels": Recipe(family="aae", prior="mixture", prior_labels="given", batch_size=32),
    "ae-convolutional": Recipe(family="ae", backbone="convolutional", latent_dim=3, batch_size=32),
}
"""One recipe for each way in which a step differs."""


@cache
def digits() -> ImageSet:
    """The real digits, loaded once."""
    return load_images("digits")


@cache
def few_digits(count: int = 64) -> ImageSet:
    """The first real digits, half of them as many held out."""
    images = digits()
    return ImageSet(
        name="digits",
        train_NCHW=images.train_NCHW[:count],
        train_labels_N=images.train_labels_N[:count],
        test_NCHW=images.test_NCHW[: count // 2],
        test_labels_N=images.test_labels_N[: count // 2],
        class_names=images.class_names,
    )


def noise_images(channels: int, size: int, count: int = 8) -> ImageSet:
    """Random pixels of any shape."""
    images = np.random.default_rng(0).integers(0, 256, (count, channels, size, size), dtype=np.uint8)
    labels = np.zeros(count, np.int64)
    return ImageSet(
        name="noise",
        train_NCHW=images,
        train_labels_N=labels,
        test_NCHW=images[::-1].copy(),
        test_labels_N=labels,
        class_names=("images",),
    )


def run_of(recipe: Recipe, images: ImageSet | None = None, steps: int = 0) -> TrainingRun:
    """A run on the CPU that has taken some steps."""
    run = TrainingRun(recipe, images=images or few_digits(), device="cpu")
    for _ in range(steps):
        run.step()
    return run


def loss_rows(run: TrainingRun) -> dict[str, list[float]]:
    """Every loss so far, to compare exactly."""
    return {name: values_T.tolist() for name, values_T in run.losses().terms.items()}
