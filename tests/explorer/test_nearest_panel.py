"""Nearest training images are found for what is pointed at or selected, while somebody looks."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.views.nearest_view import NearestView
from explorer.views.neighbour_row import NeighbourRow
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    LEFT,
    NOTHING,
    child,
    focus,
    lonely_point,
    place_of,
    play_some,
    press,
    snapshot_of,
    until,
    words,
)
from trainers.images import ImageSet
from trainers.recipe import Recipe


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits, without the map."""
    explorer = open_explorer(Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits"))
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    return explorer


def view_of(explorer: Explorer) -> NearestView:
    return explorer.window.side.nearest.view


def row_of(explorer: Explorer, kind: str, lane: Lane) -> NeighbourRow:
    return child(view_of(explorer), f"nearest_{kind}_{lane.model.run}", NeighbourRow)


def images_of(explorer: Explorer) -> ImageSet:
    images = explorer.window.supply.images(explorer.bench.models[0].images_key)
    assert images is not None
    return images


def test_nobody_looks_nothing_is_computed(qtbot: QtBot, two: Explorer) -> None:
    spy = QSignalSpy(two.paneler.done)
    lane = two.window.row.lanes[0]
    QTest.mouseClick(lane.cloud, LEFT, NOTHING, lane.cloud.rect().center())
    play_some(qtbot, two)
    assert spy.count() == 0
    assert snapshot_of(lane).model is None


def test_neighbours_of_a_decode_by_pixels_and_by_code(qtbot: QtBot, two: Explorer) -> None:
    ae, vae = two.window.row.lanes
    press(two, Qt.Key.Key_N)
    assert not view_of(two).widget().visibleRegion().isEmpty()  # pyright: ignore[reportOptionalMemberAccess]
    until(qtbot, lambda: not child(view_of(two), "nearest_hint", QLabel).isHidden())
    QTest.mouseClick(vae.cloud, LEFT, NOTHING, vae.cloud.rect().center())
    for lane in (ae, vae):
        for kind in ("pixels", "codes"):
            until(qtbot, lambda lane=lane, kind=kind: len(row_of(two, kind, lane).neighbours) == 6)
    assert child(view_of(two), "nearest_hint", QLabel).isHidden()
    point = two.bench.point
    assert point is not None
    snapshot, images = snapshot_of(vae), images_of(two)
    code_1D = snapshot.plane.codes(np.array([[point.x, point.y]], np.float32))
    decode = snapshot.decoder.decode(code_1D)[0] / 255
    distances_N = np.sqrt(np.square(images.train_NCHW / 255 - decode).sum((1, 2, 3)))
    found = row_of(two, "pixels", vae).neighbours
    assert [neighbour.distance for neighbour in found] == pytest.approx(np.sort(distances_N)[:6], rel=1e-4)
    assert np.array_equal(found[0].pixels_CHW, images.train_NCHW[distances_N.argmin()])
    model = snapshot.model
    assert model is not None
    codes_ND = model.posterior(images.train_NCHW).means_ND
    by_code = row_of(two, "codes", vae).neighbours
    near = np.linalg.norm(codes_ND - code_1D, axis=1)
    assert [neighbour.distance for neighbour in by_code] == pytest.approx(np.sort(near)[:6], rel=1e-3, abs=1e-4)
    until(qtbot, lambda: "held-out images are" in words(view_of(two), "nearest_usual"))


def test_neighbours_of_the_selected_image(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = two.window.row.lanes
    press(two, Qt.Key.Key_N)
    QTest.mouseClick(child(view_of(two), "nearest_image", QPushButton), LEFT)
    at = lonely_point(ae)
    QTest.mouseClick(ae.cloud, LEFT, NOTHING, place_of(ae, at))
    assert two.bench.image == at
    row = child(view_of(two), "nearest_of_image", NeighbourRow)
    until(qtbot, lambda: len(row.neighbours) == 6 and len(row_of(two, "codes", ae).neighbours) == 6)
    assert not row.isHidden()
    assert ae.held_out is not None
    image = ae.held_out.images_NCHW[at] / 255
    distances_N = np.sqrt(np.square(images_of(two).train_NCHW / 255 - image).sum((1, 2, 3)))
    assert row.neighbours[0].distance == pytest.approx(distances_N.min(), rel=1e-4)
    assert "training image" in row.neighbours[0].words


def test_training_asks_anew_and_looking_away_ends_it(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = two.window.row.lanes
    press(two, Qt.Key.Key_N)
    QTest.mouseClick(ae.cloud, LEFT, NOTHING, ae.cloud.rect().center())
    row = row_of(two, "pixels", ae)
    until(qtbot, lambda: len(row.neighbours) == 6)
    before = row.neighbours
    play_some(qtbot, two)
    until(qtbot, lambda: row.neighbours is not before)
    press(two, Qt.Key.Key_S)
    play_some(qtbot, two)
    assert snapshot_of(ae).model is None
