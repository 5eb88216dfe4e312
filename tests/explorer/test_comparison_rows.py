"""Rows of the comparison: how they are ordered, read out, scaled, and changed without a jump."""

import math

from PySide6.QtCore import QPersistentModelIndex, Qt
from pytestqt.qtbot import QtBot

from explorer.views.comparison_rows import Cell, CellState, Column, Row, bounds_of, sorted_rows
from explorer.views.comparison_table import ROW_ROLE, ComparisonTable

COLUMNS = (Column(run="a", label="A", colour=(1, 2, 3)), Column(run="b", label="B", colour=(4, 5, 6)))


def row(name: str, *standings: float | None) -> Row:
    cells = tuple(Cell(state=CellState.FRESH, value="1", standing=standing) for standing in standings)
    return Row(name=name, label=name, cells=cells)


ROWS = (
    Row(name="group", label="Group", is_heading=True),
    row("one", -1.0, 1.0),
    row("two", 3.0, -3.0),
    row("none", None, None),
    row("three", 0.5, -0.5),
)


def names(rows: tuple[Row, ...]) -> list[str]:
    return [row.name for row in rows]


def test_rows_are_sorted_by_how_far_a_model_is_ahead() -> None:
    assert names(sorted_rows(ROWS, 0, best_first=True)) == ["two", "three", "one", "none"]
    assert names(sorted_rows(ROWS, 0, best_first=False)) == ["one", "three", "two", "none"]
    assert names(sorted_rows(ROWS, 1, best_first=True)) == ["one", "three", "two", "none"]


def test_curves_of_a_row_share_their_bounds() -> None:
    cells = (Cell(curve=((1.0, 5.0), (2.0, math.nan))), Cell(curve=((0.5, 3.0), (4.0, 4.0))), Cell())
    assert bounds_of(cells) == (0.5, 4.0, 3.0, 5.0)
    assert bounds_of((Cell(),)) == (0.0, 0.0, 0.0, 0.0)


def test_a_cell_is_read_out_in_words() -> None:
    assert Cell().words() == "not measured"
    fresh = Cell(state=CellState.FRESH, value="0.04", spread="0.01", is_best=True)
    assert fresh.words() == "0.04 ± 0.01, best"
    assert Cell(state=CellState.STALE, value="3", is_leading=True).words() == "3, leading, of an earlier epoch"


def test_new_contents_move_what_is_chosen_with_its_row(qtbot: QtBot) -> None:
    del qtbot
    table = ComparisonTable()
    table.show_all(COLUMNS, ROWS)
    table.sort_by("a")
    assert names(table.rows) == ["two", "three", "one", "none"]
    held = QPersistentModelIndex(table.index(2, 1))
    table.show_rows((row("one", 9.0, -9.0),))
    assert names(table.rows) == ["one", "two", "three", "none"]
    assert held.row() == 0
    assert held.column() == 1


def test_models_that_stay_do_not_reset_the_table(qtbot: QtBot) -> None:
    table = ComparisonTable()
    table.show_all(COLUMNS, ROWS)
    resets: list[None] = []
    table.modelReset.connect(lambda: resets.append(None))
    renamed = (Column(run="a", label="Renamed", colour=(1, 2, 3)), COLUMNS[1])
    with qtbot.waitSignal(table.headerDataChanged):
        table.show_all(renamed, ROWS)
    assert table.headerData(1, Qt.Orientation.Horizontal) == "Renamed"
    assert not resets
    table.show_all(COLUMNS[:1], (row("one", None),))
    assert len(resets) == 1
    assert table.columnCount() == 2


def test_headings_cannot_be_chosen_and_cells_say_whose_they_are(qtbot: QtBot) -> None:
    del qtbot
    table = ComparisonTable()
    table.show_all(COLUMNS, ROWS)
    assert not table.flags(table.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    assert table.flags(table.index(1, 1)) & Qt.ItemFlag.ItemIsSelectable
    assert table.index(1, 2).data(Qt.ItemDataRole.AccessibleTextRole) == "one, B: 1"
    assert table.index(2, 0).data(ROW_ROLE).name == "two"
