"""Our Adam beside torch's: equal to the last bit, also after a pause."""

import pytest
import torch
from torch import nn

from trainers.adam import Adam, move

STEPS = 20


def small_network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3))


def make_gradients(network: nn.Module, step: int) -> None:
    """A gradient that differs at every step, some of it zero."""
    network.zero_grad()
    inputs_N5 = torch.randn(11, 5, generator=torch.Generator().manual_seed(step)).relu()
    network(inputs_N5).square().mean().backward()


def rate_at(step: int) -> float:
    return 0.01 / (1 + step)


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.999)])
def test_it_is_equal_to_torchs(betas: tuple[float, float]) -> None:
    ours, theirs = small_network(), small_network()
    adam = Adam(tuple(ours.parameters()), betas)
    reference = torch.optim.Adam(theirs.parameters(), betas=betas, fused=True)
    for step in range(STEPS):
        make_gradients(ours, step)
        adam.step(rate_at(step))
        make_gradients(theirs, step)
        reference.param_groups[0]["lr"] = rate_at(step)
        reference.step()
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert torch.equal(one, other)
    remembered = {
        f"{number}.{entry}": value
        for number, entries in reference.state_dict()["state"].items()
        for entry, value in entries.items()
    }
    assert remembered.keys() == adam.state().keys()
    assert all(torch.equal(remembered[name], value) for name, value in adam.state().items())


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.5, 0.999)])
def test_a_program_that_moves_by_the_formula_can_take_its_place(betas: tuple[float, float]) -> None:
    ours, theirs = small_network(), small_network()
    adam, reference = Adam(tuple(ours.parameters()), betas), Adam(tuple(theirs.parameters()), betas)
    for step in range(STEPS):
        make_gradients(ours, step)
        make_gradients(theirs, step)
        reference.step(rate_at(step))
        if step % 3 == 2:
            adam.step(rate_at(step))
            continue
        sizes_2 = torch.tensor(adam.next_sizes(rate_at(step)))
        for parameter, first, second in zip(ours.parameters(), *adam.moments, strict=True):
            assert parameter.grad is not None
            move(parameter, parameter.grad, first, second, sizes_2, betas)
        adam.count_step()
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)
    remembered = reference.state()
    assert remembered.keys() == adam.state().keys()
    for name, value in adam.state().items():
        torch.testing.assert_close(value, remembered[name], rtol=1e-5, atol=1e-9)


def test_a_restored_one_goes_on_alike_and_alone() -> None:
    first = small_network()
    adam = Adam(tuple(first.parameters()), (0.9, 0.999))
    assert adam.state() == {}
    for step in range(3):
        make_gradients(first, step)
        adam.step(0.01)
    second = small_network()
    second.load_state_dict(first.state_dict())
    restored = Adam(tuple(second.parameters()), (0.9, 0.999))
    restored.restore(adam.state())
    for network, optimiser in ((first, adam), (second, restored)):
        make_gradients(network, 3)
        optimiser.step(0.01)
    assert all(torch.equal(one, other) for one, other in zip(first.parameters(), second.parameters(), strict=True))


def test_a_foreign_state_changes_nothing() -> None:
    network = small_network()
    adam = Adam(tuple(network.parameters()), (0.9, 0.999))
    make_gradients(network, 0)
    adam.step(0.01)
    before = {name: value.clone() for name, value in adam.state().items()}
    bad = dict(before)
    bad["3.exp_avg"] = torch.full((3,), float("nan"))
    for state, words in (
        ({}, "incomplete"),
        (before | {"4.step": torch.zeros(())}, "incomplete"),
        (before | {"0.exp_avg": torch.zeros(2)}, "does not fit"),
        (bad, "not finite"),
    ):
        with pytest.raises(ValueError, match=words):
            adam.restore(state)
        assert all(torch.equal(before[name], value) for name, value in adam.state().items())


def test_training_leaves_torchs_compiler_alone() -> None:
    import subprocess
    import sys

    code = """
import sys
from tests.trainers.tiny_runs import run_of
from trainers.recipe import Recipe
run_of(Recipe(family="aae", batch_size=32), steps=2)
print("torch._dynamo" in sys.modules)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]
