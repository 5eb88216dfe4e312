"""A copied model does what the model did, and goes on doing it."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pytest

from tests.trainers.tiny_runs import KINDS_OF_RUN, few_digits, run_of
from trainers.frozen_model import FrozenModel
from trainers.messages import Decoder
from trainers.recipe import Recipe


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_a_copy_is_untouched_by_later_steps(kind: str) -> None:
    run = run_of(KINDS_OF_RUN[kind], steps=2)
    images_NCHW = few_digits().test_NCHW[:]
    codes_ND, drawn = run.encode(images_NCHW), run.decode(run.encode(images_NCHW)[:4])
    snapshot = run.snapshot(with_model=True)
    model = snapshot.model
    assert model is not None
    for _ in range(3):
        run.step()
    posterior = model.posterior(images_NCHW)
    np.testing.assert_allclose(posterior.means_ND, codes_ND, atol=1e-5)
    assert (posterior.variances_ND is not None) == (KINDS_OF_RUN[kind].family == "vae")
    np.testing.assert_array_equal(model.decode(codes_ND[:4]), np.rint(drawn * 255).astype(np.uint8))
    np.testing.assert_array_equal(snapshot.decoder.decode(codes_ND[:4]), model.decode(codes_ND[:4]))
    assert not np.allclose(run.encode(images_NCHW), codes_ND, atol=1e-5)


def test_decoders_of_two_moments_can_be_asked_by_turns_and_by_several_threads() -> None:
    run, codes_ND = run_of(Recipe(batch_size=32)), np.array([[0.5, -1.0]], np.float32)
    decoders, expected = list[Decoder](), list[npt.NDArray[np.uint8]]()
    for _ in range(2):
        run.step()
        decoders.append(run.snapshot().decoder)
        expected.append(np.rint(run.decode(codes_ND) * 255).astype(np.uint8))
    assert not np.array_equal(expected[0], expected[1])
    with ThreadPoolExecutor(2) as threads:
        for number in (0, 1, 1, 0, 1):
            decode = decoders[number].decode
            for images_NCHW in (decode(codes_ND), threads.submit(decode, codes_ND).result()):
                np.testing.assert_array_equal(images_NCHW, expected[number])


def test_a_snapshot_carries_one_only_when_asked() -> None:
    assert run_of(Recipe(batch_size=32)).snapshot().model is None


def test_prior_codes_are_always_the_same_and_spread_like_the_prior() -> None:
    model = FrozenModel(run_of(Recipe(family="aae", batch_size=32)).model)
    codes_N2 = model.prior_codes(4096)
    np.testing.assert_array_equal(model.prior_codes(4096), codes_N2)
    np.testing.assert_allclose(codes_N2.mean(0), 0, atol=0.01)
    np.testing.assert_allclose(np.cov(codes_N2.T), np.eye(2), atol=0.02)


def test_paths_of_a_model() -> None:
    run = run_of(Recipe(family="vae", batch_size=32), steps=40)
    model = FrozenModel(run.model)
    start, end = np.array([-2.0, 0.5], np.float32), np.array([1.5, 1.0], np.float32)
    straight = model.path(start, end, is_shortest=False, frames=6)
    np.testing.assert_allclose(straight.codes_PD[[0, -1]], [start, end])
    np.testing.assert_allclose(straight.frame_codes_KD, np.linspace(start, end, 6), atol=1e-6)
    np.testing.assert_array_equal(straight.frames_KCHW, model.decode(straight.frame_codes_KD))
    images = run.decode(np.linspace(start, end, 400))
    expected = np.linalg.norm(np.diff(images.reshape(400, -1), axis=0), axis=1).sum()
    assert straight.length == pytest.approx(expected, rel=0.01)
    shortest = model.path(start, end, is_shortest=True, frames=6)
    assert shortest.length <= straight.length
    np.testing.assert_allclose(shortest.codes_PD[[0, -1]], [start, end], atol=1e-6)
    assert not any(array.flags.writeable for array in (shortest.codes_PD, shortest.frames_KCHW))
