"""The likelihoods are those of torch.distributions."""

import pytest
import torch
from torch import Tensor
from torch.distributions import Bernoulli, Normal

from trainers.models.likelihoods import PACE, LearnedGaussian, build_likelihood
from trainers.recipe import LIKELIHOODS

RANDOM = torch.Generator().manual_seed(0)
LOGITS_NCHW = 3 * torch.randn(5, 3, 8, 8, generator=RANDOM)
PIXELS_NCHW = torch.rand(5, 3, 8, 8, generator=RANDOM)


def log_prob(distribution: Bernoulli | Normal, pixels_NCHW: Tensor) -> Tensor:
    return distribution.log_prob(pixels_NCHW).flatten(1).sum(1)


def test_bernoulli_on_black_and_white() -> None:
    ink_NCHW = (PIXELS_NCHW > 0.5).float()
    expected = -log_prob(Bernoulli(logits=LOGITS_NCHW), ink_NCHW)
    torch.testing.assert_close(build_likelihood("bernoulli").negative_log(LOGITS_NCHW, ink_NCHW), expected)


def test_bernoulli_on_grey_is_the_expected_value_over_ink() -> None:
    distribution = Bernoulli(logits=LOGITS_NCHW)
    ink = distribution.log_prob(torch.ones_like(LOGITS_NCHW))
    paper = distribution.log_prob(torch.zeros_like(LOGITS_NCHW))
    expected = -(PIXELS_NCHW * ink + (1 - PIXELS_NCHW) * paper).flatten(1).sum(1)
    torch.testing.assert_close(build_likelihood("bernoulli").negative_log(LOGITS_NCHW, PIXELS_NCHW), expected)


def test_gaussian_has_unit_variance_around_the_sigmoid() -> None:
    likelihood = build_likelihood("gaussian")
    expected = -log_prob(Normal(torch.sigmoid(LOGITS_NCHW), 1.0), PIXELS_NCHW)
    torch.testing.assert_close(likelihood.negative_log(LOGITS_NCHW, PIXELS_NCHW), expected)
    assert not any(weight.requires_grad for weight in likelihood.parameters())


@pytest.mark.parametrize("log_sigma", [-3.0, -1.5, 0.0, 0.7])
def test_learned_gaussian_has_the_learned_width(log_sigma: float) -> None:
    likelihood = LearnedGaussian()
    with torch.no_grad():
        likelihood.free_log_sigma.fill_(log_sigma / PACE)
    # log σ is log(exp(s) + exp(−6)): above −6, and all but s where s is far above.
    sigma = torch.logaddexp(torch.tensor(log_sigma), torch.tensor(-6.0)).exp()
    assert sigma.log() == pytest.approx(log_sigma, abs=0.06)
    expected = -log_prob(Normal(torch.sigmoid(LOGITS_NCHW), sigma), PIXELS_NCHW)
    torch.testing.assert_close(likelihood.negative_log(LOGITS_NCHW, PIXELS_NCHW), expected, rtol=1e-4, atol=1e-3)


def test_learned_width_settles_at_the_residuals_deviation() -> None:
    likelihood = LearnedGaussian()
    adam = torch.optim.Adam(likelihood.parameters(), lr=0.05 / PACE)
    for _ in range(200):
        adam.zero_grad()
        likelihood.negative_log(LOGITS_NCHW, PIXELS_NCHW).mean().backward()
        adam.step()
    deviation = (PIXELS_NCHW - torch.sigmoid(LOGITS_NCHW)).square().mean().sqrt()
    torch.testing.assert_close(likelihood.log_sigma().exp().detach(), deviation, rtol=0.02, atol=0)


def test_no_width_lets_the_likelihood_explode() -> None:
    likelihood = LearnedGaussian()
    with torch.no_grad():
        likelihood.free_log_sigma.fill_(-1000.0)
    assert likelihood.negative_log(LOGITS_NCHW, PIXELS_NCHW).isfinite().all()


@pytest.mark.parametrize("name", LIKELIHOODS)
def test_means_are_pixels(name: str) -> None:
    torch.testing.assert_close(build_likelihood(name).mean(LOGITS_NCHW), torch.sigmoid(LOGITS_NCHW))
