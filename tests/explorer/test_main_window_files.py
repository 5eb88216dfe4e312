"""Models and images that come from files, go to files, or cannot: by menu, key, drop and command line."""

import pickle
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot
from safetensors.torch import save_file

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.launch import Launch
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    SHIFT,
    action,
    child,
    drop,
    focus,
    hover,
    play_some,
    press,
    save,
    snapshot_of,
    until,
    until_told,
    when_ready,
    words,
)
from tests.trainers.tiny_sets import WRITERS
from trainers.checkpoint import load
from trainers.checkpoint import save as save_run
from trainers.folders import datasets_folder
from trainers.recipe import Recipe
from trainers.run import TrainingRun


def lanes(explorer: Explorer) -> tuple[Lane, ...]:
    return explorer.window.row.lanes


def names(explorer: Explorer) -> list[str]:
    return [lane.model.name for lane in lanes(explorer)]


def dataset_of(explorer: Explorer) -> set[str]:
    return {lane.model.recipe.dataset for lane in lanes(explorer)}


def array_file(path: Path, size: int = 8, count: int = 60) -> Path:
    random = np.random.default_rng(0)
    np.savez(
        path,
        images=random.integers(0, 256, (count, size, size), dtype=np.uint8),
        labels=np.arange(count) % 3,
    )
    return path


def picture_folder(path: Path) -> Path:
    random = np.random.default_rng(0)
    for name in ("cats", "dogs"):
        (path / name).mkdir(parents=True)
        for number in range(12):
            pixels = random.integers(0, 256, (20, 16), dtype=np.uint8)
            Image.fromarray(pixels).save(path / name / f"{number}.png")
    (path / "cats" / "broken.png").write_bytes(b"\x89PNG and no more")
    return path


def saved_model(path: Path, recipe: Recipe | None = None) -> TrainingRun:
    run = TrainingRun(recipe or Recipe(family="vae", epochs=2), device="cpu")
    for _ in range(3):
        run.step()
    save_run(run, path)
    return run


def answer_save(monkeypatch: pytest.MonkeyPatch, path: Path | None) -> list[str]:
    """Let the next dialogs for a name answer with this path; gives what was proposed."""
    proposed: list[str] = []

    def get_save_file_name(_parent: object, _title: str, name: str, *_more: object) -> tuple[str, str]:
        proposed.append(name)
        return ("" if path is None else str(path), "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", get_save_file_name)
    return proposed


def answer_open(monkeypatch: pytest.MonkeyPatch, *paths: Path) -> None:
    def get_open_file_names(*_: object) -> tuple[list[str], str]:
        return [str(path) for path in paths], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", get_open_file_names)


def test_save_close_and_open_again_by_menu(
    qtbot: QtBot, open_explorer: OpenExplorer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    explorer = open_explorer()
    play_some(qtbot, explorer)
    lane = focus(explorer, 1)
    codes_ND = snapshot_of(lane).codes_ND
    proposed = answer_save(monkeypatch, tmp_path / "mine")
    with qtbot.waitSignal(explorer.training.run_saved, timeout=60_000):
        press(explorer, Qt.Key.Key_S, CTRL)
    path = tmp_path / "mine.safetensors"
    assert path.exists(), "the ending is added"
    assert Path(proposed[0]).name == "vae.safetensors"
    assert "Saved mine.safetensors" in explorer.window.statusBar().currentMessage()
    # Another save needs no name; under another name there are two files.
    play_some(qtbot, explorer, steps=1)
    with qtbot.waitSignal(explorer.training.run_saved, timeout=60_000):
        press(explorer, Qt.Key.Key_S, CTRL)
    assert len(proposed) == 1
    assert load(path, device="cpu").step_count == 3
    answer_save(monkeypatch, None)
    press(explorer, Qt.Key.Key_S, CTRL | SHIFT)
    assert list(tmp_path.glob("*.safetensors")) == [path], "cancelled"
    codes_ND = snapshot_of(lane).codes_ND
    explorer.window.close()

    again = open_explorer()
    answer_open(monkeypatch, path)
    press(again, Qt.Key.Key_O, CTRL)
    until(qtbot, lambda: names(again) == ["AE", "VAE", "AAE", "mine"])
    when_ready(qtbot, again)
    opened = lanes(again)[3]
    assert np.allclose(snapshot_of(opened).codes_ND, codes_ND, atol=1e-6)
    assert snapshot_of(opened).step == 3
    assert opened.model.path == path
    assert again.bench.focused == opened.model.run
    press(again, Qt.Key.Key_Z, CTRL)
    assert names(again) == ["AE", "VAE", "AAE"]


def test_models_open_by_drop_and_by_command_line(qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path) -> None:
    first, second = tmp_path / "first.safetensors", tmp_path / "zweites Modell ü.safetensors"
    one, two = saved_model(first), saved_model(second, Recipe(family="ae", seed=3, latent_dim=4))
    explorer = open_explorer(launch=Launch(files=(first,)), wait=False)
    until(qtbot, lambda: len(lanes(explorer)) == 1)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["first"], "and not the three usual models"
    assert drop(explorer.window, [second])
    until(qtbot, lambda: len(lanes(explorer)) == 2)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["first", "zweites Modell ü"]
    for lane, run in zip(lanes(explorer), (one, two), strict=True):
        assert lane.held_out is not None
        assert np.allclose(snapshot_of(lane).codes_ND, run.encode(lane.held_out.images_NCHW), atol=1e-5)
        assert snapshot_of(lane).losses.terms.keys() == run.losses().terms.keys()
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: all(snapshot_of(lane).step > 3 for lane in lanes(explorer)))


def _truncated(path: Path) -> None:
    saved_model(path)
    path.write_bytes(path.read_bytes()[:-100])


def _foreign(path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, path)


class _Bomb:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return (_explode, ("pickle was read",))


def _explode(words: str) -> None:
    raise AssertionError(words)


BROKEN: dict[str, Callable[[Path], object]] = {
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "empty": lambda path: path.write_bytes(b""),
    "truncated": _truncated,
    "foreign": _foreign,
    "pickle": lambda path: path.write_bytes(pickle.dumps(_Bomb())),
    "torch": lambda path: torch.save({"weight": torch.zeros(3)}, path),
    "text": lambda path: path.write_text("I am a model"),
}


def test_a_file_that_is_no_model_is_explained_and_changes_nothing(
    qtbot: QtBot, explorer: Explorer, tmp_path: Path
) -> None:
    models = explorer.bench.models
    for kind, write in BROKEN.items():
        path = tmp_path / f"{kind}.safetensors"
        write(path)
        assert drop(explorer.window, [path])
        told = until_told(qtbot, explorer, path.name)
        assert "\n" not in told
        assert "Traceback" not in told
    path = tmp_path / "notes.txt"
    path.write_text("no model either")
    assert drop(explorer.window, [path])
    until_told(qtbot, explorer, "notes.txt")
    explorer.window.supply.open_files((tmp_path,))
    until_told(qtbot, explorer, "is a folder")
    explorer.window.supply.open_files((tmp_path / "gone.safetensors",))
    until_told(qtbot, explorer, "gone.safetensors")
    assert explorer.bench.models == models
    assert not action(explorer, "undo").isEnabled()
    play_some(qtbot, explorer, steps=1)


def test_a_fifth_model_is_refused_in_a_sentence(qtbot: QtBot, explorer: Explorer, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.safetensors" for name in ("fourth", "fifth")]
    for path in paths:
        saved_model(path)
    assert drop(explorer.window, paths)
    assert "four models already" in until_told(qtbot, explorer, "fifth.safetensors")
    assert names(explorer) == ["AE", "VAE", "AAE", "fourth"]


def test_a_model_without_its_images_still_decodes_and_says_why_it_has_no_points(
    qtbot: QtBot, explorer: Explorer, tmp_path: Path
) -> None:
    images, path = array_file(tmp_path / "mine.npz"), tmp_path / "orphan.safetensors"
    run = saved_model(path, Recipe(family="vae", dataset=str(images), batch_size=16))
    images.unlink()
    assert drop(explorer.window, [path])
    until(qtbot, lambda: len(lanes(explorer)) == 4)
    assert "mine.npz" in until_told(qtbot, explorer, "mine.npz")
    lane = lanes(explorer)[3]
    until(qtbot, lambda: lane.snapshot is not None)
    assert len(snapshot_of(lane).points_N2) == 0
    assert "mine.npz" in message_over(lane)
    place = QPoint(50, 50)
    hover(lane.cloud, place)
    x, y = lane.cloud.viewport.to_latent(place.x(), place.y())
    until(qtbot, lambda: explorer.bench.hovered is not None and explorer.bench.hovered.x == x)
    expected = run.decode([[x, y]])[0] * 255

    def decoded() -> bool:
        shown = lane.pointer_image.pixels()
        return shown is not None and shown.shape == expected.shape and np.abs(shown - expected).max() <= 1

    until(qtbot, decoded)
    play_some_others(qtbot, explorer)
    # Taken off the bench and brought back, it says the same.
    focus(explorer, 3)
    press(explorer, Qt.Key.Key_W, CTRL)
    press(explorer, Qt.Key.Key_Z, CTRL)
    back = lanes(explorer)[3]
    assert back is not lane
    until(qtbot, lambda: back.snapshot is not None)
    assert "mine.npz" in message_over(back)


def message_over(lane: Lane) -> str:
    """The sentence over a cloud; the view paints it and keeps it to itself."""
    return lane.cloud._scene.message  # pyright: ignore[reportPrivateUsage]


def play_some_others(qtbot: QtBot, explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_Period)
    until(qtbot, lambda: all(snapshot_of(lane).step == 1 for lane in lanes(explorer)[:3]))


def test_a_model_made_for_other_images_than_there_are_now(qtbot: QtBot, explorer: Explorer, tmp_path: Path) -> None:
    images, path = tmp_path / "mine.npz", tmp_path / "other.safetensors"
    saved_model(path, Recipe(dataset=str(array_file(images)), batch_size=16))
    array_file(images, size=12)
    assert drop(explorer.window, [path])
    until(qtbot, lambda: len(lanes(explorer)) == 4)
    lane = lanes(explorer)[3]
    until(qtbot, lambda: lane.has_failed)
    assert "12×12" in child(lane, "lane-state", QLabel).toolTip()
    hover(lane.cloud, QPoint(50, 50))
    until(qtbot, lambda: lane.pointer_image.pixels() is not None)
    play_some_others(qtbot, explorer)


def test_a_folder_of_pictures_is_trained_on_and_skipped_files_are_told(
    qtbot: QtBot, explorer: Explorer, tmp_path: Path
) -> None:
    folder = picture_folder(tmp_path / "pets")
    assert drop(explorer.window, [folder])
    assert "broken.png" in until_told(qtbot, explorer, "broken.png")
    when_ready(qtbot, explorer)
    assert dataset_of(explorer) == {str(folder)}
    for lane in lanes(explorer):
        assert lane.held_out is not None
        assert lane.held_out.class_names == ("cats", "dogs")
    images = child(explorer.window, "dataset", QComboBox)
    assert images.currentText().startswith("pets")
    play_some(qtbot, explorer, steps=1)
    press(explorer, Qt.Key.Key_Z, CTRL)
    when_ready(qtbot, explorer)
    assert dataset_of(explorer) == {"digits"}
    assert images.currentText() == "Digits"


def test_an_array_file_is_trained_on(qtbot: QtBot, explorer: Explorer, tmp_path: Path) -> None:
    path = array_file(tmp_path / "mine.npz", size=9)
    assert drop(explorer.window, [path])
    until(qtbot, lambda: dataset_of(explorer) == {str(path)})
    when_ready(qtbot, explorer)
    held_out = lanes(explorer)[0].held_out
    assert held_out is not None
    assert held_out.images_NCHW.shape[1:] == (1, 9, 9)
    assert not drop(explorer.window, []), "nothing is nothing"
    drop(explorer.window, [path, tmp_path])
    until_told(qtbot, explorer, "one folder or array file")


def choose_images(explorer: Explorer, name: str) -> None:
    """Choose from the list above the lanes, with the keyboard."""
    box = child(explorer.window, "dataset", QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(name) - box.currentIndex()):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_images_that_cannot_be_read_are_explained_and_change_nothing(
    qtbot: QtBot, explorer: Explorer, tmp_path: Path
) -> None:
    play_some(qtbot, explorer, steps=1)
    models = explorer.bench.models
    empty = tmp_path / "nothing here"
    empty.mkdir()
    assert drop(explorer.window, [empty])
    told = until_told(qtbot, explorer, "nothing here")
    assert "Traceback" not in told
    assert explorer.bench.models == models
    assert child(explorer.window, "dataset", QComboBox).currentText() == "Digits"
    assert all(snapshot_of(lane).step for lane in lanes(explorer))
    play_some(qtbot, explorer, steps=1)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is asked of the network, which answers nothing."""
    asked: list[str] = []

    def refuse(_opener: object, request: urllib.request.Request, *_: object, **__: object) -> object:
        asked.append(request.full_url)
        raise urllib.error.URLError("no network in a test")

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", refuse)
    return asked


def test_a_set_that_is_not_here_is_asked_about_first(qtbot: QtBot, explorer: Explorer, network: list[str]) -> None:
    models = explorer.bench.models
    choose_images(explorer, "mnist")
    until_told(qtbot, explorer, "Download 12 MB")
    QTest.mouseClick(child(explorer.window.message_bar, "message-close", QToolButton), LEFT)
    assert explorer.window.message_bar.text == ""
    assert network == []
    # Asked again, and the question goes when it has no meaning any more.
    choose_images(explorer, "mnist")
    until_told(qtbot, explorer, "Download 12 MB")
    box = child(explorer.window, "dataset", QComboBox)
    assert box.currentText() == "Digits"
    box.showPopup()
    QTest.keyClick(box.view(), Qt.Key.Key_Return)
    assert explorer.window.message_bar.text == ""
    choose_images(explorer, "mnist")
    until_told(qtbot, explorer, "Download 12 MB")
    assert network == [], "never before the answer"
    QTest.mouseClick(child(explorer.window.message_bar, "message-answer", QPushButton), LEFT)
    until(qtbot, lambda: network)
    until(qtbot, lambda: explorer.window.message_bar.text and "Download 12" not in explorer.window.message_bar.text)
    assert explorer.bench.models == models, "nothing changed, as the images never came"


def test_a_set_that_is_here_is_not_asked_about(
    qtbot: QtBot, explorer: Explorer, network: list[str], tmp_path: Path
) -> None:
    WRITERS["mnist"](datasets_folder())
    choose_images(explorer, "mnist")
    until(qtbot, lambda: dataset_of(explorer) == {"mnist"})
    when_ready(qtbot, explorer)
    held_out = lanes(explorer)[0].held_out
    assert held_out is not None
    assert held_out.images_NCHW.shape[1:] == (1, 28, 28)
    assert network == []
    assert tmp_path in datasets_folder().parents


def test_a_picture_of_the_window_is_exported(
    qtbot: QtBot, explorer: Explorer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer_save(monkeypatch, tmp_path / "shot")
    press(explorer, Qt.Key.Key_E, CTRL)
    until(qtbot, lambda: (tmp_path / "shot.png").exists())
    assert QImage(str(tmp_path / "shot.png")).size() == explorer.window.size()
    answer_save(monkeypatch, tmp_path / "no such folder" / "shot.png")
    press(explorer, Qt.Key.Key_E, CTRL)
    until_told(qtbot, explorer, "cannot be written")


def test_a_model_that_cannot_be_saved_keeps_the_old_file(
    qtbot: QtBot, explorer: Explorer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lane = lanes(explorer)[0]
    folder = tmp_path / "models"
    folder.mkdir()
    save(qtbot, explorer, lane, folder / "a.safetensors")
    shutil.rmtree(folder)
    folder.write_text("a file where the folder was")
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_S, CTRL)
    until_told(qtbot, explorer, "a.safetensors cannot be written")
    answer_save(monkeypatch, tmp_path / "b.safetensors")
    with qtbot.waitSignal(explorer.training.run_saved, timeout=60_000):
        press(explorer, Qt.Key.Key_S, CTRL | SHIFT)
    assert words(lane, "lane-name") == "AE"
    assert lanes(explorer)[0].model.path == tmp_path / "b.safetensors"


def test_a_selection_concerns_only_models_of_the_same_images(qtbot: QtBot, explorer: Explorer, tmp_path: Path) -> None:
    images, path = array_file(tmp_path / "mine.npz"), tmp_path / "other.safetensors"
    saved_model(path, Recipe(family="ae", dataset=str(images), batch_size=16))
    assert drop(explorer.window, [path])
    until(qtbot, lambda: len(lanes(explorer)) == 4)
    when_ready(qtbot, explorer)
    digits, other = lanes(explorer)[0], lanes(explorer)[3]
    reconstructed: list[str] = []

    def note(run: str, pixels: object) -> None:
        if pixels is not None:
            reconstructed.append(run)

    explorer.window.row.image_reconstructed.connect(note)
    x, y = snapshot_of(digits).points_N2[0]
    place = digits.cloud.viewport.to_pixels(float(x), float(y))
    QTest.mouseClick(digits.cloud, LEFT, pos=QPoint(round(place[0]), round(place[1])))
    until(qtbot, lambda: len(set(reconstructed)) == 3)
    assert explorer.bench.images_of == digits.model.images_key
    assert other.model.run not in reconstructed
    # A click on the other set's point lets the digit go.
    x, y = snapshot_of(other).points_N2[0]
    place = other.cloud.viewport.to_pixels(float(x), float(y))
    reconstructed.clear()
    QTest.mouseClick(other.cloud, LEFT, pos=QPoint(round(place[0]), round(place[1])))
    until(qtbot, lambda: reconstructed)
    assert set(reconstructed) == {other.model.run}
    assert explorer.bench.images_of == other.model.images_key
