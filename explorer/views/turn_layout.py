"""Widgets side by side that are painted one after the other when all of them get another place."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from explorer.views.paint_turns import NEXT_TURN_MS, TURN_MS, paint_all
from explorer.views.stand_in import StandIn, picture_on_screen

CALM_MS: Final = 250
"""After so long without a change, the next one is not part of a movement, such as that of an edge with the mouse."""


class TurnLayout(QHBoxLayout):
    """Lets the mouse be heard after each widget that is painted anew.

    Qt lays out and paints all that has changed in one go. Here the window is painted in a turn after it has been laid
    out, and what is opaque among these widgets in turns of their own; until then all shows what was on the screen
    before. When the window itself gets another size, nothing on the screen stays: then a picture of what was
    there is painted first, stretched, and the window in turns after it. Nothing is held back in a movement, which would
    tear.

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
        self._stand_in = StandIn(parent.window())
        self._after_stand_in = QTimer(self)
        self._after_stand_in.setSingleShot(True)
        self._after_stand_in.setInterval(NEXT_TURN_MS)
        self._after_stand_in.timeout.connect(self.take_turns)
        self._stand_in.painted.connect(self._after_stand_in.start)
        self._turn = QTimer(self)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._release_next)

    def setGeometry(self, rect: QRect) -> None:
        """Give each widget its place, after holding back those that are on the screen."""
        size = self._row.window().size()
        places = (QRect(rect), self.panels())
        picture = QImage()
        if places != self._places:
            is_calm = not self._last_change.isValid() or self._last_change.elapsed() >= self._calm_ms
            self._last_change.start()
            if is_calm and size == self._window_size:
                self.take_turns()
            else:
                self.places_change.emit()
                if is_calm:
                    picture = picture_on_screen(self._row.window())
                elif size != self._window_size and not self._stand_in.is_there:
                    self.give_all_turns()
        self._places, self._window_size = places, size
        super().setGeometry(rect)
        if self._stand_in.is_there or not picture.isNull():
            self._stand_in.come(picture)

    def hold_window(self) -> None:
        """Have the whole window show what it has until it is to `take_turns`."""
        self.places_change.emit()
        self._turn.stop()
        self._row.window().setUpdatesEnabled(False)
        for widget in self.panels():
            if widget.isVisible() and widget.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
                widget.setUpdatesEnabled(False)
                if widget not in self._held:
                    self._held.append(widget)

    def take_turns(self) -> None:
        """Have the whole window painted in the next turn, but for these widgets, which follow one after the other."""
        self.hold_window()
        self._stand_in.go()  # now, since the window would otherwise have to paint all that it has covered
        QTimer.singleShot(NEXT_TURN_MS, self._row, self._paint_window)

    def _paint_window(self) -> None:
        paint_all(self._row.window())
        self._turn.start()

    def give_all_turns(self) -> None:
        """Hold nothing back any more."""
        self._after_stand_in.stop()
        self._stand_in.go()
        while self._held:
            self._release_next()
        if not self._row.window().updatesEnabled():
            paint_all(self._row.window())

    def panels(self) -> list[QWidget]:
        """All widgets, in their order."""
        items = (self.itemAt(at) for at in range(self.count()))
        return [widget for item in items if item is not None and (widget := item.widget()) is not None]

    def _release_next(self) -> None:
        if self._held:
            widget = self._held.pop(0)
            if isValid(widget):  # it may have been closed meanwhile
                paint_all(widget)
        if not self._held:
            self._turn.stop()
