"""What sees to runs and images: each set is loaded once, and nothing is lost that undo may ask for."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.image_loader import ImageLoader, ImageRequest
from explorer.messages import ImagesGiven, RunOpened
from explorer.model_supply import ModelSupply
from explorer.training_thread import TrainingThread
from explorer.workbench import UNDO_STEPS, Workbench
from tests.explorer.driving import until
from trainers.recipe import Recipe


class _House:
    """Bench, threads and supply, without a window."""

    def __init__(self) -> None:
        self.bench, self.training, self.loader = Workbench(), TrainingThread(device="cpu"), ImageLoader()
        self.supply = ModelSupply(self.bench, self.training, self.loader)
        self.opened, self.given = QSignalSpy(self.training.run_opened), QSignalSpy(self.training.images_given)
        self.loaded, self.failed = QSignalSpy(self.loader.loaded), QSignalSpy(self.loader.failed)
        self.wanted, self.unwanted = (
            QSignalSpy(self.supply.download_wanted),
            QSignalSpy(self.supply.download_unwanted),
        )
        self.waiting: dict[str, str] = {}
        self.supply.waiting.connect(self.waiting.__setitem__)
        self.training.start()
        self.loader.start()

    def runs_given(self) -> list[str]:
        given = [self.given.at(at)[0] for at in range(self.given.count())]
        return [message.run for message in given if isinstance(message, ImagesGiven)]


@pytest.fixture
def house(qtbot: QtBot) -> Iterator[_House]:
    del qtbot
    house = _House()
    yield house
    house.loader.stop()
    house.training.stop()
    house.bench.end()


def array_file(path: Path) -> str:
    np.savez(path, images=np.random.default_rng(0).integers(0, 256, (40, 8, 8), dtype=np.uint8))
    return str(path)


def test_a_set_is_loaded_once_for_all_models(qtbot: QtBot, house: _House) -> None:
    house.bench.start_with((Recipe(family="ae"), Recipe(family="vae"), Recipe(family="aae")))
    assert all("Loading Digits" in house.waiting[model.run] for model in house.bench.models)
    until(qtbot, lambda: house.given.count() == 3)
    house.bench.add(Recipe())
    until(qtbot, lambda: house.given.count() == 4)
    house.bench.reset()
    until(qtbot, lambda: house.given.count() == 8)
    assert house.loaded.count() == 1
    assert all(house.waiting[model.run] == "" for model in house.bench.models)
    opened = [house.opened.at(at)[0] for at in range(house.opened.count())]
    assert all(isinstance(message, RunOpened) for message in opened)


def test_models_may_have_images_of_their_own(qtbot: QtBot, house: _House, tmp_path: Path) -> None:
    own = array_file(tmp_path / "own.npz")
    house.bench.start_with((Recipe(), Recipe(dataset=own), Recipe(dataset=own, image_size=16)))
    until(qtbot, lambda: house.given.count() == 3)
    assert house.loaded.count() == 3
    sizes = {
        message.held_out.name + str(message.held_out.images_NCHW.shape[2])
        for message in (house.given.at(at)[0] for at in range(3))
    }
    assert sizes == {"digits8", f"{own}8", f"{own}16"}


def test_runs_are_dropped_when_undo_has_forgotten_them(qtbot: QtBot, house: _House) -> None:
    dropped = QSignalSpy(house.bench.runs_dropped)
    house.bench.start_with((Recipe(),))
    until(qtbot, lambda: house.given.count() == 1)
    for _ in range(UNDO_STEPS + 2):
        house.bench.reset()
    until(qtbot, lambda: house.given.count() == UNDO_STEPS + 3)
    assert dropped.count() == 2
    for _ in range(UNDO_STEPS):
        house.bench.undo_stack.undo()
    until(qtbot, lambda: house.runs_given()[-1] == house.bench.models[0].run)


def test_a_failure_is_remembered_for_a_lane_that_comes_back(qtbot: QtBot, house: _House, tmp_path: Path) -> None:
    refused = QSignalSpy(house.supply.refused)
    house.bench.start_with((Recipe(dataset=str(tmp_path / "gone.npz")), Recipe()))
    until(qtbot, lambda: refused.count() == 1)
    until(qtbot, lambda: house.given.count() == 1)
    run = house.bench.models[0].run
    sentence = house.waiting.pop(run)
    assert "gone.npz" in sentence
    house.bench.remove(run)
    house.bench.undo_stack.undo()
    assert house.waiting[run] == sentence
    assert house.failed.count() == 1, "not tried again for the same run"
    array_file(tmp_path / "gone.npz")
    house.bench.reset()
    until(qtbot, lambda: house.given.count() >= 3)
    assert house.waiting[house.bench.models[0].run] == ""


def test_a_download_is_asked_for_once_and_withdrawn(qtbot: QtBot, house: _House) -> None:
    house.bench.start_with((Recipe(dataset="mnist"), Recipe(family="vae", dataset="mnist")))
    assert house.wanted.count() == 1
    request = house.wanted.at(0)[0]
    assert request == ImageRequest("mnist", 0)
    house.bench.reset()
    assert house.wanted.count() == 1, "the question still stands"
    assert all("not on this computer" in house.waiting[model.run] for model in house.bench.models)
    house.bench.use_images("digits", 5)
    assert house.unwanted.at(0)[0] == request
    until(qtbot, lambda: house.given.count() == 2)
    house.bench.undo_stack.undo()
    assert house.wanted.count() == 2, "asked anew"
    house.supply.decline(request)
    assert all("Choose other images" in house.waiting[model.run] for model in house.bench.models)
    assert house.failed.count() == 0
    house.bench.reset()
    assert house.wanted.count() == 3
    assert house.unwanted.count() == 1
