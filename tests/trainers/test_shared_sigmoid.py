"""The cross-entropy that compiled steps take is torch's, and shares its sigmoid with the gradient."""

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.fx.experimental.proxy_tensor import make_fx
from torch.nn.functional import binary_cross_entropy_with_logits

from trainers.compiled.shared_sigmoid import BY_SIGMOID, cross_entropy


@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
def test_it_is_torchs(target: float) -> None:
    logits_N = torch.cat([torch.linspace(-200, 200, 2001), torch.linspace(-3, 3, 2001), torch.tensor([0.0, -1e-30])])
    targets_N = torch.full_like(logits_N, target)
    expected_N = binary_cross_entropy_with_logits(logits_N, targets_N, reduction="none")
    torch.testing.assert_close(cross_entropy(logits_N, targets_N, reduction=0), expected_N, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(
    "others",
    [{"reduction": 1}, {"reduction": 0, "weight": torch.ones(2)}, {"reduction": 0, "pos_weight": torch.ones(2)}],
)
def test_others_are_left_to_torch(others: dict[str, Any]) -> None:
    assert cross_entropy(torch.zeros(2), torch.zeros(2), **others) is NotImplemented


def test_loss_and_gradient_take_no_exponential_but_that_of_the_sigmoid() -> None:
    def both(logits_N: Tensor, targets_N: Tensor) -> tuple[Tensor, Tensor]:
        leaf_N = logits_N.detach().requires_grad_()
        loss = binary_cross_entropy_with_logits(leaf_N, targets_N, reduction="none").sum()
        return loss.detach(), torch.autograd.grad(loss, leaf_N)[0]

    logits_N, targets_N = torch.linspace(-9, 9, 50), torch.linspace(0, 1, 50)
    graph = make_fx(both, decomposition_table=BY_SIGMOID)(logits_N, targets_N)
    assert "binary_cross_entropy" not in graph.code
    assert "exp" not in graph.code.replace("expand", "")
    for got, wanted in zip(graph(logits_N, targets_N), both(logits_N, targets_N), strict=True):
        torch.testing.assert_close(got, wanted, rtol=1e-5, atol=1e-6)
