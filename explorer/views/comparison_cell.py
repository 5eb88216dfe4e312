"""How one cell of the comparison is painted: a mark, the value, its spread, and the curve over training."""

import math
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from explorer.theme import Look, look_of
from explorer.views.comparison_rows import Cell, CellState, Row
from explorer.views.comparison_table import CELL_ROLE, ROW_ROLE, ComparisonTable
from explorer.views.sparkline import paint_sparkline

CURVE_WIDTH: Final = 68.0
LEAST_CURVE: Final = 24.0
"""Narrower ones are left out."""
_PAD = 8.0
_STAR = 5.0
"""Radius of the mark of the best."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ComparisonCell(QStyledItemDelegate):
    """Paints rows and cells as `ComparisonTable` gives them."""

    def __init__(self, table: ComparisonTable, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for the words; a cell also for a curve."""
        metrics = QFontMetricsF(_bold(option.font))
        row, cell = index.data(ROW_ROLE), index.data(CELL_ROLE)
        height = math.ceil(metrics.height()) + 7
        if isinstance(cell, Cell):
            width = metrics.horizontalAdvance("−0.00000 ± 0.0000") + 2 * _STAR + 4 * _PAD + CURVE_WIDTH
        elif isinstance(row, Row) and not row.is_heading:
            width = metrics.horizontalAdvance(f"{row.label} {row.direction}  {row.unit}") + 3 * _PAD
        else:
            width = 0.0
        return QSize(math.ceil(width), height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground as the style has it, and what lies on it."""
        # Fields in Qt, missing in the stubs.
        widget, rect, state, font = option.widget, option.rect, option.state, option.font  # pyright: ignore[reportAttributeAccessIssue]
        assert isinstance(widget, QWidget)
        (widget.style() or QApplication.style()).drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget
        )
        is_chosen = bool(state & QStyle.StateFlag.State_Selected)
        place = QRectF(rect).adjusted(_PAD, 0, -_PAD, 0)
        row, column = self._table.rows[index.row()], index.column()
        painter.save()
        painter.setFont(font)
        ink = _Ink(look_of(widget), is_chosen=is_chosen)
        if row.is_heading:
            _paint_heading(painter, place, row, ink)
        elif column:
            colour = self._table.columns[column - 1].colour
            cell = row.cells[column - 1]
            self._paint_cell(painter, place, row, cell, ink, QColor(ink.text) if is_chosen else QColor(*colour))
        else:
            _paint_name(painter, place, row, ink)
        painter.restore()

    def _paint_cell(self, painter: QPainter, place: QRectF, row: Row, cell: Cell, ink: "_Ink", colour: QColor) -> None:
        if cell.state is CellState.FAILED:
            _paint_words(painter, place, cell.value, ink.error)
            return
        left = place.left()
        if cell.is_best or cell.is_leading:
            middle = QPointF(left + _STAR, place.center().y())
            _paint_star(painter, middle, ink.mark, is_full=cell.is_best)
        left += 2 * _STAR + 5
        regular = painter.font()
        bold = _bold(regular) if cell.is_best else regular
        is_muted = cell.state is not CellState.FRESH
        painter.setFont(bold)
        left += _paint_words(
            painter, QRectF(left, place.top(), place.right() - left, place.height()), cell.value,
            ink.muted if is_muted else ink.text,
        )  # fmt: skip
        painter.setFont(regular)
        if cell.spread:
            rest = QRectF(left + 5, place.top(), place.right() - left - 5, place.height())
            left += 5 + _paint_words(painter, rest, f"± {cell.spread}", ink.muted)
        room = place.right() - left - _PAD
        if cell.curve and room >= LEAST_CURVE:
            width = min(CURVE_WIDTH, room)
            curve = QRectF(place.right() - width, place.top() + 4, width, place.height() - 8)
            paint_sparkline(painter, curve, cell.curve, row.bounds, colour)


class _Ink:
    """Colours of what is painted, on plain ground or on that of what is chosen."""

    def __init__(self, look: Look, *, is_chosen: bool) -> None:
        self.text = look.on_accent if is_chosen else look.text
        self.muted = look.on_accent if is_chosen else look.muted
        self.error = look.on_accent if is_chosen else look.error
        self.mark = look.on_accent if is_chosen else look.good


def _paint_heading(painter: QPainter, place: QRectF, row: Row, ink: _Ink) -> None:
    painter.setFont(_bold(painter.font()))
    _paint_words(painter, place, row.label, ink.muted)


def _paint_name(painter: QPainter, place: QRectF, row: Row, ink: _Ink) -> None:
    used = _paint_words(painter, place, f"{row.label} {row.direction}".strip(), ink.text) + _PAD
    if row.unit and place.width() > used:
        _paint_words(painter, place.adjusted(used, 0, 0, 0), row.unit, ink.muted)


def _paint_words(painter: QPainter, place: QRectF, words: str, colour: str) -> float:
    """Write what fits, with "…" where it does not; gives the width that was used."""
    metrics = QFontMetricsF(painter.font())
    used = metrics.horizontalAdvance(words)
    if used > place.width():
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, place.width()))
        used = metrics.horizontalAdvance(words)
    painter.setPen(QColor(colour))
    painter.drawText(place, _LEFT, words)
    return used


def _paint_star(painter: QPainter, middle: QPointF, colour: str, *, is_full: bool) -> None:
    corners = [
        middle
        + QPointF(math.sin(turn * math.pi / 5), -math.cos(turn * math.pi / 5)) * (_STAR * (1 - 0.58 * (turn % 2)))
        for turn in range(10)
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1))
    painter.setBrush(QColor(colour) if is_full else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(QPolygonF(corners))
    painter.restore()


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
