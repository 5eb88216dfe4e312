"""Codes that are refreshed part by part end where encoding everything would."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from trainers.live_codes import CHUNK, MOST_POINTS, LiveCodes, held_out_subset

COUNT = 1200
IMAGES_N = torch.arange(COUNT, dtype=torch.float32).reshape(COUNT, 1)


class Encoder:
    """Gives an image's number plus an offset that grows as a model in training changes; counts what it encodes."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.calls: list[int] = []

    def encode(self, images_N: Tensor) -> Tensor:
        """The number, and the number with the offset."""
        self.calls.append(len(images_N))
        return torch.cat([images_N, images_N + self.offset], dim=1)


def whole(offset: float) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    numbers_N = np.arange(COUNT, dtype=np.float32)
    return np.stack([numbers_N, numbers_N + np.float32(offset)], axis=1)


def test_the_first_refresh_encodes_everything() -> None:
    encoder = Encoder()
    codes_ND = LiveCodes(IMAGES_N, 2, encoder.encode).refresh(0.0)
    np.testing.assert_array_equal(codes_ND, whole(0.0))
    assert encoder.calls == [CHUNK, COUNT - CHUNK]


def test_short_refreshes_roll_through_all_of_them() -> None:
    encoder = Encoder()
    live_codes = LiveCodes(IMAGES_N, 2, encoder.encode)
    live_codes.refresh()
    encoder.offset = 0.5
    encoder.calls.clear()
    shown = [live_codes.refresh(0.0) for _ in range(5)]
    assert [int((codes_ND[:, 1] != codes_ND[:, 0]).sum()) for codes_ND in shown] == [250, 500, 750, 1000, 1200]
    assert encoder.calls == [250] * 5
    np.testing.assert_array_equal(shown[-1], whole(0.5))


def test_a_long_refresh_does_all_at_once() -> None:
    encoder = Encoder()
    live_codes = LiveCodes(IMAGES_N, 2, encoder.encode)
    live_codes.refresh()
    live_codes.refresh(0.0)
    encoder.offset = 2.0
    np.testing.assert_array_equal(live_codes.refresh(math.inf), whole(2.0))
    encoder.offset = 3.0
    np.testing.assert_array_equal(live_codes.refresh(1000.0), whole(3.0))


def test_earlier_codes_stay_as_they_were() -> None:
    encoder = Encoder()
    live_codes = LiveCodes(IMAGES_N, 2, encoder.encode)
    first = live_codes.refresh()
    encoder.offset = 1.0
    live_codes.refresh()
    np.testing.assert_array_equal(first, whole(0.0))
    assert not first.flags.writeable


def test_no_images_give_no_codes() -> None:
    assert LiveCodes(IMAGES_N[:0], 2, Encoder().encode).refresh().shape == (0, 2)


@pytest.mark.parametrize("count", [1, MOST_POINTS])
def test_a_small_held_out_set_is_shown_whole(count: int) -> None:
    assert torch.equal(held_out_subset(count), torch.arange(count))


def test_of_a_large_held_out_set_a_fixed_part_is_shown() -> None:
    subset_N = held_out_subset(12_345)
    assert len(subset_N.unique()) == MOST_POINTS
    assert torch.equal(subset_N, subset_N.sort().values)
    assert torch.equal(subset_N, held_out_subset(12_345))
