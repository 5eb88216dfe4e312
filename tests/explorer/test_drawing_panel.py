"""A drawing is given to every model with each stroke; pictures are dropped; marks come and go."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.views.drawing_view import DrawingView
from explorer.views.dropped_files import NO_FILE
from explorer.views.image_view import ImageView
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    LEFT,
    NOTHING,
    child,
    drag,
    drop,
    drop_data,
    focus,
    play_some,
    press,
    shown,
    snapshot_of,
    until,
    until_told,
)
from trainers.recipe import Recipe


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits, without the map, and the pad in front."""
    explorer = open_explorer(Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits"))
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    press(explorer, Qt.Key.Key_D)
    return explorer


def view_of(explorer: Explorer) -> DrawingView:
    return explorer.window.side.drawing.view


def given(explorer: Explorer) -> ImageView:
    return child(view_of(explorer), "drawing_given", ImageView)


def made(explorer: Explorer, lane: Lane) -> ImageView:
    return child(view_of(explorer), f"drawing_{lane.model.run}", ImageView)


def same(image: npt.NDArray[np.uint8] | None, other: npt.NDArray[np.uint8] | None) -> bool:
    return image is not None and other is not None and np.array_equal(image, other)


def draw(explorer: Explorer) -> None:
    pad = view_of(explorer).pad
    drag(pad, QPoint(60, 30), QPoint(62, 70), QPoint(64, 120))


def test_models_answer_in_the_middle_of_a_stroke(qtbot: QtBot, two: Explorer) -> None:
    pad = view_of(two).pad
    bare = [lane.cloud.grab().toImage() for lane in two.window.row.lanes]
    QTest.mousePress(pad, LEFT, NOTHING, QPoint(60, 30))
    QTest.mouseMove(pad, QPoint(62, 90))
    for lane in two.window.row.lanes:
        until(qtbot, lambda lane=lane: shown(made(two, lane)) is not None)
    first = shown(given(two))
    QTest.mouseMove(pad, QPoint(120, 90))
    until(qtbot, lambda: not same(shown(given(two)), first))
    QTest.mouseRelease(pad, LEFT, NOTHING, QPoint(120, 90))
    assert [lane.cloud.grab().toImage() != before for lane, before in zip(two.window.row.lanes, bare, strict=True)] == [
        True,
        True,
    ]


def test_each_model_makes_of_it_what_its_own_networks_say(qtbot: QtBot, two: Explorer) -> None:
    draw(two)
    for lane in two.window.row.lanes:
        until(qtbot, lambda lane=lane: shown(made(two, lane)) is not None)
        image, model = shown(given(two)), snapshot_of(lane).model
        assert image is not None
        assert model is not None
        expected = model.decode(model.posterior(image[None]).means_ND)[0]
        until(qtbot, lambda lane=lane, expected=expected: same(shown(made(two, lane)), expected))


def test_training_makes_it_anew_and_clearing_takes_it_away(qtbot: QtBot, two: Explorer) -> None:
    lane = two.window.row.lanes[0]
    bare = lane.cloud.grab().toImage()
    draw(two)
    until(qtbot, lambda: shown(made(two, lane)) is not None)
    before = shown(made(two, lane))
    play_some(qtbot, two)
    until(qtbot, lambda: not same(shown(made(two, lane)), before))
    QTest.mouseClick(child(view_of(two), "drawing_clear", QPushButton), LEFT)
    until(qtbot, lambda: shown(made(two, lane)) is None)
    assert shown(given(two)) is None
    assert lane.cloud.grab().toImage() != bare  # it has trained; the mark itself is gone:
    with_none = lane.cloud.grab().toImage()
    press(two, Qt.Key.Key_S)
    assert lane.cloud.grab().toImage() == with_none


def test_fitting_can_be_turned_off(qtbot: QtBot, two: Explorer) -> None:
    draw(two)
    until(qtbot, lambda: shown(given(two)) is not None)
    fitted = shown(given(two))
    box = child(view_of(two), "drawing_fit", QCheckBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    until(qtbot, lambda: not same(shown(given(two)), fitted))


def test_a_picture_dropped_on_the_window_is_given_to_all(qtbot: QtBot, two: Explorer, tmp_path: Path) -> None:
    press(two, Qt.Key.Key_S)
    paper = np.full((60, 40), 240, np.uint8)
    paper[10:50, 18:24] = 10
    Image.fromarray(paper).save(tmp_path / "one.png")
    assert drop(two.window, [tmp_path / "one.png"])
    for lane in two.window.row.lanes:
        until(qtbot, lambda lane=lane: shown(made(two, lane)) is not None)
    image = shown(given(two))
    assert image is not None
    assert image[0, :, 4].max() > 150  # light ink on dark ground, as the digits are
    assert image[0, :, 0].max() == 0
    assert view_of(two).pad.drawing.any()
    assert len(two.bench.models) == 2


def test_what_is_no_picture_is_told(qtbot: QtBot, two: Explorer, tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"nothing")
    assert drop(view_of(two).pad, [tmp_path / "broken.png"])
    until_told(qtbot, two, "broken.png cannot be read")


@pytest.mark.parametrize("where", ["window", "pad"])
def test_a_picture_from_a_browser_is_refused_in_words(qtbot: QtBot, two: Explorer, where: str) -> None:
    target = two.window if where == "window" else view_of(two).pad
    address, pixels = QMimeData(), QMimeData()
    address.setUrls([QUrl("https://example.org/seven.png")])
    pixels.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    for data in (address, pixels):
        assert drop_data(target, data)
        until_told(qtbot, two, NO_FILE)
        two.window.message_bar.tell("")
    words = QMimeData()
    words.setText("seven")
    assert not drop_data(target, words)
    assert shown(given(two)) is None


def test_looking_away_takes_marks_and_copies_away(qtbot: QtBot, two: Explorer) -> None:
    lane = two.window.row.lanes[0]
    view_of(two).pad.setFocus()  # the cloud's frame shows where the focus is
    bare = lane.cloud.grab().toImage()
    draw(two)
    until(qtbot, lambda: lane.cloud.grab().toImage() != bare)
    press(two, Qt.Key.Key_S)
    assert lane.cloud.grab().toImage() == bare
    play_some(qtbot, two)
    assert snapshot_of(lane).model is None
