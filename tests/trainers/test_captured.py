"""Steps that are recorded and done again as a whole come to what eager steps come to, or are not used.

There need be no GPU: what is recorded here is the work itself, and it is done again by doing it.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from tests.trainers.tiny_runs import KINDS_OF_RUN, few_digits, run_of
from trainers.adam import Adam
from trainers.compiled.captured_descents import EAGER_STEPS, CapturedDescents, Record
from trainers.compiled.descents import Descents, EagerDescents
from trainers.models.family import Batch, Family
from trainers.recipe import Recipe

CPU = torch.device("cpu")
STEPS = EAGER_STEPS + 5
PHASES = Recipe(family="aae", adversarial_updates="alternating", batch_size=32, epochs=1000)
"""A family with several phases, the second of which needs the codes of the first."""

Work = Callable[[], None]


class Training:
    """A small model, trained step by step in some way, its learning rate and β changing all the while."""

    def __init__(self, recipe: Recipe, record: Record | None = None) -> None:
        self.model: Family = run_of(recipe, few_digits()).model
        self.adams = [[Adam(each.parameters, each.betas) for each in phase.descents] for phase in self.model.phases()]
        eager = EagerDescents(recipe.precision, CPU)
        self.captured = CapturedDescents(self.model, eager, record) if record is not None else None
        self.losses: list[Tensor] = []
        self._way: Descents = self.captured or eager
        self._steps = 0

    def train(self, steps: int = STEPS) -> "Training":
        """Take some steps."""
        images, size = few_digits(), self.model.recipe.batch_size
        for _ in range(steps):
            step = self._steps = self._steps + 1
            chosen = torch.arange(step, step + size) % len(images.train_NCHW)
            self.model.prepare(step / 4, 1.0 + step / 8)
            batch = Batch(
                images_NCHW=torch.tensor(images.train_NCHW)[chosen],
                draws=self.model.draw(size, torch.Generator().manual_seed(step)),
                labels_N=torch.tensor(images.train_labels_N)[chosen] if self.model.wants_labels else None,
            )
            rate = 2.0 ** -(10 + step % 2)  # exact in every precision
            for phase, adams in zip(self.model.phases(), self.adams, strict=True):
                self.losses += self._way.descend(phase, adams, batch, rate).values()
        return self

    def equals(self, other: "Training") -> bool:
        """Whether all weights, moments and losses are the same to the last bit."""
        return all(map(torch.equal, self._everything(), other._everything()))

    def _everything(self) -> list[Tensor]:
        moments = [tensor for adams in self.adams for adam in adams for tensor in adam.state().values()]
        return [*self.model.state_dict().values(), *moments, *self.losses]


class Recorder:
    """Records by keeping the work, and counts."""

    def __init__(self, fails_at: int = 0) -> None:
        self.records, self.replays, self._fails_at = 0, 0, fails_at

    def __call__(self, work: Work) -> Work:
        """Keep it, or refuse."""
        self.records += 1
        if self.records == self._fails_at:
            raise RuntimeError("operation not permitted when stream is capturing")

        def again() -> None:
            self.replays += 1
            work()

        return again


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_recorded_steps_equal_eager_ones_to_the_last_bit(kind: str, precision: str) -> None:
    recipe, recorder = KINDS_OF_RUN[kind].with_changes(precision=precision), Recorder()
    captured = Training(recipe, recorder).train()
    assert captured.captured is not None
    assert captured.captured.is_recorded
    assert recorder.records == len(captured.model.phases())
    assert recorder.replays == recorder.records * (STEPS - EAGER_STEPS)
    assert captured.equals(Training(recipe).train())


def test_the_first_steps_are_not_recorded() -> None:
    recorder = Recorder()
    Training(PHASES, recorder).train(EAGER_STEPS)
    assert not recorder.records


@pytest.mark.parametrize("fails_at", [1, 2])
def test_what_cannot_be_recorded_stays_eager(fails_at: int) -> None:
    recorder = Recorder(fails_at)
    captured = Training(PHASES, recorder).train()
    assert captured.captured is not None
    assert not captured.captured.is_recorded
    assert recorder.records == fails_at, "it is not tried again"
    assert captured.equals(Training(PHASES).train())


@pytest.mark.parametrize("times", [0, 2])
def test_what_comes_to_something_else_stays_eager(times: int) -> None:
    def wrongly(work: Work) -> Work:
        def again() -> None:
            for _ in range(times):
                work()

        return again

    captured = Training(PHASES, wrongly).train()
    assert captured.captured is not None
    assert not captured.captured.is_recorded
    assert captured.equals(Training(PHASES).train())


def test_what_is_no_number_stays_eager() -> None:
    spoilt: list[Tensor] = []

    def spoiling(work: Work) -> Work:
        def again() -> None:
            work()
            spoilt[0].fill_(float("nan"))

        return again

    captured = Training(PHASES, spoiling)
    spoilt.append(next(captured.model.parameters()).detach())
    assert captured.train().equals(Training(PHASES).train())


def test_other_moments_are_recorded_anew() -> None:
    recorder = Recorder()
    captured, eager = Training(PHASES, recorder).train(), Training(PHASES).train()
    before = recorder.records
    for training in (captured, eager):
        for adams in training.adams:
            for adam in adams:
                adam.restore({name: value.clone() for name, value in adam.state().items()})
        training.train()
    assert recorder.records == 2 * before
    assert captured.equals(eager)


def test_a_batch_of_another_size_is_recorded_anew() -> None:
    recorder = Recorder()
    captured, eager = Training(PHASES, recorder).train(), Training(PHASES).train()
    before = recorder.records
    for training in (captured, eager):
        training.model.recipe = PHASES.with_changes(batch_size=16)
        training.train()
    assert recorder.records == 2 * before
    assert captured.equals(eager)
