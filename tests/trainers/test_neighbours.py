"""The nearest training images are those that all differences would find."""

import numpy as np
import pytest

from trainers.neighbours import MOST_ENCODED, TrainingImages, evenly, nearest_codes


@pytest.mark.parametrize("channels", [1, 3])
def test_nearest_are_those_of_brute_force(channels: int) -> None:
    random = np.random.default_rng(0)
    images_NCHW = random.integers(0, 256, (4500, channels, 8, 8), dtype=np.uint8)
    queries_QCHW = random.integers(0, 256, (3, channels, 8, 8), dtype=np.uint8)
    found = TrainingImages(images_NCHW).nearest(queries_QCHW, 6)
    for at, query_CHW in enumerate(queries_QCHW.astype(np.float64) / 255):
        distances_N = np.sqrt(np.square(images_NCHW / 255 - query_CHW).sum((1, 2, 3)))
        assert found.indices_QK[at].tolist() == np.argsort(distances_N)[:6].tolist()
        assert found.distances_QK[at] == pytest.approx(np.sort(distances_N)[:6], rel=1e-5)


def test_a_copy_is_at_no_distance_and_one_step_from_it_is_told_apart() -> None:
    random = np.random.default_rng(1)
    images_NCHW = random.integers(0, 255, (500, 1, 28, 28), dtype=np.uint8)
    images_NCHW.flags.writeable = False
    near = images_NCHW[123].copy()
    near[0, 0, 0] += 1
    found = TrainingImages(images_NCHW).nearest(np.stack([images_NCHW[77], near]), 1)
    assert found.indices_QK[:, 0].tolist() == [77, 123]
    assert found.distances_QK[:, 0].tolist() == pytest.approx([0, 1 / 255])


def test_fewer_training_images_than_asked_for_are_all_found() -> None:
    images_NCHW = np.zeros((4, 1, 8, 8), np.uint8)
    assert TrainingImages(images_NCHW).nearest(images_NCHW[:1], 6).indices_QK.shape == (1, 4)


def test_nearest_codes_and_their_distances() -> None:
    codes_ND = np.array([[0, 0], [3, 4], [1, 0]], np.float32)
    found = nearest_codes(codes_ND, np.array([[0, 0]], np.float32), 2)
    assert found.indices_QK.tolist() == [[0, 2]]
    assert found.distances_QK.tolist() == [[0, 1]]


def test_usual_distance_is_the_median_of_new_images() -> None:
    images_NCHW = np.zeros((10, 1, 8, 8), np.uint8)
    held_out_NCHW = np.zeros((3, 1, 8, 8), np.uint8)
    held_out_NCHW[1:, 0, 0, 0] = (255, 51)
    assert TrainingImages(images_NCHW).usual_distance(held_out_NCHW) == pytest.approx(0.2)


def test_a_fixed_subset_goes_from_end_to_end() -> None:
    assert evenly(5, 10).tolist() == [0, 1, 2, 3, 4]
    some = evenly(60_000, MOST_ENCODED)
    assert len(np.unique(some)) == MOST_ENCODED
    assert (some[0], some[-1]) == (0, 59_999)
