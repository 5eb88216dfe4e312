"""How codes lie: against closed forms, scikit-learn, and codes planted where a test wants them."""

import math
from types import ModuleType

import numpy as np
import pytest
import torch
from sklearn.manifold import trustworthiness
from torch import Tensor

from tests.trainers.planted_models import (
    PlantedModel,
    class_of,
    labelled_set,
    lossless_model,
    noise_set,
    normal_codes,
)
from trainers.images import ImageSet
from trainers.metrics import linear_probe, mean_discrepancy, neighbour_accuracy, neighbourhoods
from trainers.metrics import sliced_wasserstein as wasserstein
from trainers.metrics import two_sample_test as c2st
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import Figure, is_better
from trainers.metrics.resampling import halves
from trainers.recipe import Recipe

AGAINST_THE_PRIOR = (wasserstein, mean_discrepancy, c2st)


def gaussian_codes(
    shift: float = 0.0, scale: float = 1.0, images: ImageSet | None = None, latent_dim: int = 2
) -> Evidence:
    """Codes that are N(shift, scale² I), on each axis, beside a prior that is N(0, I)."""
    model = PlantedModel(
        encode=lambda pixels_NCHW: shift + scale * normal_codes(pixels_NCHW, latent_dim),
        recipe=Recipe(latent_dim=latent_dim),
    )
    return Evidence(model, images or noise_set(20, 1000))


@pytest.mark.parametrize("metric", AGAINST_THE_PRIOR, ids=lambda metric: metric.__name__.split(".")[-1])
def test_codes_that_lie_as_the_prior_are_better_than_codes_that_do_not(metric: ModuleType) -> None:
    good: Figure = metric.measure(gaussian_codes())
    for poor in (gaussian_codes(shift=1.0), gaussian_codes(scale=2.5)):
        figure: Figure = metric.measure(poor)
        assert is_better(good, figure, "lower")
        assert not is_better(figure, good, "lower")


@pytest.mark.parametrize(("shift", "scale"), [(0.5, 1.0), (3.0, 1.0), (0.0, 3.0), (1.0, 0.5)])
@pytest.mark.parametrize("latent_dim", [2, 4])
def test_sliced_wasserstein_between_gaussians(shift: float, scale: float, latent_dim: int) -> None:
    # Along any direction these are N(shift · Σθ, scale²) and N(0, 1); E (Σθ)² is 1.
    figure = wasserstein.measure(gaussian_codes(shift, scale, latent_dim=latent_dim))
    assert figure.value == pytest.approx(math.hypot(shift, scale - 1), rel=0.15)


def test_sliced_wasserstein_on_halves_sorts_each_half() -> None:
    evidence = gaussian_codes(0.3, 1.2, noise_set(20, 51))
    figure = wasserstein.measure(evidence)
    directions_DP = np.random.default_rng(0).standard_normal((2, wasserstein.DIRECTIONS))
    directions_DP /= np.linalg.norm(directions_DP, axis=0)
    codes_NP, prior_NP = (
        points_ND.numpy() @ directions_DP for points_ND in (evidence.drawn_codes_ND, evidence.prior_codes_SD)
    )
    expected_R = [
        np.sqrt(np.mean((np.sort(codes_NP[half_M], axis=0) - np.sort(prior_NP[half_M], axis=0)) ** 2))
        for half_M in halves(51)
    ]
    assert figure.resamples_R is not None
    np.testing.assert_allclose(figure.resamples_R, expected_R, rtol=1e-5)


def test_the_discrepancy_is_that_of_a_plain_loop() -> None:
    random = np.random.default_rng(0)
    codes_N2, prior_N2 = random.normal(1.0, 1.0, (9, 2)), random.normal(size=(9, 2))

    def kernel(one_2: Tensor, other_2: Tensor) -> float:
        square = float(((one_2 - other_2) ** 2).sum())
        return sum(4.0 * s / (4.0 * s + square) for s in mean_discrepancy.SCALES) / len(mean_discrepancy.SCALES)

    pairs = [(i, j) for i in range(9) for j in range(9)]
    expected = (
        sum(kernel(codes_N2[i], codes_N2[j]) + kernel(prior_N2[i], prior_N2[j]) for i, j in pairs if i != j) / (9 * 8)
        - 2 * sum(kernel(codes_N2[i], prior_N2[j]) for i, j in pairs) / 81
    )
    found_R = mean_discrepancy.squared_discrepancies(codes_N2, prior_N2, 4.0, np.ones((1, 9)))
    assert found_R == pytest.approx([expected])


def test_the_discrepancy_is_unbiased() -> None:
    random = np.random.default_rng(0)
    everything_RN = np.ones((1, 20))
    values_S = np.array(
        [
            mean_discrepancy.squared_discrepancies(
                random.normal(size=(20, 2)), random.normal(size=(20, 2)), 4.0, everything_RN
            )[0]
            for _ in range(1000)
        ]
    )
    assert abs(values_S.mean()) < 3 * values_S.std() / math.sqrt(1000)
    assert (values_S < 0).any()


def test_a_classifier_is_at_chance_or_always_right() -> None:
    assert c2st.measure(gaussian_codes()).value == pytest.approx(50, abs=4)
    assert c2st.measure(gaussian_codes(shift=10.0)).value > 99.5
    # N(0, 1) against N(1, 1) on both axes: the best of all classifiers is right with Φ(√2 / 2).
    assert c2st.measure(gaussian_codes(shift=1.0)).value == pytest.approx(76.0, abs=3)


def planted_classes(place: Tensor) -> Evidence:
    """Each class of `labelled_set` has its codes around one place, a row of (4, 2), at a distance of about 0.1."""

    def encode(pixels_NCHW: Tensor) -> Tensor:
        return place[class_of(pixels_NCHW)] + 0.1 * normal_codes(pixels_NCHW)

    return Evidence(PlantedModel(encode=encode), labelled_set())


def test_classes_apart_are_told_and_mixed_ones_guessed() -> None:
    corners_42 = torch.tensor([[-2.0, -2], [-2, 2], [2, -2], [2, 2]])
    apart, mixed = planted_classes(corners_42), planted_classes(torch.zeros(4, 2))
    for metric in (neighbour_accuracy.measure, linear_probe.measure):
        good, poor = metric(apart), metric(mixed)
        assert good is not None
        assert poor is not None
        assert good.value == 100
        assert poor.value == pytest.approx(25, abs=10)
        assert is_better(good, poor, "higher")


def test_only_neighbours_tell_classes_that_no_line_parts() -> None:
    # Around each other on one line: 0 1 2 3 would be easy, so the first class lies on both sides.
    def encode(pixels_NCHW: Tensor) -> Tensor:
        side_N = normal_codes(pixels_NCHW)[:, 0].sign()
        radius_N = class_of(pixels_NCHW).float()
        return torch.stack([side_N * radius_N, torch.zeros_like(side_N)], 1) + 0.1 * normal_codes(pixels_NCHW)

    evidence = Evidence(PlantedModel(encode=encode), labelled_set())
    by_neighbours, by_line = neighbour_accuracy.measure(evidence), linear_probe.measure(evidence)
    assert by_neighbours is not None
    assert by_line is not None
    assert by_neighbours.value > 98
    assert by_line.value < 75


def test_training_images_of_one_class_leave_nothing_to_probe() -> None:
    images = labelled_set()
    images.train_labels_N[:] = 1
    assert linear_probe.measure(Evidence(lossless_model(), images)) is None


def test_neighbourhoods_are_those_of_scikit_learn() -> None:
    evidence = gaussian_codes(images=noise_set(20, 100))
    pixels_NP = pixels_of(evidence.held_out_NCHW).flatten(1).numpy()
    codes_ND = evidence.codes_ND.numpy()
    trust, continuous = neighbourhoods.trustworthiness(evidence), neighbourhoods.continuity(evidence)
    assert trust.value == pytest.approx(trustworthiness(pixels_NP, codes_ND, n_neighbors=10))
    assert continuous.value == pytest.approx(trustworthiness(codes_ND, pixels_NP, n_neighbors=10))


def test_a_lossless_code_keeps_neighbours_and_a_random_one_loses_them() -> None:
    images = noise_set(20, 100)
    kept = Evidence(lossless_model(), images)
    scrambled = Evidence(
        PlantedModel(encode=lambda pixels_NCHW: torch.sin(1e4 * pixels_NCHW.flatten(1)[:, :2])), images
    )
    for metric in (neighbourhoods.trustworthiness, neighbourhoods.continuity):
        good, poor = metric(kept), metric(scrambled)
        assert good.value == 1
        assert poor.value == pytest.approx(0.5, abs=0.08)
        assert is_better(good, poor, "higher")
