"""The importance-weighted bound: E[log (1 / K) Σ_k p(x | z_k) p(z_k) / q(z_k | x)] with z_k from q(z | x).

Burda, Grosse & Salakhutdinov 2016, "Importance weighted autoencoders", equation 8. At K = 1 it is the ELBO, and it
grows with K towards log p(x).
"""

import math
from typing import Final

import torch
from torch import Tensor

from trainers.metrics.evidence import CHUNK, Evidence, pixels_of
from trainers.metrics.evidence_lower_bound import likelihood_note
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean
from trainers.seeds import generator_for

DRAWS: Final = 500
IMAGES: Final = 1000
AT_ONCE: Final = 25
"""Draws of one image that are decoded together."""


def measure(evidence: Evidence) -> Figure | None:
    """The bound at K = 500 in nats, the mean over the first thousand held-out images.

    None without a posterior, and where the prior has no known density.
    """
    values_N = importance_weighted_bound(evidence, DRAWS)
    return None if values_N is None else figure_of_mean(values_N, note=likelihood_note(evidence))


def importance_weighted_bound(evidence: Evidence, draws: int) -> Tensor | None:
    """The bound with K = `draws` for each of the first thousand held-out images, (N,); None as above."""
    a_code_1D = evidence.prior_codes_SD[:1].to(evidence.device)
    if evidence.posterior_ND is None or evidence.model.prior.log_prob(a_code_1D) is None:
        return None
    mean_ND, log_variance_ND = (part_ND[:IMAGES] for part_ND in evidence.posterior_ND)
    log_sum_N = torch.full((len(mean_ND),), -math.inf)
    for start in range(0, draws, AT_ONCE):
        # A draw has noise of its own whatever K is: more draws then add to the same ones.
        count = min(AT_ONCE, draws - start)
        noise_NKD = torch.randn(len(mean_ND), AT_ONCE, evidence.latent_dim, generator=generator_for(0, "iwae", start))
        part_N = _log_sum(evidence, mean_ND, log_variance_ND, noise_NKD[:, :count])
        log_sum_N = torch.logaddexp(log_sum_N, part_N)
    return log_sum_N - math.log(draws)


def _log_sum(evidence: Evidence, mean_ND: Tensor, log_variance_ND: Tensor, noise_NKD: Tensor) -> Tensor:
    """Log of the sum of the weights of some draws, (N,), a thousand decoded images at a time."""
    images = max(1, CHUNK // noise_NKD.shape[1])
    inputs = (evidence.held_out_NCHW[: len(mean_ND)], mean_ND, log_variance_ND, noise_NKD)

    def log_sums(pixels_NCHW: Tensor, mean_ND: Tensor, log_variance_ND: Tensor, noise_NKD: Tensor) -> Tensor:
        return log_weights(evidence, pixels_of(pixels_NCHW), mean_ND, log_variance_ND, noise_NKD).logsumexp(1)

    return evidence.in_chunks(log_sums, *inputs, rows=images)


def log_weights(
    evidence: Evidence, pixels_NCHW: Tensor, mean_ND: Tensor, log_variance_ND: Tensor, noise_NKD: Tensor
) -> Tensor:
    """The weights log p(x | z) + log p(z) − log q(z | x) at z = mean + σ · noise, (N, K)."""
    model, (count, draws, latent_dim) = evidence.model, noise_NKD.shape
    codes_ND = (mean_ND[:, None] + torch.exp(0.5 * log_variance_ND)[:, None] * noise_NKD).flatten(0, 1)
    log_likelihood_N = -model.likelihood.negative_log(
        model.decoder(codes_ND), pixels_NCHW.repeat_interleave(draws, dim=0)
    )
    log_prior_N = model.prior.log_prob(codes_ND)
    assert log_prior_N is not None
    log_posterior_NK = -0.5 * (noise_NKD.square() + log_variance_ND[:, None]).sum(2)
    log_posterior_NK = log_posterior_NK - 0.5 * latent_dim * math.log(2 * math.pi)
    return (log_likelihood_N + log_prior_N).view(count, draws) - log_posterior_NK
