"""The workbench: models that come, go and come back, and what people point at."""

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.workbench import MOST_MODELS, UNDO_STEPS, Point, Workbench
from trainers.recipe import Recipe


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Workbench]:
    del qtbot
    bench = Workbench()
    bench.start_with((Recipe(family="ae"), Recipe(family="vae"), Recipe(family="aae")))
    yield bench
    bench.end()


def names(bench: Workbench) -> list[str]:
    return [model.name for model in bench.models]


def test_starts_with_named_and_coloured_models_and_nothing_to_undo(bench: Workbench) -> None:
    assert names(bench) == ["AE", "VAE", "AAE"]
    assert len({model.colour for model in bench.models}) == 3
    assert len({model.run for model in bench.models}) == 3
    assert bench.focused == bench.models[0].run
    assert not bench.undo_stack.canUndo()


def test_four_at_most(bench: Workbench) -> None:
    bench.add(Recipe(family="vae"))
    assert names(bench) == ["AE", "VAE", "AAE", "VAE 2"]
    assert bench.focused == bench.models[3].run
    assert bench.is_full
    before = bench.models
    bench.add(Recipe())
    bench.duplicate(bench.models[0].run)
    bench.add_opened(bench.new_run(), Recipe(), "a file", None)
    assert bench.models == before
    assert len(before) == MOST_MODELS


def test_each_change_can_be_undone_and_done_again(bench: Workbench) -> None:
    states = [bench.models]
    middle = bench.models[1].run
    for change in (
        lambda: bench.rename(middle, "  Blurred  "),
        lambda: bench.move(middle, -1),
        lambda: bench.duplicate(middle),
        lambda: bench.remove(bench.models[2].run),
        lambda: bench.set_recipe(middle, Recipe(family="vae", seed=1)),
        bench.reset,
        lambda: bench.use_images("mnist", 7),
        lambda: bench.keep((bench.models[0].run,)),
    ):
        change()
        assert bench.models != states[-1]
        states.append(bench.models)
    assert states[1][1].name == "Blurred"
    assert [model.name for model in states[2]] == ["Blurred", "AE", "AAE"]
    assert [model.name for model in states[3]] == ["Blurred", "VAE", "AE", "AAE"]
    assert [model.name for model in states[4]] == ["Blurred", "VAE", "AAE"]
    assert states[5][0].recipe.seed == 1
    assert not {model.run for model in states[6]} & {model.run for model in states[5]}
    assert {(model.recipe.dataset, model.recipe.epochs) for model in states[7]} == {("mnist", 7)}
    for state in reversed(states[:-1]):
        bench.undo_stack.undo()
        assert bench.models == state
    for state in states[1:]:
        bench.undo_stack.redo()
        assert bench.models == state


def test_what_changes_nothing_is_no_change(bench: Workbench) -> None:
    bench.rename(bench.models[0].run, "   ")
    bench.rename(bench.models[0].run, "AE")
    bench.move(bench.models[0].run, -1)
    bench.move("no such run", 1)
    bench.remove("no such run")
    assert not bench.undo_stack.canUndo()


def test_another_family_gets_another_name_unless_the_person_gave_one(bench: Workbench) -> None:
    run = bench.models[0].run
    bench.set_recipe(run, Recipe(family="vae"))
    assert names(bench) == ["VAE 2", "VAE", "AAE"]


def test_what_is_learned_of_a_run_outlives_undo(bench: Workbench, tmp_path: Path) -> None:
    run = bench.models[0].run
    bench.duplicate(run)
    bench.set_live(run, "learning_rate", 0.02)
    bench.set_path(run, tmp_path / "a.safetensors")
    assert bench.undo_stack.count() == 1, "no step of undo"
    bench.undo_stack.undo()
    model = bench.model(run)
    assert model is not None
    assert (model.recipe.learning_rate, model.path) == (0.02, tmp_path / "a.safetensors")
    bench.undo_stack.redo()
    model = bench.model(run)
    assert model is not None
    assert model.recipe.learning_rate == 0.02


def test_runs_are_dropped_only_when_no_undo_brings_them_back(bench: Workbench) -> None:
    dropped = QSignalSpy(bench.runs_dropped)
    first = bench.models[0].run
    bench.reset()
    bench.undo_stack.undo()
    assert dropped.count() == 0
    bench.rename(first, "Mine")
    assert len(dropped.at(0)[0]) == 3, "the three that redo had"
    bench.remove(first)
    for number in range(UNDO_STEPS - 1):
        bench.rename(bench.models[0].run, f"Name {number}")
    assert dropped.count() == 1
    bench.rename(bench.models[0].run, "One more")
    assert dropped.at(1)[0] == (first,)


def test_a_bench_that_has_ended_may_be_collected_in_any_order(qtbot: QtBot) -> None:
    del qtbot
    bench = Workbench()
    bench.start_with((Recipe(family="ae"),))
    for _ in range(3):
        bench.add(Recipe(family="vae"))
    # What is held while garbage is looked for comes first among it the next time; a stack with changes crashed here.
    change = bench.undo_stack.command(0)
    bench.end()
    assert bench.undo_stack.count() == 0
    del bench
    gc.collect()
    del change
    gc.collect()


def test_the_focus_stays_on_a_model(bench: Workbench) -> None:
    bench.focus(bench.models[2].run)
    bench.remove(bench.models[2].run)
    assert bench.focused == bench.models[1].run
    bench.move(bench.models[1].run, -1)
    assert bench.focused == bench.models[0].run
    bench.keep(())
    assert bench.focused is None
    bench.focus("no such run")
    assert bench.focused is None


def test_the_mouse_counts_for_more_than_the_pin(bench: Workbench) -> None:
    told = QSignalSpy(bench.point_changed)
    pin, mouse = Point("run-1", 0.0, 1.0), Point("run-2", 2.0, 3.0)
    bench.pin(pin)
    bench.hover(mouse)
    bench.hover(Point("run-2", 2.0, 3.0))
    assert told.count() == 2
    assert bench.point == mouse
    bench.hover(None)
    assert bench.point == pin
    bench.pin(None)
    assert bench.point is None


def test_other_images_end_every_selection(bench: Workbench) -> None:
    bench.select_image(3)
    bench.hover_image(4)
    bench.choose(np.asarray([1, 2]))
    bench.emphasise(np.asarray([True, False]))
    bench.forget_images()
    assert (bench.image, bench.hovered_image, bench.chosen.tolist(), bench.emphasis) == (None, None, [], None)


def test_a_click_is_told_once_and_is_where_the_mouse_is(bench: Workbench) -> None:
    run = bench.models[0].run
    bench.hover(Point(run, 0.0, 0.0))
    told = QSignalSpy(bench.point_changed)
    clicked = Point(run, 1.0, 2.0)
    bench.pick(clicked)
    assert (bench.pinned, bench.hovered, bench.point) == (clicked, clicked, clicked)
    bench.pick(clicked)
    assert told.count() == 1
