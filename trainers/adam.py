"""Adam as torch computes it, without torch's class around it.

That class imports torch's compiler, only to be left out of what it compiles: a second and much memory, for nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim.adam import adam

EPSILON: Final = 1e-8
"""Added to the root of the second moment, as in the paper."""

State = dict[str, list[Tensor]]
"""By torch's names, for each parameter: steps taken, and the two moments of its gradient."""


class Adam:
    """Descends by Adam (Kingma & Ba 2015, algorithm 1), in one pass over weights, gradients and moments.

    Args:
        parameters: What is trained; every one must have a gradient at each step.
        betas: How slowly the first and the second moment forget.
    """

    def __init__(self, parameters: Sequence[Parameter], betas: tuple[float, float]) -> None:
        self._parameters: list[Tensor] = list(parameters)
        self._betas = betas
        self._state: State = {}

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Move each parameter against its gradient."""
        self._state = self._state or self._fresh_state()
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

    def state(self) -> dict[str, Tensor]:
        """What it remembers, by a parameter's number and the name of an entry, "0.step"; nothing before a step."""
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
        self._state = fresh

    def _fresh_state(self) -> State:
        return {
            "step": [torch.zeros((), device=parameter.device) for parameter in self._parameters],
            "exp_avg": [torch.zeros_like(parameter, requires_grad=False) for parameter in self._parameters],
            "exp_avg_sq": [torch.zeros_like(parameter, requires_grad=False) for parameter in self._parameters],
        }


def _by_number(state: State) -> dict[str, Tensor]:
    return {f"{number}.{entry}": value for entry, values in state.items() for number, value in enumerate(values)}


def _gradient_of(parameter: Tensor) -> Tensor:
    assert parameter.grad is not None, "a parameter of a phase has no part in its loss"
    return parameter.grad
