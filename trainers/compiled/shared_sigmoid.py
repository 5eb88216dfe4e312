"""The cross-entropy of logits by the sigmoid that its gradient needs anyway, for compiled steps.

Torch takes log(1 + exp(−|x|)) for the loss and 1 / (1 + exp(−x)) for the gradient: two exponentials of each pixel,
where one will do, since the former is −log max(s, 1 − s) of the latter, s.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

NO_REDUCTION = 0


def cross_entropy(
    logits: Tensor,
    targets: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: int = 1,
) -> Tensor:
    """In place of `aten.binary_cross_entropy_with_logits`: max(x, 0) − x t − log max(s, 1 − s) of each element.

    It errs by the rounding of s: less than 1e-6 nats a pixel.
    """
    if weight is not None or pos_weight is not None or reduction != NO_REDUCTION:
        return NotImplemented
    ink = logits.sigmoid()
    return logits.clamp_min(0) - logits * targets - torch.maximum(ink, 1 - ink).log()


BY_SIGMOID: dict[Any, Callable[..., Any]] = {torch.ops.aten.binary_cross_entropy_with_logits.default: cross_entropy}
"""What a compiler is to see in place of these operations."""
