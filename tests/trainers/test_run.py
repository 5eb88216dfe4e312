"""A run trains what its recipe says: the same way every time, alone or among others."""

import numpy as np
import pytest
import torch

from tests.trainers.tiny_runs import KINDS_OF_RUN, digits, few_digits, loss_rows, noise_images, run_of
from trainers.errors import DatasetError, RecipeError, TrainingError
from trainers.images import ImageShape
from trainers.models import FAMILIES
from trainers.models.variational import VariationalAutoencoder
from trainers.recipe import Recipe
from trainers.run import LEAST_LEARNING_RATE, TrainingRun
from trainers.shown_prior import ShownPrior

AE, VAE, AAE = (Recipe(family=family, batch_size=32) for family in ("ae", "vae", "aae"))


def test_a_tiny_autoencoder_overfits() -> None:
    images = few_digits(16)
    run = run_of(Recipe(batch_size=16, learning_rate=2e-3, schedule="constant"), images)
    first = run.decode(run.encode(images.train_NCHW))
    for _ in range(250):
        run.step()
    last = run.decode(run.encode(images.train_NCHW))
    original = images.train_NCHW / 255
    assert np.square(first - original).mean() > 0.1
    assert np.square(last - original).mean() < 0.02


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_equal_seeds_give_equal_losses_and_others_do_not(kind: str) -> None:
    recipe = KINDS_OF_RUN[kind]
    rows = loss_rows(run_of(recipe, steps=3))
    assert all(len(values) == 3 for values in rows.values())
    assert loss_rows(run_of(recipe, steps=3)) == rows
    other = loss_rows(run_of(recipe.with_changes(seed=1), steps=3))
    assert all(other[name] != values for name, values in rows.items())


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_runs_beside_each_other_do_not_touch(kind: str) -> None:
    alone = loss_rows(run_of(KINDS_OF_RUN[kind], steps=4))
    run, neighbour = run_of(KINDS_OF_RUN[kind]), run_of(AAE.with_changes(seed=7))
    for _ in range(4):
        neighbour.step()
        torch.rand(3)  # somebody draws from torch's own generator
        run.step()
        neighbour.snapshot()
        run.snapshot()
        run.evaluate()
    assert loss_rows(run) == alone


def test_making_a_run_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    run_of(AAE, steps=1)
    assert torch.equal(torch.rand(4), expected)


def test_equal_seeds_give_families_equal_batches() -> None:
    """Models side by side see the same images at any moment: their first reconstructions differ by weights alone."""
    ae, aae = run_of(AE), run_of(AAE)
    for ours, theirs in zip(ae.model.encoder.parameters(), aae.model.encoder.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    ae.step()
    aae.step()
    assert loss_rows(ae)["reconstruction"] == loss_rows(aae)["reconstruction"]


def test_progress_is_counted_in_images() -> None:
    run = run_of(AE.with_changes(epochs=2), steps=3)  # 64 images, batches of 32
    assert (run.images_seen, run.step_count, run.epoch, run.finished, run.remaining_images) == (96, 3, 1.5, False, 32)
    run.step()
    assert (run.epoch, run.finished, run.remaining_images) == (2.0, True, 0)
    run.step()  # going on is allowed
    assert (run.step_count, run.remaining_images) == (5, 0)


def test_learning_rate_falls_along_half_a_cosine() -> None:
    run = run_of(AE.with_changes(epochs=2, learning_rate=0.01))
    rates = [run.learning_rate_now]
    for _ in range(5):
        run.step()
        rates.append(run.learning_rate_now)
    share = LEAST_LEARNING_RATE
    wave = [1.0, (1 + 2**-0.5) / 2, 0.5, (1 - 2**-0.5) / 2, 0.0, 0.0]
    assert rates == pytest.approx([0.01 * (share + (1 - share) * height) for height in wave])


def test_the_learning_rate_reaches_every_optimiser() -> None:
    run = run_of(AAE.with_changes(schedule="constant", learning_rate=0.003))
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.step()
    for part in ("encoder", "decoder", "discriminator"):
        moved = max(
            float((value - before[name]).abs().max())
            for name, value in run.model.state_dict().items()
            if name.startswith(part)
        )
        assert moved == pytest.approx(0.003, rel=1e-3), f"Adam's first step is as long as its rate: {part}"


def test_learning_rate_can_be_changed_live() -> None:
    run, unchanged = (run_of(AE.with_changes(schedule="constant"), steps=2) for _ in range(2))
    run.change(learning_rate=1e-7)
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.step()
    unchanged.step()
    assert run.recipe == unchanged.recipe.with_changes(learning_rate=1e-7)
    moved = max(float((value - before[name]).abs().max()) for name, value in run.model.state_dict().items())
    assert 0 < moved < 2e-7
    assert loss_rows(run) == loss_rows(unchanged)  # a step's loss is taken before its descent
    run.step()
    unchanged.step()
    assert loss_rows(run) != loss_rows(unchanged)


def test_beta_can_be_changed_live() -> None:
    run = run_of(VAE, steps=2)
    assert isinstance(run.model, VariationalAutoencoder)
    assert float(run.model.kl_weight) == 1.0
    run.change(beta=7.5)
    run.step()
    assert float(run.model.kl_weight) == 7.5
    assert run.snapshot().recipe.beta == 7.5


def test_what_cannot_be_changed_stays() -> None:
    run = run_of(VAE, steps=1)
    with pytest.raises(RecipeError, match="fixed"):
        run.change(batch_size=64)
    with pytest.raises(RecipeError, match="Learning rate is -1"):
        run.change(learning_rate=-1, beta=2)
    assert run.recipe == VAE


def test_too_large_steps_are_told() -> None:
    run = run_of(Recipe(likelihood="gaussian", batch_size=32, learning_rate=1.0, schedule="constant"))
    with torch.no_grad():
        next(run.model.parameters()).fill_(float("inf"))
    run.step()
    for _ in range(2):
        with pytest.raises(TrainingError, match="Lower the learning rate"):
            run.snapshot()


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_snapshot_is_untouched_by_later_steps(kind: str) -> None:
    run = run_of(KINDS_OF_RUN[kind], steps=2)
    snapshot = run.snapshot("lane 1")
    assert (snapshot.run, snapshot.step, snapshot.images_seen, snapshot.epoch) == ("lane 1", 2, 64, 1.0)
    codes_ND, losses = snapshot.codes_ND.copy(), snapshot.losses.terms["reconstruction"].copy()
    images_NCHW = snapshot.decoder.decode(codes_ND)
    np.testing.assert_array_equal(images_NCHW, np.rint(run.decode(codes_ND) * 255).astype(np.uint8))
    np.testing.assert_array_equal(codes_ND, run.encode(run.held_out().images_NCHW))
    for _ in range(3):
        run.step()
    np.testing.assert_array_equal(snapshot.decoder.decode(codes_ND), images_NCHW)
    np.testing.assert_array_equal(snapshot.codes_ND, codes_ND)
    np.testing.assert_array_equal(snapshot.losses.terms["reconstruction"], losses)
    assert not np.array_equal(run.snapshot().decoder.decode(codes_ND), images_NCHW)


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_nobody_can_write_to_what_crosses_threads(kind: str) -> None:
    run = run_of(KINDS_OF_RUN[kind], steps=2)
    snapshot, held_out = run.snapshot(), run.held_out()
    arrays = [
        snapshot.codes_ND,
        snapshot.points_N2,
        snapshot.prior_codes_ND,
        *snapshot.contours,
        snapshot.plane.origin_D,
        snapshot.plane.axes_2D,
        snapshot.losses.epochs_T,
        *snapshot.losses.terms.values(),
        snapshot.decoder.decode(snapshot.codes_ND[:3]),
        held_out.images_NCHW,
        held_out.labels_N,
    ]
    assert [array.flags.writeable for array in arrays] == [False] * len(arrays)


def test_prior_samples_come_from_one_noise() -> None:
    first, second = (run_of(recipe.with_changes(seed=seed)).snapshot() for recipe, seed in ((VAE, 0), (AAE, 5)))
    np.testing.assert_array_equal(first.prior_codes_ND, second.prior_codes_ND)


@pytest.mark.parametrize(("prior", "learns"), [("gaussian", False), ("learned-mixture", True)])
def test_a_prior_that_learns_is_shown_as_it_is_by_then(prior: str, *, learns: bool) -> None:
    run = run_of(VAE.with_changes(prior=prior), steps=1)
    assert run.model.prior.learns == learns
    before = run.snapshot()
    run.step()
    after, fresh = run.snapshot(), ShownPrior.of(run.model.prior)
    np.testing.assert_array_equal(after.prior_codes_ND, fresh.codes_ND)
    assert len(after.contours) == len(fresh.contours) > 0
    for shown, line in zip(after.contours, fresh.contours, strict=True):
        np.testing.assert_array_equal(shown, line)
    assert np.array_equal(before.prior_codes_ND, after.prior_codes_ND) != learns


def test_more_than_two_dimensions_are_shown_on_a_plane() -> None:
    snapshot = run_of(AE.with_changes(latent_dim=5), steps=2).snapshot()
    assert snapshot.codes_ND.shape == (32, 5)
    assert snapshot.points_N2.shape == (32, 2)
    np.testing.assert_allclose(snapshot.points_N2, snapshot.plane.points(snapshot.codes_ND))
    assert not snapshot.plane.is_whole_space
    assert 0 < snapshot.plane.explained <= 1
    assert snapshot.contours == ()


def test_held_out_images_are_those_of_the_set() -> None:
    held_out = run_of(AE).held_out()
    images = few_digits()
    np.testing.assert_array_equal(held_out.images_NCHW, images.test_NCHW)
    np.testing.assert_array_equal(held_out.labels_N, images.test_labels_N)
    assert (held_out.name, held_out.class_names) == ("digits", images.class_names)


def test_images_are_loaded_as_the_recipe_says() -> None:
    run = TrainingRun(Recipe(dataset="digits", image_size=9), device="cpu")
    assert run.shape == ImageShape(1, 9)
    assert run.train_count == len(digits().train_NCHW)


def test_a_run_without_images_loads_them_with_its_first_step() -> None:
    run = TrainingRun(Recipe(), shape=ImageShape(1, 8), device="cpu")
    assert not run.has_images
    assert run.snapshot().codes_ND.shape == (0, 2)
    run.step()
    assert run.has_images


def test_images_of_another_shape_are_refused() -> None:
    run = TrainingRun(AE, shape=ImageShape(3, 8), device="cpu")
    with pytest.raises(DatasetError, match="8×8 RGB images and those of digits are 8×8 grey"):
        run.give_images(few_digits())
    assert not run.has_images


def test_encode_takes_bytes_and_fractions_and_plain_grey() -> None:
    run = run_of(AE)
    images_NCHW = few_digits().test_NCHW
    expected = run.encode(images_NCHW)
    np.testing.assert_array_equal(run.encode(images_NCHW / 255), expected)
    np.testing.assert_array_equal(run.encode(images_NCHW[:, 0]), expected)
    with pytest.raises(DatasetError, match="this model takes"):
        run.encode(noise_images(1, 9).test_NCHW)


def test_decode_refuses_codes_of_other_dimensions() -> None:
    run = run_of(AE)
    assert run.decode([[0.5, -1.5]]).shape == (1, 1, 8, 8)
    for codes in ([[1.0, 2.0, 3.0]], [1.0, 2.0]):
        with pytest.raises(TrainingError, match="this model takes"):
            run.decode(codes)


def test_a_device_that_is_not_here_is_told() -> None:
    with pytest.raises(TrainingError, match="choose auto or"):
        TrainingRun(AE, shape=ImageShape(1, 8), device="abacus")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_evaluates(family: str) -> None:
    figures = run_of(Recipe(family=family, batch_size=32)).evaluate()
    expected = {"reconstruction_mse", "reconstruction_bce"} | ({"elbo", "kl"} if family == "vae" else set())
    assert figures.keys() == expected
