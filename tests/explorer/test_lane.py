"""Pointing, clicking and choosing in the clouds of the real window."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLineEdit
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.messages import Decoded, DecodeJob
from explorer.views.image_view import ImageView
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    SHIFT,
    action,
    child,
    decode_in_inspector,
    drag,
    focus,
    hover,
    lonely_point,
    place_of,
    play_some,
    press,
    reconstruction_in_inspector,
    save,
    snapshot_of,
    until,
    words,
)
from trainers.recipe import Recipe
from trainers.run import TrainingRun


@pytest.fixture
def trained(qtbot: QtBot, explorer: Explorer) -> Explorer:
    play_some(qtbot, explorer)
    return explorer


def saved_runs(qtbot: QtBot, explorer: Explorer, folder: Path) -> list[TrainingRun]:
    return [
        save(qtbot, explorer, lane, folder / f"{number}.safetensors")
        for number, lane in enumerate(explorer.window.row.lanes)
    ]


def decoded(run: TrainingRun, lane: Lane, x: float, y: float) -> npt.NDArray[np.float32]:
    """What the saved model decodes at a place of a lane, in grey levels."""
    codes_ND = snapshot_of(lane).plane.codes(np.asarray([[x, y]], np.float32))
    return run.decode(codes_ND)[0] * 255.0


def is_shown(view: ImageView, image_CHW: npt.NDArray[np.float32]) -> bool:
    """Whether the view shows this image, to one grey level."""
    shown = view.pixels()
    return shown is not None and bool(np.abs(shown.astype(np.float32) - image_CHW).max() <= 1.0)


def test_hovering_decodes_in_every_lane_and_in_the_inspector(qtbot: QtBot, trained: Explorer, tmp_path: Path) -> None:
    lanes = trained.window.row.lanes
    runs = saved_runs(qtbot, trained, tmp_path)
    for at, place in ((0, QPoint(60, 70)), (2, QPoint(150, 120))):
        hover(lanes[at].cloud, place)
        x, y = lanes[at].cloud.viewport.to_latent(place.x(), place.y())
        until(qtbot, lambda x=x: trained.bench.hovered is not None and trained.bench.hovered.x == x)
        for run, lane in zip(runs, lanes, strict=True):
            image = decoded(run, lane, x, y)
            until(qtbot, lambda lane=lane, image=image: is_shown(lane.pointer_image, image))
            assert is_shown(decode_in_inspector(trained, lane), image)
    QTest.mouseMove(trained.window.transport, QPoint(5, 5))
    until(qtbot, lambda: trained.bench.hovered is None)
    assert all(lane.pointer_image.pixels() is None for lane in lanes)
    assert decode_in_inspector(trained, lanes[0]).pixels() is None


def test_a_click_pins_and_arrow_keys_move_the_pin(qtbot: QtBot, trained: Explorer, tmp_path: Path) -> None:
    lanes = trained.window.row.lanes
    cloud = lanes[1].cloud
    place = QPoint(70, 60)
    hover(cloud, place)
    QTest.mouseClick(cloud, LEFT, pos=place)
    x, y = cloud.viewport.to_latent(place.x(), place.y())
    pinned = trained.bench.pinned
    assert pinned is not None
    assert (pinned.run, pinned.x, pinned.y) == (lanes[1].model.run, x, y)
    assert trained.bench.focused == lanes[1].model.run
    press(trained, Qt.Key.Key_Right)
    press(trained, Qt.Key.Key_Up, SHIFT)
    moved = trained.bench.pinned
    assert moved is not None
    assert moved.x > x
    assert moved.y > y
    QTest.mouseMove(trained.window.transport, QPoint(5, 5))
    until(qtbot, lambda: trained.bench.hovered is None)
    for run, lane in zip(saved_runs(qtbot, trained, tmp_path), lanes, strict=True):
        image = decoded(run, lane, moved.x, moved.y)
        until(qtbot, lambda lane=lane, image=image: is_shown(lane.pointer_image, image))
    press(trained, Qt.Key.Key_A, CTRL | SHIFT)
    assert trained.bench.pinned is None
    assert all(lane.pointer_image.pixels() is None for lane in lanes)


def test_a_pin_is_decoded_anew_while_training(qtbot: QtBot, trained: Explorer, tmp_path: Path) -> None:
    lane = trained.window.row.lanes[0]
    place = lane.cloud.rect().center()
    QTest.mouseClick(lane.cloud, LEFT, pos=place)
    pinned = trained.bench.pinned
    assert pinned is not None
    until(qtbot, lambda: lane.pointer_image.pixels() is not None)
    play_some(qtbot, trained, steps=3)
    run = saved_runs(qtbot, trained, tmp_path)[0]
    until(qtbot, lambda: is_shown(lane.pointer_image, decoded(run, lane, pinned.x, pinned.y)))


def test_hovering_does_not_wait_for_a_training_step(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    slow = Recipe(family="vae", backbone="convolutional", batch_size=16_384)
    explorer = open_explorer(slow)
    (lane,) = explorer.window.row.lanes
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: action(explorer, "play").text() == "Pause")
    hover(lane.cloud, QPoint(90, 90))
    until(qtbot, lambda: lane.pointer_image.pixels() is not None)
    assert snapshot_of(lane).step == 0, "the first step takes a second, and is not over"
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: snapshot_of(lane).step > 0)


def test_a_click_near_a_point_selects_its_image_for_every_model(
    qtbot: QtBot, trained: Explorer, tmp_path: Path
) -> None:
    lanes = trained.window.row.lanes
    held_out = lanes[0].held_out
    assert held_out is not None
    index = lonely_point(lanes[0])
    QTest.mouseClick(lanes[0].cloud, LEFT, pos=place_of(lanes[0], index))
    assert trained.bench.image == index
    inspector = trained.window.inspector
    shown = child(inspector, "selected_original", ImageView).pixels()
    assert shown is not None
    assert np.array_equal(shown, held_out.images_NCHW[index])
    assert words(inspector, "selected_class") == held_out.class_names[held_out.labels_N[index]]
    for run, lane in zip(saved_runs(qtbot, trained, tmp_path), lanes, strict=True):
        code_ND = run.encode(held_out.images_NCHW[index : index + 1])
        image = run.decode(code_ND)[0] * 255.0
        until(qtbot, lambda lane=lane, image=image: is_shown(reconstruction_in_inspector(trained, lane), image))
    press(trained, Qt.Key.Key_A, CTRL | SHIFT)
    assert child(inspector, "selected_original", ImageView).pixels() is None


def test_choosing_in_one_lane_chooses_in_all(trained: Explorer) -> None:
    lanes = trained.window.row.lanes
    cloud = lanes[0].cloud
    whole = cloud.rect().adjusted(1, 1, -1, -1)
    drag(cloud, whole.topLeft(), whole.center(), modifiers=SHIFT)
    chosen = trained.bench.chosen
    corner_x, corner_y = cloud.viewport.to_latent(whole.center().x(), whole.center().y())
    points = snapshot_of(lanes[0]).points_N2
    expected = np.flatnonzero((points[:, 0] <= corner_x) & (points[:, 1] >= corner_y))
    assert 0 < len(expected) < len(points)
    assert np.array_equal(chosen, expected)
    for lane in lanes:
        assert np.array_equal(lane.cloud.selection, chosen)
    middle = lanes[2].cloud
    drag(middle, QPoint(2, 2), QPoint(3, 200), QPoint(200, 200), QPoint(200, 3), modifiers=SHIFT | CTRL)
    assert np.array_equal(lanes[0].cloud.selection, lanes[2].cloud.selection), "a lasso, too"
    focus(trained, 1)
    QTest.keyClick(lanes[1].cloud, Qt.Key.Key_Return)
    assert trained.bench.pinned is not None
    press(trained, Qt.Key.Key_Escape)
    assert all(len(lane.cloud.selection) == 0 for lane in lanes)
    assert trained.bench.pinned is None
    assert trained.bench.image is None


def test_an_image_that_comes_late_is_not_told_as_that_of_another(trained: Explorer) -> None:
    lane, row, bench = trained.window.row.lanes[0], trained.window.row, trained.bench
    bench.look_into(lane.model.images_key)
    bench.select_image(7)
    bench.select_image(1_000_000)  # of a larger set, as another model may have
    told = QSignalSpy(row.image_reconstructed)
    snapshot = snapshot_of(lane)
    job = DecodeJob(
        purpose="selected image", run=lane.model.run, decoder=snapshot.decoder, codes_ND=snapshot.codes_ND[7:8]
    )
    assert lane.held_out is not None
    row.show_decoded(Decoded(job=job, pixels_NCHW=lane.held_out.images_NCHW[7:8]))
    assert told.count() == 0
    bench.select_image(8)
    row.show_decoded(Decoded(job=job, pixels_NCHW=lane.held_out.images_NCHW[8:9]))
    assert [told.at(at)[0] for at in range(told.count())] == [lane.model.run]


def test_the_key_of_classes_isolates_in_every_lane(trained: Explorer) -> None:
    lanes = trained.window.row.lanes
    held_out = lanes[0].held_out
    assert held_out is not None
    legend = trained.window.legend
    QTest.mouseClick(child(legend, "legend_class_3", QAbstractButton), LEFT)
    QTest.mouseClick(child(legend, "legend_class_5", QAbstractButton), LEFT, CTRL)
    for lane in lanes:
        whole = lane.cloud.rect().adjusted(1, 1, -1, -1)
        drag(lane.cloud, whole.topLeft(), whole.bottomRight(), modifiers=SHIFT)
        assert set(held_out.labels_N[trained.bench.chosen]) == {3, 5}, "muted points cannot be chosen"
    QTest.mouseClick(child(legend, "legend_all", QAbstractButton), LEFT)
    drag(lanes[0].cloud, QPoint(1, 1), lanes[0].cloud.rect().bottomRight(), modifiers=SHIFT)
    assert set(held_out.labels_N[trained.bench.chosen]) == set(range(10))


def test_a_hovered_image_is_ringed_in_the_other_lanes(qtbot: QtBot, trained: Explorer) -> None:
    first, *others = trained.window.row.lanes
    index = lonely_point(first)
    before = [lane.cloud.grab().toImage() for lane in others]
    hover(first.cloud, place_of(first, index))
    until(qtbot, lambda: trained.bench.hovered_image == index)
    for lane, picture in zip(others, before, strict=True):
        assert lane.cloud.grab().toImage() != picture


def test_more_than_two_dimensions_show_a_plane_and_say_so(
    qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path
) -> None:
    explorer = open_explorer(Recipe(family="vae", latent_dim=5), Recipe(family="ae"))
    deep, flat = explorer.window.row.lanes
    play_some(qtbot, explorer)
    assert "5-D, PCA plane" in words(deep, "lane-details")
    assert "% of the variance" in words(deep, "lane-details")
    assert "2-D" in words(flat, "lane-details")
    snapshot = snapshot_of(deep)
    assert snapshot.codes_ND.shape[1] == 5
    assert snapshot.contours == ()
    run = save(qtbot, explorer, deep, tmp_path / "deep.safetensors")
    place = QPoint(80, 75)
    hover(deep.cloud, place)
    x, y = deep.cloud.viewport.to_latent(place.x(), place.y())
    until(qtbot, lambda: is_shown(deep.pointer_image, decoded(run, deep, x, y)))
    code = explorer.window.inspector.findChild(QLineEdit)
    assert isinstance(code, QLineEdit)
    assert code.isReadOnly()
    assert code.text().count(",") >= 4, "the whole code, not only its place on the plane"


def test_samples_come_from_the_same_noise_and_can_be_gone_to(qtbot: QtBot, trained: Explorer) -> None:
    lanes = trained.window.row.lanes
    until(qtbot, lambda: all(lane.samples.visible_count() > 1 for lane in lanes))
    assert np.array_equal(snapshot_of(lanes[1]).prior_codes_ND, snapshot_of(lanes[2]).prior_codes_ND)
    strip = lanes[1].samples
    QTest.mouseClick(strip, LEFT, pos=strip.image_place(1).center().toPoint())
    pinned = trained.bench.pinned
    assert pinned is not None
    assert (pinned.x, pinned.y) == tuple(snapshot_of(lanes[1]).prior_codes_ND[1].tolist())


def test_a_wider_strip_is_filled_at_once(qtbot: QtBot, trained: Explorer) -> None:
    strip = trained.window.row.lanes[0].samples
    until(qtbot, lambda: strip.visible_count() > 1)
    before = strip.visible_count()
    trained.window.resize(trained.window.width() + 600, trained.window.height())
    until(qtbot, lambda: strip.visible_count() == strip.capacity() > before)


def test_a_typed_place_is_pinned(qtbot: QtBot, trained: Explorer) -> None:
    code = trained.window.inspector.findChild(QLineEdit)
    assert isinstance(code, QLineEdit)
    code.setFocus()
    code.selectAll()
    QTest.keyClicks(code, "0.5, -1.5")
    QTest.keyClick(code, Qt.Key.Key_Return)
    pinned = trained.bench.pinned
    assert pinned is not None
    assert (pinned.x, pinned.y) == (0.5, -1.5)
    until(qtbot, lambda: trained.window.row.lanes[0].pointer_image.pixels() is not None)
    assert snapshot_of(trained.window.row.lanes[0]).step == 2, "the full stop in a number is no single step"


def live(lane: Lane, name: str) -> QAbstractSpinBox:
    return child(lane, f"live-{name}", QAbstractSpinBox)


def type_into(box: QAbstractSpinBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)


def test_live_settings_take_effect_in_that_model(qtbot: QtBot, trained: Explorer) -> None:
    lane, other = trained.window.row.lanes[1], trained.window.row.lanes[0]
    type_into(live(lane, "learning_rate"), "0.005")
    QTest.keyClick(live(lane, "learning_rate"), Qt.Key.Key_Return)
    type_into(live(lane, "beta"), "3")
    QTest.keyClick(live(lane, "beta"), Qt.Key.Key_Tab)
    QTest.keyClick(live(lane, "epochs"), Qt.Key.Key_Up)
    epochs = lane.model.recipe.epochs
    until(qtbot, lambda: snapshot_of(lane).recipe.epochs == epochs)
    recipe = snapshot_of(lane).recipe
    assert (recipe.learning_rate, recipe.beta) == (0.005, 3.0)
    assert epochs == other.model.recipe.epochs + 1
    assert lane.model.recipe == recipe
    assert snapshot_of(other).recipe == other.model.recipe
    assert not live(other, "beta").isVisible(), "an AE has none"
    assert not action(trained, "undo").isEnabled()
    focus(trained, 1)
    press(trained, Qt.Key.Key_Backspace, CTRL)
    assert trained.window.row.lanes[1].model.recipe == recipe, "a reset keeps what was chosen"


def test_the_space_bar_plays_also_from_a_number(qtbot: QtBot, trained: Explorer) -> None:
    box = live(trained.window.row.lanes[0], "learning_rate")
    figures = box.text()
    box.setFocus()
    box.selectAll()
    press(trained, Qt.Key.Key_Space)
    until(qtbot, lambda: action(trained, "play").text() == "Pause")
    press(trained, Qt.Key.Key_Space)
    until(qtbot, lambda: action(trained, "play").text() == "Play")
    assert box.text() == figures


def test_half_a_number_changes_nothing(qtbot: QtBot, trained: Explorer) -> None:
    lane = trained.window.row.lanes[0]
    box, before = live(lane, "learning_rate"), lane.model.recipe
    type_into(box, "1e")
    assert lane.model.recipe == before
    QTest.keyClicks(box, "-4")
    assert lane.model.recipe == before, "not before typing ends"
    steps = snapshot_of(lane).step
    QTest.keyClick(box, Qt.Key.Key_Return)
    until(qtbot, lambda: snapshot_of(lane).recipe.learning_rate == 1e-4)
    assert snapshot_of(lane).step == steps
    for nonsense in ("1e", "five", "-1", "7"):
        type_into(box, nonsense)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert lane.model.recipe.learning_rate == 1e-4
        assert box.toolTip() != "", nonsense
    assert snapshot_of(lane).recipe.learning_rate == 1e-4
