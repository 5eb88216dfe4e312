"""Spreads are as wide as theory says, and one figure is better than another only where they allow it."""

import numpy as np
import pytest
from scipy import stats

from trainers.metrics.figure import Figure, is_better, over_seeds
from trainers.metrics.resampling import (
    figure_of_mean,
    figure_of_ratio,
    figure_of_resamples,
    figure_of_statistic,
    halves,
)

RANDOM = np.random.default_rng(3)


def half_width(figure: Figure) -> float:
    return (figure.high - figure.low) / 2


def test_the_interval_of_a_mean_is_that_of_students_t() -> None:
    values_N = np.random.default_rng(0).normal(5.0, 2.0, 400)
    figure = figure_of_mean(values_N)
    low, high = stats.t.interval(0.95, 399, values_N.mean(), stats.sem(values_N))
    assert figure.value == pytest.approx(values_N.mean())
    assert (figure.low, figure.high) == pytest.approx((low, high), abs=0.03)
    assert figure.count == 400


def test_a_statistic_on_halves_spreads_as_it_does_over_sets_of_images() -> None:
    random = np.random.default_rng(0)
    medians_S = [np.median(random.normal(size=500)) for _ in range(2000)]
    values_N = random.normal(size=500)
    figure = figure_of_statistic(lambda chosen_M: float(np.median(values_N[chosen_M])), 500, resamples=1000)
    assert half_width(figure) == pytest.approx(1.96 * np.std(medians_S), rel=0.3)


def test_the_interval_of_a_mean_from_halves_is_that_from_the_bootstrap() -> None:
    values_N = np.random.default_rng(0).normal(size=501)
    by_halves = figure_of_statistic(lambda chosen_M: float(values_N[chosen_M].mean()), 501, resamples=1000)
    assert half_width(by_halves) == pytest.approx(half_width(figure_of_mean(values_N)), rel=0.1)


def test_the_interval_holds_a_value_that_is_biased_on_few_images() -> None:
    values_N = np.random.default_rng(0).normal(size=100)
    figure = figure_of_statistic(lambda chosen_M: float(values_N[chosen_M].mean() + 100 / len(chosen_M)), 100)
    assert figure.low < figure.value < figure.high


def test_halves_hold_half_of_the_images_once() -> None:
    halves_RM = halves(31, 200)
    assert halves_RM.shape == (200, 15)
    assert all(len(set(half_M.tolist())) == 15 for half_M in halves_RM)
    assert np.bincount(halves_RM.ravel(), minlength=31).min() > 60  # each image is in about 97 of them
    assert np.array_equal(halves_RM, halves(31, 200))


def test_a_ratio_of_means_needs_something_to_divide_by() -> None:
    under_N = np.array([0.0] * 9 + [1.0] * 11)
    figure = figure_of_ratio(np.full(20, 2.0), under_N)
    assert figure is not None
    assert figure.value == pytest.approx(2 / (11 / 20))
    assert np.isfinite([figure.low, figure.high]).all()
    assert figure_of_ratio(np.full(20, 2.0), np.array([0.0] * 10 + [1.0] * 10)) is None


def test_the_same_images_tell_models_apart_that_chance_would_not() -> None:
    difficulty_N = RANDOM.normal(100.0, 30.0, 300)
    good = figure_of_mean(difficulty_N - 1.0 + 0.1 * RANDOM.normal(size=300))
    poor = figure_of_mean(difficulty_N)
    assert good.high > poor.low, "by their intervals nobody could tell"
    assert is_better(good, poor, "lower")
    assert not is_better(poor, good, "lower")
    assert is_better(poor, good, "higher")
    assert not is_better(good, poor, "")
    assert not is_better(good, good, "lower")


def test_without_resamples_the_intervals_decide() -> None:
    def figure(value: float, half: float) -> Figure:
        return Figure(value=value, low=value - half, high=value + half, count=10)

    # √(3² + 4²) = 5
    assert is_better(figure(5.1, 3.0), figure(0.0, 4.0), "higher")
    assert not is_better(figure(4.9, 3.0), figure(0.0, 4.0), "higher")
    assert is_better(figure(-5.1, 3.0), figure(0.0, 4.0), "lower")


def test_chance_alone_is_rarely_called_better() -> None:
    random = np.random.default_rng(1)
    called = sum(
        is_better(figure_of_mean(random.normal(size=100)), figure_of_mean(random.normal(size=100)), "higher")
        for _ in range(200)
    )
    assert called <= 14  # 2.5 % of 200 are 5, give or take 2


def test_near_one_is_better_on_the_same_side_of_one() -> None:
    around_R = np.array([-0.01, 0.0, 0.01])
    low, nearly, above, high = (figure_of_resamples(value, value + around_R, 10) for value in (0.2, 0.9, 1.1, 3.0))
    assert is_better(nearly, low, "near 1")
    assert is_better(above, high, "near 1")
    assert not is_better(low, nearly, "near 1")
    assert not is_better(nearly, high, "near 1"), "across 1 nothing is said"


def test_figures_that_were_taken_differently_are_not_compared() -> None:
    one = figure_of_mean([1.0, 1.1, 1.2], note="Bernoulli likelihood")
    other = figure_of_mean([5.0, 5.1, 5.2], note="Gaussian likelihood")
    assert not is_better(other, one, "higher")


def test_seeds_spread_as_students_t_says() -> None:
    figures = [figure_of_mean([value, value + 2]) for value in (1.0, 2.0, 6.0)]
    figure = over_seeds(figures)
    values_S = [2.0, 3.0, 7.0]
    low, high = stats.t.interval(0.95, 2, np.mean(values_S), stats.sem(values_S))
    assert (figure.value, figure.low, figure.high) == pytest.approx((4.0, low, high))
    assert (figure.seeds, figure.count, figure.resamples_R) == (3, 2, None)
    assert over_seeds(figures[:1]) is figures[0]
