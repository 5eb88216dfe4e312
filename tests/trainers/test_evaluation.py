"""Figures on held-out images are those of a plain loop over the images."""

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Independent, Normal, kl_divergence

from tests.trainers.tiny_runs import KINDS_OF_RUN, digits, run_of
from trainers import evaluation
from trainers.evaluation import evaluate
from trainers.models.variational import VariationalAutoencoder
from trainers.recipe import Recipe
from trainers.seeds import generator_for


def test_figures_are_means_over_single_images() -> None:
    run = run_of(Recipe(family="vae", batch_size=32), digits(), steps=10)
    model = run.model
    assert isinstance(model, VariationalAutoencoder)
    noise_ND = torch.randn(len(digits().test_NCHW), 2, generator=generator_for(0, "evaluation"))
    rows: list[tuple[float, float, float, float]] = []
    prior = Independent(Normal(torch.zeros(2), torch.ones(2)), 1)
    with torch.no_grad():
        for image_CHW, noise_D in zip(digits().test_NCHW, noise_ND, strict=True):
            pixels_NCHW = torch.from_numpy(image_CHW[None]).float() / 255
            mean_ND, log_variance_ND = model.posterior(pixels_NCHW)
            posterior = Independent(Normal(mean_ND, (log_variance_ND / 2).exp()), 1)
            kl = float(kl_divergence(posterior, prior))
            decoded = Bernoulli(logits=model.decoder(mean_ND), validate_args=False)
            sampled = Bernoulli(
                logits=model.decoder(mean_ND + (log_variance_ND / 2).exp() * noise_D), validate_args=False
            )
            rows.append(
                (
                    float((decoded.probs - pixels_NCHW).square().mean()),
                    float(-decoded.log_prob(pixels_NCHW).sum()),
                    float(sampled.log_prob(pixels_NCHW).sum()) - kl,
                    kl,
                )
            )
    names = ("reconstruction_mse", "reconstruction_bce", "elbo", "kl")
    expected = dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True))
    assert run.evaluate() == pytest.approx(expected, rel=1e-5)


def test_figures_do_not_depend_on_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    model = run_of(Recipe(batch_size=32), digits()).model
    images_NCHW = torch.from_numpy(digits().test_NCHW)
    whole = evaluate(model, images_NCHW)
    monkeypatch.setattr(evaluation, "CHUNK", 17)
    assert evaluate(model, images_NCHW) == pytest.approx(whole, rel=1e-6)


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_evaluation_is_repeatable(kind: str) -> None:
    run = run_of(KINDS_OF_RUN[kind], steps=1)
    assert run.evaluate() == run.evaluate()
