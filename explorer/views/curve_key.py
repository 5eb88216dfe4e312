"""One entry of the key to a plot: a piece of the line, the name of the model, and a value."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.palette import Rgb
from explorer.theme import look_of

_LINE = 26
_GAP = 6
_LONGEST_NAME = 140


def line_pen(colour: Rgb, dash: tuple[float, ...]) -> QPen:
    """The pen that draws a model's curve; `dash` holds dashes and gaps in pen widths."""
    pen = QPen(QColor(*colour), 2)
    pen.setCosmetic(True)
    if dash:
        pen.setDashPattern(dash)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


class CurveKey(QWidget):
    """Says which line is which model, and what its value is at the pointer, or the newest."""

    def __init__(self, label: str, colour: Rgb, dash: tuple[float, ...]) -> None:
        super().__init__()
        self._label, self._pen, self._value = label, line_pen(colour, dash), ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setObjectName("curve_key")
        self._name()

    @property
    def label(self) -> str:
        """The name of the model."""
        return self._label

    @property
    def value(self) -> str:
        """The value on show."""
        return self._value

    def set_line(self, label: str, colour: Rgb, dash: tuple[float, ...]) -> None:
        """Take another name or line."""
        self._label, self._pen = label, line_pen(colour, dash)
        self._name()
        self.updateGeometry()
        self.update()

    def set_value(self, value: str) -> None:
        """Show a value; room for it is kept, so that the keys do not dance."""
        if value != self._value:
            self._value = value
            self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"Curve of {self._label}")
        self.setToolTip(f"{self._label}: the value at the pointer, or the newest.")

    def sizeHint(self) -> QSize:
        """Line, name and a value of seven figures."""
        metrics = QFontMetrics(self.font())
        name = min(metrics.horizontalAdvance(self._label), _LONGEST_NAME)
        return QSize(_LINE + 2 * _GAP + name + metrics.horizontalAdvance("−0000.00") + _GAP, metrics.height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line, name, value."""
        del event
        look, metrics = look_of(self), QFontMetrics(self.font())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        middle = self.height() / 2
        painter.drawLine(0, round(middle), _LINE, round(middle))
        name = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, _LONGEST_NAME)
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        left = float(_LINE + _GAP)
        painter.setPen(QColor(look.text))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), side, name)
        left += metrics.horizontalAdvance(name) + _GAP
        painter.setPen(QColor(look.muted))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), side, self._value)
