"""What is chosen in one lane is counted, shown and written to files."""

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.layer_thread import LayerJob
from explorer.palette import class_colours
from explorer.views.class_counts import ClassCounts
from explorer.views.selection_view import SelectionView
from explorer.views.thumbnail_sheet import MOST, ThumbnailSheet
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    NOTHING,
    SHIFT,
    action,
    answer_dialog,
    child,
    drag,
    focus,
    press,
    snapshot_of,
    until_told,
    words,
)
from trainers.messages import HeldOut
from trainers.recipe import Recipe


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits."""
    return open_explorer(Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits"))


def view_of(explorer: Explorer) -> SelectionView:
    return explorer.window.side.selection.view


def images_of(lane: Lane) -> HeldOut:
    assert lane.held_out is not None
    return lane.held_out


def is_seen(view: SelectionView) -> bool:
    """Whether no other panel lies over it."""
    return not view.widget().visibleRegion().isEmpty()  # pyright: ignore[reportOptionalMemberAccess]


def choose_half(explorer: Explorer) -> None:
    cloud = explorer.window.row.lanes[0].cloud
    drag(cloud, QPoint(2, 2), cloud.rect().center(), cloud.rect().bottomRight() - QPoint(2, 60), modifiers=SHIFT)
    assert len(explorer.bench.chosen) > 1


def test_a_rectangle_in_one_lane_chooses_everywhere_and_is_counted(two: Explorer) -> None:
    view = view_of(two)
    assert words(view, "selection_title") == "Nothing chosen"
    assert not is_seen(view)
    choose_half(two)
    chosen, held_out = two.bench.chosen, images_of(two.window.row.lanes[0])
    assert [lane.cloud.selection.tolist() for lane in two.window.row.lanes] == [chosen.tolist()] * 2
    assert is_seen(view)
    assert words(view, "selection_title") == f"{len(chosen):,} of {len(held_out.labels_N):,} images"
    counts = child(view, "selection_counts", ClassCounts).accessibleDescription()
    label = int(held_out.labels_N[chosen[0]])
    of_class = int((held_out.labels_N[chosen] == label).sum())
    assert f"{held_out.class_names[label]}: {of_class} of {int((held_out.labels_N == label).sum())}" in counts
    press(two, Qt.Key.Key_Escape)
    assert words(view, "selection_title") == "Nothing chosen"


def test_a_thumbnail_is_selected_by_a_click_and_by_arrows(two: Explorer) -> None:
    choose_half(two)
    sheet = child(view_of(two), "selection_sheet", ThumbnailSheet)
    two.window.grab()
    QTest.mouseClick(sheet, LEFT, NOTHING, sheet.place(1).center().toPoint())
    second = two.bench.image
    assert second is not None
    assert second in two.bench.chosen
    QTest.mouseMove(sheet, sheet.place(2).center().toPoint())
    hovered = two.bench.hovered_image
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Right)
    assert two.bench.image == hovered != second


def test_s_brings_the_panel_up(two: Explorer) -> None:
    focus(two, 0)
    assert not is_seen(view_of(two))
    press(two, Qt.Key.Key_S)
    assert is_seen(view_of(two))


def test_the_button_asks_for_a_name_which_ends_as_the_chosen_kind_does(
    qtbot: QtBot, two: Explorer, tmp_path: Path
) -> None:
    QSettings().setValue("folder", str(tmp_path))
    choose_half(two)

    def choose_a_table(dialog: QFileDialog) -> None:
        name, kinds = child(dialog, "fileNameEdit", QLineEdit), child(dialog, "fileTypeCombo", QComboBox)
        assert name.text() == "chosen.png"
        kinds.setFocus()
        QTest.keyClick(kinds, Qt.Key.Key_Down)
        assert name.text() == "chosen.csv"
        dialog.accept()

    answer_dialog(QFileDialog, choose_a_table)
    QTest.mouseClick(child(view_of(two), "selection_export", QPushButton), LEFT)
    until_told(qtbot, two, "chosen.csv")
    assert (tmp_path / "chosen.csv").is_file()

    def name_it(dialog: QFileDialog) -> None:
        name = child(dialog, "fileNameEdit", QLineEdit)
        name.selectAll()
        QTest.keyClicks(name, "mine")
        dialog.accept()

    answer_dialog(QFileDialog, name_it)
    QTest.mouseClick(child(view_of(two), "selection_export", QPushButton), LEFT)
    until_told(qtbot, two, "mine.png")
    assert (tmp_path / "mine.png").is_file()


def test_the_window_does_not_wait_for_an_export(qtbot: QtBot, two: Explorer, tmp_path: Path) -> None:
    choose_half(two)
    may_go_on = threading.Event()
    two.paneler.submit(LayerJob(layer="busy", run="", compute=may_go_on.wait, is_awaited=True))
    two.window.side.selection.export_to(tmp_path / "chosen.npz")  # came back, though nothing can be written yet
    assert not (tmp_path / "chosen.npz").exists()
    may_go_on.set()
    until_told(qtbot, two, "chosen.npz")
    assert (tmp_path / "chosen.npz").is_file()


def test_export_writes_what_the_ending_says(qtbot: QtBot, two: Explorer, tmp_path: Path) -> None:
    choose_half(two)
    chosen, held_out = two.bench.chosen, images_of(two.window.row.lanes[0])
    panel = two.window.side.selection
    for suffix in (".png", ".csv", ".npz"):
        panel.export_to(tmp_path / f"chosen{suffix}")
        until_told(qtbot, two, f"chosen{suffix}")
    with Image.open(tmp_path / "chosen.png") as sheet:
        first = np.asarray(sheet)[:8, :8]
    assert np.array_equal(first, held_out.images_NCHW[chosen[0], 0])
    with (tmp_path / "chosen.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["image", "label", "class", "AE z1", "AE z2", "VAE z1", "VAE z2"]
    assert [int(row[0]) for row in rows[1:]] == chosen.tolist()
    code = snapshot_of(two.window.row.lanes[1]).codes_ND[chosen[-1]]
    assert [float(number) for number in rows[-1][5:]] == pytest.approx(code.tolist(), rel=1e-4)
    with np.load(tmp_path / "chosen.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["images"], held_out.images_NCHW[chosen])
        assert np.array_equal(arrays["codes_VAE"], snapshot_of(two.window.row.lanes[1]).codes_ND[chosen])
    panel.export_to(tmp_path / "chosen.xyz")
    assert ".png" in until_told(qtbot, two, "chosen.xyz")
    panel.export_to(tmp_path / "nowhere" / "chosen.csv")
    until_told(qtbot, two, "cannot be written")
    assert sorted(path.name for path in tmp_path.glob("*chosen*")) == ["chosen.csv", "chosen.npz", "chosen.png"]


def test_without_a_choice_there_is_nothing_to_export(qtbot: QtBot, two: Explorer) -> None:
    focus(two, 0)
    press(two, Qt.Key.Key_E, CTRL | SHIFT)
    until_told(qtbot, two, "Nothing is chosen")
    assert action(two, "export_chosen").isEnabled()


def test_of_ten_thousand_some_are_shown_and_all_are_counted(qtbot: QtBot) -> None:
    view = SelectionView()
    qtbot.addWidget(view)
    view.resize(300, 600)
    view.show()
    random = np.random.default_rng(0)
    images_NCHW = random.integers(0, 256, (10_000, 1, 28, 28), dtype=np.uint8)
    labels_N = random.integers(0, 10, 10_000)
    names = tuple(str(digit) for digit in range(10))
    view.show_chosen(np.arange(10_000), images_NCHW, labels_N, names, class_colours(10))
    sheet = child(view, "selection_sheet", ThumbnailSheet)
    assert sheet.heightForWidth(300) == sheet.place(MOST - 1).bottom(), "no more than can be painted in a moment"
    assert words(view, "selection_title") == "10,000 of 10,000 images"
    more = child(view, "selection_more", QLabel)
    assert f"{10_000 - MOST:,} more" in more.text()
    assert not more.isHidden()
