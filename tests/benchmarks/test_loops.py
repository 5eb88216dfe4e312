"""The loops that are compared train the same networks on as many images as they say."""

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.benchmarks import mnist
from tests.benchmarks.bare_loop import BareLoop
from tests.benchmarks.limits import Limits, bounds_of, limits_of
from tests.benchmarks.our_loop import lockstep, our_loop, settle
from tests.benchmarks.plain_loops import PlainModel, example_loop, networks, resident_loop, weights_of
from tests.benchmarks.plan import Plan
from tests.benchmarks.training import AGAINST, bar_of, rows_of
from trainers.datasets.loading import load_images
from trainers.images import ImageSet
from trainers.recipe import Recipe

CPU = torch.device("cpu")
FAMILIES = ("ae", "vae", "aae")


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImageSet:
    """Fifty random images in MNIST's files, where every loop looks for them."""
    monkeypatch.setattr(mnist, "COUNTS", {"train": 50, "t10k": 20})
    mnist.write_random(tmp_path / "sets")
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "sets"))
    return load_images("mnist")


def recipe(family: str = "vae", **more: object) -> Recipe:
    return Recipe(family=family, dataset="mnist", batch_size=16).with_changes(**more)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_loop_tells_how_many_images_it_took(family: str, images: ImageSet) -> None:
    for step in (
        our_loop(recipe(family), images, "cpu", compiles=False),
        example_loop(recipe(family), images.shape, CPU),
        resident_loop(recipe(family), images, CPU),
    ):
        assert [step() for _ in range(5)][:3] == [16, 16, 16]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_plain_loop_learns(family: str, images: ImageSet) -> None:
    torch.manual_seed(0)
    model = PlainModel(recipe(family), images.shape, CPU)
    pixels_NCHW = torch.tensor(images.train_NCHW[:16] // 128 * 255).float() / 255
    losses = np.zeros(30)
    for step in range(len(losses)):
        before = model.total
        model.descend(pixels_NCHW)
        losses[step] = model.total - before
    assert losses[-5:].mean() < 0.95 * losses[:5].mean()


def test_the_plain_loop_has_our_networks(images: ImageSet) -> None:
    from trainers.run import TrainingRun

    ours = TrainingRun(recipe("aae"), images=images, device="cpu").model
    theirs = networks(recipe("aae"), images.shape, CPU)
    assert str(ours) == str(theirs)
    assert weights_of(ours) == weights_of(theirs)


def test_lockstep_keeps_models_level(images: ImageSet) -> None:
    step = lockstep([recipe("ae"), recipe("vae", batch_size=8)], images, "cpu", compiles=False)
    assert [step() for _ in range(6)] == [16, 8, 8, 16, 8, 8]


def test_settling_ends() -> None:
    steps: list[int] = []

    def step() -> int:
        steps.append(1)
        return 1

    settle(step, 0.05)
    assert steps


def test_the_bare_loop_answers_from_its_own_process(images: ImageSet) -> None:
    assert images.train_NCHW.shape[0] == 50
    with BareLoop([recipe("ae")], threads=1, seconds=0.05, compiles=False) as bare:
        assert bare.images_per_second(0.05) > 0
        assert bare.images_per_second(0.05) > 0


def test_a_model_gives_a_row_against_each_loop_and_the_bars_of_its_kind() -> None:
    found = {"default": 8.0, "float32": 4.0, "example": 2.0, "plain": 4.0}
    rows = {row.name.rpartition("/")[2]: row for row in rows_of(recipe(batch_size=512), found, Plan())}
    assert rows.keys() == AGAINST.keys()
    assert rows["default-example"].ratio == 4.0
    assert rows["default-example"].reached
    assert rows["float32-example"].reached
    assert rows["default-pythae"].theirs is None
    assert rows["default-pythae"].reached is None
    assert rows["default-plain"].bar is None
    assert bar_of(recipe(batch_size=128), "default-example") is None
    convolutional = recipe(backbone="convolutional", batch_size=128)
    assert str(bar_of(convolutional, "default-plain")) == "ratio ≥ 1.3"


def test_the_limits_of_a_device_are_numbers_and_bound_a_step(images: ImageSet) -> None:
    limits = limits_of(CPU, torch.float32, Plan(quick=True))
    assert min(limits.launch_s, limits.bytes_per_s, limits.operations_per_s) > 0
    bounds = bounds_of(recipe(), images.shape, CPU, 100, Limits(1e-6, 1e12, 1e15))
    assert bounds.keys() == {"launch", "bandwidth", "arithmetic"}
    assert bounds["launch"] == pytest.approx(1e-4)
    # 6 operations a weight and image: two each for the pass, for its inputs' and for its weights' slopes.
    weights = sum(
        layer.weight.numel()
        for layer in networks(recipe(), images.shape, CPU).modules()
        if isinstance(layer, torch.nn.Linear)
    )
    assert bounds["arithmetic"] == pytest.approx(6 * weights * 16 / 1e15, rel=0.2)
