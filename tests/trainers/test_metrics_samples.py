"""What is said of new images, on models that copy, invent, and lose their way back."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors
from torch import Tensor

from tests.trainers.planted_models import PlantedModel, lossless_model, noise_set, normal_codes
from tests.trainers.tiny_runs import digits, run_of
from trainers.metrics import nearest_training_image as memorisation
from trainers.metrics import round_trip
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import is_better
from trainers.recipe import Recipe

IMAGES = noise_set(300, 200)


def drawing(images_NCHW: Tensor) -> Evidence:
    """A model whose new images are the given ones."""
    return Evidence(PlantedModel(decode=lambda codes_ND: images_NCHW[: len(codes_ND)]), IMAGES)


def test_distances_are_those_of_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memorisation, "TRAINING_AT_ONCE", 170)  # so that there are several parts
    evidence = Evidence.of_run(run_of(Recipe(), digits()), limit=50)
    search = NearestNeighbors(n_neighbors=1).fit(digits().train_NCHW.reshape(-1, 64) / 255)
    pixels_NCHW = pixels_of(evidence.held_out_NCHW)
    expected_N1, _ = search.kneighbors(pixels_NCHW.flatten(1).numpy())
    found_N = memorisation.nearest_distances(evidence, pixels_NCHW)
    np.testing.assert_allclose(found_N.numpy(), expected_N1[:, 0], rtol=1e-5)


def test_a_copy_is_at_no_distance_and_a_new_image_as_far_as_a_held_out_one() -> None:
    copied = memorisation.measure(drawing(pixels_of(torch.from_numpy(IMAGES.train_NCHW))))
    invented = memorisation.measure(drawing(pixels_of(torch.from_numpy(noise_set(seed=9).test_NCHW))))
    assert copied is not None
    assert invented is not None
    assert copied.value == 0
    assert invented.value == pytest.approx(1, abs=0.03)
    assert invented.low < invented.value < invented.high


def test_held_out_images_that_were_trained_on_say_nothing() -> None:
    images = noise_set(100, 60)
    images.test_NCHW[:] = images.train_NCHW[:60]
    assert memorisation.measure(Evidence(lossless_model(), images)) is None


def test_the_round_trip_of_a_lossless_model_leads_back() -> None:
    figure = round_trip.measure(Evidence(lossless_model(), IMAGES))
    assert figure is not None
    assert figure.value == 0


def test_a_round_trip_is_measured_in_spreads_of_the_codes() -> None:
    def encode(pixels_NCHW: Tensor) -> Tensor:
        return 1000 * (torch.tensor([3.0, 4.0]) + normal_codes(pixels_NCHW))

    # Grey is encoded at (3000, 4000), which is 5000 from where the prior is, give or take 3.
    lost = PlantedModel(encode=encode, decode=lambda codes_ND: torch.full((len(codes_ND), 1, 8, 8), 0.5))
    evidence = Evidence(lost, IMAGES)
    figure = round_trip.measure(evidence)
    assert figure is not None
    assert figure.value == pytest.approx(5000 / np.sqrt(evidence.codes_ND.numpy().var(axis=0).sum()), rel=1e-3)
    good = round_trip.measure(Evidence(lossless_model(), IMAGES))
    assert good is not None
    assert is_better(good, figure, "lower")


def test_a_model_with_one_code_for_all_has_no_round_trip() -> None:
    collapsed = PlantedModel(encode=lambda pixels_NCHW: torch.zeros(len(pixels_NCHW), 2))
    assert round_trip.measure(Evidence(collapsed, IMAGES)) is None
