"""Metric × model: figures with their spread, the best where the spread allows, and how each came about in training."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from explorer.views.comparison_cell import ComparisonCell
from explorer.views.comparison_rows import Column, Row
from explorer.views.comparison_table import ComparisonTable

LEAST_COLUMN = 132
"""Pixels that a value and its spread need."""


class ComparisonView(QTableView):
    """A table that is read, not edited; a click on a model's header sorts by where it is ahead.

    Actions that are added to it stand in its context menu.

    Signals:
        copy_wanted(): The keys for copying were pressed.
    """

    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setAccessibleName("Comparison of the models")
        self.table = ComparisonTable(self)
        self.setModel(self.table)
        self.setItemDelegate(ComparisonCell(self.table, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across = self.horizontalHeader()
        across.setObjectName("comparison-models")
        across.setAccessibleName("Models")
        across.setHighlightSections(False)
        across.setMinimumSectionSize(LEAST_COLUMN)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.setSortIndicatorClearable(True)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        across.sortIndicatorChanged.connect(self._sort)
        self.table.modelReset.connect(self._lay_out)
        self.table.layoutChanged.connect(self._lay_out)

    def show_all(self, columns: tuple[Column, ...], rows: tuple[Row, ...]) -> None:
        """Show models and metrics; the order that was chosen stays as long as its model does."""
        runs = tuple(column.run for column in columns)
        if runs != tuple(column.run for column in self.table.columns):
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.show_all(columns, rows)

    def show_rows(self, rows: tuple[Row, ...]) -> None:
        """Show other contents of some metrics."""
        self.table.show_rows(rows)

    def sort_by(self, column: int, *, best_first: bool = True) -> None:
        """Sort by a model, counted from 0; by none where negative."""
        order = Qt.SortOrder.AscendingOrder if best_first else Qt.SortOrder.DescendingOrder
        self.horizontalHeader().setSortIndicator(column + 1 if column >= 0 else -1, order)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what was added, and every order."""
        menu = QMenu(self)
        menu.setObjectName("comparison-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.addSeparator()
        for at, column in enumerate(self.table.columns):
            menu.addAction(f"First what {column.label} does best", lambda at=at: self.sort_by(at))
        menu.addAction("Usual order", lambda: self.sort_by(-1))
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy all by the usual keys; else as in every table."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        if section == 0:
            self.horizontalHeader().setSortIndicator(-1, order)
            return
        run = self.table.columns[section - 1].run if 0 < section <= len(self.table.columns) else None
        self.table.sort_by(run, best_first=order == Qt.SortOrder.AscendingOrder)

    def _lay_out(self) -> None:
        """Headings take the whole width; names what they need; models share the rest."""
        self.clearSpans()
        columns = self.table.columnCount()
        for at, row in enumerate(self.table.rows):
            if row.is_heading and columns > 1:
                self.setSpan(at, 0, 1, columns)
        across, down = self.horizontalHeader(), self.verticalHeader()
        down.setDefaultSectionSize(self.sizeHintForIndex(self.table.index(0, 0)).height())
        for section in range(columns):
            # By its contents, Qt would measure all names again for every figure, and for every pixel of an edge moved.
            mode = QHeaderView.ResizeMode.Fixed if section == 0 else QHeaderView.ResizeMode.Stretch
            across.setSectionResizeMode(section, mode)
        across.resizeSection(0, max(LEAST_COLUMN, self.sizeHintForColumn(0)))

    def changeEvent(self, event: QEvent) -> None:
        """Names of another font take other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._lay_out()
