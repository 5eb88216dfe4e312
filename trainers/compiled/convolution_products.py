"""Convolutions as products of matrices, for compiled steps: the same numbers, up to the order in which they are added.

A processor multiplies large matrices at its full pace, and convolves small images at a fraction of it. So the patches
under the filters are laid out as rows, and multiplied with all filters at once (Chellapilla, Puri and Simard 2006,
"High Performance Convolutional Neural Networks for Document Processing", section 3). A compiler makes the laying out
one pass over memory together with what comes before it.

A convolution goes from a large map to a small one, which has a place for each patch of the large; a transposed one goes
the other way by the same weights, (S, L, kernel) for S channels of the small map and L of the large. So each is the
other's gradient. Maps have their channels last, (N, H, W, C), as the products make them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from operator import add
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Filters:
    """A set of filters between a large map and a small one.

    Attributes:
        weights: (S, L, kernel height, kernel width).
        stride: Pixels of the large map from one patch to the next.
        padding: Pixels by which the first patch begins outside.
        large: Height and width of the large map.
        small: Those of the small map.
    """

    weights: Tensor
    stride: Pair
    padding: Pair
    large: Pair
    small: Pair

    @property
    def kernel(self) -> Pair:
        """Height and width of a patch."""
        return (self.weights.shape[2], self.weights.shape[3])

    @property
    def matrix(self) -> Tensor:
        """The weights as (S, kernel · L)."""
        return self.weights.permute(0, 2, 3, 1).flatten(1)

    def to_small(self, large: Tensor) -> Tensor:
        """The small map of a large one: what a convolution computes."""
        return (self.patches_of(large) @ self.matrix.t()).unflatten(0, (-1, *self.small))

    def to_large(self, small: Tensor) -> Tensor:
        """The large map of a small one: what a transposed convolution computes."""
        return self.maps_of(small.flatten(0, 2) @ self.matrix)

    def gradient(self, large: Tensor, small: Tensor) -> Tensor:
        """That of the weights, from one of the maps and the gradient of the other."""
        by_patch = small.flatten(0, 2).t() @ self.patches_of(large)
        return by_patch.unflatten(1, (*self.kernel, -1)).permute(0, 3, 1, 2)

    def patches_of(self, large: Tensor) -> Tensor:
        """The patch at each place of the small map, (N · places, kernel · L)."""
        sides = zip(self.small, self.stride, self.kernel, self.padding, self.large, strict=True)
        (top, bottom), (left, right) = (
            (before, (places - 1) * step + side - before - size) for places, step, side, before, size in sides
        )
        padded = pad(large, (0, 0, left, right, top, bottom)).contiguous()
        # A view in which the pixels of a row of a patch, and their channels, lie in one piece.
        image, row, pixel, _ = padded.stride()
        down, along = row * self.stride[0], pixel * self.stride[1]
        shape = (len(padded), *self.small, self.kernel[0], self.kernel[1] * pixel)
        return padded.as_strided(shape, (image, down, along, row, 1)).reshape(-1, self.kernel[0] * shape[-1])

    def maps_of(self, patches: Tensor) -> Tensor:
        """The transpose of `patches_of`: each pixel of a large map is the sum of what the patches have there.

        Pixels that lie alike towards the patches are computed together: those whose coordinates leave the same
        remainders when divided by the stride.
        """
        parts = patches.unflatten(0, (-1, *self.small)).unflatten(-1, (*self.kernel, -1))
        high, wide = (-(-size // step) for size, step in zip(self.large, self.stride, strict=True))
        alike: list[Tensor] = []
        for remainders in product(*map(range, self.stride)):
            rows, columns = self._taps(0, remainders[0], high), self._taps(1, remainders[1], wide)
            terms = [
                pad(parts[:, :, :, row, column], (0, 0, *beside, *over))
                for (row, over), (column, beside) in product(rows, columns)
            ]
            alike.append(reduce(add, terms))
        blocks = torch.stack(alike, 3).unflatten(3, self.stride)
        maps = blocks.transpose(2, 3).flatten(3, 4).flatten(1, 2)
        return maps[:, : self.large[0], : self.large[1]]

    def _taps(self, side: int, remainder: int, length: int) -> list[tuple[int, Pair]]:
        """Which taps of a filter meet pixels of a remainder, along the height, 0, or the width, 1.

        Beside each tap stands by how much the small map is to be padded, or cut, so that it lies over those pixels.
        """
        found: list[tuple[int, Pair]] = []
        for tap in range(self.kernel[side]):
            shift, misses = divmod(remainder + self.padding[side] - tap, self.stride[side])
            if not misses:
                found.append((tap, (-shift, length - self.small[side] + shift)))
        return found


def convolution(
    inputs: Tensor,
    weights: Tensor,
    bias: Tensor | None,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    transposed: bool,
    output_padding: list[int],
    groups: int,
) -> Tensor:
    """In place of torch's `aten.convolution`; `NotImplemented` for one that is no such product."""
    if not _is_product(weights, stride, dilation, groups):
        return NotImplemented
    sides = zip(inputs.shape[2:], weights.shape[2:], stride, padding, output_padding, strict=True)
    found = _pair(
        [
            (size - 1) * step - 2 * before + side + more if transposed else (size + 2 * before - side) // step + 1
            for size, side, step, before, more in sides
        ]
    )
    given = _pair(inputs.shape[2:])
    large, small = (found, given) if transposed else (given, found)
    filters = Filters(weights, _pair(stride), _pair(padding), large, small)
    inputs_NHWC = inputs.permute(0, 2, 3, 1)
    outputs_NHWC = filters.to_large(inputs_NHWC) if transposed else filters.to_small(inputs_NHWC)
    return (outputs_NHWC if bias is None else outputs_NHWC + bias).permute(0, 3, 1, 2)


def convolution_backward(
    gradient: Tensor,
    inputs: Tensor,
    weights: Tensor,
    _bias_sizes: list[int] | None,
    stride: list[int],
    padding: list[int],
    dilation: list[int],
    transposed: bool,
    _output_padding: list[int],
    groups: int,
    wanted: list[bool],
) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
    """In place of `aten.convolution_backward`: the gradients of inputs, weights and bias that are wanted."""
    if not _is_product(weights, stride, dilation, groups):
        return NotImplemented
    given, gradient_NHWC = inputs.permute(0, 2, 3, 1), gradient.permute(0, 2, 3, 1)
    large, small = (gradient_NHWC, given) if transposed else (given, gradient_NHWC)
    filters = Filters(weights, _pair(stride), _pair(padding), _pair(large.shape[1:3]), _pair(small.shape[1:3]))
    back, rows = filters.to_small if transposed else filters.to_large, gradient_NHWC.flatten(0, 2)
    return (
        back(gradient_NHWC).permute(0, 3, 1, 2) if wanted[0] else None,
        filters.gradient(large, small) if wanted[1] else None,
        (rows.new_ones(1, len(rows)) @ rows).squeeze(0) if wanted[2] else None,  # a sum, at the pace of a product
    )


AS_PRODUCTS: dict[Any, Callable[..., Any]] = {
    torch.ops.aten.convolution.default: convolution,
    torch.ops.aten.convolution_backward.default: convolution_backward,
}
"""What a compiler is to see in place of these operations."""


def _is_product(weights: Tensor, stride: list[int], dilation: list[int], groups: int) -> bool:
    """Whether patches lie side by side or overlap, in two dimensions, and each filter sees all channels."""
    in_plane = weights.ndim == 4 and groups == 1 and all(gap == 1 for gap in dilation)
    return in_plane and all(step <= side for step, side in zip(stride, weights.shape[2:], strict=True))


def _pair(numbers: Sequence[int]) -> Pair:
    high, wide = numbers
    return int(high), int(wide)
