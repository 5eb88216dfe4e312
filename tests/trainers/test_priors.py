"""Every prior keeps the promises of the table, and each one its own closed forms."""

import math

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch import Tensor, distributions

from trainers.priors import PRIORS
from trainers.priors.disc import Disc
from trainers.priors.gaussian import Gaussian
from trainers.priors.learned_mixture import LearnedMixture
from trainers.priors.mixture import Mixture
from trainers.priors.prior import PartedPrior, Prior
from trainers.priors.ring import Ring
from trainers.priors.square import Square
from trainers.priors.swiss_roll import SwissRoll

MANY = 2**15
CASES = [(name, dim) for name, listing in PRIORS.items() for dim in ((2,) if listing.planar else (2, 3, 16))]


def make_prior(name: str, latent_dim: int = 2) -> Prior:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)  # for the first weights of learned ones
        return PRIORS[name].load()(latent_dim).requires_grad_(requires_grad=False)


def draw_noise(prior: Prior, count: int = MANY) -> Tensor:
    return torch.rand(count, prior.noise_dim, generator=torch.Generator().manual_seed(5))


def is_inside(points_N2: npt.NDArray[np.float32], polygon_M2: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Whether each point lies within a closed polygon, by the even-odd rule."""
    x, y = points_N2[:, :1], points_N2[:, 1:]
    (x0, y0), (x1, y1) = polygon_M2[:-1].T, polygon_M2[1:].T
    crosses = (y0 > y) != (y1 > y)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = x < x0 + (y - y0) * (x1 - x0) / (y1 - y0)
    return (crosses & left).sum(axis=1) % 2 == 1


@pytest.mark.parametrize(("name", "latent_dim"), CASES)
def test_contract(name: str, latent_dim: int) -> None:
    prior = make_prior(name, latent_dim)
    noise = draw_noise(prior, 512)
    noise[0], noise[1] = 0.0, 1 - 2**-24  # the ends of what torch.rand can give
    noise[2] = 0.5
    kept = noise.clone()

    codes = prior.sample(noise)

    assert codes.shape == (512, latent_dim)
    assert codes.dtype == torch.float32
    assert torch.isfinite(codes).all()
    assert torch.equal(noise, kept), "sampling must leave the noise as it was"
    assert torch.equal(codes, prior.sample(kept)), "equal noise gives equal codes"
    assert torch.equal(codes[100:200], prior.sample(noise[100:200])), "a code depends on its own noise alone"
    assert len(torch.unique(codes, dim=0)) > 500
    log_prob = prior.log_prob(codes)
    if log_prob is not None:
        assert log_prob.shape == (512,)
        assert log_prob.dtype == torch.float32
        assert torch.isfinite(log_prob).all(), "no sample lies where the density is 0"
    contours = prior.contours()
    assert contours
    for line in contours:
        assert line.dtype == np.float32
        assert line.ndim == 2
        assert line.shape[1] == 2
        assert len(line) >= 2
        assert np.isfinite(line).all()


@pytest.mark.parametrize("name", PRIORS)
def test_planar_priors_stay_within_three_and_a_half(name: str) -> None:
    prior = make_prior(name)
    codes = prior.sample(draw_noise(prior))
    assert (codes.abs() < 3.5).float().mean() > 0.999
    farthest = max(np.abs(line).max() for line in prior.contours())
    assert farthest <= (4.0 if PRIORS[name].learned else 3.0)


@pytest.mark.parametrize(
    ("name", "latent_dim"), [case for case in CASES if not (PRIORS[case[0]].planar or PRIORS[case[0]].learned)]
)
def test_moments(name: str, latent_dim: int) -> None:
    prior = make_prior(name, latent_dim)
    codes = prior.sample(draw_noise(prior)).double()
    variance = (Ring.radius**2 + Ring.width**2) / latent_dim if name == "ring" else 1.0

    covariance = codes.T @ codes / MANY

    standard_error = codes.square().std(dim=0).max() / math.sqrt(MANY)
    assert (codes.mean(dim=0).abs() < 5 * math.sqrt(variance / MANY)).all()
    assert ((covariance.diagonal() - variance).abs() < 5 * standard_error).all()
    off_diagonal = covariance - torch.diag(covariance.diagonal())
    assert (off_diagonal.abs() < 6 * variance / math.sqrt(MANY)).all()


def test_mixture_moments() -> None:
    prior = Mixture(2)
    codes = prior.sample(draw_noise(prior)).double()
    variance = (Mixture.distance**2 + Mixture.length**2 + Mixture.breadth**2) / 2
    assert (codes.mean(dim=0).abs() < 5 * math.sqrt(variance / MANY)).all()
    assert ((codes.square().mean(dim=0) - variance).abs() < 5 * codes.square().std(dim=0) / math.sqrt(MANY)).all()


@pytest.mark.parametrize("name", PRIORS)
def test_density_integrates_to_one_and_explains_the_samples(name: str) -> None:
    prior = make_prior(name)
    step = 0.08 if name == "drawn" else 0.01  # a thousand Gaussians, as smooth as they are many
    axis = torch.arange(-6, 6, step, dtype=torch.float64) + step / 2
    grid = torch.cartesian_prod(axis, axis)
    log_prob = prior.log_prob(grid)
    if log_prob is None:
        pytest.skip("no closed form")
    density = log_prob.exp()
    assert float(density.sum()) * step**2 == pytest.approx(1.0, abs=4e-3)

    # The entropy by the grid is that by samples: the density belongs to this sampler and no other.
    entropy = -float((density * log_prob.clamp_min(-700)).sum()) * step**2
    sampled = prior.log_prob(prior.sample(draw_noise(prior).double()))
    assert sampled is not None
    tolerance = 5 * float(sampled.std()) / math.sqrt(MANY) + 0.02
    assert -float(sampled.mean()) == pytest.approx(entropy, abs=tolerance)


@pytest.mark.parametrize("name", PRIORS)
def test_density_agrees_with_a_histogram_of_the_samples(name: str) -> None:
    prior = make_prior(name)
    codes = prior.sample(draw_noise(prior)).double()
    side, fine = 0.4, (5 if name == "drawn" else 20)
    counts, _, _ = np.histogram2d(codes[:, 0].numpy(), codes[:, 1].numpy(), bins=20, range=[[-4, 4], [-4, 4]])
    axis = torch.arange(20 * fine, dtype=torch.float64) * (side / fine) - 4 + side / fine / 2
    log_prob = prior.log_prob(torch.cartesian_prod(axis, axis))
    if log_prob is None:
        pytest.skip("no closed form")
    mass = log_prob.exp().reshape(20, fine, 20, fine).sum(dim=(1, 3)).numpy() * (side / fine) ** 2
    expected = mass * MANY
    assert (np.abs(counts - expected) < 6 * np.sqrt(expected + 1) + 0.03 * expected).all()


def test_gaussian_density_is_that_of_torch() -> None:
    codes = torch.randn(100, 7, generator=torch.Generator().manual_seed(1))
    expected = distributions.Normal(0.0, 1.0).log_prob(codes).sum(dim=1)
    torch.testing.assert_close(Gaussian(7).log_prob(codes), expected)


def test_mixture_density_is_that_of_torch() -> None:
    angles = torch.arange(10, dtype=torch.float64) * (2 * math.pi / 10)
    turns = torch.stack(
        [torch.stack([angles.cos(), -angles.sin()], 1), torch.stack([angles.sin(), angles.cos()], 1)], 1
    )
    means = turns @ torch.tensor([Mixture.distance, 0.0], dtype=torch.float64)
    shape = torch.diag(torch.tensor([Mixture.length**2, Mixture.breadth**2], dtype=torch.float64))
    judge = distributions.MixtureSameFamily(
        distributions.Categorical(torch.ones(10, dtype=torch.float64)),
        distributions.MultivariateNormal(means, turns @ shape @ turns.transpose(1, 2)),
    )
    codes = 3 * torch.rand(200, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64) - 1.5
    torch.testing.assert_close(Mixture(2).log_prob(codes), judge.log_prob(codes))


@pytest.mark.parametrize("latent_dim", [2, 7])
def test_learned_density_is_that_of_torch(latent_dim: int) -> None:
    prior = moved_mixture(latent_dim)
    judge = distributions.MixtureSameFamily(
        distributions.Categorical(logits=prior.log_weights()),
        distributions.Independent(distributions.Normal(prior.means(), prior.log_scales().exp()), 1),
    )
    codes = 6 * torch.rand(200, latent_dim, generator=torch.Generator().manual_seed(2)) - 3
    torch.testing.assert_close(prior.log_prob(codes), judge.log_prob(codes))


def moved_mixture(latent_dim: int = 2) -> LearnedMixture:
    """A learned mixture whose weights are no longer the first ones."""
    prior = make_prior("learned-mixture", latent_dim)
    assert isinstance(prior, LearnedMixture)
    random = torch.Generator().manual_seed(4)
    for weight in prior.parameters():
        weight += 0.05 * torch.randn(weight.shape, generator=random)
    return prior


def test_learned_samples_come_from_each_part_as_often_as_its_weight_says() -> None:
    prior = moved_mixture()
    codes = prior.sample(draw_noise(prior))
    judge = distributions.Normal(prior.means(), prior.log_scales().exp())
    share_NP = (judge.log_prob(codes[:, None]).sum(2) + prior.log_weights()).softmax(1)
    error = (share_NP.mean(0) - prior.log_weights().exp()).abs() / share_NP.std(0) * math.sqrt(MANY)
    assert float(error.max()) < 5
    assert float(prior.log_weights().exp().min()) < 0.7 * float(prior.log_weights().exp().max())


def test_learned_mixture_begins_near_the_standard_gaussian() -> None:
    for latent_dim in (2, 16):
        prior = make_prior("learned-mixture", latent_dim)
        codes = prior.sample(draw_noise(prior)).double()
        assert float(codes.mean(0).abs().max()) < 0.05
        assert float((codes.var(0) - 1).abs().max()) < 0.05


def test_learned_mixture_finds_the_petals() -> None:
    """Fitted to samples of the ten petals, it explains new ones nearly as well as their own density does."""
    torch.manual_seed(0)
    petals, learned = Mixture(2), LearnedMixture(2)
    random = torch.Generator().manual_seed(1)
    adam = torch.optim.Adam(learned.parameters(), lr=3e-3)
    for _ in range(400):
        loss = -learned.log_prob(petals.sample(torch.rand(256, 3, generator=random))).mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    fresh = petals.sample(torch.rand(4000, 3, generator=random))
    with torch.no_grad():
        ours, best, fixed = (float(prior.log_prob(fresh).mean()) for prior in (learned, petals, Gaussian(2)))
    # Over three seeds: 0.27 to 0.30 nats below the petals, which the Gaussian misses by 0.87.
    assert best > ours > (best + fixed) / 2, (ours, best, fixed)


def test_contours_of_a_learned_mixture_move_with_it_and_leave_out_empty_parts() -> None:
    prior = make_prior("learned-mixture")
    assert isinstance(prior, LearnedMixture)
    before = prior.contours()
    assert len(before) == prior.parts
    prior.free_mean_PD.add_(0.1)
    for old, new in zip(before, prior.contours(), strict=True):
        np.testing.assert_allclose(new, old + 1.0, atol=1e-5)
    prior.free_logit_P[3] = -2.0
    assert len(prior.contours()) == prior.parts - 1


@pytest.mark.parametrize("latent_dim", [2, 5])
def test_uniform_densities_are_one_over_the_volume(latent_dim: int) -> None:
    origin, far = torch.zeros(1, latent_dim), torch.full((1, latent_dim), 3.0)
    ball_volume = math.pi ** (latent_dim / 2) / math.gamma(latent_dim / 2 + 1) * (latent_dim + 2) ** (latent_dim / 2)
    for prior, volume in ((Square(latent_dim), (2 * math.sqrt(3)) ** latent_dim), (Disc(latent_dim), ball_volume)):
        assert float(prior.log_prob(origin)) == pytest.approx(-math.log(volume), rel=1e-6)
        assert float(prior.log_prob(far)) == -math.inf


def test_disc_fills_its_radius_evenly() -> None:
    prior = Disc(2)
    shares = (torch.linalg.vector_norm(prior.sample(draw_noise(prior)), dim=1) / prior.radius).square().sort().values
    largest_gap = (shares - (torch.arange(MANY) + 0.5) / MANY).abs().max()
    assert float(largest_gap) < 1.95 / math.sqrt(MANY)  # Kolmogorov and Smirnov, at one in a thousand


def test_ring_has_the_radius_it_states_and_a_hole() -> None:
    prior = Ring(2)
    radii = torch.linalg.vector_norm(prior.sample(draw_noise(prior)), dim=1)
    assert float(radii.mean()) == pytest.approx(Ring.radius, abs=5 * Ring.width / math.sqrt(MANY))
    assert float(radii.std()) == pytest.approx(Ring.width, rel=5 / math.sqrt(2 * MANY))
    assert float(radii.min()) > 0.9
    assert torch.isfinite(prior.log_prob(torch.zeros(1, 2))).all()


def test_equal_noise_points_the_same_way_in_round_priors() -> None:
    noise = draw_noise(Gaussian(2), 200)
    directions = [torch.nn.functional.normalize(prior.sample(noise)) for prior in (Gaussian(2), Disc(2), Ring(2))]
    torch.testing.assert_close(directions[0], directions[1])
    torch.testing.assert_close(directions[0], directions[2])


@pytest.mark.parametrize(
    ("name", "shares"),
    [
        ("gaussian", [1 - math.exp(-0.5), 1 - math.exp(-2.0), 1 - math.exp(-4.5)]),
        ("square", [1.0]),
        ("disc", [1.0]),
        ("ring", [0.0228, 0.9772]),
        ("mixture", [(1 - math.exp(-2.0)) / 10] * 10),
        ("swiss-roll", [1.0]),
    ],
)
def test_contours_hold_the_share_they_state(name: str, shares: list[float]) -> None:
    prior = make_prior(name)
    codes = prior.sample(draw_noise(prior, 4000)).numpy()
    contours = prior.contours()
    assert len(contours) == len(shares)
    for line, share in zip(contours, shares, strict=True):
        np.testing.assert_array_equal(line[0], line[-1], err_msg="each of these outlines is closed")
        held = is_inside(codes, line).mean()
        assert held == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / 4000) + 2e-3)


@pytest.mark.parametrize("name", PRIORS)
def test_the_table_knows_which_priors_have_parts(name: str) -> None:
    kind = PRIORS[name].load()
    assert PRIORS[name].parts == (kind.parts if issubclass(kind, PartedPrior) else 0)
    assert ("prior_labels" in PRIORS[name].settings) is (PRIORS[name].parts > 0)
    assert PRIORS[name].learned is any(True for _ in make_prior(name).parameters())


@pytest.mark.parametrize("kind", [Mixture, SwissRoll])
def test_a_part_can_be_asked_for(kind: type[PartedPrior]) -> None:
    prior = kind(2)
    noise = draw_noise(prior, 500)
    codes = prior.sample(noise)
    part = (noise[:, -1] * prior.parts).long()
    torch.testing.assert_close(prior.sample_part(noise[:, :2], part), codes)
    assert set(part.tolist()) == set(range(10))

    third = prior.sample_part(noise[:, :2], torch.full((500,), 3))
    fourth = prior.sample_part(noise[:, :2], torch.full((500,), 4))
    assert float((third.mean(dim=0) - fourth.mean(dim=0)).norm()) > 0.3


def test_petals_point_away_from_the_origin() -> None:
    noise = draw_noise(Mixture(2), 2000)[:, :2]
    for part in range(10):
        codes = Mixture(2).sample_part(noise, torch.full((2000,), part))
        middle = codes.mean(dim=0)
        along = middle / middle.norm()
        spread = (codes - middle).std(dim=0)
        assert float(middle.norm()) == pytest.approx(Mixture.distance, abs=0.06)
        assert float(((codes - middle) @ along).std()) == pytest.approx(Mixture.length, rel=0.1)
        assert float(spread.square().sum()) == pytest.approx(Mixture.length**2 + Mixture.breadth**2, rel=0.2)


def test_parts_of_the_roll_follow_it_outwards() -> None:
    noise = draw_noise(SwissRoll(2), 300)[:, :2]
    radii = [float(SwissRoll(2).sample_part(noise, torch.full((300,), part)).norm(dim=1).mean()) for part in range(10)]
    assert radii == sorted(radii)


@pytest.mark.parametrize("name", PRIORS)
def test_double_noise_gives_double_codes(name: str) -> None:
    prior = make_prior(name)
    noise = draw_noise(prior, 50)
    codes = prior.sample(noise.double())
    assert codes.dtype == torch.float64
    torch.testing.assert_close(codes.float(), prior.sample(noise), atol=2e-3, rtol=1e-3)
