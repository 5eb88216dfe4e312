"""Convolutions as products of matrices are torch's own convolutions, and so are their gradients."""

import pytest
import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from trainers.compiled.convolution_products import AS_PRODUCTS

EXACT = 1e-12
GEOMETRIES = {
    "halves an even map": (3, 2, 1, 28),
    "halves an odd map": (3, 2, 1, 7),
    "leaves pixels over": (4, 3, 0, 9),
    "keeps the size": (3, 1, 1, 5),
    "lays patches side by side": (2, 2, 0, 8),
    "has wide padding": (5, 3, 2, 11),
}
"""Kernel, stride, padding and the side of the map."""
CASES = [
    *((kind, False, 0) for kind in GEOMETRIES),
    *((kind, True, more) for kind, (_, stride, _, _) in GEOMETRIES.items() for more in range(min(2, stride))),
]
"""Each as a convolution, and transposed with each output padding that its stride leaves open."""


def gradients_of(inputs: Tensor, weights: Tensor, bias: Tensor, *settings: object) -> tuple[Tensor, ...]:
    """The map and the gradients of all that went into it."""
    leaves = [tensor.detach().requires_grad_() for tensor in (inputs, weights, bias)]
    maps = torch.ops.aten.convolution.default(*leaves, *settings)
    weighing = torch.linspace(-1, 2, maps.numel(), dtype=maps.dtype).reshape(maps.shape)
    return (maps.detach(), *torch.autograd.grad((maps * weighing).sum(), leaves))


def operations_in(graph: torch.fx.GraphModule) -> set[str]:
    return {str(node.target) for node in graph.graph.nodes if node.op == "call_function"}


@pytest.mark.parametrize(("kind", "transposed", "more"), CASES)
def test_maps_and_gradients_are_those_of_torch(kind: str, transposed: bool, more: int) -> None:
    kernel, stride, padding, side = GEOMETRIES[kind]
    torch.manual_seed(0)
    shape = (3, 4) if transposed else (4, 3)
    given = (
        torch.randn(2, 3, side, side + 2, dtype=torch.float64),
        torch.randn(*shape, kernel, kernel, dtype=torch.float64),
        torch.randn(4, dtype=torch.float64),
    )
    settings = ([stride] * 2, [padding] * 2, [1, 1], transposed, [more] * 2, 1)
    graph = make_fx(lambda *tensors: gradients_of(*tensors, *settings), decomposition_table=AS_PRODUCTS)(*given)
    assert not any("convolution" in name for name in operations_in(graph))
    for found, expected in zip(graph(*given), gradients_of(*given, *settings), strict=True):
        torch.testing.assert_close(found, expected, rtol=EXACT, atol=EXACT)


@pytest.mark.parametrize(
    ("dilation", "groups", "stride"), [([2, 2], 1, [1, 1]), ([1, 1], 2, [1, 1]), ([1, 1], 1, [4, 4])]
)
def test_what_is_no_such_product_is_left_to_torch(dilation: list[int], groups: int, stride: list[int]) -> None:
    torch.manual_seed(0)
    given = torch.randn(2, 4, 9, 9), torch.randn(6, 4 // groups, 3, 3), torch.randn(6)
    settings = (stride, [1, 1], dilation, False, [0, 0], groups)
    graph = make_fx(lambda *tensors: gradients_of(*tensors, *settings), decomposition_table=AS_PRODUCTS)(*given)
    assert {"aten.convolution.default", "aten.convolution_backward.default"} <= operations_in(graph)
    for found, expected in zip(graph(*given), gradients_of(*given, *settings), strict=True):
        torch.testing.assert_close(found, expected)
