"""The thread that loads images: in order, one at a time, to be cancelled, and with a sentence where it fails."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.image_loader import ImageLoader, ImageRequest
from tests.explorer.driving import until
from trainers.images import ImageSet


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[ImageLoader]:
    del qtbot
    loader = ImageLoader()
    loader.start()
    yield loader
    loader.stop()
    assert "images" not in {running.name for running in threading.enumerate()}


def array_file(path: Path, size: int = 8, count: int = 20) -> Path:
    np.savez(path, images=np.random.default_rng(0).integers(0, 256, (count, size, size), dtype=np.uint8))
    return path


def picture_folder(path: Path, count: int = 30) -> Path:
    path.mkdir()
    for number in range(count):
        Image.new("L", (12, 12), 8 * number).save(path / f"{number:02}.png")
    return path


def test_loads_what_is_asked_for_in_order(qtbot: QtBot, loader: ImageLoader, tmp_path: Path) -> None:
    loaded = QSignalSpy(loader.loaded)
    requests = [ImageRequest("digits", 0), ImageRequest(str(array_file(tmp_path / "a.npz")), 16)]
    for request in requests:
        loader.load(request)
    until(qtbot, lambda: loaded.count() == 2)
    assert [loaded.at(at)[0] for at in range(2)] == requests
    digits, own = loaded.at(0)[1], loaded.at(1)[1]
    assert isinstance(digits, ImageSet)
    assert digits.shape.size == 8
    assert isinstance(own, ImageSet)
    assert own.shape.size == 16


def test_a_failure_is_one_sentence_and_the_next_set_is_loaded(
    qtbot: QtBot, loader: ImageLoader, tmp_path: Path
) -> None:
    loaded, failed = QSignalSpy(loader.loaded), QSignalSpy(loader.failed)
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"PK\x03\x04 this is no archive")
    request = ImageRequest(str(broken), 0)
    loader.load(request)
    loader.load(ImageRequest("digits", 0))
    until(qtbot, lambda: loaded.count() == 1)
    assert failed.count() == 1
    assert failed.at(0)[0] == request
    assert "broken.npz" in failed.at(0)[1]


def test_a_set_that_is_not_here_is_not_downloaded(qtbot: QtBot, loader: ImageLoader, tmp_path: Path) -> None:
    failed = QSignalSpy(loader.failed)
    loader.load(ImageRequest("mnist", 0))
    until(qtbot, lambda: failed.count() == 1)
    assert not any((tmp_path / "data").rglob("*"))


def test_what_is_in_hand_can_be_cancelled(qtbot: QtBot, loader: ImageLoader, tmp_path: Path) -> None:
    cancelled, loaded = QSignalSpy(loader.cancelled), QSignalSpy(loader.loaded)

    # Cancelled from the loader's own thread, at the first word of progress: no picture can be read before.
    def cancel(_progress: object) -> None:
        if cancelled.count() == 0:
            loader.cancel()

    loader.progressed.connect(cancel, Qt.ConnectionType.DirectConnection)
    folder = ImageRequest(str(picture_folder(tmp_path / "pictures")), 0)
    loader.load(folder)
    until(qtbot, lambda: cancelled.count() == 1)
    assert cancelled.at(0)[0] == folder
    loader.load(folder)
    until(qtbot, lambda: loaded.count() == 1)


def test_stops_with_sets_still_waiting(loader: ImageLoader, tmp_path: Path) -> None:
    loaded = QSignalSpy(loader.loaded)
    folder = ImageRequest(str(picture_folder(tmp_path / "pictures")), 0)
    for _ in range(50):
        loader.load(folder)
    loader.stop()
    assert loaded.count() < 50
