"""The difference of two classes' means is added to a code, in each model, and decoded along the way."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.views.arithmetic_view import NO_CLASSES, STEPS, ArithmeticView
from explorer.views.sample_strip import SampleStrip
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    LEFT,
    NOTHING,
    SHIFT,
    child,
    focus,
    lonely_point,
    place_of,
    press,
    snapshot_of,
    until,
)
from trainers.recipe import Recipe


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE in the plane and one with three latent dimensions, without the map, and the panel in front."""
    explorer = open_explorer(
        Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits", latent_dim=3)
    )
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    press(explorer, Qt.Key.Key_C, SHIFT)
    return explorer


def view_of(explorer: Explorer) -> ArithmeticView:
    return explorer.window.side.arithmetic.view


def strip(explorer: Explorer, lane: Lane) -> SampleStrip:
    return child(view_of(explorer), f"arithmetic_{lane.model.run}", SampleStrip)


def select(explorer: Explorer) -> int:
    lane = explorer.window.row.lanes[0]
    at = lonely_point(lane)
    QTest.mouseClick(lane.cloud, LEFT, NOTHING, place_of(lane, at))
    assert explorer.bench.image == at
    return at


def choose(explorer: Explorer, name: str, key: Qt.Key) -> None:
    box = child(view_of(explorer), f"arithmetic_{name}", QComboBox)
    box.setFocus()
    QTest.keyClick(box, key)


def test_the_sum_is_pinned_where_the_means_say(qtbot: QtBot, two: Explorer) -> None:
    view = view_of(two)
    assert not view.widget().visibleRegion().isEmpty()  # pyright: ignore[reportOptionalMemberAccess]
    assert not child(view, "arithmetic_hint", QLabel).isHidden()
    bare = [lane.cloud.grab().toImage() for lane in two.window.row.lanes]
    at = select(two)
    for lane in two.window.row.lanes:
        until(qtbot, lambda lane=lane: strip(two, lane).visible_count() == STEPS)
    assert child(view, "arithmetic_hint", QLabel).isHidden()
    held_out = two.window.row.lanes[0].held_out
    assert held_out is not None
    assert view.classes is not None
    to_class, from_class = view.classes
    assert from_class == held_out.labels_N[at] != to_class, "away from the class that the image has"
    choose(two, "to", Qt.Key.Key_Down if to_class < 8 else Qt.Key.Key_Up)
    classes = view.classes
    assert classes is not None
    assert classes != (to_class, from_class)
    for index, lane in enumerate(two.window.row.lanes):
        assert lane.cloud.grab().toImage() != bare[index]
        codes_ND, labels_N = snapshot_of(lane).codes_ND, held_out.labels_N
        to_D, from_D = (codes_ND[labels_N == label].mean(0) for label in classes)
        expected = snapshot_of(lane).plane.points((codes_ND[at] + to_D - from_D)[None])[0]

        def pinned_there(lane: Lane = lane, expected: object = expected) -> bool:
            place = strip(two, lane).image_place(STEPS - 1).center().toPoint()
            QTest.mouseClick(strip(two, lane), LEFT, NOTHING, place)
            pinned = two.bench.pinned
            return pinned is not None and np.allclose((pinned.x, pinned.y), np.asarray(expected), atol=1e-4)

        until(qtbot, pinned_there)


def test_a_way_to_the_class_that_it_comes_from_is_not_proposed(qtbot: QtBot) -> None:
    view = ArithmeticView()
    qtbot.addWidget(view)
    view.set_classes(("a", "b", "c"))
    assert view.classes == (1, 0)
    changed = QSignalSpy(view.changed)
    view.propose_from(1)
    assert view.classes == (2, 1)
    view.propose_from(2)
    assert view.classes == (0, 2)
    assert changed.count() == 2


def test_images_without_classes_are_told_and_have_no_arrow(
    qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path
) -> None:
    images = np.random.default_rng(0).integers(0, 256, (60, 8, 8), dtype=np.uint8)
    np.savez(tmp_path / "plain.npz", images=images)
    explorer = open_explorer(Recipe(family="ae", dataset=str(tmp_path / "plain.npz")))
    (lane,) = explorer.window.row.lanes
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    press(explorer, Qt.Key.Key_C, SHIFT)
    hint = child(view_of(explorer), "arithmetic_hint", QLabel)
    until(qtbot, lambda: hint.text() == NO_CLASSES)
    spy = QSignalSpy(explorer.paneler.done)
    select(explorer)
    assert not hint.isHidden()
    assert not child(view_of(explorer), "arithmetic_to", QComboBox).isEnabled()
    assert strip(explorer, lane).visible_count() == spy.count() == 0


def test_a_pinned_place_is_this(qtbot: QtBot, two: Explorer) -> None:
    lane = two.window.row.lanes[0]
    choose(two, "start", Qt.Key.Key_Down)
    assert view_of(two).start == "place"
    QTest.mouseClick(lane.cloud, LEFT, NOTHING, lane.cloud.rect().center())
    until(qtbot, lambda: strip(two, lane).visible_count() == STEPS)
    focus(two, 0)
    press(two, Qt.Key.Key_Escape)
    assert strip(two, lane).visible_count() == 0


def test_looking_away_takes_the_arrow_away(qtbot: QtBot, two: Explorer) -> None:
    lane = two.window.row.lanes[0]
    select(two)
    until(qtbot, lambda: strip(two, lane).visible_count() == STEPS)
    with_arrow = lane.cloud.grab().toImage()
    press(two, Qt.Key.Key_S)
    assert lane.cloud.grab().toImage() != with_arrow
