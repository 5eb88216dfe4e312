"""Adam as torch computes it, without torch's class around it.

That class imports torch's compiler, only to be left out of what it compiles: a second and much memory, for nothing.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim.adam import adam

EPSILON: Final = 1e-8
"""Added to the root of the second moment, as in the paper."""

Betas = tuple[float, float]
"""How slowly the first and the second moment forget."""

State = dict[str, list[Tensor]]
"""By torch's names, for each parameter: steps taken, and the two moments of its gradient."""


class Adam:
    """Descends by Adam (Kingma & Ba 2015, algorithm 1), in one pass over weights, gradients and moments.

    Args:
        parameters: What is trained; every one must have a gradient at each step.
        betas: Its decay rates.
    """

    def __init__(self, parameters: Sequence[Parameter], betas: Betas) -> None:
        self._parameters: list[Tensor] = list(parameters)
        self._betas = betas
        self._state: State = {}
        self._uncounted = 0
        self._counted: int | None = None

    @torch.no_grad()
    def step(self, learning_rate: float | Tensor) -> None:
        """Move each parameter against its gradient; a learning rate that may change in place is one on their device."""
        self._begin()
        self._count()
        adam(
            self._parameters,
            [_gradient_of(parameter) for parameter in self._parameters],
            self._state["exp_avg"],
            self._state["exp_avg_sq"],
            [],
            self._state["step"],
            fused=True,
            amsgrad=False,
            beta1=self._betas[0],
            beta2=self._betas[1],
            lr=learning_rate,
            weight_decay=0.0,
            eps=EPSILON,
            maximize=False,
        )

    @property
    def moments(self) -> tuple[list[Tensor], list[Tensor]]:
        """The first and the second of each parameter, for a program that moves them as `move` does."""
        self._begin()
        return self._state["exp_avg"], self._state["exp_avg_sq"]

    def next_sizes(self, learning_rate: float) -> tuple[float, float]:
        """What `move` must know of the next step, which `count_step` then has to count."""
        self._begin()
        if self._counted is None:
            self._counted = int(self._state["step"][0])
        steps = self._counted + self._uncounted + 1
        first, second = (1 - beta**steps for beta in self._betas)
        return learning_rate / first, math.sqrt(second)

    def count_step(self) -> None:
        """Take note of a step that a program has taken."""
        self._uncounted += 1

    def state(self) -> dict[str, Tensor]:
        """What it remembers, by a parameter's number and the name of an entry, "0.step"; nothing before a step."""
        self._count()
        return _by_number(self._state)

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Go on with copies of what `state` gave, of an optimiser of equal parameters that had taken steps.

        Raises:
            ValueError: When it does not belong to these parameters, or is not finite; nothing is changed then.
        """
        fresh = self._fresh_state()
        places = _by_number(fresh)
        if state.keys() != places.keys():
            raise ValueError("the state of its optimiser is incomplete")
        for name, value in state.items():
            if value.shape != places[name].shape:
                raise ValueError("the state of its optimiser does not fit its weights")
            if not (value.is_floating_point() and value.isfinite().all()):
                raise ValueError("the state of its optimiser holds numbers that are not finite")
            places[name].copy_(value)
        self._state, self._uncounted, self._counted = fresh, 0, None

    def _begin(self) -> None:
        self._state = self._state or self._fresh_state()

    def _count(self) -> None:
        """Write down the steps of programs: to count in as many tensors as there are parameters takes a while."""
        for steps in self._state.get("step", []) if self._uncounted else []:
            steps.add_(self._uncounted)
        self._uncounted, self._counted = 0, None

    def _fresh_state(self) -> State:
        return {
            "step": [torch.zeros((), device=parameter.device) for parameter in self._parameters],
            "exp_avg": [torch.zeros_like(parameter, requires_grad=False) for parameter in self._parameters],
            "exp_avg_sq": [torch.zeros_like(parameter, requires_grad=False) for parameter in self._parameters],
        }


@torch.no_grad()
def move(parameter: Tensor, gradient: Tensor, first: Tensor, second: Tensor, sizes_2: Tensor, betas: Betas) -> None:
    """One step for one parameter, operation by operation, as a compiler can read it; all but the gradient change.

    Args:
        parameter: What is moved.
        gradient: Its gradient.
        first: First moment of its gradient.
        second: Second moment of its gradient.
        sizes_2: As of `Adam.next_sizes`: α / (1 − β₁ᵗ) and √(1 − β₂ᵗ) at step t.
        betas: Decay rates.
    """
    first.lerp_(gradient, 1 - betas[0])
    second.mul_(betas[1]).addcmul_(gradient, gradient, value=1 - betas[1])
    parameter.sub_(sizes_2[0] * first / (second.sqrt() / sizes_2[1] + EPSILON))


def _by_number(state: State) -> dict[str, Tensor]:
    return {f"{number}.{entry}": value for entry, values in state.items() for number, value in enumerate(values)}


def _gradient_of(parameter: Tensor) -> Tensor:
    assert parameter.grad is not None, "a parameter of a phase has no part in its loss"
    return parameter.grad
