"""What a decoder does to distances: the pull-back metric of its mean (Arvanitidis et al. 2018, section 2)."""

from collections.abc import Callable
from typing import Final

import torch
from torch import Tensor

Embedding = Callable[[Tensor], Tensor]
"""From codes, (N, D), to images of any shape, (N, …); differentiable."""

STEP: Final = 2e-3
"""Latent units: small beside anything that can be seen on a plane, large beside the rounding of float32."""


def pull_back_metric(embed: Embedding, codes_ND: Tensor, axes_AD: Tensor, step: float = STEP) -> Tensor:
    """JᵀJ along some axes, (N, A, A), where J is the Jacobian of the embedding at each code.

    A step of da along the axes moves the image by √(daᵀ JᵀJ da), in Euclidean distance over its pixels. J is taken by
    central differences: two passes an axis, whatever the size of the image, which torch's forward mode does not beat.
    """
    with torch.no_grad():
        columns_NPA = torch.stack(
            [
                (embed(codes_ND + step * axis_D) - embed(codes_ND - step * axis_D)).flatten(1) / (2 * step)
                for axis_D in axes_AD
            ],
            dim=2,
        )
    return columns_NPA.mT @ columns_NPA
