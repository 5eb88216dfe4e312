"""The metric of surfaces whose metric is known."""

import math

import numpy as np
import torch
from torch import Tensor

from tests.trainers.tiny_runs import run_of
from trainers.frozen_model import FrozenModel
from trainers.geometry.pull_back import pull_back_metric
from trainers.geometry.trust import largest_stretch
from trainers.recipe import Recipe


def sphere(codes_N2: Tensor) -> Tensor:
    east_N, north_N = codes_N2.unbind(1)
    return 3.0 * torch.stack([north_N.cos() * east_N.cos(), north_N.cos() * east_N.sin(), north_N.sin()], 1)


def test_a_sphere_has_its_metric() -> None:
    codes_N2 = torch.tensor([[0.0, 0.0], [1.0, 0.5], [-2.0, 1.2]])
    metric_N22 = pull_back_metric(sphere, codes_N2, torch.eye(2))
    expected_N22 = torch.stack([torch.diag(torch.tensor([9 * math.cos(north) ** 2, 9.0])) for _, north in codes_N2])
    torch.testing.assert_close(metric_N22, expected_N22, atol=2e-3, rtol=1e-3)


def test_axes_may_be_any_two_directions() -> None:
    turned = torch.tensor([[0.6, 0.8], [-0.8, 0.6]])
    codes_N2 = torch.tensor([[0.3, 0.7]])
    plain_22 = pull_back_metric(sphere, codes_N2, torch.eye(2))[0]
    torch.testing.assert_close(
        pull_back_metric(sphere, codes_N2, turned)[0], turned @ plain_22 @ turned.T, atol=5e-3, rtol=1e-3
    )


def test_a_models_metric_foretells_how_far_a_small_step_moves_the_image() -> None:
    for recipe in (Recipe(family="vae", batch_size=32), Recipe(backbone="convolutional", latent_dim=3, batch_size=32)):
        run = run_of(recipe, steps=3)
        dim = recipe.latent_dim
        axes_2D = np.eye(2, dim, dtype=np.float32)
        code_1D = np.full((1, dim), 0.4, np.float32)
        metric_22 = FrozenModel(run.model).metric(code_1D, axes_2D)[0]
        step_2 = np.array([0.012, -0.009], np.float32)
        moved = run.decode(code_1D + step_2 @ axes_2D) - run.decode(code_1D - step_2 @ axes_2D)
        expected = 2 * math.sqrt(step_2 @ metric_22 @ step_2)
        assert abs(float(np.linalg.norm(moved)) / expected - 1) < 0.01


def test_the_largest_stretch_is_the_largest_singular_value() -> None:
    jacobians = np.random.default_rng(0).normal(size=(6, 5, 2)).astype(np.float32)
    expected_N = np.linalg.svd(jacobians, compute_uv=False)[:, 0]
    np.testing.assert_allclose(largest_stretch(jacobians.transpose(0, 2, 1) @ jacobians), expected_N, rtol=1e-5)
