"""The rows of the comparison as Qt's item views want them."""

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPixmap

from explorer.views.comparison_rows import Cell, Column, Row, sorted_rows
from explorer.views.curve_key import line_pen

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The whole `Row`."""
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""The `Cell`, or None in the first column and in headings."""
_KEY_WIDTH, _KEY_HEIGHT, _KEY_GAP = 22, 12, 5
Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class ComparisonTable(QAbstractTableModel):
    """Metrics down, models across; the first column names the metric."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[Column, ...] = ()
        self._rows: tuple[Row, ...] = ()  # in the usual order
        self._shown: tuple[Row, ...] = ()
        self._sorted_by: tuple[str, bool] | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        """As they are shown, from the top."""
        return self._shown

    @property
    def columns(self) -> tuple[Column, ...]:
        """The models, from the left."""
        return self._columns

    def show_all(self, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> None:
        """Take other columns or rows; where the runs are the same, nothing moves."""
        if tuple(column.run for column in columns) == tuple(column.run for column in self._columns) and self._rows:
            self._columns = columns
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 1, len(columns))
            self.show_rows(rows)
            return
        self.beginResetModel()
        self._columns, self._rows = columns, rows
        self._shown = self._in_order()
        self.endResetModel()

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Take other contents of rows that are there; the columns are the same."""
        by_name = {row.name: row for row in rows}
        self._rows = tuple(by_name.get(row.name, row) for row in self._rows)
        before, after = tuple(row.name for row in self._shown), self._in_order()
        if before != tuple(row.name for row in after):
            self.layoutAboutToBeChanged.emit()
            held = [(index, self._shown[index.row()].name) for index in self.persistentIndexList()]
            self._shown = after
            places = {row.name: at for at, row in enumerate(after)}
            for index, name in held:
                self.changePersistentIndex(index, self.index(places[name], index.column()))
            self.layoutChanged.emit()
            return
        self._shown = after
        for at, row in enumerate(after):
            if row.name in by_name:
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(self._columns)))

    def sort_by(self, run: str | None, *, best_first: bool = True) -> None:
        """Put rows first in which a model is ahead, or behind; None for the usual order, with headings."""
        self.beginResetModel()
        self._sorted_by = (run, best_first) if run is not None else None
        self._shown = self._in_order()
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """One more than there are models."""
        return 0 if parent.isValid() else len(self._columns) + 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        flags = super().flags(index)
        is_heading = index.isValid() and self._shown[index.row()].is_heading
        return flags & ~Qt.ItemFlag.ItemIsSelectable if is_heading else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell holds, as it is read out, explained, or drawn."""
        if not index.isValid():
            return None
        row = self._shown[index.row()]
        cell = row.cells[index.column() - 1] if index.column() and not row.is_heading else None
        if role == ROW_ROLE:
            return row
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip if cell is not None else row.tip
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words() if cell is not None else row.label if index.column() == 0 else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._read_out(row, cell, index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The name of a model, a piece of its line, and what a click does."""
        if orientation != Qt.Orientation.Horizontal or section > len(self._columns):
            return None
        column = self._columns[section - 1] if section else None
        if role == Qt.ItemDataRole.DisplayRole:
            return column.label if column is not None else "Metric"
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip if column is not None else "What is measured; point at a name to see what it means."
        if role == Qt.ItemDataRole.DecorationRole and column is not None:
            return _line(column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _in_order(self) -> tuple[Row, ...]:
        at = next(
            (at for at, column in enumerate(self._columns) if self._sorted_by and column.run == self._sorted_by[0]),
            None,
        )
        if self._sorted_by is None or at is None:
            return self._rows
        return sorted_rows(self._rows, at, best_first=self._sorted_by[1])

    def _read_out(self, row: Row, cell: Cell | None, column: int) -> str:
        if cell is None:
            unit = f", {row.unit}" if row.unit else ""
            return f"{row.label}{unit}" if column == 0 else ""
        return f"{row.label}, {self._columns[column - 1].label}: {cell.words()}"


def _line(column: Column) -> QPixmap:
    """A piece of a model's line, as in the key of the curves."""
    picture = QPixmap(2 * (_KEY_WIDTH + _KEY_GAP), 2 * _KEY_HEIGHT)
    picture.setDevicePixelRatio(2)  # sharp also where the screen is
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = line_pen(column.colour, column.dash)
    pen.setWidth(3)
    painter.setPen(pen)
    painter.drawLine(1, _KEY_HEIGHT // 2, _KEY_WIDTH - 1, _KEY_HEIGHT // 2)
    painter.end()
    return picture
