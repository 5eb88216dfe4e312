"""Reconstruction errors and sharpness, against other ways to compute them and on models of known quality."""

import numpy as np
import pytest
import torch
from scipy.ndimage import laplace
from torch import Tensor

from tests.trainers.planted_models import PlantedModel, lossless_model, noise_set
from tests.trainers.tiny_runs import digits, run_of
from trainers.metrics import cross_entropy, sharpness, squared_error
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure, is_better
from trainers.recipe import Recipe


def grey_model() -> PlantedModel:
    """Decodes everything to one grey."""
    return PlantedModel(decode=lambda codes_ND: torch.full((len(codes_ND), 1, 8, 8), 0.5))


def blurred(images_NCHW: Tensor) -> Tensor:
    """The mean over 3 × 3 pixels."""
    return torch.nn.functional.avg_pool2d(images_NCHW, 3, stride=1, padding=1)


def test_errors_are_those_of_the_run() -> None:
    run = run_of(Recipe(family="vae", batch_size=32), digits(), steps=10)
    evidence, expected = Evidence.of_run(run), run.evaluate()
    assert squared_error.measure(evidence).value == pytest.approx(expected["reconstruction_mse"], rel=1e-5)
    assert cross_entropy.measure(evidence).value == pytest.approx(expected["reconstruction_bce"], rel=1e-5)


def test_a_lossless_model_has_no_squared_error_and_beats_one_that_sees_nothing() -> None:
    images = noise_set()
    good, poor = Evidence(lossless_model(), images), Evidence(grey_model(), images)
    assert squared_error.measure(good).value == 0
    assert squared_error.measure(poor).value == pytest.approx(1 / 12, rel=0.05)  # the variance of uniform pixels
    assert cross_entropy.measure(poor).value == pytest.approx(64 * np.log(2), rel=1e-5)
    for metric in (squared_error, cross_entropy):
        assert is_better(metric.measure(good), metric.measure(poor), "lower")


def of_reconstructions(decode: PlantedModel) -> Figure:
    figure = sharpness.of_reconstructions(Evidence(decode, noise_set()))
    assert figure is not None
    return figure


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    evidence = Evidence(lossless_model(), noise_set(20, 20))
    found_N = sharpness.laplacian_variances(evidence, evidence.held_out_NCHW)
    images_NHW = pixels_of(evidence.held_out_NCHW)[:, 0].numpy().astype(np.float64)
    expected_N = [laplace(image_HW)[1:-1, 1:-1].var() for image_HW in images_NHW]
    np.testing.assert_allclose(found_N.numpy(), expected_N, rtol=1e-4)


def test_images_that_come_back_whole_are_as_sharp_as_the_data() -> None:
    figure = of_reconstructions(lossless_model())
    assert (figure.value, figure.low, figure.high) == pytest.approx((1, 1, 1))


def test_blur_is_below_one_and_noise_above() -> None:
    def reconstructing(change: float) -> PlantedModel:
        def decode(codes_ND: Tensor) -> Tensor:
            images_NCHW = codes_ND.view(-1, 1, 8, 8)
            return blurred(images_NCHW) if change < 0 else images_NCHW * (1 + change)

        return PlantedModel(encode=lambda x: x.flatten(1), decode=decode, recipe=Recipe(latent_dim=64))

    soft, harsh = of_reconstructions(reconstructing(-1)), of_reconstructions(reconstructing(1))
    assert soft.high < 0.5
    assert harsh.value == pytest.approx(4, rel=1e-4)
    assert is_better(of_reconstructions(lossless_model()), soft, "near 1")


def test_new_images_are_compared_with_held_out_ones() -> None:
    images = noise_set()
    as_data = PlantedModel(decode=lambda codes_ND: pixels_of(torch.from_numpy(images.train_NCHW[: len(codes_ND)])))
    figure = sharpness.of_samples(Evidence(as_data, images))
    assert figure is not None
    assert figure.low < 1 < figure.high


def test_flat_data_have_no_sharpness() -> None:
    images = noise_set(20, 20)
    images.test_NCHW[:10] = 7
    assert sharpness.of_samples(Evidence(grey_model(), images)) is None
