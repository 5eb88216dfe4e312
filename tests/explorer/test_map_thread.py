"""The thread of the decoded maps: what is missing and newest first, nothing stale, gentle while models train."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer.map_thread import LARGEST_CELL, MapRequest, MapSource, MapThread, MapTile, tile_picture
from explorer.views.map_tiles import CELLS, Tile
from tests.explorer.driving import PATIENCE, until
from trainers.latent_plane import whole_plane
from trainers.messages import Decoder, Floats, Pixels, Plane


class Plain:
    """A decoder that paints an image of 2 × 2 in a grey that the code's coordinates give."""

    def decode(self, codes_ND: Floats) -> Pixels:
        """Grey, ten times x plus y."""
        grey_N = np.clip(10 * codes_ND[:, 0] + codes_ND[:, 1], 0, 255).round().astype(np.uint8)
        return np.broadcast_to(grey_N[:, None, None, None], (len(codes_ND), 1, 2, 2))


@dataclass
class Gate(Plain):
    """One that says when it begins, and then waits for the test."""

    begun: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def decode(self, codes_ND: Floats) -> Pixels:
        """Wait, then decode."""
        self.begun.set()
        assert self.opened.wait(60)
        return super().decode(codes_ND)


class Slow(Plain):
    """One that takes its time."""

    seconds = 0.01

    def decode(self, codes_ND: Floats) -> Pixels:
        """Wait a little, then decode."""
        threading.Event().wait(self.seconds)
        return super().decode(codes_ND)


class Broken(Plain):
    """One that cannot."""

    def decode(self, codes_ND: Floats) -> Pixels:
        """Fail."""
        raise ValueError(f"{codes_ND.shape} is no code")


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[MapThread]:
    del qtbot
    thread = MapThread()
    thread.start()
    yield thread
    thread.stop()
    assert "map" not in {running.name for running in threading.enumerate()}


NEAR, MIDDLE, FAR = (Tile(0, right, 0) for right in range(3))


def request(
    run: str,
    missing: tuple[Tile, ...] = (),
    older: tuple[Tile, ...] = (),
    decoder: Decoder | None = None,
    version: int = 1,
    plane: Plane | None = None,
) -> MapRequest:
    source = MapSource(version=version, decoder=decoder or Plain(), plane=plane or whole_plane())
    return MapRequest(run=run, source=source, missing=missing, older=older)


@pytest.fixture
def held(thread: MapThread) -> Iterator[Callable[[], None]]:
    """The thread has one tile of the run "gate" in hand until this is called."""
    gate = Gate()
    thread.submit(request("gate", (NEAR,), decoder=gate))
    assert gate.begun.wait(60)
    yield gate.opened.set
    gate.opened.set()


def answers(spy: QSignalSpy) -> list[tuple[str, Tile, int]]:
    found = [spy.at(index)[0] for index in range(spy.count())]
    assert all(isinstance(decoded, MapTile) for decoded in found)
    return [(decoded.run, decoded.tile, decoded.version) for decoded in found if decoded.run != "gate"]


def pixels_of(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    packed = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return packed[..., 2::-1]


def test_each_cell_shows_what_is_decoded_at_its_centre(qtbot: QtBot, thread: MapThread) -> None:
    spy, tile = QSignalSpy(thread.decoded), Tile(1, 2, 1)
    thread.submit(request("a", (tile,), version=7))
    until(qtbot, lambda: spy.count() == 1)
    decoded: MapTile = spy.at(0)[0]
    assert (decoded.run, decoded.tile, decoded.version) == ("a", tile, 7)
    rgb_HW3 = pixels_of(decoded.picture)
    assert rgb_HW3.shape == (2 * CELLS, 2 * CELLS, 3)
    for row in range(CELLS):
        for column in range(CELLS):
            x, y = tile.bounds.left + (column + 0.5) * tile.cell, tile.bounds.top - (row + 0.5) * tile.cell
            cell = rgb_HW3[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
            assert np.abs(cell.astype(int) - (10 * x + y)).max() <= 0.5


def test_the_plane_says_which_codes_a_place_has(qtbot: QtBot, thread: MapThread) -> None:
    axes_2D = np.asarray([[0, 1, 0], [1, 0, 0]], np.float32)
    plane = Plane(origin_D=np.asarray([5, 3, 9], np.float32), axes_2D=axes_2D, explained=0.5)
    spy, tile = QSignalSpy(thread.decoded), Tile(0, 0, 0)
    thread.submit(request("a", (tile,), plane=plane))
    until(qtbot, lambda: spy.count() == 1)
    # Upper left: x = .5, y = 7.5 on the plane, so 12.5 and 3.5 in latent space.
    assert pixels_of(spy.at(0)[0].picture)[0, 0].tolist() == [128, 128, 128]


def test_keeps_the_order_and_refreshes_last(qtbot: QtBot, thread: MapThread, held: Callable[[], None]) -> None:
    spy = QSignalSpy(thread.decoded)
    thread.submit(request("a", (MIDDLE, NEAR), (FAR,)))
    held()
    until(qtbot, lambda: spy.count() == 4)
    assert [tile for _, tile, _ in answers(spy)] == [MIDDLE, NEAR, FAR]


def test_the_map_that_moved_last_is_filled_first(qtbot: QtBot, thread: MapThread, held: Callable[[], None]) -> None:
    spy = QSignalSpy(thread.decoded)
    thread.submit(request("a", (NEAR, MIDDLE), (FAR,)))
    thread.submit(request("b", (NEAR, MIDDLE)))
    held()
    until(qtbot, lambda: spy.count() == 6)
    assert [(run, tile) for run, tile, _ in answers(spy)] == [
        ("b", NEAR),
        ("b", MIDDLE),
        ("a", NEAR),
        ("a", MIDDLE),
        ("a", FAR),
    ]


def test_maps_are_refreshed_in_turn(qtbot: QtBot, thread: MapThread, held: Callable[[], None]) -> None:
    spy = QSignalSpy(thread.decoded)
    for run in "abc":
        thread.submit(request(run, older=(NEAR, MIDDLE)))
    held()
    until(qtbot, lambda: spy.count() == 7)
    runs = [run for run, _, _ in answers(spy)]
    assert sorted(runs[:3]) == sorted(runs[3:]) == ["a", "b", "c"]


def test_what_is_no_longer_wanted_is_not_decoded(qtbot: QtBot, thread: MapThread, held: Callable[[], None]) -> None:
    spy = QSignalSpy(thread.decoded)
    thread.submit(request("a", (NEAR, MIDDLE), (FAR,)))
    thread.submit(request("gone", (NEAR,), (FAR,)))
    thread.submit(request("a", (FAR,), version=2))
    thread.forget("gone")
    held()
    thread.submit(request("end", older=(NEAR,)))
    until(qtbot, lambda: spy.count() == 3)
    assert answers(spy) == [("a", FAR, 2), ("end", NEAR, 1)]


def test_a_tile_in_hand_is_not_decoded_twice_unless_the_model_is_newer(qtbot: QtBot, thread: MapThread) -> None:
    spy, gate = QSignalSpy(thread.decoded), Gate()
    thread.submit(request("a", (NEAR, MIDDLE), decoder=gate))
    assert gate.begun.wait(60)
    thread.submit(request("a", (NEAR, MIDDLE)))
    gate.opened.set()
    until(qtbot, lambda: spy.count() == 2)
    again = Gate()
    thread.submit(request("a", (NEAR,), decoder=again, version=2))
    assert again.begun.wait(60)
    thread.submit(request("a", older=(NEAR,), version=3))
    again.opened.set()
    until(qtbot, lambda: spy.count() == 4)
    assert answers(spy) == [("a", NEAR, 1), ("a", MIDDLE, 1), ("a", NEAR, 2), ("a", NEAR, 3)]


def test_refreshing_leaves_the_machine_to_training_but_what_is_missing_comes_at_once(qtbot: QtBot) -> None:
    thread = MapThread(training_share=0.1)
    spy = QSignalSpy(thread.decoded)
    thread.set_training(True)
    tiles = tuple(Tile(0, right, 0) for right in range(5))
    thread.submit(request("a", older=tiles, decoder=Slow()))
    begun = time.monotonic()
    thread.start()
    try:
        until(qtbot, lambda: spy.count() == 1)
        thread.submit(request("b", (FAR,)))
        until(qtbot, lambda: spy.count() == 6)
        took = time.monotonic() - begun
    finally:
        thread.stop()
    assert took >= 4 * Slow.seconds / 0.1
    assert ("b", FAR, 1) in answers(spy)[1:3]


def test_refreshing_is_at_full_speed_again_when_training_ends(qtbot: QtBot) -> None:
    thread = MapThread(training_share=1e-6)  # the second tile would come after hours
    spy = QSignalSpy(thread.decoded)
    thread.set_training(True)
    thread.submit(request("a", older=(NEAR, MIDDLE, FAR), decoder=Slow()))
    thread.start()
    try:
        until(qtbot, lambda: spy.count() == 1)
        thread.set_training(False)
        until(qtbot, lambda: spy.count() == 3)
    finally:
        thread.stop()


def test_a_failure_is_told_once_and_others_go_on(qtbot: QtBot, thread: MapThread, held: Callable[[], None]) -> None:
    spy, failed = QSignalSpy(thread.decoded), QSignalSpy(thread.failed)
    thread.submit(request("a", (NEAR, MIDDLE)))
    thread.submit(request("bad", (NEAR, MIDDLE), decoder=Broken()))
    held()
    until(qtbot, lambda: spy.count() == 3)
    assert failed.count() == 1
    assert failed.at(0)[0] == "bad"
    assert "is no code" in failed.at(0)[1]


def test_stops_without_the_tiles_that_wait(qtbot: QtBot) -> None:
    thread = MapThread()
    spy, gate, never = QSignalSpy(thread.decoded), Gate(), Gate()
    thread.start()
    thread.submit(request("a", (NEAR,), decoder=gate))
    assert gate.begun.wait(60)
    thread.submit(request("b", (NEAR,), decoder=never))
    threading.Timer(0.05, gate.opened.set).start()
    thread.stop()
    qtbot.waitUntil(lambda: spy.count() == 1, timeout=PATIENCE)
    assert not never.begun.is_set()


def test_colours_come_out_as_they_are() -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (CELLS * CELLS, 3, 5, 4), dtype=np.uint8)
    image = tile_picture(pixels)
    assert (image.width(), image.height()) == (4 * CELLS, 5 * CELLS)
    for row, column in ((0, 0), (3, 6), (7, 7)):
        cell = pixels_of(image)[5 * row : 5 * row + 5, 4 * column : 4 * column + 4]
        assert np.array_equal(cell, pixels[row * CELLS + column].transpose(1, 2, 0))
    assert image.pixelColor(0, 0) == QColor(*pixels[0, :, 0, 0].tolist())


def test_large_images_are_made_smaller_by_averaging() -> None:
    pixels = np.zeros((CELLS * CELLS, 1, 2 * LARGEST_CELL, 2 * LARGEST_CELL), np.uint8)
    pixels[..., ::2, ::2] = 200
    image = tile_picture(pixels)
    assert image.width() == image.height() == CELLS * LARGEST_CELL
    assert (pixels_of(image) == 50).all()


def test_a_picture_is_its_own_memory() -> None:
    pixels = np.full((CELLS * CELLS, 1, 2, 2), 90, np.uint8)
    image = tile_picture(pixels)
    pixels[:] = 0
    assert image.pixelColor(3, 3).red() == 90
    assert not image.hasAlphaChannel()
    image.fill(Qt.GlobalColor.red)
    assert (pixels == 0).all()
