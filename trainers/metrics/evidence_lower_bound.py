"""The evidence lower bound and its terms: log p(x) ≥ E_q[log p(x | z)] − KL(q(z | x) ‖ p(z)) (Kingma & Welling 2014).

The expectation is taken by one draw of each posterior, the same noise for every model. Bounds under different
likelihoods are in different units, densities or probabilities, and are not compared.
"""

import math

from torch import Tensor

from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.metrics.resampling import figure_of_mean


def bound(evidence: Evidence) -> Figure | None:
    """The bound, the mean over held-out images in nats."""
    return _figure(evidence, evidence.bound_N.get("elbo"))


def reconstruction(evidence: Evidence) -> Figure | None:
    """E_q[log p(x | z)], the mean over held-out images in nats."""
    terms_N = evidence.bound_N
    return _figure(evidence, terms_N["elbo"] + terms_N["kl"] if terms_N else None)


def kl(evidence: Evidence) -> Figure | None:
    """KL(q(z | x) ‖ p(z)), the mean over held-out images in nats."""
    values_N = evidence.bound_N.get("kl")
    return None if values_N is None else figure_of_mean(values_N)


def kl_bits(evidence: Evidence) -> Figure | None:
    """The KL term over D ln 2: bits in a latent dimension, on average over the dimensions."""
    values_N = evidence.bound_N.get("kl")
    return None if values_N is None else figure_of_mean(values_N / (evidence.latent_dim * math.log(2)))


def _figure(evidence: Evidence, values_N: Tensor | None) -> Figure | None:
    return None if values_N is None else figure_of_mean(values_N, note=likelihood_note(evidence))


def likelihood_note(evidence: Evidence) -> str:
    """Under which likelihood the bound holds, for `Figure.note`."""
    kind = "Bernoulli" if evidence.model.recipe.likelihood == "bernoulli" else "Gaussian"
    return f"{kind} likelihood"
