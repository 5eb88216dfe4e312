"""Gives all widgets the colours of another style sheet, some at a time, so that the mouse is heard in between."""

from collections import deque
from time import perf_counter
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

TURN_S: Final = 0.006
"""After so long the rest waits for another turn of the event loop; a small window needs no other."""
BETWEEN_TURNS_MS: Final = 1
"""A timer of no time at all would be run before the event loop looks at anything else."""


class Dressing(QObject):
    """Dresses the application's widgets; one for the application, owned by it.

    Given another sheet, Qt dresses all that it knows to wear one, and each once for every widget that it lies in. So it
    is made to forget them, and each is dressed once, from outside inwards, since widgets pass palettes on. They are not
    told of another style (`QEvent.StyleChange`), for which they would be laid out anew: looks differ in colours alone.

    Signals:
        begins(): All widgets are about to be dressed anew.
        ends(): All are dressed, and are yet to be painted.
    """

    begins = Signal()
    ends = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._undressed = deque[QWidget]()
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.setInterval(BETWEEN_TURNS_MS)
        self._next_turn.timeout.connect(self._go_on)

    @property
    def is_done(self) -> bool:
        """Whether every widget wears what was given last."""
        return not self._undressed

    def change(self, palette: QPalette, sheet: str) -> None:
        """Dress everything anew: at once what has not been shown yet, and in turns what has."""
        self.begins.emit()
        style = self._app.style() if self._app.styleSheet() else None
        if style is not None:
            style.unpolish(self._app)
        self._app.setPalette(palette)
        self._app.setStyleSheet(sheet)
        self._undressed.clear()
        if style is not None:
            style.polish(self._app)
            outermost = [widget for widget in self._app.topLevelWidgets() if widget.parentWidget() is None]
            for window in outermost:
                self._undressed += (window, *window.findChildren(QWidget))
        self._go_on()

    def _go_on(self) -> None:
        style, started = self._app.style(), perf_counter()
        while self._undressed and perf_counter() - started < TURN_S:
            widget = self._undressed.popleft()
            if isValid(widget) and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                style.polish(widget)
                widget.update()
        if self._undressed:
            self._next_turn.start()
        else:
            self._next_turn.stop()
            self.ends.emit()
