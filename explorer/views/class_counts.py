"""How many of some images belong to each class, as bars."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.theme import look_of

Counts = npt.NDArray[np.int64]

_GAP = 6
_DOT = 9
_LONGEST_NAME = 110


class ClassCounts(QWidget):
    """A row for each class that occurs: its colour, its name, a bar, its count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._colours_K3: npt.NDArray[np.uint8] = np.zeros((0, 3), np.uint8)
        self._counts_K: Counts = np.zeros(0, np.int64)
        self._totals_K: Counts = np.zeros(0, np.int64)
        self._shown: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Counts by class")

    def show_counts(
        self, names: tuple[str, ...], colours_K3: npt.NDArray[np.uint8], counts_K: Counts, totals_K: Counts
    ) -> None:
        """Show how many of each class were counted, (K,), of how many there are, (K,)."""
        self._names, self._colours_K3 = names, colours_K3
        self._counts_K, self._totals_K = counts_K, totals_K
        self._shown = np.flatnonzero(counts_K).tolist()
        self.setAccessibleDescription(", ".join(self._in_words(index) for index in self._shown))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(180, len(self._shown) * self._row())

    def minimumSizeHint(self) -> QSize:
        """All rows, narrower."""
        return QSize(100, len(self._shown) * self._row())

    def event(self, event: QEvent) -> bool:
        """Tell in words what a row shows."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row = event.pos().y() // self._row()
            if 0 <= row < len(self._shown):
                QToolTip.showText(event.globalPos(), self._in_words(self._shown[row]), self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows."""
        del event
        look, metrics = look_of(self), QFontMetrics(self.font())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = [metrics.horizontalAdvance(self._names[index]) for index in self._shown]
        name_width = min(max(names, default=0), _LONGEST_NAME)
        count_width = max((metrics.horizontalAdvance(self._count(index)) for index in self._shown), default=0)
        left = _DOT + _GAP + name_width + _GAP
        room = max(1.0, self.width() - left - count_width - _GAP)
        most = max(1, int(self._counts_K.max(initial=1)))
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        for row, index in enumerate(self._shown):
            line = QRectF(0, row * self._row(), self.width(), self._row())
            colour = QColor(*self._colours_K3[index].tolist())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(0, line.center().y() - _DOT / 2, _DOT, _DOT))
            bar = QRectF(left, line.top() + 4, room * int(self._counts_K[index]) / most, line.height() - 8)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(QColor(look.text))
            name = metrics.elidedText(self._names[index], Qt.TextElideMode.ElideRight, name_width)
            painter.drawText(QRectF(_DOT + _GAP, line.top(), name_width + 1, line.height()), middle, name)
            painter.setPen(QColor(look.muted))
            painter.drawText(line, middle | right, self._count(index))

    def _row(self) -> int:
        return self.fontMetrics().height() + 3

    def _count(self, index: int) -> str:
        return f"{int(self._counts_K[index]):,}"

    def _in_words(self, index: int) -> str:
        return f"{self._names[index]}: {self._count(index)} of {int(self._totals_K[index]):,}"
