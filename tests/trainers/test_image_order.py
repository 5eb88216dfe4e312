"""Every pass over the images takes each of them once, from wherever it begins."""

import pytest
import torch

from trainers.image_order import ImageOrder


def test_each_epoch_is_a_permutation_of_its_own() -> None:
    row = ImageOrder(10, seed=0).take(0, 30)
    epochs = row.reshape(3, 10)
    assert torch.equal(epochs.sort(dim=1).values, torch.arange(10).expand(3, 10))
    assert len({tuple(epoch.tolist()) for epoch in epochs}) == 3


@pytest.mark.parametrize("size", [1, 3, 10, 23])
def test_batches_cut_one_row(size: int) -> None:
    row = ImageOrder(10, seed=4).take(0, 4 * size)
    order = ImageOrder(10, seed=4)
    assert torch.equal(torch.cat([order.take(position, size) for position in range(0, 4 * size, size)]), row)


def test_any_position_can_be_the_first() -> None:
    row = ImageOrder(7, seed=2).take(0, 60)
    for position in (0, 6, 7, 13, 31):
        assert torch.equal(ImageOrder(7, seed=2).take(position, 9), row[position : position + 9])


def test_seeds_give_other_rows() -> None:
    assert not torch.equal(ImageOrder(50, seed=0).take(0, 50), ImageOrder(50, seed=1).take(0, 50))
