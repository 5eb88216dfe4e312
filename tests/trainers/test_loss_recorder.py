"""Losses are averaged, thinned and restored without a number lost."""

import numpy as np
import pytest
import torch

from trainers.errors import TrainingError
from trainers.loss_recorder import MOST_POINTS, MOST_UNSUMMED, LossRecorder


def record(recorder: LossRecorder, values: range, ask_every: int = 0) -> LossRecorder:
    for value in values:
        recorder.add({"reconstruction": torch.tensor(float(value))})
        recorder.add({"kl": torch.tensor(-float(value))})
        recorder.end_step(float(value + 1))
        if ask_every and value % ask_every == 0:
            recorder.history()
    return recorder


def test_each_value_is_the_mean_of_an_interval() -> None:
    recorder = LossRecorder()
    recorder.set_interval(60)
    history = record(recorder, range(10)).history()
    assert recorder.interval == 3
    assert history.epochs_T.tolist() == [3, 6, 9]
    assert history.terms["reconstruction"].tolist() == [1, 4, 7]
    assert history.terms["kl"].tolist() == [-1, -4, -7]


@pytest.mark.parametrize(("steps_per_epoch", "interval"), [(0.5, 1), (11.2, 1), (60, 3), (469, 23)])
def test_twenty_averages_an_epoch(steps_per_epoch: float, interval: int) -> None:
    recorder = LossRecorder()
    recorder.set_interval(steps_per_epoch)
    assert recorder.interval == interval


def test_the_interval_stays_once_something_is_recorded() -> None:
    recorder = record(LossRecorder(), range(1))
    recorder.set_interval(400)
    assert recorder.interval == 1


def test_a_long_past_is_thinned_to_means_of_neighbours() -> None:
    recorder = record(LossRecorder(), range(MOST_POINTS + 20))
    history = recorder.history()
    assert recorder.interval == 2
    assert len(history.epochs_T) == MOST_POINTS // 2 + 10
    np.testing.assert_allclose(history.terms["reconstruction"], np.arange(MOST_POINTS // 2 + 10) * 2 + 0.5)
    np.testing.assert_allclose(history.epochs_T, (np.arange(MOST_POINTS // 2 + 10) + 1) * 2)


def test_what_is_recorded_does_not_depend_on_who_asks() -> None:
    quiet, asked = (record(LossRecorder(), range(2 * MOST_POINTS + 7), ask).history() for ask in (0, 13))
    assert len(quiet.epochs_T) < MOST_POINTS
    np.testing.assert_array_equal(quiet.epochs_T, asked.epochs_T)
    np.testing.assert_array_equal(quiet.terms["kl"], asked.terms["kl"])


@pytest.mark.parametrize("ask_every", [0, 7])
def test_terms_are_added_up_in_the_order_of_the_steps(ask_every: int) -> None:
    interval = 2 * MOST_UNSUMMED + 5
    values_T = np.random.default_rng(0).normal(size=interval).astype(np.float32)
    recorder = LossRecorder()
    recorder.set_interval(20 * interval)
    for step, value in enumerate(values_T):
        recorder.add({"kl": torch.tensor(value)})
        recorder.end_step(1.0)
        if ask_every and step % ask_every == 0:
            recorder.state()
    total = np.float32(0)
    for value in values_T:
        total += value
    assert recorder.history().terms["kl"].tolist() == [total / np.float32(interval)]


def test_a_loss_that_is_not_finite_is_told_every_time() -> None:
    recorder = record(LossRecorder(), range(3))
    recorder.add({"reconstruction": torch.tensor(float("nan")), "kl": torch.tensor(0.0)})
    recorder.end_step(3.5)
    for _ in range(2):
        with pytest.raises(TrainingError, match=r"epoch 3\.50.*Lower the learning rate"):
            recorder.history()


@pytest.mark.parametrize("steps", [0, 4, 5, MOST_POINTS + 1])
def test_state_goes_on_exactly(steps: int) -> None:
    recorder = LossRecorder()
    recorder.set_interval(40)
    record(recorder, range(steps))
    other = LossRecorder()
    other.restore(recorder.state())
    other.set_interval(999 if steps else 40)
    ours = record(recorder, range(steps, steps + 9)).history()
    theirs = record(other, range(steps, steps + 9)).history()
    assert list(ours.terms) == list(theirs.terms) == ["reconstruction", "kl"]
    np.testing.assert_array_equal(ours.epochs_T, theirs.epochs_T)
    for name in ours.terms:
        np.testing.assert_array_equal(ours.terms[name], theirs.terms[name])


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": torch.zeros(2)},
        {"epochs": torch.zeros(3, 1)},
        {"open": torch.tensor([0, 0])},
        {"open": torch.tensor([1, 1])},
        {"open": torch.tensor([1])},
        {"terms.00.reconstruction": torch.tensor([1.0, float("nan"), 1.0])},
        {"terms.07.other": torch.zeros(3)},
        {"sums.00.reconstruction": torch.zeros(2)},
    ],
    ids=str,
)
def test_a_foreign_state_is_refused(change: dict[str, torch.Tensor]) -> None:
    state = record(LossRecorder(), range(3)).state()
    with pytest.raises(ValueError, match="its losses"):
        LossRecorder().restore({**state, **change})
    for name in ("epochs", "open"):
        with pytest.raises(ValueError, match="its losses are incomplete"):
            LossRecorder().restore({key: value for key, value in state.items() if key != name})
