"""Mixed precision: the same training within a stated bound, and float32 wherever a person looks."""

import numpy as np
import pytest
import torch

from tests.trainers.tiny_runs import few_digits, noise_images, run_of
from trainers.models import FAMILIES
from trainers.precision import autocast, has_native_bfloat16
from trainers.recipe import BACKBONES, Recipe

CPU = torch.device("cpu")
BOUND = 0.01
"""Largest relative difference of a reconstruction loss after some steps in bfloat16 and in float32."""


def test_auto_is_bfloat16_only_where_the_device_has_it() -> None:
    layer = torch.nn.Linear(4, 4)
    for precision, expected in (
        ("float32", torch.float32),
        ("bfloat16", torch.bfloat16),
        ("auto", torch.bfloat16 if has_native_bfloat16(CPU) else torch.float32),
    ):
        with autocast(precision, CPU):
            assert layer(torch.ones(1, 4)).dtype == expected


@pytest.mark.parametrize("backbone", BACKBONES)
@pytest.mark.parametrize("family", FAMILIES)
def test_losses_agree_within_the_bound(family: str, backbone: str) -> None:
    ends: list[float] = []
    for precision in ("float32", "bfloat16"):
        recipe = Recipe(family=family, backbone=backbone, precision=precision, batch_size=32, epochs=20)
        run = run_of(recipe, few_digits(), steps=20)
        assert all(weight.dtype == torch.float32 for weight in run.model.parameters())
        ends.append(float(run.losses().terms["reconstruction"][-1]))
    assert ends[1] == pytest.approx(ends[0], rel=BOUND)
    assert ends[1] != ends[0], "both computed in the same precision"


def test_codes_do_not_lie_on_the_grid_of_bfloat16() -> None:
    run = run_of(Recipe(precision="bfloat16", batch_size=8), noise_images(1, 8, count=64), steps=2)
    with autocast("bfloat16", CPU):
        codes_ND = run.model.encode(torch.rand(64, 1, 8, 8))
    assert codes_ND.dtype == torch.float32
    on_grid = codes_ND == codes_ND.to(torch.bfloat16).float()
    assert on_grid.float().mean() < 0.1


def test_equal_seeds_are_equal_in_bfloat16_too() -> None:
    recipe = Recipe(family="vae", precision="bfloat16", batch_size=16)
    one, other = (run_of(recipe, few_digits(), steps=5).losses().terms["elbo"] for _ in range(2))
    assert np.array_equal(one, other)
