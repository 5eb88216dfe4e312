"""What the decoder's output means: p(x | z), one class for each entry of `LIKELIHOODS`."""

import math
from abc import ABC, abstractmethod
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from trainers.recipe import LIKELIHOODS

PACE: Final = 10.0
"""Adam moves every number by about the learning rate a step, and log σ has far to go: so much further it moves."""


class Likelihood(nn.Module, ABC):
    """p(x | z) for pixels x in [0, 1], given the decoder's output, logits of the same shape (N, C, H, W)."""

    @abstractmethod
    def negative_log(self, logits_NCHW: Tensor, pixels_NCHW: Tensor) -> Tensor:
        """−log p(x | z) of each image, in nats, (N,)."""

    def mean(self, logits_NCHW: Tensor) -> Tensor:
        """The expected pixels, in [0, 1]."""
        return torch.sigmoid(logits_NCHW)


class Bernoulli(Likelihood):
    """Each pixel is a probability of ink (Kingma & Welling 2014, appendix C.1).

    Grey values are taken as probabilities, as is usual; the cross-entropy is then a bound, not a density.
    """

    def negative_log(self, logits_NCHW: Tensor, pixels_NCHW: Tensor) -> Tensor:
        """Cross-entropy, summed over the pixels, in nats, (N,)."""
        return binary_cross_entropy_with_logits(logits_NCHW, pixels_NCHW, reduction="none").flatten(1).sum(1)


class Gaussian(Likelihood):
    """Each pixel is N(mean, σ²) with σ = 1 (Kingma & Welling 2014, appendix C.2)."""

    def log_sigma(self) -> Tensor:
        """Log σ, the same for all pixels, ()."""
        return torch.zeros(())

    def negative_log(self, logits_NCHW: Tensor, pixels_NCHW: Tensor) -> Tensor:
        """½ ((x − mean) / σ)² + log σ + ½ log 2π, summed over the pixels, in nats, (N,)."""
        log_sigma = self.log_sigma()
        squares = ((pixels_NCHW - self.mean(logits_NCHW)) * torch.exp(-log_sigma)).square().flatten(1).sum(1)
        return 0.5 * squares + pixels_NCHW[0].numel() * (log_sigma + 0.5 * math.log(2 * math.pi))


class LearnedGaussian(Gaussian):
    """Each pixel is N(mean, σ²) with one σ learned for all pixels (σ-VAE, Rybkin et al. 2021, section 3)."""

    def __init__(self) -> None:
        super().__init__()
        self.free_log_sigma = nn.Parameter(torch.zeros(()))

    def log_sigma(self) -> Tensor:
        """The learned log σ, kept above −6, soft at the edge, as in the paper."""
        return -6.0 + nn.functional.softplus(PACE * self.free_log_sigma + 6.0)


_CLASSES: dict[str, type[Likelihood]] = {
    "bernoulli": Bernoulli,
    "gaussian": Gaussian,
    "gaussian-learned": LearnedGaussian,
}
assert _CLASSES.keys() == LIKELIHOODS.keys()


def build_likelihood(name: str) -> Likelihood:
    """The likelihood behind an entry of `LIKELIHOODS`."""
    return _CLASSES[name]()
