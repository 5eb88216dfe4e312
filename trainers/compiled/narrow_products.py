"""Products of matrices of which one has few columns, written out as sums, for compiled steps.

Codes have few dimensions, and a discriminator has one logit: a library for products takes longer to begin with these
than to compute them, while a compiler makes them part of the pass over memory before or after.
"""

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any, Final

import torch
from torch import Tensor

FEW: Final = 4
"""As many terms, rows or columns at most."""


def product(one: Tensor, other: Tensor) -> Tensor:
    """In place of `aten.mm`: (M, K) · (K, N), where K or M is small, or N is and nothing need be read in leaps."""
    terms, rows, columns = one.shape[1], one.shape[0], other.shape[1]
    if one.dtype != torch.float32 or other.dtype != torch.float32:
        return NotImplemented
    if terms <= FEW:
        return reduce(add, (one[:, term, None] * other[term] for term in range(terms)))
    if rows <= FEW:
        return torch.stack([(one[row, :, None] * other).sum(0) for row in range(rows)])
    if columns <= FEW and (one.stride(1) != 1 or other.stride(0) == 1):
        return torch.stack([(one * other[:, column]).sum(1) for column in range(columns)], 1)
    return NotImplemented


def shifted_product(shift: Tensor, one: Tensor, other: Tensor, *, beta: float = 1, alpha: float = 1) -> Tensor:
    """In place of `aten.addmm`: such a product, and a number for each column."""
    found = product(one, other) if beta == alpha == 1 else NotImplemented
    return found if found is NotImplemented else found + shift


AS_SUMS: dict[Any, Callable[..., Any]] = {
    torch.ops.aten.mm.default: product,
    torch.ops.aten.addmm.default: shifted_product,
}
"""What a compiler is to see in place of these operations."""
