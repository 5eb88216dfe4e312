"""Medians by turns, paces, and slopes with an honest spread."""

import numpy as np
import pytest

from tests.benchmarks.measuring import interleaved, pace, percentile, seconds_each, slope


def test_measures_are_taken_by_turns_and_give_their_medians() -> None:
    order: list[str] = []
    figures = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 5.0, 7.0])}

    def measure(name: str) -> float:
        order.append(name)
        return next(figures[name])

    found = interleaved({"a": lambda: measure("a"), "b": lambda: measure("b")}, 3)
    assert order == ["a", "b"] * 3
    assert found == {"a": 2.0, "b": 5.0}


def test_a_pace_takes_one_step_at_least_and_waits_for_the_device() -> None:
    waits: list[int] = []
    steps: list[int] = []

    def step() -> int:
        steps.append(1)
        return 128

    assert pace(step, 0.0, lambda: waits.append(len(steps))) > 0
    assert steps == [1]
    assert waits == [1]


def test_an_action_is_timed_three_times_at_least_and_not_too_often() -> None:
    done: list[int] = []
    assert seconds_each(lambda: done.append(1), 0.0) >= 0
    assert len(done) == 3
    seconds_each(lambda: done.append(1), 60.0, most=5)
    assert len(done) == 8


def test_percentiles_lie_where_they_should() -> None:
    figures = [float(value) for value in range(1, 102)]
    assert percentile(figures, 0.5) == 51.0
    assert percentile(figures, 0.99) == 100.0
    assert percentile(figures, 1.0) == 101.0


def test_a_slope_is_found_within_its_spread() -> None:
    noise = np.random.default_rng(0).normal(0.0, 0.5, 600)
    times = np.linspace(0.0, 5.0, 600)
    growing, still = slope(list(times), list(3.0 * times + noise)), slope(list(times), list(700.0 + noise))
    assert abs(growing.value - 3.0) <= growing.spread
    assert growing.value > growing.spread
    assert abs(still.value) <= still.spread
    assert still.spread < 0.2


def test_a_slope_of_what_stays_passes_over_what_comes_and_goes() -> None:
    times = np.linspace(0.0, 6.0, 240)
    tides = 50.0 * (np.arange(240) % 10 / 10)
    found = slope(list(times), list(1.0 * times + tides), of=np.min)
    assert found.value == pytest.approx(1.0, abs=0.01)
    assert found.spread < 0.01


def test_a_slope_needs_something_to_compare() -> None:
    with pytest.raises(ValueError, match="at least three"):
        slope([0.0, 1.0], [1.0, 2.0])
