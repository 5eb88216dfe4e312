"""Metrics of new images, against closed forms and other ways to compute them, and on samples of known quality."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import prdc  # pyright: ignore[reportMissingTypeStubs]
import pytest
import torch
from scipy.linalg import sqrtm
from torch import Tensor
from torch.nn.functional import avg_pool2d

from tests.trainers.planted_models import lossless_model, noise_set
from tests.trainers.tiny_runs import digits
from trainers.metrics import METRICS, density_coverage, frechet_distance, kernel_distance, precision_recall
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import is_better
from trainers.metrics.frechet_distance import distance_of_gaussians, frechet_figure, frechet_floor
from trainers.metrics.kernel_distance import kernel_distances, unbiased_discrepancy
from trainers.metrics.neighbour_balls import count_in_balls, neighbour_radii, squared_distances

GENERATION = (
    "coverage",
    "density",
    "frechet-reconstructions",
    "frechet-training",
    "frechet-samples",
    "kernel-distance",
    "precision",
    "recall",
)


def normal(count: int, size: int, seed: int, scale: float = 1.0, shift: float = 0.0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return shift + scale * torch.randn(count, size, generator=generator)


def random_gaussian(size: int, seed: int) -> tuple[Tensor, Tensor]:
    """Mean and covariance."""
    factors = normal(3 * size, size, seed).double()
    return factors[0], factors.T @ factors / len(factors)


# The Fréchet distance


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((0, 1), (0, 1), 0), ((0, 1), (3, 1), 9), ((0, 4), (0, 1), 1), ((1, 9), (-1, 0), 13)],
)
def test_distance_of_gaussians_on_a_line(one: tuple[float, float], other: tuple[float, float], expected: float) -> None:
    """d² = (μ₁ − μ₂)² + (σ₁ − σ₂)², of pairs (μ, σ²)."""
    (mean, variance), (other_mean, other_variance) = (
        torch.tensor([[value] for value in pair]).double() for pair in (one, other)
    )
    found = distance_of_gaussians(mean, variance[None], other_mean, other_variance[None])
    assert found == pytest.approx(expected, abs=1e-12)


def test_distance_of_gaussians_whose_covariances_share_their_axes() -> None:
    """d² = ‖μ₁ − μ₂‖² + Σ (√λ₁ − √λ₂)²."""
    axes_FF = torch.linalg.qr(normal(6, 6, 0).double()).Q
    widths_F, others_F = torch.arange(1.0, 7.0).double(), torch.tensor([2.0, 0, 5, 1, 0.5, 6]).double()
    mean_F, other_F = normal(2, 6, 1).double()
    found = distance_of_gaussians(
        mean_F, (axes_FF * widths_F**2) @ axes_FF.T, other_F, (axes_FF * others_F**2) @ axes_FF.T
    )
    assert found == pytest.approx(float((mean_F - other_F).square().sum() + (widths_F - others_F).square().sum()))


def test_distance_of_gaussians_is_that_of_a_general_matrix_root() -> None:
    for seed in range(3):
        (mean_F, one_FF), (other_F, other_FF) = random_gaussian(12, seed), random_gaussian(12, seed + 10)
        root_FF: npt.NDArray[np.float64] = np.real(sqrtm((one_FF @ other_FF).numpy()))
        expected = (mean_F - other_F).square().sum() + (one_FF + other_FF).trace() - 2 * np.trace(root_FF)
        assert distance_of_gaussians(mean_F, one_FF, other_F, other_FF) == pytest.approx(float(expected), rel=1e-9)
        assert distance_of_gaussians(other_F, other_FF, mean_F, one_FF) == pytest.approx(float(expected), rel=1e-9)


def test_distance_of_few_images_in_many_features_is_a_number() -> None:
    """Their covariances are singular."""
    one_NF, other_NF = normal(5, 40, 0), normal(6, 40, 1)
    assert frechet_distance.frechet_distance(one_NF, one_NF) == pytest.approx(0, abs=1e-5)
    assert 0 < frechet_distance.frechet_distance(one_NF, other_NF) < 160


def test_features_far_from_zero_do_not_spoil_the_distance() -> None:
    one_NF, other_NF = normal(400, 8, 0), normal(400, 8, 1, scale=2)
    near = frechet_distance.frechet_distance(one_NF, other_NF)
    assert frechet_distance.frechet_distance(one_NF + 1000, other_NF + 1000) == pytest.approx(near, rel=1e-3)


def test_the_interval_of_the_distance_has_the_width_of_the_spread_over_sets() -> None:
    figures = [frechet_figure(normal(400, 4, 2 * seed, shift=0.5), normal(400, 4, 2 * seed + 1)) for seed in range(40)]
    values_S = np.array([figure.value for figure in figures])
    widths_S = np.array([figure.high - figure.low for figure in figures])
    assert widths_S.mean() == pytest.approx(2 * 1.96 * values_S.std(ddof=1), rel=0.3)


def test_the_floor_is_the_distance_of_a_perfect_model_on_half_the_images() -> None:
    real_NF = normal(600, 8, 0)
    perfect = [
        frechet_distance.frechet_distance(normal(300, 8, seed), normal(300, 8, seed + 50)) for seed in range(1, 20)
    ]
    assert frechet_floor(real_NF) == pytest.approx(float(np.mean(perfect)), rel=0.2)


# The kernel distance


def test_the_kernel_distance_is_that_of_a_slow_loop() -> None:
    one_KF, other_KF = normal(7, 5, 0).double(), normal(7, 5, 1).double()

    def kernel(x_F: Tensor, y_F: Tensor) -> float:
        return (float(x_F @ y_F) / 5 + 1) ** 3

    total = 0.0
    for i in range(7):
        for j in range(7):
            if i != j:
                total += (kernel(one_KF[i], one_KF[j]) + kernel(other_KF[i], other_KF[j])) / (7 * 6)
            total -= 2 * kernel(one_KF[i], other_KF[j]) / 49
    assert float(unbiased_discrepancy(one_KF, other_KF)) == pytest.approx(total)


def test_the_kernel_distance_of_one_distribution_is_zero_on_average() -> None:
    blocks_B = torch.cat(
        [kernel_distances(normal(500, 6, 2 * seed), normal(500, 6, 2 * seed + 1)) for seed in range(20)]
    )
    error = float(blocks_B.std()) / len(blocks_B) ** 0.5
    assert abs(float(blocks_B.mean())) < 3 * error
    assert (blocks_B < 0).any(), "an unbiased estimate falls on both sides"
    apart_B = kernel_distances(normal(500, 6, 0, shift=0.5), normal(500, 6, 1))
    assert float(apart_B.mean()) > 10 * error


def test_the_kernel_distance_does_not_depend_on_the_unit_of_features() -> None:
    one_NF, other_NF = normal(200, 6, 0, shift=0.5), normal(200, 6, 1)
    torch.testing.assert_close(
        kernel_distances(100 * one_NF, 100 * other_NF), kernel_distances(one_NF, other_NF), rtol=1e-4, atol=1e-6
    )


# Who lies in whose ball


def test_distances_are_precise_around_zero() -> None:
    one_NF, other_MF = normal(50, 20, 0), normal(60, 20, 1)
    expected_NM = (one_NF[:, None].double() - other_MF.double()).square().sum(2)
    torch.testing.assert_close(squared_distances(one_NF, other_MF).double(), expected_NM, rtol=1e-5, atol=1e-5)


def test_balls_reach_to_their_neighbours_far_from_zero_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainers.metrics.neighbour_balls._CELLS", 900)  # nine rows at a time
    line_N1 = 10_000 + torch.arange(100.0)[:, None]
    radii_N = neighbour_radii(line_N1, 3)
    assert radii_N[[0, 1, 50, 99]].tolist() == [3, 2, 2, 3]
    balls_P, points_M = count_in_balls(torch.tensor([[10_050.0], [20_000.0]]), line_N1, radii_N)
    assert balls_P.tolist() == [3, 0]
    assert points_M.nonzero()[:, 0].tolist() == [49, 50, 51]


def test_a_point_has_no_more_neighbours_than_there_are_others() -> None:
    assert neighbour_radii(torch.tensor([[0.0], [1.0], [5.0]]), 10).tolist() == [5, 4, 5]


def test_a_copy_of_a_point_is_at_no_distance() -> None:
    points_NF = normal(30, 40, 0, shift=10).repeat(2, 1)
    assert neighbour_radii(points_NF, 1).eq(0).all()


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (0.3, 0.6), (1.0, 2.0)])
def test_shares_are_those_of_an_independent_judge(
    shift: float, scale: float, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = Evidence(lossless_model(), noise_set(20, 300))
    views = features_of(evidence)
    views.reference.features_NF = normal(300, 6, 0)
    views.samples_SF = normal(300, 6, 1, scale, shift)
    real_NF, made_NF = views.held_out_NF.numpy(), views.samples_SF.numpy()
    of_three = prdc.compute_prdc(real_NF, made_NF, nearest_k=3)
    of_five = prdc.compute_prdc(real_NF, made_NF, nearest_k=5)
    capsys.readouterr()  # the judge talks
    assert precision_recall.precision(evidence).value == pytest.approx(of_three["precision"])
    assert precision_recall.recall(evidence).value == pytest.approx(of_three["recall"])
    assert density_coverage.density(evidence).value == pytest.approx(of_five["density"])
    assert density_coverage.coverage(evidence).value == pytest.approx(of_five["coverage"])


def test_coverage_of_the_data_by_itself_is_what_theory_says() -> None:
    real_NF = normal(2000, 6, 0)
    _, points_N = count_in_balls(normal(2000, 6, 1), real_NF, neighbour_radii(real_NF, 5))
    assert float((points_N > 0).float().mean()) == pytest.approx(1 - 2**-5, abs=0.01)


# Samples made good and bad on purpose


def evidence_with(samples_SCHW: Tensor) -> Evidence:
    """Of a model whose samples are these images, uint8, and which gives every image back whole."""
    evidence = Evidence(lossless_model(), digits())
    evidence.samples_SCHW = pixels_of(samples_SCHW[: evidence.count])
    return evidence


def real() -> Tensor:
    """Training images: what a perfect model would draw."""
    return torch.tensor(digits().train_NCHW)


def noise() -> Tensor:
    return torch.randint(0, 256, (400, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def one_class() -> Tensor:
    zeros_NCHW = real()[torch.tensor(digits().train_labels_N == 0)]
    return zeros_NCHW.repeat(4, 1, 1, 1)


def blurred() -> Tensor:
    return avg_pool2d(real().float(), 3, stride=1, padding=1).to(torch.uint8)


@pytest.mark.parametrize(
    ("bad", "names"),
    [
        (noise, ("coverage", "frechet-samples", "kernel-distance", "precision")),
        (one_class, ("coverage", "frechet-samples", "kernel-distance", "recall")),
        (blurred, ("coverage", "frechet-samples", "kernel-distance", "precision")),
    ],
)
def test_bad_samples_are_worse_than_real_images(bad: Callable[[], Tensor], names: tuple[str, ...]) -> None:
    good_evidence, bad_evidence = evidence_with(real()), evidence_with(bad())
    for name in names:
        measure, better = METRICS[name].load(), METRICS[name].better
        good_figure, bad_figure = measure(good_evidence), measure(bad_evidence)
        assert good_figure is not None
        assert bad_figure is not None
        assert is_better(good_figure, bad_figure, better), name


def test_precision_does_not_see_that_classes_are_missing() -> None:
    missing = precision_recall.precision(evidence_with(one_class())).value
    assert missing > precision_recall.precision(evidence_with(real())).value - 0.05


def test_real_images_come_near_the_floor() -> None:
    evidence = evidence_with(real())
    views = features_of(evidence)
    assert frechet_distance.of_samples(evidence).value < 2 * frechet_floor(views.held_out_NF)
    assert abs(kernel_distance.measure(evidence).value) < 0.1


def test_three_distances_tell_blur_from_a_prior_that_does_not_fit() -> None:
    """A model that gives everything back, but draws noise: only its samples are far away."""
    evidence = evidence_with(noise())
    evidence.reconstructions_NCHW = pixels_of(evidence.held_out_NCHW)
    evidence.decoded_training_MCHW = pixels_of(evidence.training_MCHW)
    floor = frechet_floor(features_of(evidence).held_out_NF)
    assert frechet_distance.of_reconstructions(evidence).value == pytest.approx(0, abs=1e-3)
    of_training = frechet_distance.of_decoded_training(evidence)
    assert of_training.value < 2 * floor
    assert of_training.count == evidence.count, "the three have equally many images, and so equal bias"
    assert frechet_distance.of_samples(evidence).value > 10 * floor


@pytest.mark.parametrize("name", GENERATION)
def test_every_figure_names_its_features(name: str) -> None:
    figure = METRICS[name].load()(evidence_with(real()))
    assert figure is not None
    assert "digit network" in figure.note


def test_features_can_be_asked_for_and_are_kept() -> None:
    evidence = evidence_with(real())
    views = features_of(evidence, "untrained")
    assert features_of(evidence) is views
    assert "untrained network" in kernel_distance.measure(evidence).note


def test_held_out_images_are_described_once_for_all_models() -> None:
    one, other = evidence_with(real()), evidence_with(noise())
    assert features_of(one).reference is features_of(other).reference


def test_codes_from_anywhere_can_be_judged() -> None:
    evidence = Evidence(lossless_model(), digits())
    rows_NF = features_of(evidence).of_codes(evidence.codes_ND)
    torch.testing.assert_close(rows_NF, features_of(evidence).held_out_NF)
