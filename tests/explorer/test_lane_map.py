"""The decoded map in the window: key M, the view and the model decide what is decoded, and off means off."""

import threading

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.disk import finish_writing
from explorer.lane import Lane
from explorer.views.map_tiles import CELLS, Tile
from explorer.views.viewport import Bounds
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    NOTHING,
    action,
    drag,
    focus,
    map_is_fresh,
    map_tiles,
    play_some,
    press,
    snapshot_of,
    until,
)
from trainers.recipe import Recipe


@pytest.fixture
def digits(open_explorer: OpenExplorer) -> Explorer:
    """One autoencoder on digits."""
    return open_explorer(Recipe(family="ae", dataset="digits"))


def grey(image: QImage) -> npt.NDArray[np.uint8]:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., 0]


def zoom(lane: Lane, notches: int) -> None:
    place = QPointF(lane.cloud.rect().center())
    event = QWheelEvent(
        place,
        QPointF(lane.cloud.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NOTHING,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(lane.cloud, event)


def test_the_map_shows_what_the_model_decodes(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    until(qtbot, lambda: map_is_fresh(lane))
    snapshot, shown = snapshot_of(lane), lane.cloud.decoded_map
    assert shown is not None
    for tile in map_tiles(lane):
        picture = shown.store.use(tile)
        assert picture is not None
        images_N1HW = snapshot.decoder.decode(tile.centres_N2())
        side = images_N1HW.shape[2]
        mosaic = images_N1HW.reshape(CELLS, CELLS, side, side).transpose(0, 2, 1, 3)
        assert np.abs(grey(picture).astype(int) - mosaic.reshape(CELLS * side, -1)).max() <= 1


def test_m_shows_and_hides_it_and_off_decodes_nothing(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    focus(digits, 0)
    until(qtbot, lambda: map_is_fresh(lane))
    with_map = lane.cloud.grab().toImage()
    press(digits, Qt.Key.Key_M)
    assert not action(digits, "map").isChecked()
    assert lane.cloud.decoded_map is None
    assert lane.cloud.grab().toImage() != with_map
    spy = QSignalSpy(digits.mapper.decoded)
    play_some(qtbot, digits)
    zoom(lane, 3)
    press(digits, Qt.Key.Key_M)
    assert spy.count() == 0
    until(qtbot, lambda: map_is_fresh(lane) and spy.count() >= len(map_tiles(lane)))


def test_it_is_as_it_was_the_next_time(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    recipe = Recipe(family="ae", dataset="digits")
    first = open_explorer(recipe)
    assert action(first, "map").isChecked()
    focus(first, 0)
    press(first, Qt.Key.Key_M)
    finish_writing()
    assert str(QSettings().value("map")).lower() == "false"
    first.window.close()
    second = open_explorer(recipe)
    assert not action(second, "map").isChecked()
    assert second.window.row.lanes[0].cloud.decoded_map is None
    del qtbot


def test_zooming_in_refines(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    until(qtbot, lambda: map_is_fresh(lane))
    shown = lane.cloud.decoded_map
    assert shown is not None
    before = shown.level(lane.cloud.viewport)
    for _ in range(3):
        zoom(lane, 8)
        until(qtbot, lambda: map_is_fresh(lane))
    assert shown.level(lane.cloud.viewport) - before in (6, 7)  # 1.2 ** 24 = 79.5


def test_a_drag_asks_for_the_tiles_that_come_into_view(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    until(qtbot, lambda: map_is_fresh(lane))
    before = set(map_tiles(lane))
    middle = lane.cloud.rect().center()
    drag(lane.cloud, middle, middle + QPoint(120, 0), middle + QPoint(900, 500))
    assert not before & set(map_tiles(lane)), "the drag goes beyond every tile"
    until(qtbot, lambda: map_is_fresh(lane))


def test_training_refreshes_it(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    focus(digits, 0)
    until(qtbot, lambda: map_is_fresh(lane))
    shown, tile = lane.cloud.decoded_map, map_tiles(lane)[0]
    assert shown is not None
    before = shown.store.use(tile)
    play_some(qtbot, digits, steps=3)
    until(qtbot, lambda: map_is_fresh(lane))
    if tile in map_tiles(lane):
        assert shown.store.use(tile) != before


def test_more_than_two_dimensions_are_decoded_on_their_plane(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="ae", dataset="digits", latent_dim=5))
    (lane,) = explorer.window.row.lanes
    until(qtbot, lambda: map_is_fresh(lane))
    snapshot, shown = snapshot_of(lane), lane.cloud.decoded_map
    assert shown is not None
    tile = map_tiles(lane)[0]
    picture = shown.store.use(tile)
    assert picture is not None
    corner = snapshot.decoder.decode(snapshot.plane.codes(tile.centres_N2()[:1]))[0, 0]
    side = len(corner)
    assert np.abs(grey(picture)[:side, :side].astype(int) - corner).max() <= 1


def test_a_lane_that_is_closed_or_cannot_be_seen_wants_nothing(qtbot: QtBot, explorer: Explorer) -> None:
    row = explorer.window.row
    for lane in row.lanes:
        until(qtbot, lambda lane=lane: map_is_fresh(lane))
    spy = QSignalSpy(explorer.mapper.decoded)
    closed, hidden, seen = row.lanes
    hidden.hide()
    explorer.bench.remove(closed.model.run)
    focus(explorer, 1)
    play_some(qtbot, explorer)
    until(qtbot, lambda: map_is_fresh(seen))
    assert {spy.at(index)[0].run for index in range(spy.count())} == {seen.model.run}
    hidden.show()
    until(qtbot, lambda: map_is_fresh(hidden))


def test_a_new_lane_has_a_map_too(qtbot: QtBot, digits: Explorer) -> None:
    digits.bench.duplicate(digits.bench.models[0].run)
    until(qtbot, lambda: len(digits.window.row.lanes) == 2)
    lane = digits.window.row.lanes[1]
    until(qtbot, lambda: lane.snapshot is not None)
    until(qtbot, lambda: map_is_fresh(lane))


def test_the_thread_ends_with_the_window(digits: Explorer) -> None:
    assert "map" in {thread.name for thread in threading.enumerate()}
    digits.window.close()
    assert "map" not in {thread.name for thread in threading.enumerate()}


def test_what_is_near_the_mouse_comes_first(qtbot: QtBot, digits: Explorer) -> None:
    (lane,) = digits.window.row.lanes
    focus(digits, 0)
    until(qtbot, lambda: map_is_fresh(lane))
    press(digits, Qt.Key.Key_M)
    corner = QPoint(lane.cloud.width() - 12, 12)
    with qtbot.waitSignal(lane.cloud.latent_hovered):
        qtbot.mouseMove(lane.cloud, corner)
    spy = QSignalSpy(digits.mapper.decoded)
    press(digits, Qt.Key.Key_M)
    until(qtbot, lambda: map_is_fresh(lane))
    first: Tile = spy.at(0)[0].tile
    x, y = lane.cloud.viewport.to_latent(corner.x(), corner.y())
    assert first.bounds.contains(Bounds(x, y, x, y))
