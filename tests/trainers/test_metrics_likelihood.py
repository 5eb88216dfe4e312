"""Bounds on the likelihood, against a linear Gaussian model whose likelihood is known exactly."""

import math

import numpy as np
import numpy.typing as npt
import pytest
import torch
from scipy.stats import multivariate_normal
from torch import Tensor, nn

from tests.trainers.planted_models import SHAPE, noise_set
from tests.trainers.tiny_runs import digits, run_of
from trainers.metrics import evidence_lower_bound as elbo
from trainers.metrics import importance_weighted_bound as iwae
from trainers.metrics.evidence import Evidence, pixels_of
from trainers.metrics.figure import is_better
from trainers.models.likelihoods import Gaussian
from trainers.models.variational import VariationalAutoencoder
from trainers.priors.prior import Prior
from trainers.recipe import Recipe


class UnsquashedGaussian(Gaussian):
    """N(output, 1) for each pixel, without the sigmoid."""

    def mean(self, logits_NCHW: Tensor) -> Tensor:
        """The output itself."""
        return logits_NCHW


class LinearGaussianModel(VariationalAutoencoder):
    """x ~ N(W z, I) with z ~ N(0, I): factor analysis, where posterior and likelihood have closed forms.

    The columns of W are orthogonal, so that the posterior is a diagonal Gaussian. `widening` multiplies its standard
    deviation, which makes it wrong.
    """

    def __init__(self, widening: float = 1.0) -> None:
        super().__init__(Recipe(family="vae", likelihood="gaussian"), SHAPE)
        self.widening = widening
        random = np.random.default_rng(0)
        directions_P2: npt.NDArray[np.float64] = np.linalg.qr(random.normal(size=(64, 2)))[0]
        self.weights_P2 = torch.tensor(directions_P2 * [3.0, 1.5], dtype=torch.float32)
        linear = nn.Linear(2, 64, bias=False)
        linear.weight.data = self.weights_P2
        self.decoder = nn.Sequential(linear, nn.Unflatten(1, (1, 8, 8)))
        self.likelihood = UnsquashedGaussian()

    def posterior(self, pixels_NCHW: Tensor) -> tuple[Tensor, Tensor]:
        """Mean (I + WᵀW)⁻¹ Wᵀx and log variance of (I + WᵀW)⁻¹."""
        variance_2 = 1 / (1 + self.weights_P2.square().sum(0))
        mean_N2 = variance_2 * (pixels_NCHW.flatten(1) @ self.weights_P2)
        return mean_N2, (variance_2 * self.widening**2).log().expand_as(mean_N2)

    def log_likelihood(self, images_NCHW: Tensor) -> npt.NDArray[np.float64]:
        """The log of N(x; 0, W Wᵀ + I), (N,)."""
        weights_P2 = self.weights_P2.double().numpy()
        distribution = multivariate_normal(np.zeros(64), weights_P2 @ weights_P2.T + np.eye(64))
        return np.asarray(distribution.logpdf(pixels_of(images_NCHW).flatten(1).double().numpy()))


def bound_of(evidence: Evidence, draws: int) -> Tensor:
    values_N = iwae.importance_weighted_bound(evidence, draws)
    assert values_N is not None
    return values_N


@pytest.mark.parametrize("draws", [1, 7, 60])
def test_with_the_true_posterior_any_number_of_draws_gives_the_likelihood(draws: int) -> None:
    model = LinearGaussianModel()
    evidence = Evidence(model, noise_set(20, 50))
    np.testing.assert_allclose(bound_of(evidence, draws), model.log_likelihood(evidence.held_out_NCHW), rtol=1e-4)


def test_with_a_wrong_posterior_it_grows_with_the_draws_towards_the_likelihood() -> None:
    model = LinearGaussianModel(widening=2.0)
    evidence = Evidence(model, noise_set(20, 200))
    truth = float(model.log_likelihood(evidence.held_out_NCHW).mean())
    means = [float(bound_of(evidence, draws).mean()) for draws in (1, 5, 50, 500)]
    assert means == sorted(means)
    assert truth - means[0] > 1
    assert means[-1] == pytest.approx(truth, abs=0.02)
    figure = iwae.measure(evidence)
    assert figure is not None
    assert figure.value == pytest.approx(means[-1])


def test_with_one_draw_it_is_the_elbo() -> None:
    # Both miss the truth by KL(q ‖ posterior), though one has the KL term to the prior analytic, the other estimated.
    model = LinearGaussianModel(widening=2.0)
    evidence = Evidence(model, noise_set(20, 1000))
    bound = elbo.bound(evidence)
    assert bound is not None
    gap = 2 * (math.log(0.5) + 1.5)
    truth = float(model.log_likelihood(evidence.held_out_NCHW).mean())
    assert bound.value == pytest.approx(truth - gap, abs=0.25)
    assert float(bound_of(evidence, 1).mean()) == pytest.approx(truth - gap, abs=0.25)


def test_weights_are_the_ratio_of_densities() -> None:
    evidence = Evidence.of_run(run_of(Recipe(family="vae", batch_size=32), digits(), steps=10), limit=20)
    assert evidence.posterior_ND is not None
    mean_ND, log_variance_ND = evidence.posterior_ND
    noise_NKD = torch.randn(20, 3, 2, generator=torch.Generator().manual_seed(0))
    pixels_NCHW = pixels_of(evidence.held_out_NCHW)
    with torch.no_grad():
        found_NK = iwae.log_weights(evidence, pixels_NCHW, mean_ND, log_variance_ND, noise_NKD)
        scale_ND = (log_variance_ND / 2).exp()
        for index in range(3):
            codes_ND = mean_ND + scale_ND * noise_NKD[:, index]
            logits_NCHW = evidence.model.decoder(codes_ND)
            likelihood = torch.distributions.Bernoulli(logits=logits_NCHW, validate_args=False)
            expected_N = (
                likelihood.log_prob(pixels_NCHW).flatten(1).sum(1)
                + torch.distributions.Normal(0, 1).log_prob(codes_ND).sum(1)
                - torch.distributions.Normal(mean_ND, scale_ND).log_prob(codes_ND).sum(1)
            )
            torch.testing.assert_close(found_NK[:, index], expected_N)


def test_terms_add_up_and_bits_are_nats_over_ln_two() -> None:
    evidence = Evidence.of_run(run_of(Recipe(family="vae", batch_size=32, latent_dim=5), digits(), steps=10))
    bound, reconstruction, kl, bits = (
        metric(evidence) for metric in (elbo.bound, elbo.reconstruction, elbo.kl, elbo.kl_bits)
    )
    assert bound and reconstruction and kl and bits  # noqa: PT018 - none is None
    assert bound.value == pytest.approx(reconstruction.value - kl.value, rel=1e-5)
    assert bits.value == pytest.approx(kl.value / 5 / math.log(2))


def test_training_raises_the_bound_and_more_draws_do_too() -> None:
    recipe = Recipe(family="vae", batch_size=64)
    fresh, trained = (Evidence.of_run(run_of(recipe, digits(), steps=steps), limit=100) for steps in (0, 60))
    for metric in (elbo.bound, iwae.measure):
        good, poor = metric(trained), metric(fresh)
        assert good is not None
        assert poor is not None
        assert is_better(good, poor, "higher")
    loose, tight = elbo.bound(trained), iwae.measure(trained)
    assert loose is not None
    assert tight is not None
    assert tight.value > loose.value


def test_bounds_under_different_likelihoods_are_not_compared() -> None:
    bernoulli, gaussian = (
        elbo.bound(Evidence.of_run(run_of(Recipe(family="vae", likelihood=likelihood)), limit=20))
        for likelihood in ("bernoulli", "gaussian")
    )
    assert bernoulli is not None
    assert gaussian is not None
    assert bernoulli.note != gaussian.note
    assert not is_better(bernoulli, gaussian, "higher")
    assert not is_better(gaussian, bernoulli, "higher")


def test_a_prior_without_a_density_has_no_importance_weights() -> None:
    class Shapeless(Prior):
        def sample(self, noise_NK: Tensor) -> Tensor:
            """Zeros."""
            return torch.zeros(len(noise_NK), 2)

        def contours(self) -> tuple[npt.NDArray[np.float32], ...]:
            """None."""
            return ()

    model = LinearGaussianModel()
    model.prior = Shapeless(2)
    assert iwae.measure(Evidence(model, noise_set(20, 20))) is None
