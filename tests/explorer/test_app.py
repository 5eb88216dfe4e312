"""Start and stop, with a person's power cut in between."""

import gc
import os
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from explorer.launch import Launch
from explorer.session import last_session, sessions_folder
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    LEFT,
    action,
    child,
    drop,
    play_some,
    snapshot_of,
    until,
    until_told,
    when_ready,
    words,
)
from trainers.checkpoint import load
from trainers.recipe import Recipe

ROOT = Path(__file__).parents[2]
WORK_UNTIL_KILLED = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from explorer.app import Explorer
from explorer.launch import Launch

application = QApplication([])
explorer = Explorer.start(Launch())
play = explorer.window.commands_by_name["play"]
state = {"stage": "loading"}

def look():
    lanes = explorer.window.row.lanes
    if state["stage"] == "loading" and all(lane.snapshot and lane.held_out for lane in lanes):
        explorer.bench.rename(lanes[1].model.run, "Mine")
        play.trigger()
        state["stage"] = "training"
    elif state["stage"] == "training" and all(lane.snapshot.step for lane in lanes):
        play.trigger()
        state["stage"] = "pausing"
    elif state["stage"] == "pausing" and play.text() == "Play":
        print(*(lane.snapshot.step for lane in lanes), flush=True)
        state["stage"] = "waiting"

timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
application.exec()
"""


def test_what_is_trained_comes_back_after_closing(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    first = open_explorer()
    assert first.window.message_bar.text == ""
    play_some(qtbot, first)
    codes = [snapshot_of(lane).codes_ND for lane in first.window.row.lanes]
    first.window.close()

    second = open_explorer()
    assert "AE, VAE, AAE" in second.window.message_bar.text
    QTest.mouseClick(child(second.window.message_bar, "message-answer", QPushButton), LEFT)
    until(qtbot, lambda: [snapshot_of(lane).step for lane in second.window.row.lanes if lane.snapshot] == [2, 2, 2])
    when_ready(qtbot, second)
    assert [lane.model.name for lane in second.window.row.lanes] == ["AE", "VAE", "AAE"]
    for lane, codes_ND in zip(second.window.row.lanes, codes, strict=True):
        assert np.allclose(snapshot_of(lane).codes_ND, codes_ND, atol=1e-6)
        assert lane.model.path is None, "the copy is no place to save to"
        assert "paused" in words(lane, "lane-state")
    second.window.close()

    third = open_explorer()
    assert "AE, VAE, AAE" in third.window.message_bar.text, "looking at them loses nothing"


def test_what_is_trained_comes_back_after_a_kill(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", WORK_UNTIL_KILLED], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ)
    )
    assert other.stdout is not None
    try:
        steps = [int(word) for word in other.stdout.readline().split()]
        assert min(steps) > 0
        assert last_session() == (), "it is still in use"
    finally:
        other.send_signal(signal.SIGKILL)
        other.communicate()
    kept = {model.name: load(model.path, device="cpu") for model in last_session()}
    assert [run.step_count for run in kept.values()] == steps
    explorer = open_explorer()
    until_told(qtbot, explorer, "AE, Mine, AAE")
    action(explorer, "reopen").trigger()
    until(qtbot, lambda: [lane.model.name for lane in explorer.window.row.lanes] == ["AE", "Mine", "AAE"])
    when_ready(qtbot, explorer)
    for lane in explorer.window.row.lanes:
        assert lane.held_out is not None
        codes_ND = kept[lane.model.name].encode(lane.held_out.images_NCHW)
        assert np.allclose(snapshot_of(lane).codes_ND, codes_ND, atol=1e-5)


def test_a_damaged_copy_is_told_and_the_window_opens(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    first = open_explorer()
    play_some(qtbot, first, steps=1)
    first.window.close()
    copies = sorted(sessions_folder().rglob("*.safetensors"))
    copies[0].write_bytes(b"damaged")
    (copies[0].parent / "bench.json").write_text("damaged")
    second = open_explorer()
    until_told(qtbot, second, "are kept")
    QTest.mouseClick(child(second.window.message_bar, "message-answer", QPushButton), LEFT)
    until_told(qtbot, second, copies[0].name)
    until(qtbot, lambda: len(second.window.row.lanes) == 2)
    when_ready(qtbot, second)
    assert all(snapshot_of(lane).step == 1 for lane in second.window.row.lanes)


def test_reopen_without_anything_kept_says_so(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer()
    models = explorer.bench.models
    action(explorer, "reopen").trigger()
    until_told(qtbot, explorer, "No earlier session")
    assert explorer.bench.models == models


def test_a_state_folder_that_cannot_be_written_is_told(
    qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    state.write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    explorer = open_explorer()
    assert "cannot be kept" in explorer.window.message_bar.text
    play_some(qtbot, explorer, steps=1)


def test_closing_at_once_ends_every_thread(open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(wait=False)
    explorer.window.close()
    assert not {"training", "decode", "images"} & {thread.name for thread in threading.enumerate()}


def test_closing_in_the_middle_of_training_and_loading_ends_every_thread(
    qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path
) -> None:
    busy = open_explorer()
    action(busy, "play").trigger()
    until(qtbot, lambda: all(snapshot_of(lane).step for lane in busy.window.row.lanes))
    drop(busy.window, [tmp_path])
    busy.window.close()
    assert not {"training", "decode", "images"} & {thread.name for thread in threading.enumerate()}


def test_play_pressed_before_anything_is_loaded_is_not_lost(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(wait=False)
    action(explorer, "play").trigger()
    until(
        qtbot, lambda: [snapshot_of(lane).step > 0 for lane in explorer.window.row.lanes if lane.snapshot] == [True] * 3
    )


def png_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_screenshot_is_what_a_person_would_see(tmp_path: Path, theme: str) -> None:
    path = tmp_path / "shot.png"
    words_of_command = [
        "main.py",
        "--screenshot",
        str(path),
        "--seconds",
        "0.3",
        "--size",
        "1280x720",
        "--theme",
        theme,
    ]
    done = subprocess.run(
        [sys.executable, *words_of_command], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert png_size(path) == (1280, 720)
    picture = QImage(str(path))
    assert (picture.pixelColor(5, 715).lightness() < 128) == (theme == "dark")
    colours = {picture.pixel(x, y) for x in range(0, 1280, 7) for y in range(0, 720, 7)}
    assert len(colours) > 60, "points of ten classes, and images"


def test_a_device_that_is_not_here_is_told(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(launch=Launch(device="mps"))
    assert "The CPU is used instead." in until_told(qtbot, explorer, "mps")
    play_some(qtbot, explorer, steps=1)


def test_what_imports_made_is_left_out_of_garbage_collection(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="ae", dataset="digits"))
    for imported in (
        lambda: explorer.training.ready.emit("CPU"),
        explorer.window.compare.comparison.thread_of_metrics.prepared.emit,
    ):
        gc.unfreeze()
        imported()
        until(qtbot, lambda: gc.get_freeze_count() > 10_000)
