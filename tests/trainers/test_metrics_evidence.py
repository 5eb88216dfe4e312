"""Every model is judged on the same images and noise, as it was when it was looked at."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.trainers.planted_models import PlantedModel, lossless_model, noise_set
from tests.trainers.tiny_runs import KINDS_OF_RUN, digits, run_of
from tests.trainers.tiny_runs import few_digits as few
from trainers.errors import DatasetError, TrainingError
from trainers.images import ImageSet
from trainers.metrics import evidence as evidence_module
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.recipe import Recipe


def test_all_models_get_the_same_images_and_noise() -> None:
    recipes = (Recipe(), Recipe(family="aae", seed=1))
    ae, aae = (Evidence.of_run(run_of(recipe, digits()), limit=50) for recipe in recipes)
    assert torch.equal(ae.held_out_NCHW, aae.held_out_NCHW)
    assert torch.equal(ae.training_MCHW, aae.training_MCHW)
    assert torch.equal(ae.prior_codes_SD, aae.prior_codes_SD)
    assert not torch.equal(ae.codes_ND, aae.codes_ND)


def test_labels_stay_with_their_images() -> None:
    evidence = Evidence.of_run(run_of(Recipe(), digits()), limit=50)
    images = digits()
    known = {
        image.tobytes(): label
        for part, labels in ((images.test_NCHW, images.test_labels_N), (images.train_NCHW, images.train_labels_N))
        for image, label in zip(part, labels, strict=True)
    }
    for chosen_NCHW, labels_N in (
        (evidence.held_out_NCHW, evidence.labels_N),
        (evidence.training_MCHW, evidence.training_labels_M),
    ):
        assert [known[image.numpy().tobytes()] for image in chosen_NCHW] == labels_N.tolist()


def test_few_images_are_the_first_of_many_and_of_all_classes() -> None:
    model = run_of(Recipe(), digits()).model
    many, some = Evidence(model, digits()), Evidence(model, digits(), limit=40)
    assert torch.equal(many.held_out_NCHW[:40], some.held_out_NCHW)
    assert many.count == len(digits().test_NCHW)
    assert len(np.unique(some.labels_N)) > 5


class NarrowEvidence(Evidence):
    """Works on seven rows at a time."""

    def in_chunks(self, compute: Callable[..., Tensor], *inputs: Tensor, rows: int = 7) -> Tensor:
        """As above."""
        return super().in_chunks(compute, *inputs, rows=rows)


def test_results_do_not_depend_on_the_chunks() -> None:
    model = run_of(KINDS_OF_RUN["vae"], steps=3).model
    whole = Evidence(model, few())
    expected = [whole.samples_SCHW, whole.reconstructions_NCHW, whole.bound_N["elbo"], whole.drawn_codes_ND]
    pulses: list[None] = []
    parts = NarrowEvidence(model, few(), pulse=lambda: pulses.append(None))
    found = [parts.samples_SCHW, parts.reconstructions_NCHW, parts.bound_N["elbo"], parts.drawn_codes_ND]
    for one, other in zip(expected, found, strict=True):
        torch.testing.assert_close(one, other)
    assert len(pulses) >= 5 * 5


def test_each_thing_is_computed_once() -> None:
    calls: list[int] = []

    def encode(pixels_NCHW: Tensor) -> Tensor:
        calls.append(len(pixels_NCHW))
        return pixels_NCHW.flatten(1)[:, :2]

    evidence = Evidence(PlantedModel(encode=encode), noise_set(40, 30))
    assert evidence.codes_ND is evidence.codes_ND
    _ = evidence.reconstructions_NCHW, evidence.drawn_codes_ND
    assert calls == [30]


def test_a_run_goes_on_without_changing_what_was_seen() -> None:
    run = run_of(Recipe(family="vae", batch_size=32))
    evidence, untouched = Evidence.of_run(run), Evidence.of_run(run)
    before = evidence.codes_ND
    run.step()
    assert torch.equal(untouched.codes_ND, before)
    assert not torch.equal(Evidence.of_run(run).codes_ND, before)


def test_draws_of_the_posterior_have_its_mean_and_variance() -> None:
    evidence = Evidence.of_run(run_of(Recipe(family="vae", batch_size=32), digits(), steps=5))
    assert evidence.posterior_ND is not None
    mean_ND, log_variance_ND = evidence.posterior_ND
    standard_ND = (evidence.drawn_codes_ND - mean_ND) / (log_variance_ND / 2).exp()
    assert float(standard_ND.mean()) == pytest.approx(0, abs=0.1)
    assert float(standard_ND.std()) == pytest.approx(1, abs=0.1)
    assert torch.equal(evidence.codes_ND, mean_ND)


def test_without_a_posterior_a_code_is_its_own_draw() -> None:
    evidence = Evidence(lossless_model(), noise_set(20, 20))
    assert evidence.posterior_ND is None
    assert evidence.bound_N == {}
    assert torch.equal(evidence.drawn_codes_ND, pixels_of(evidence.held_out_NCHW).flatten(1))


def test_large_images_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_module, "_NUMBERS", 64 * 25)
    assert Evidence(lossless_model(), noise_set(40, 40)).count == 25


def test_numbers_that_are_not_finite_are_an_error() -> None:
    broken = PlantedModel(encode=lambda pixels_NCHW: pixels_NCHW.flatten(1)[:, :2] / 0)
    with pytest.raises(TrainingError, match="no longer finite"):
        _ = Evidence(broken, noise_set(20, 20)).codes_ND


def test_too_few_images_are_refused() -> None:
    with pytest.raises(DatasetError, match="noise has 15 held-out images"):
        Evidence(lossless_model(), noise_set(20, 15))


def test_read_only_images_are_fine() -> None:
    images = few()
    frozen = ImageSet(
        name=images.name,
        train_NCHW=images.train_NCHW.copy(),
        train_labels_N=images.train_labels_N,
        test_NCHW=images.test_NCHW.copy(),
        test_labels_N=images.test_labels_N,
        class_names=images.class_names,
    )
    for array in (frozen.train_NCHW, frozen.test_NCHW):
        array.flags.writeable = False
    assert Evidence(run_of(Recipe()).model, frozen).count == len(images.test_NCHW)
