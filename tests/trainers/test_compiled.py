"""Compiled steps give what steps without a compiler give, and whatever goes wrong with them goes unnoticed."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.trainers.tiny_runs import KINDS_OF_RUN, few_digits, run_of
from trainers.adam import Adam, move
from trainers.compiled.descents import EagerDescents
from trainers.compiled.machine_code import MachineCode, MachineCodeError
from trainers.compiled.phase_program import inputs_of, read_outputs, state_of, trace
from trainers.compiled.shelf import LABEL, LEFT_OUT, StepLabel, StepOrder, label_of
from trainers.compiled.workshop import Workshop
from trainers.images import ImageShape
from trainers.models.family import Batch, Family
from trainers.recipe import Recipe
from trainers.run import TrainingRun

CPU = torch.device("cpu")
SHAPE = ImageShape(channels=1, size=8)
COMPILED = Recipe(family="aae", adversarial_updates="alternating", batch_size=32, epochs=1000, precision="float32")
"""A family with several phases, the second of which needs the codes of the first."""
ROUNDING = {"float32": 1e-4, "bfloat16": 3e-2}
"""Of gradients and codes, as a share of their length: sums are taken in another order."""
OF_LOSSES = {"float32": 1e-5, "bfloat16": 1e-3}
"""The same for losses."""
RATE = 0.001
"""A learning rate."""
TOLERANCE = 1e-3
"""Of losses after some steps, relative: rounding grows from step to step."""

needs_compiler = pytest.mark.skipif(shutil.which("g++") is None, reason="there is no C++ compiler")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder with the compiled step of `COMPILED`, made by a workshop in its own process."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        workshop = Workshop()
        workshop.ask([order_of(COMPILED)])
        assert workshop.is_busy
        workshop.finish()
        yield folder


@pytest.fixture
def made(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of that step, where the program looks for it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(shelf))
    return order_of(COMPILED).folder


def order_of(recipe: Recipe) -> StepOrder:
    return StepOrder(recipe=recipe, shape=SHAPE, threads=torch.get_num_threads())


def batches(model: Family, count: int = 2) -> list[Batch]:
    """The same batch so often, with draws for which no unit lies on the edge of its ReLU, lest rounding decide."""
    images = few_digits()
    size = model.recipe.batch_size
    return [
        Batch(
            images_NCHW=torch.tensor(images.train_NCHW[:size]),
            draws=model.draw(size, torch.Generator().manual_seed(2)),
            labels_N=torch.tensor(images.train_labels_N[:size]) if model.wants_labels else None,
        )
        for _ in range(count)
    ]


def adams_of(model: Family) -> list[list[Adam]]:
    """Fresh ones: after one step their first moments are gradients, but for a factor."""
    return [[Adam(each.parameters, each.betas) for each in phase.descents] for phase in model.phases()]


def share(wanted: Tensor, got: Tensor) -> float:
    """How far apart they are, as a share of the length."""
    return float((got - wanted).detach().norm() / wanted.detach().norm().clamp_min(1e-7))


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_the_traced_program_of_each_phase_is_the_phase(kind: str, precision: str) -> None:
    recipe = KINDS_OF_RUN[kind].with_changes(precision=precision)
    model, traced = (run_of(recipe, few_digits(), steps=2).model for _ in range(2))
    eager, batch, batch_of_traced = EagerDescents(precision, CPU), *batches(model)
    for phase, twin, adams, twins in zip(
        model.phases(), traced.phases(), adams_of(model), adams_of(traced), strict=True
    ):
        before = [parameter.detach().clone() for parameter in twin.parameters]
        sizes = [torch.tensor(adam.next_sizes(RATE)) for adam in twins for _ in adam.moments[0]]
        graph, how = trace(traced, twin, twins, batch_of_traced, precision)
        assert all(torch.equal(one, other) for one, other in zip(before, twin.parameters, strict=True)), "untouched"
        outputs = graph(*state_of(traced), *inputs_of(twins, RATE, batch_of_traced))
        found = read_outputs(outputs, how, batch_of_traced)
        terms = eager.descend(phase, adams, batch, RATE)
        assert found.keys() == terms.keys()
        for name, value in terms.items():
            torch.testing.assert_close(found[name], value, rtol=OF_LOSSES[precision], atol=1e-5)
        moments = [[first for adam in each for first in adam.moments[0]] for each in (adams, twins)]
        for wanted, got in zip(*moments, strict=True):
            assert float((got - wanted).norm()) <= ROUNDING[precision] * float(wanted.norm()) + 1e-7
        decays = [descent.betas for descent in twin.descents for _ in descent.parameters]
        for start, parameter, first, sizes_2, betas in zip(
            before, twin.parameters, moments[1], sizes, decays, strict=True
        ):
            moved, none = start.clone(), torch.zeros_like(first)
            move(moved, first / (1 - betas[0]), none.clone(), none.clone(), sizes_2, betas)
            assert share(moved - start, parameter.detach() - start) <= 0.01, "where its gradient points"
        with torch.no_grad():  # later phases see the same weights
            for one, other in zip(model.parameters(), traced.parameters(), strict=True):
                other.copy_(one)
        if batch.codes_ND is not None:
            assert batch_of_traced.codes_ND is not None
            assert share(batch.codes_ND, batch_of_traced.codes_ND) <= ROUNDING[precision]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seed", 7),
        ("dataset", "mnist"),
        ("image_size", 8),
        ("epochs", 3),
        ("learning_rate", 0.01),
        ("schedule", "constant"),
        ("beta", 3.0),
        ("kl_warmup", 2.0),
    ],
)
def test_what_is_left_out_of_the_name_changes_nothing_in_the_program(field: str, value: object) -> None:
    assert field in LEFT_OUT
    usual = Recipe(family="vae", batch_size=32)
    changed = usual.with_changes(**{field: value})
    assert changed != usual
    assert order_of(changed).folder == order_of(usual).folder
    programs: list[str] = []
    for recipe in (usual, changed):
        model = TrainingRun(recipe, images=few_digits(), device="cpu").model
        graph, _ = trace(model, model.phases()[0], adams_of(model)[0], batches(model)[0], recipe.precision)
        programs.append(graph.code)
    assert programs[0] == programs[1]


def test_every_field_that_is_left_out_is_tried() -> None:
    tried = {"seed", "dataset", "image_size", "epochs", "learning_rate", "schedule", "beta", "kl_warmup"}
    assert tried == LEFT_OUT


def test_all_else_gives_another_name() -> None:
    usual = order_of(Recipe(family="aae"))
    others = [
        replace(usual, recipe=usual.recipe.with_changes(**change))
        for change in (
            {"family": "ae"},
            {"batch_size": 64},
            {"backbone": "convolutional"},
            {"latent_dim": 3},
            {"prior": "ring"},
            {"adversarial_weight": 2.0},
            {"adversarial_updates": "alternating"},
            {"likelihood": "gaussian"},
            {"precision": "float32"},
        )
    ]
    others += [replace(usual, threads=usual.threads + 1), replace(usual, shape=ImageShape(channels=3, size=8))]
    assert len({order.folder for order in [usual, *others]}) == len(others) + 1


def test_an_order_is_the_same_as_text() -> None:
    order = order_of(Recipe(family="vae", latent_dim=5))
    assert StepOrder.from_json(order.to_json()) == order


@needs_compiler
def test_a_compiled_step_gives_the_losses_of_one_that_is_not(made: Path) -> None:
    plain, compiled = (run_of(COMPILED, few_digits(), steps=3) for _ in range(2))
    label = label_of(made)
    assert label is not None
    assert label.phases.keys() == {"reconstruction", "discriminator", "regularisation"}
    compiled.use_compiled(made)
    assert compiled.is_compiled
    for _ in range(20):
        plain.step()
        compiled.step()
    ours, theirs = compiled.losses().terms, plain.losses().terms
    assert ours.keys() == theirs.keys()
    for name, values in theirs.items():
        assert ours[name] == pytest.approx(values, rel=TOLERANCE)
    assert compiled.snapshot().codes_ND == pytest.approx(plain.snapshot().codes_ND, rel=0.05, abs=0.05)


@needs_compiler
def test_compiled_steps_equal_each_other_to_the_last_bit(made: Path) -> None:
    losses: list[bytes] = []
    for _ in range(2):
        run = run_of(COMPILED, few_digits())
        run.use_compiled(made)
        for _ in range(10):
            run.step()
        losses.append(run.losses().terms["reconstruction"].tobytes())
    assert losses[0] == losses[1]


@needs_compiler
def test_what_is_on_the_shelf_is_not_made_again(made: Path) -> None:
    workshop, run = Workshop(), run_of(COMPILED, few_digits())
    order = run.step_order
    assert order is not None
    assert order.folder == made
    workshop.ask([order])
    assert not workshop.is_busy
    label = label_of(made)
    assert label is not None
    # On a busy machine a step may turn out slower, and then none is used.
    workshop.equip([run], worthwhile=True)
    assert run.is_compiled == (not label.note)


@needs_compiler
def test_a_call_with_too_few_tensors_is_an_error(made: Path) -> None:
    code = MachineCode(made / "0.so")
    with pytest.raises(MachineCodeError, match="takes"):
        code([torch.zeros(1)])


@needs_compiler
def test_a_run_whose_code_fails_goes_on_without_it(made: Path) -> None:
    run, plain = (run_of(COMPILED, few_digits(), steps=3) for _ in range(2))
    run.use_compiled(made)
    # A buffer that appears afterwards makes the number of inputs wrong.
    run.model.register_buffer("late", torch.zeros(1))
    run.use_compiled(made)
    for each in (run, plain):
        each.step()
    assert not run.is_compiled
    assert (run.losses().terms["reconstruction"] == plain.losses().terms["reconstruction"]).all()


@pytest.mark.parametrize("content", [b"", b"no library", b"\x7fELF" + bytes(100)])
def test_files_that_are_no_code_are_left_alone(tmp_path: Path, content: bytes) -> None:
    run = run_of(COMPILED, few_digits(), steps=1)
    replace(label_for(run), gain=2.0).write(tmp_path)
    for place in range(2):
        (tmp_path / f"{place}.so").write_bytes(content)
    run.use_compiled(tmp_path)
    assert not run.is_compiled
    run.step()


def label_for(run: TrainingRun) -> StepLabel:
    """The label that the step of a run would have."""
    batch = batches(run.model)[0]
    eager, phases = EagerDescents("float32", CPU), {}
    for phase, adams in zip(run.model.phases(), adams_of(run.model), strict=True):
        phases[phase.name] = trace(run.model, phase, adams, batch, "float32")[1]
        eager.descend(phase, adams, batch, 0.0)
    return StepLabel(gain=1.0, note="", phases=phases)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"gain": 1}', '{"gain": 1, "note": "", "phases": {"a": 1}}'])
def test_a_label_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / LABEL).write_text(text)
    assert label_of(tmp_path) is None
    run = run_of(COMPILED, few_digits(), steps=1)
    run.use_compiled(tmp_path)
    assert not run.is_compiled


def test_code_for_other_phases_is_not_used(tmp_path: Path) -> None:
    run = run_of(COMPILED, few_digits())
    label = label_for(run)
    StepLabel(gain=2.0, note="", phases={"other": next(iter(label.phases.values()))}).write(tmp_path)
    run.use_compiled(tmp_path)
    assert not run.is_compiled


def test_a_step_that_is_noted_as_useless_is_neither_used_nor_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    run, workshop = run_of(COMPILED, few_digits()), Workshop()
    order = run.step_order
    assert order is not None
    order.folder.mkdir(parents=True)
    StepLabel(gain=0.9, note="It is slower.", phases={}).write(order.folder)
    workshop.equip([run], worthwhile=True)
    assert not run.is_compiled
    assert not workshop.is_busy


def test_nothing_is_compiled_that_is_not_worth_it() -> None:
    run, workshop = run_of(COMPILED, few_digits()), Workshop()
    workshop.equip([run], worthwhile=False)
    assert not workshop.is_busy
    workshop.finish()
    workshop.close()


def test_a_step_that_ends_the_process_is_not_tried_again_and_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    workshop, good = Workshop(), order_of(COMPILED)
    deadly = replace(good, threads=-1)
    workshop.ask([deadly, good])
    assert workshop.is_busy
    workshop.finish()
    assert label_of(good.folder) is None
    workshop.ask([deadly])
    assert not workshop.is_busy
    workshop.ask([deadly, good])
    assert workshop.is_busy
    workshop.close()


def test_a_workshop_that_closes_ends_its_process() -> None:
    workshop = Workshop()
    workshop.ask([order_of(COMPILED)])
    assert workshop.is_busy
    workshop.close()
    assert not workshop.is_busy
    assert label_of(order_of(COMPILED).folder) is None
