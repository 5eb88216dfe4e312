"""A line of words that gives way: what has no room ends in an ellipsis, and is whole in the tooltip."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStyle, QStyleOption, QToolTip


class ElidedLabel(QLabel):
    """A label of one line that may be narrower than its words, so that these never make a lane or panel wider."""

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be."""
        return QSize(1, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Say what is left out, before what the tooltip says anyway."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip and self._shown() != self.text():
            QToolTip.showText(event.globalPos(), "\n".join(filter(None, (self.text(), self.toolTip()))), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what there is room for."""
        del event
        painter, option = QPainter(self), QStyleOption()
        option.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, self._shown())

    def _shown(self) -> str:
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
