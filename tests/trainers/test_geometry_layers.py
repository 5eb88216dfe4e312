"""Round trips, holes and trust of a model whose every number is known."""

import numpy as np
import pytest

from tests.trainers.plain_model import PlainModel
from tests.trainers.tiny_runs import few_digits, run_of
from trainers.frozen_model import FrozenModel
from trainers.geometry.holes import aggregate_posterior, find_holes
from trainers.geometry.posteriors import covariances_on_plane
from trainers.geometry.round_trip import round_trip
from trainers.geometry.trust import measure_trust, word_for
from trainers.latent_plane import principal_plane, whole_plane
from trainers.messages import Floats, Posterior
from trainers.recipe import Recipe

RANDOM = np.random.default_rng(1)


def square(count: int, *, without: tuple[float, float, float] | None = None) -> Floats:
    """Points all over [−2, 2]², but for a disc (x, y, radius)."""
    points_N2 = RANDOM.uniform(-2, 2, (count, 2)).astype(np.float32)
    if without is not None:
        x, y, radius = without
        points_N2 = points_N2[np.hypot(points_N2[:, 0] - x, points_N2[:, 1] - y) > radius]
    return points_N2


def single(points_N2: Floats) -> Posterior:
    return Posterior(means_ND=points_N2, variances_ND=None)


def test_a_consistent_model_comes_back_and_what_it_cannot_draw_does_not() -> None:
    points_N2 = np.array([[0.0, 1.0], [-3.5, 2.0], [9.0, 1.0]], np.float32)
    ends_N2 = round_trip(PlainModel(), whole_plane(), points_N2)
    np.testing.assert_allclose(ends_N2, [[0.0, 1.0], [-3.5, 2.0], [4.0, 1.0]], atol=0.02)  # 8 bits
    assert round_trip(PlainModel(), whole_plane(), points_N2[:0]).shape == (0, 2)


def test_the_emptiest_place_is_the_hole() -> None:
    model = PlainModel(prior_N2=square(4000))
    holes = find_holes(model, whole_plane(), single(square(4000, without=(0.9, -0.8, 0.9))))
    assert np.hypot(holes.emptiest[0] - 0.9, holes.emptiest[1] + 0.8) < 0.35
    at_hole, elsewhere = holes.grid.values_at(holes.excess_RM, np.array([[0.9, -0.8], [-1, 1]], np.float32))
    assert at_hole > 0.6
    assert elsewhere < 0
    # The disc's share of the square.
    assert holes.missing == pytest.approx(np.pi * 0.9**2 / 16, abs=0.04)


def test_a_prior_that_is_filled_has_no_holes_and_one_far_away_is_nothing_else() -> None:
    points_N2 = square(6000)
    assert find_holes(PlainModel(prior_N2=points_N2), whole_plane(), single(points_N2)).missing < 0.02
    far = find_holes(PlainModel(prior_N2=points_N2), whole_plane(), single(points_N2 + 30))
    assert far.missing > 0.98
    assert far.excess_RM.max() == pytest.approx(1.0, abs=0.02)


def test_noise_on_the_codes_fills_holes() -> None:
    points_N2 = square(5000, without=(0.0, 0.0, 1.0))
    model = PlainModel(prior_N2=square(5000))
    noisy = Posterior(means_ND=points_N2, variances_ND=np.full_like(points_N2, 0.5))
    bare, filled = (find_holes(model, whole_plane(), codes) for codes in (single(points_N2), noisy))
    middle_12 = np.zeros((1, 2), np.float32)
    assert filled.grid.values_at(filled.excess_RM, middle_12) < 0.5 * bare.grid.values_at(bare.excess_RM, middle_12)


def test_only_families_with_noise_are_encoded_for_it() -> None:
    run = run_of(Recipe(family="vae", batch_size=32), steps=2)
    images_NCHW = few_digits().test_NCHW[:]
    codes_ND = run.encode(images_NCHW)
    found = aggregate_posterior(FrozenModel(run.model), codes_ND, images_NCHW)
    np.testing.assert_allclose(found.means_ND, codes_ND, atol=1e-5)
    assert found.variances_ND is not None
    assert (found.variances_ND > 0).all()
    plain = run_of(Recipe(batch_size=32), steps=2)
    assert aggregate_posterior(FrozenModel(plain.model), codes_ND, images_NCHW).means_ND is codes_ND
    assert aggregate_posterior(PlainModel(variance=0.3), codes_ND, images_NCHW[:0]).variances_ND is None


def test_covariances_are_seen_on_the_plane() -> None:
    codes_ND = (RANDOM.normal(size=(200, 4)) * [3, 2, 1, 0.5]).astype(np.float32)
    plane = principal_plane(codes_ND)
    variances_12 = np.array([[0.5, 1.5, 2.5, 3.5]], np.float32)
    expected_22 = plane.axes_2D @ np.diag(variances_12[0]) @ plane.axes_2D.T
    np.testing.assert_allclose(covariances_on_plane(variances_12, plane)[0], expected_22, rtol=1e-5)


def test_trust_is_high_among_codes_and_none_far_from_them() -> None:
    trust = measure_trust(PlainModel(), whole_plane(), square(4000))
    value, word = trust.at(0.3, -0.4)
    assert (value > 0.9, word) == (True, "well supported")
    assert trust.at(40.0, 0.0) == (0.0, "made up")
    beside, word = trust.at(2.25, 0.0)
    assert beside < value
    assert word in ("sparse", "made up")
    assert 0 <= float(trust.trust_RM.min()) <= float(trust.trust_RM.max()) <= 1


def test_trust_is_low_where_the_decoder_changes_fast() -> None:
    # A twentieth of the codes: fewer than the tenth that may be steep in any model.
    trust = measure_trust(PlainModel(steep_from=1.8), whole_plane(), square(4000))
    value, word = trust.at(1.93, 0.0)
    assert (value < 0.3, word) == (True, "unsteady")
    assert trust.at(1.0, 0.0)[1] == "well supported"


@pytest.mark.parametrize(
    ("trust", "support", "word"),
    [
        (0.5, 0.5, "well supported"),
        (0.49, 0.5, "unsteady"),
        (0.05, 0.9, "unsteady"),
        (0.3, 0.4, "sparse"),
        (0.05, 0.4, "made up"),
    ],
)
def test_every_number_has_its_word(trust: float, support: float, word: str) -> None:
    assert word_for(trust, support) == word
