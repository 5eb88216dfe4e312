"""A spin box for any number: 0.001 and 1e-3 are read alike, whatever the language of the desktop."""

import math

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from trainers.setting import Setting

_SERIES = (1, 2, 5)
_PAGE = 10  # steps that Qt asks for when Page Up is pressed


class NumberBox(QAbstractSpinBox):
    """Takes any text and says what number it is; whether that can be used is for others to say.

    Steps add `setting.step`. Where they are factors, broken numbers go along 1, 2, 5, 10, and whole ones double; there
    a page is a factor of ten.

    Signals:
        number_changed(): Another number, or another text that is none, is shown.
    """

    number_changed = Signal()

    def __init__(self, setting: Setting, kind: type, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._setting = setting
        self._kind = kind
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0") * 14)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lineEdit().setTextMargins(
            5, 0, 0, 0
        )  # a style sheet does not reach in here; in line with the text of lists
        self.lineEdit().textChanged.connect(self._follow_text)

    def number(self) -> object:
        """The number that is written, as int or float by the kind of field, or the text where it is none."""
        text = self.lineEdit().text().strip()
        if self._setting.zero and text.casefold() == self._setting.zero:
            return self._kind(0)
        plain = text.replace("−", "-")
        if plain.count(",") == 1 and "." not in plain:
            plain = plain.replace(",", ".")
        try:
            value = float(plain)
            whole = int(plain) if plain.lstrip("+-").isdigit() else None
        except ValueError:
            return text
        if self._kind is float:
            return value
        if whole is not None:
            return whole
        return int(value) if math.isfinite(value) and value.is_integer() else text

    def show_number(self, value: float) -> None:
        """Write a number."""
        self.lineEdit().setText(self._written(value))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let anything be typed: what cannot be used is explained beside the field, not swallowed."""
        return QValidator.State.Acceptable, text, position

    def event(self, event: QEvent) -> bool:
        """Leave the space bar to the window: no number has a space, and one typed over the figures would empty them."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and " " not in self._setting.zero:
            event.ignore()
            return False
        return super().event(event)

    def stepBy(self, steps: int) -> None:
        """Go up or down, and stop at the limits."""
        value = self.number()
        if not isinstance(value, int | float) or math.isnan(value):
            return
        low, high = self._setting.minimum, self._setting.maximum
        if self._setting.logarithmic and abs(steps) == _PAGE:
            value = value * 10.0 ** (1 if steps > 0 else -1)
        elif self._setting.logarithmic:
            for _ in range(abs(steps)):
                value = self._next_factor(value, up=steps > 0)
        else:
            value = float(f"{value + steps * self._setting.step:.12g}")
        value = min(max(float(f"{value:.12g}"), low), high)
        self.show_number(round(value) if self._kind is int else value)
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Which of the two arrows lead anywhere."""
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        value = self.number()
        if isinstance(value, int | float):
            if value < self._setting.maximum:
                enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
            if value > self._setting.minimum:
                enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def _next_factor(self, value: float, *, up: bool) -> float:
        if value <= 0:
            return self._setting.minimum
        if self._kind is int:
            return value * 2 if up else value / 2
        decade = math.floor(math.log10(value))
        series = [digit * 10.0**power for power in range(decade - 1, decade + 2) for digit in _SERIES]
        if up:
            return min(entry for entry in series if entry > value * (1 + 1e-9))
        return max(entry for entry in series if entry < value * (1 - 1e-9))

    def _written(self, value: float) -> str:
        if value == 0 and self._setting.zero:
            return self._setting.zero
        if self._kind is int:
            return str(value)
        text = repr(float(value)).removesuffix(".0")
        digits, mark, power = text.partition("e")
        return f"{digits}e{int(power)}" if mark else text

    def _follow_text(self) -> None:
        self.update()  # the arrows may lead somewhere else now
        self.number_changed.emit()
