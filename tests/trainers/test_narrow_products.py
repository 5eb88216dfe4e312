"""Products of narrow matrices, written out as sums, are the products."""

import pytest
import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx

from trainers.compiled.narrow_products import AS_SUMS, FEW

ATEN = torch.ops.aten
PRODUCTS = {ATEN.mm.default, ATEN.addmm.default}


def matrix(rows: int, columns: int, *, lies_by_columns: bool = False) -> Tensor:
    generator = torch.Generator().manual_seed(rows * 1000 + columns)
    shape = (columns, rows) if lies_by_columns else (rows, columns)
    found = torch.randn(shape, generator=generator, dtype=torch.float32)
    return found.t() if lies_by_columns else found


def traced(one: Tensor, other: Tensor, shift: Tensor | None) -> tuple[Tensor, bool]:
    """What the graph without narrow products computes, and whether there is a product left in it."""

    def program(one: Tensor, other: Tensor) -> Tensor:
        return one @ other if shift is None else torch.addmm(shift, one, other)

    graph = make_fx(program, decomposition_table=AS_SUMS)(one, other)
    return graph(one, other), any(node.target in PRODUCTS for node in graph.graph.nodes)


@pytest.mark.parametrize("shifted", [False, True])
@pytest.mark.parametrize("few", range(1, FEW + 1))
@pytest.mark.parametrize(
    ("rows", "terms", "columns", "ones_layout", "others_layout"),
    [
        (33, 0, 40, False, False),
        (33, 0, 40, True, True),
        (0, 33, 40, False, False),
        (0, 33, 40, True, False),
        (33, 40, 0, False, True),
        (33, 40, 0, True, False),
    ],
    ids=[
        "few terms",
        "few terms, by columns",
        "few rows",
        "few rows, by columns",
        "few columns",
        "few columns, read along",
    ],
)
def test_a_narrow_product_is_a_sum(
    rows: int, terms: int, columns: int, ones_layout: bool, others_layout: bool, few: int, shifted: bool
) -> None:
    one = matrix(rows or few, terms or few, lies_by_columns=ones_layout)
    other = matrix(terms or few, columns or few, lies_by_columns=others_layout)
    shift = matrix(1, columns or few)[0] if shifted else None
    found, has_product = traced(one, other, shift)
    assert not has_product
    expected = one.double() @ other.double() + (0 if shift is None else shift.double())
    torch.testing.assert_close(found.double(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (matrix(33, 40), matrix(40, 35)),
        (matrix(33, FEW + 1), matrix(FEW + 1, 35)),
        (matrix(33, 40), matrix(40, 2)),
        (matrix(33, 2).bfloat16(), matrix(2, 40).bfloat16()),
    ],
    ids=["wide", "not so narrow", "read in leaps", "of half the precision"],
)
@pytest.mark.parametrize("shifted", [False, True])
def test_all_other_products_stay_products(one: Tensor, other: Tensor, shifted: bool) -> None:
    shift = torch.ones(other.shape[1], dtype=one.dtype) if shifted else None
    found, has_product = traced(one, other, shift)
    assert has_product
    assert torch.equal(found, one @ other if shift is None else torch.addmm(shift, one, other))


def test_a_product_with_factors_stays_a_product() -> None:
    one, other, shift = matrix(33, 2), matrix(2, 40), torch.ones(40)
    graph = make_fx(lambda *given: torch.addmm(*given, beta=0.5, alpha=2.0), decomposition_table=AS_SUMS)(
        shift, one, other
    )
    assert any(node.target in PRODUCTS for node in graph.graph.nodes)
