"""What every latent prior offers: samples as a map from uniform noise, so that equal noise is comparable anywhere."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Polyline = npt.NDArray[np.float32]


class Prior(nn.Module, ABC):
    """A distribution over codes of `latent_dim` dimensions.

    A prior is a map from uniform noise to codes: `sample` takes one row of noise in [0, 1) per code, and equal noise
    gives equal codes. That keeps a training step a pure function of its random numbers, and lets two models be shown
    samples "from the same noise".

    It is a module, so that a learned prior moves with its model from device to device and into files; all others have
    neither weights nor anything to save.
    """

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.latent_dim = latent_dim

    @classmethod
    def with_settings(cls, latent_dim: int, settings: Mapping[str, str]) -> Self:
        """The prior that a recipe asks for; `settings` are those of its fields that the listing names."""
        del settings
        return cls(latent_dim)

    @property
    def learns(self) -> bool:
        """Whether training changes it."""
        return any(parameter.requires_grad for parameter in self.parameters())

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


class PartedPrior(Prior):
    """A prior made of equally likely parts, one of which can be asked for.

    `sample` lets the last column of the noise choose the part; a prior conditioned on labels (Makhzani et al. 2016,
    section 2.3) calls `sample_part` with the part of each image's class instead.
    """

    parts: ClassVar[int]

    def sample(self, noise_NK: Tensor) -> Tensor:
        """Map noise, (N, noise_dim) in [0, 1), to codes, (N, latent_dim), on the same device."""
        part_N = (noise_NK[:, -1] * self.parts).floor().clamp(max=self.parts - 1)
        return self.sample_part(noise_NK[:, : self.latent_dim], part_N.long())

    @abstractmethod
    def sample_part(self, noise_ND: Tensor, part_N: Tensor) -> Tensor:
        """Map noise, (N, latent_dim) in [0, 1), to codes, (N, latent_dim), of the given parts, int64 (N,)."""


def standard_normal(uniform: Tensor) -> Tensor:
    """Map uniform numbers in [0, 1) to standard normal ones, by the inverse of the distribution function."""
    tiny = torch.finfo(uniform.dtype).eps
    # erfinv rather than ndtri: the former runs on every kind of device.
    return math.sqrt(2) * torch.erfinv(2 * uniform.clamp(tiny, 1 - tiny) - 1)


def unit_direction(noise_ND: Tensor) -> Tensor:
    """Map noise, (N, D) in [0, 1), to directions, (N, D), of unit length and uniform over the sphere.

    It is the direction of the Gaussian prior's code for the same noise.
    """
    normal_ND = standard_normal(noise_ND)
    length_N1 = torch.linalg.vector_norm(normal_ND, dim=1, keepdim=True)
    first_axis_ND = torch.zeros_like(normal_ND)
    first_axis_ND[:, 0] = 1
    return torch.where(length_N1 > 0, normal_ND / length_N1, first_axis_ND)


def circle(radius: float, points: int = 181) -> Polyline:
    """A closed circle around the origin, (points, 2)."""
    angles = np.linspace(0, 2 * np.pi, points)
    line_M2 = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    line_M2[-1] = line_M2[0]
    return line_M2.astype(np.float32)
