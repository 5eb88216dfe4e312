"""Widgets side by side that are painted one after the other when all of them get another place."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from explorer.views.paint_turns import NEXT_TURN_MS, TURN_MS, paint_all

CALM_MS: Final = 250
"""After so long without a change, the next one is not part of a movement, such as that of an edge with the mouse."""


class TurnLayout(QHBoxLayout):
    """Lets the mouse be heard after each widget that is painted anew.

    Qt paints all that has changed in one go. What is opaque is held back here, and shows until its turn what was on
    the screen before. When the window itself gets another size, nothing on the screen stays, and nothing is held back;
    nor is it in a movement, which would tear.

    Signals:
        places_change(): Widgets are about to get other places, and will be painted anew.
    """

    places_change = Signal()

    def __init__(self, parent: QWidget, *, calm_ms: int = CALM_MS) -> None:
        super().__init__(parent)
        self._row, self._calm_ms = parent, calm_ms
        self._last_change = QElapsedTimer()
        self._places: tuple[QRect, list[QWidget]] = (QRect(), [])
        self._window_size = QSize()
        self._held: list[QWidget] = []
        self._turn = QTimer(self)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._release_next)

    def setGeometry(self, rect: QRect) -> None:
        """Give each widget its place, after holding back those that are on the screen."""
        size = self._row.window().size()
        places = (QRect(rect), self.panels())
        if places != self._places:
            is_calm = not self._last_change.isValid() or self._last_change.elapsed() >= self._calm_ms
            self._last_change.start()
            self.places_change.emit()
            if is_calm and size == self._window_size:
                self._hold(places[1])
        self._places, self._window_size = places, size
        super().setGeometry(rect)

    def hold_window(self) -> None:
        """Have the whole window show what it has until it is to `take_turns`."""
        self.places_change.emit()
        self._row.window().setUpdatesEnabled(False)
        self._hold(self.panels())

    def take_turns(self) -> None:
        """Have the whole window painted in the next turn, but for these widgets, which follow one after the other."""
        self.hold_window()
        QTimer.singleShot(NEXT_TURN_MS, self._row, self._paint_window)

    def _paint_window(self) -> None:
        paint_all(self._row.window())
        self._turn.start()

    def give_all_turns(self) -> None:
        """Hold nothing back any more."""
        while self._held:
            self._release_next()

    def panels(self) -> list[QWidget]:
        """All widgets, in their order."""
        items = (self.itemAt(at) for at in range(self.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def _hold(self, widgets: list[QWidget]) -> None:
        for widget in widgets:
            if widget.isVisible() and widget.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
                widget.setUpdatesEnabled(False)
                if widget not in self._held:
                    self._held.append(widget)
        if self._held and self._row.window().updatesEnabled():
            self._turn.start()
        else:
            self._turn.stop()

    def _release_next(self) -> None:
        if self._held:
            widget = self._held.pop(0)
            if isValid(widget):  # it may have been closed meanwhile
                paint_all(widget)
        if not self._held:
            self._turn.stop()
