"""What every latent prior offers: samples as a map from uniform noise, so that equal noise is comparable anywhere."""

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Polyline = npt.NDArray[np.float32]


class Prior(ABC):
    """A distribution over codes of `latent_dim` dimensions.

    A prior is a map from uniform noise to codes: `sample` takes one row of noise in [0, 1) per code, and equal noise
    gives equal codes. That keeps a training step a pure function of its random numbers, and lets two models be shown
    samples "from the same noise".
    """

    def __init__(self, latent_dim: int) -> None:
        self.latent_dim = latent_dim

    @property
    def noise_dim(self) -> int:
        """Columns of noise that one code takes: one a dimension, and one to choose a component with."""
        return self.latent_dim + 1

    @abstractmethod
    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""

    def log_prob(self, codes_ND: Tensor) -> Tensor | None:
        """Log density of each code in nats, (N,), or None where it has no closed form."""
        del codes_ND
        return None

    @abstractmethod
    def contours(self) -> tuple[Polyline, ...]:
        """Lines that show the prior in the first two dimensions: closed or open polylines, float32, (M, 2)."""


def standard_normal(uniform: Tensor) -> Tensor:
    """Map uniform numbers in [0, 1) to standard normal ones, by the inverse of the distribution function."""
    tiny = torch.finfo(uniform.dtype).eps
    return torch.special.ndtri(uniform.clamp(tiny, 1 - tiny))
