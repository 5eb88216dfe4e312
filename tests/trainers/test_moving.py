"""A run that moves to another device goes on as if it had stayed."""

import pytest
import torch

from tests.trainers.tiny_runs import few_digits, run_of
from trainers.checkpoint import moved
from trainers.errors import TrainingError
from trainers.models import FAMILIES
from trainers.recipe import Recipe


@pytest.mark.parametrize("family", FAMILIES)
def test_a_moved_run_goes_on_with_the_same_numbers(family: str) -> None:
    stays = run_of(Recipe(family=family, batch_size=16), few_digits(), steps=3)
    moves = moved(stays, "cpu")
    for _ in range(3):
        stays.step()
        moves.step()
    assert moves.images_seen == stays.images_seen
    for name, weight in stays.model.state_dict().items():
        assert torch.equal(weight, moves.model.state_dict()[name]), name
    assert moves.snapshot().points_N2.tolist() == stays.snapshot().points_N2.tolist()


def test_a_device_that_is_not_here_is_refused() -> None:
    run = run_of(Recipe(batch_size=16), few_digits())
    with pytest.raises(TrainingError, match="no device"):
        moved(run, "abacus")
