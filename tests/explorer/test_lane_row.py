"""The row of lanes, which follows the bench and drops what is said of lanes that are gone."""

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.messages import Decoded, DecodeJob, ImagesGiven, RunEvaluated
from tests.explorer.driving import (
    CTRL,
    PATIENCE,
    action,
    child,
    hover,
    play_some,
    press,
    snapshot_of,
    until,
    when_ready,
)
from trainers.messages import RunFailed
from trainers.recipe import Recipe


def test_lanes_stand_in_the_order_of_the_bench_and_share_the_width(qtbot: QtBot, explorer: Explorer) -> None:
    row, bench = explorer.window.row, explorer.bench
    kept = row.lanes[0]
    bench.move(bench.models[0].run, 2)
    bench.remove(bench.models[0].run)
    bench.add(Recipe(family="vae", latent_dim=12, likelihood="gaussian-learned"))
    bench.rename(bench.models[0].run, "A very long name that nobody could ever read in a lane of such a width")
    when_ready(qtbot, explorer)
    QApplication.processEvents()
    assert [lane.model.run for lane in row.lanes] == [model.run for model in bench.models]
    places = [lane.x() for lane in row.lanes]
    assert places == sorted(places)
    widths = [lane.width() for lane in row.lanes]
    assert max(widths) - min(widths) <= 2
    assert kept in row.lanes, "a lane that is only moved is not made anew"


def test_training_makes_room_for_lanes_that_move(qtbot: QtBot, explorer: Explorer) -> None:
    row = explorer.window.row
    for act in ("duplicate", "move_right", "comparison"):
        with qtbot.waitSignal(row.lanes_move, timeout=PATIENCE):
            action(explorer, act).trigger()
    with qtbot.waitSignal(row.lanes_move, timeout=PATIENCE):
        explorer.window.resize(1000, 700)


def test_an_empty_row_says_what_to_do(explorer: Explorer) -> None:
    label = child(explorer.window, "no-models", QLabel)
    assert not label.isVisible()
    explorer.bench.keep(())
    assert label.isVisible()
    assert explorer.window.row.focused_lane() is None
    explorer.bench.undo_stack.undo()
    assert not label.isVisible()


def test_what_is_said_of_a_closed_lane_is_dropped(explorer: Explorer) -> None:
    row = explorer.window.row
    lane = row.lanes[0]
    assert lane.held_out is not None
    snapshot, held_out, run = snapshot_of(lane), lane.held_out, lane.model.run
    explorer.bench.remove(run)
    job = DecodeJob(purpose="pointer", run=run, decoder=snapshot.decoder, codes_ND=np.zeros((1, 2), np.float32))
    row.show_snapshots((snapshot,))
    row.show_images(ImagesGiven(run=run, held_out=held_out))
    row.show_decoded(Decoded(job=job, pixels_NCHW=held_out.images_NCHW[:1]))
    row.show_failed_decode(job, "It failed.")
    row.show_failure(RunFailed(run=run, sentence="It failed.", details=""))
    row.show_figures(RunEvaluated(run=run, epoch=1.0, figures={"reconstruction_mse": 0.5, "reconstruction_bce": 1.0}))
    row.show_waiting(run, "Loading …")
    assert row.lane(run) is None
    assert len(row.lanes) == 2


def test_a_new_lane_joins_in_what_is_pointed_at_and_chosen(qtbot: QtBot, explorer: Explorer) -> None:
    play_some(qtbot, explorer)
    explorer.bench.look_into(explorer.bench.models[0].images_key)
    explorer.bench.choose(np.asarray([3, 5, 8]))
    explorer.bench.select_image(7)
    first = explorer.window.row.lanes[0]
    hover(first.cloud, QPoint(60, 60))
    until(qtbot, lambda: first.pointer_image.pixels() is not None)
    press(explorer, Qt.Key.Key_D, CTRL)
    when_ready(qtbot, explorer)
    lane = explorer.window.row.lanes[1]
    assert lane is not first
    assert lane.cloud.selection.tolist() == [3, 5, 8]
    until(qtbot, lambda: lane.pointer_image.pixels() is not None)
    assert explorer.bench.image == 7, "the same images: nothing is let go"
