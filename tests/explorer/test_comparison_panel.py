"""The comparison in the window: figures after epochs and on request, marks, order, clipboard, and models that go."""

import csv
import io
import re
import threading
from pathlib import Path
from typing import cast

import pytest
from pyqtgraph import PlotCurveItem
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QHeaderView, QMenu, QProgressBar, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.comparison_panel import QUICK, ComparisonPanel
from explorer.launch import Launch
from explorer.views.comparison_rows import Cell, CellState, Row
from explorer.views.comparison_table import CELL_ROLE
from explorer.views.comparison_view import ComparisonView
from explorer.views.loss_plot import LossPlot
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    NOTHING,
    SHIFT,
    action,
    child,
    dock,
    focus,
    play_some,
    press,
    snapshot_of,
    until,
    words,
)
from trainers import TrainingRun, save
from trainers.datasets.loading import load_images
from trainers.metrics import METRICS
from trainers.recipe import Recipe

EPOCHS = 2
WITHOUT_POSTERIOR = frozenset(name for name, listing in METRICS.items() if listing.needs == "a posterior")


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE, and a VAE that hardly learns, for two epochs of digits; without the map, and the panel in front."""
    explorer = open_explorer(
        *(
            Recipe(family=family, dataset="digits", epochs=EPOCHS, batch_size=128, learning_rate=rate)
            for family, rate in (("ae", 1e-3), ("vae", 1e-6))
        )
    )
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    press(explorer, Qt.Key.Key_C)
    return explorer


def panel_of(explorer: Explorer) -> ComparisonPanel:
    return explorer.window.compare.comparison


def view_of(explorer: Explorer) -> ComparisonView:
    return panel_of(explorer).view


def row(explorer: Explorer, name: str) -> Row:
    return next(row for row in view_of(explorer).table.rows if row.name == name)


def place(explorer: Explorer, name: str, column: int) -> QModelIndex:
    table = view_of(explorer).table
    return table.index([row.name for row in table.rows].index(name), column)


def cell(explorer: Explorer, name: str, model: int) -> Cell:
    return cast("Cell", place(explorer, name, model + 1).data(CELL_ROLE))


def is_told(explorer: Explorer, name: str, model: int) -> bool:
    return cell(explorer, name, model).state is not CellState.EMPTY


def header(explorer: Explorer) -> QHeaderView:
    return view_of(explorer).horizontalHeader()


def click_header(explorer: Explorer, section: int) -> None:
    across = header(explorer)
    at = across.sectionViewportPosition(section) + across.sectionSize(section) // 2
    QTest.mouseClick(across.viewport(), LEFT, NOTHING, QPoint(at, across.height() // 2))


def tooltip_at(explorer: Explorer, name: str, column: int) -> str:
    """What is told when the mouse rests on a cell."""
    view = view_of(explorer)
    view.scrollTo(place(explorer, name, column))
    at = view.visualRect(place(explorer, name, column)).center()
    QToolTip.hideText()
    QApplication.sendEvent(view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at)))
    return re.sub("<[^>]*>", " ", QToolTip.text())


def is_fresh(explorer: Explorer, name: str, model: int) -> bool:
    """Whether a figure is of the model as it is."""
    curve = cell(explorer, name, model).curve
    return bool(curve) and curve[-1][0] == pytest.approx(snapshot_of(explorer.window.row.lanes[model]).epoch)


def measure_all(qtbot: QtBot, explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_M, CTRL)
    assert panel_of(explorer).bar.is_working
    until(qtbot, lambda: not panel_of(explorer).bar.is_working)
    until(qtbot, lambda: is_told(explorer, "continuity", len(explorer.bench.models) - 1))


def train(qtbot: QtBot, explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: all(snapshot_of(lane).epoch >= EPOCHS for lane in explorer.window.row.lanes))
    until(qtbot, lambda: action(explorer, "play").text() == "Play")


def test_before_training_nothing_is_known_and_nothing_can_be_copied(two: Explorer) -> None:
    assert all(not is_told(two, name, model) for name in METRICS for model in (0, 1))
    assert not child(two.window, "comparison-copy", QToolButton).isEnabled()
    assert not action(two, "copy_csv").isEnabled()
    assert action(two, "measure").isEnabled()


def test_quick_figures_come_after_epochs_with_their_course(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    until(qtbot, lambda: all(is_fresh(two, "linear-probe", model) for model in (0, 1)))
    for name in set(QUICK) - WITHOUT_POSTERIOR:
        for model in (0, 1):
            found = cell(two, name, model)
            assert found.state is CellState.FRESH, name
            assert found.spread, "every figure has a spread"
            assert is_fresh(two, name, model)
    for name in WITHOUT_POSTERIOR & set(QUICK):
        assert "It needs a posterior" in cell(two, name, 0).tip
        assert is_told(two, name, 1)
    assert not any(is_told(two, name, 1) for name, listing in METRICS.items() if listing.dear)


def test_none_come_while_the_box_is_off_and_they_come_when_it_is_on_again(qtbot: QtBot, two: Explorer) -> None:
    box = child(two.window, "comparison-live", QCheckBox)
    QTest.mouseClick(box, LEFT, NOTHING, QPoint(8, box.height() // 2))
    assert not action(two, "measure_live").isChecked()
    press(two, Qt.Key.Key_C)  # in the box, Space would tick it again
    begun = QSignalSpy(two.window.compare.comparison.thread_of_metrics.begun)
    train(qtbot, two)
    assert not any(is_told(two, name, 0) for name in METRICS)
    assert begun.count() == 0, "nobody has asked for it"
    action(two, "measure_live").trigger()
    assert box.isChecked()
    until(qtbot, lambda: is_told(two, "linear-probe", 1))


def test_behind_another_panel_nothing_is_drawn_and_in_front_all_is_shown(qtbot: QtBot, two: Explorer) -> None:
    dock(two, "losses").raise_()
    until(qtbot, lambda: view_of(two).visibleRegion().isEmpty())
    changes = QSignalSpy(view_of(two).table.dataChanged)
    runs = [model.run for model in two.bench.models]
    train(qtbot, two)
    until(qtbot, lambda: all(panel_of(two).board.newest(run, "linear-probe") is not None for run in runs))
    assert changes.count() == 0
    assert action(two, "copy_csv").isEnabled(), "menus know what is measured"
    press(two, Qt.Key.Key_C)
    until(qtbot, lambda: all(is_told(two, "linear-probe", model) for model in (0, 1)))


def test_curves_are_drawn_when_their_panel_comes_to_the_front(qtbot: QtBot, two: Explorer) -> None:
    plot = child(two.window, "loss_plot", LossPlot)

    def last_drawn() -> float:
        """The epoch up to which all curves are drawn: one has its turn after the other."""
        items = plot.getPlotItem().items  # pyright: ignore[reportOptionalMemberAccess]
        courses = [part.getData()[0] for part in items if isinstance(part, PlotCurveItem) and part.name()]
        # One that has not had its first turn is empty.
        return min((float(max(epochs_T, default=0.0)) for epochs_T in courses if epochs_T is not None), default=0.0)

    play_some(qtbot, two, 3)
    assert last_drawn() == 0.0
    dock(two, "losses").raise_()
    until(qtbot, lambda: last_drawn() > 0.0)
    before = last_drawn()
    press(two, Qt.Key.Key_C)
    play_some(qtbot, two, 3)
    assert last_drawn() == before
    dock(two, "losses").raise_()
    until(qtbot, lambda: last_drawn() > before)


def test_a_single_step_brings_the_figures_up_to_date(qtbot: QtBot, two: Explorer) -> None:
    play_some(qtbot, two, 1)
    until(qtbot, lambda: is_told(two, "linear-probe", 1))
    play_some(qtbot, two, 1)
    until(qtbot, lambda: is_fresh(two, "linear-probe", 1))
    assert len(cell(two, "linear-probe", 1).curve) == 2


def test_all_metrics_on_request_with_progress(qtbot: QtBot, two: Explorer) -> None:
    progress = child(two.window, "comparison-progress", QProgressBar)
    assert not progress.isVisible()
    seen: list[int] = []
    progress.valueChanged.connect(seen.append)
    button = child(two.window, "comparison-bar-measure", QToolButton)
    QTest.mouseClick(button, LEFT)
    assert progress.isVisible()
    assert not button.isEnabled(), "once is enough"
    until(qtbot, lambda: "AE: " in words(two.window, "comparison-text"))
    until(qtbot, lambda: not progress.isVisible())
    assert seen == sorted(seen)
    assert seen[-1] > 500
    assert words(two.window, "comparison-text") == "Measured."
    assert button.isEnabled()
    until(qtbot, lambda: is_told(two, "continuity", 1))
    for name in METRICS:
        for model in (0, 1):
            assert cell(two, name, model).state is not CellState.FAILED, cell(two, name, model).value
            assert is_told(two, name, model) or (model == 0 and name in WITHOUT_POSTERIOR), name
    heading = row(two, "generation").label
    assert "compared in features of:" in heading, "which network is told"


def test_cancelling_keeps_what_is_measured_and_asking_again_works(qtbot: QtBot, two: Explorer) -> None:
    press(two, Qt.Key.Key_M, CTRL)
    until(qtbot, lambda: is_told(two, "squared-error", 0))
    QTest.mouseClick(child(two.window, "comparison-cancel", QToolButton), LEFT)
    assert not panel_of(two).bar.is_working, "at once"
    assert words(two.window, "comparison-text") == "Cancelled."
    assert is_told(two, "squared-error", 0)
    assert not is_told(two, "squared-error", 1)
    measure_all(qtbot, two)
    assert is_told(two, "squared-error", 1)


def test_the_best_is_marked_where_the_spread_allows(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    measure_all(qtbot, two)
    for name, listing in METRICS.items():
        cells = [cell(two, name, model) for model in (0, 1)]
        assert sum(cell.is_best for cell in cells) <= 1
        if not listing.better:
            assert not any(cell.is_best or cell.is_leading for cell in cells), name
    assert cell(two, "squared-error", 0).is_best, "the other has hardly learned"
    assert not cell(two, "squared-error", 1).is_best
    assert "Better than every other model, beyond chance." in tooltip_at(two, "squared-error", 1)
    assert "95 % interval" in tooltip_at(two, "squared-error", 2)


def test_pointing_at_a_name_tells_meaning_and_direction(two: Explorer) -> None:
    told = tooltip_at(two, "coverage", 0)
    assert METRICS["coverage"].title in told
    assert METRICS["coverage"].summary in told
    assert "Higher is better" in told
    assert "Measured with “Measure all”" in told
    assert "Not measured" in tooltip_at(two, "coverage", 1)


def test_every_name_has_room_also_in_another_font(two: Explorer) -> None:
    view = view_of(two)
    before = view.columnWidth(0)
    assert before == view.sizeHintForColumn(0)
    font = view.font()
    font.setPointSizeF(1.5 * font.pointSizeF())
    view.setFont(font)
    assert view.columnWidth(0) == view.sizeHintForColumn(0) > before


def test_a_click_on_a_model_sorts_by_where_it_is_ahead(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    until(qtbot, lambda: all(is_fresh(two, "linear-probe", model) for model in (0, 1)))
    usual = [row.name for row in view_of(two).table.rows]

    def standings() -> list[float]:
        found = [row.cells[1].standing for row in view_of(two).table.rows]
        return [standing for standing in found if standing is not None]

    click_header(two, 2)
    best_first = standings()
    assert len(best_first) > 5
    assert best_first == sorted(best_first, reverse=True)
    click_header(two, 2)
    assert standings() == sorted(best_first)
    click_header(two, 2)
    assert [row.name for row in view_of(two).table.rows] == usual
    click_header(two, 0)
    assert [row.name for row in view_of(two).table.rows] == usual, "names are no order"


def test_the_table_is_copied_in_three_forms(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    measure_all(qtbot, two)
    clipboard = QGuiApplication.clipboard()
    value, spread = cell(two, "squared-error", 1).value, cell(two, "squared-error", 1).spread
    for key in (lambda: press(two, Qt.Key.Key_C, CTRL), lambda: press(two, Qt.Key.Key_C, CTRL | SHIFT)):
        clipboard.clear()
        key()
        text = clipboard.text()
        assert text.startswith("| | AE | VAE |\n|---|---:|---:|\n| MSE ↓, per pixel | ")
        assert f"{value} ± {spread}" in text
        assert f"Trained to epoch {snapshot_of(two.window.row.lanes[1]).epoch:.1f}." in text
    assert words(two.window, "comparison-text") == "Copied as Markdown."
    menu = child(two.window, "comparison-copies", QMenu)
    assert [entry.text() for entry in menu.actions()] == [
        f"Copy comparison as {form}" for form in ("Markdown", "CSV", "LaTeX")
    ]
    menu.actions()[1].trigger()
    lines = list(csv.DictReader(io.StringIO(clipboard.text())))
    assert len(lines) == 2 * len(METRICS)
    assert float(lines[0]["low"]) < float(lines[0]["value"]) < float(lines[0]["high"])
    menu.actions()[2].trigger()
    assert r"\begin{tabular}{lrr}" in clipboard.text()


def test_removing_and_undoing_brings_the_figures_back(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    until(qtbot, lambda: is_fresh(two, "linear-probe", 1))
    before = cell(two, "linear-probe", 1)
    focus(two, 1)
    press(two, Qt.Key.Key_W, CTRL)
    assert [column.label for column in view_of(two).table.columns] == ["AE"]
    assert not any(row.cells[0].is_best for row in view_of(two).table.rows if row.cells), "alone nobody is best"
    press(two, Qt.Key.Key_Z, CTRL)
    assert [column.label for column in view_of(two).table.columns] == ["AE", "VAE"]
    assert cell(two, "linear-probe", 1) == before


def test_a_reset_starts_anew_and_undoing_it_brings_the_figures_back(qtbot: QtBot, two: Explorer) -> None:
    train(qtbot, two)
    until(qtbot, lambda: is_told(two, "linear-probe", 1))
    press(two, Qt.Key.Key_Backspace, CTRL)
    assert not any(is_told(two, name, model) for name in METRICS for model in (0, 1))
    press(two, Qt.Key.Key_Z, CTRL)
    assert is_told(two, "linear-probe", 1)


def test_a_reset_while_measuring_ends_it(qtbot: QtBot, two: Explorer) -> None:
    press(two, Qt.Key.Key_M, CTRL)
    until(qtbot, lambda: is_told(two, "squared-error", 0))
    press(two, Qt.Key.Key_Backspace, CTRL)
    assert not panel_of(two).bar.is_working
    assert words(two.window, "comparison-text") == "Not measured: the models are others now."
    assert action(two, "measure").isEnabled()


def test_removing_one_while_measuring_goes_on_with_the_other(qtbot: QtBot, two: Explorer) -> None:
    press(two, Qt.Key.Key_M, CTRL)
    until(qtbot, lambda: is_told(two, "squared-error", 0))
    focus(two, 0)
    press(two, Qt.Key.Key_W, CTRL)
    assert panel_of(two).bar.is_working
    until(qtbot, lambda: not panel_of(two).bar.is_working)
    assert words(two.window, "comparison-text") == "Measured."
    until(qtbot, lambda: is_told(two, "continuity", 0))


def test_closing_while_it_measures_ends_the_thread(qtbot: QtBot, two: Explorer) -> None:
    press(two, Qt.Key.Key_M, CTRL)
    until(qtbot, lambda: is_told(two, "squared-error", 0))
    assert "metrics" in {thread.name for thread in threading.enumerate()}
    two.window.close()
    assert "metrics" not in {thread.name for thread in threading.enumerate()}


def test_changing_a_learning_rate_leaves_the_table_where_it_is(two: Explorer) -> None:
    view = view_of(two)
    view.setFocus()
    view.setCurrentIndex(place(two, "continuity", 1))
    view.scrollTo(place(two, "continuity", 1))
    at = view.verticalScrollBar().value()
    assert at > 0
    two.bench.set_live(two.bench.models[0].run, "learning_rate", 0.002)
    assert view.verticalScrollBar().value() == at
    assert view.currentIndex() == place(two, "continuity", 1)


def test_an_empty_bench_has_nothing_to_measure(two: Explorer) -> None:
    for _ in range(2):
        press(two, Qt.Key.Key_W, CTRL)
    assert not two.bench.models
    assert not action(two, "measure").isEnabled()
    assert view_of(two).table.columnCount() == 1


def test_models_from_files_are_all_measured(qtbot: QtBot, open_explorer: OpenExplorer, tmp_path: Path) -> None:
    files = (tmp_path / "ae.safetensors", tmp_path / "vae.safetensors")
    images = load_images("digits")
    for family, path in zip(("ae", "vae"), files, strict=True):
        run = TrainingRun(Recipe(family=family, dataset="digits", epochs=1), images=images)
        while not run.finished:
            run.step()
        save(run, path)
    explorer = open_explorer(launch=Launch(files=files, size=(1280, 760)))
    press(explorer, Qt.Key.Key_C)
    until(qtbot, lambda: view_of(explorer).table.columnCount() == 3)
    for model in (0, 1):
        until(qtbot, lambda model=model: is_told(explorer, "squared-error", model))
