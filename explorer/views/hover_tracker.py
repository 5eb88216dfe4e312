"""Where the mouse is: told once a frame at most, however many events a fast mouse sends."""

from PySide6.QtCore import QElapsedTimer, QObject, QPointF, QTimer, Signal

LEAST_INTERVAL_MS = 8
CARD_DELAY_MS = 125


class HoverTracker(QObject):
    """The mouse over one widget.

    Attributes:
        place: Where it is, in pixels of the widget; None when it is elsewhere.

    Signals:
        moved: It is at another place, or what lies under it has changed.
        rested: It has stayed on one thing for 125 ms.
    """

    moved = Signal()
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.place: QPointF | None = None
        self._since_last = QElapsedTimer()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._tell)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(CARD_DELAY_MS)
        self._rest.timeout.connect(self.rested)

    def enter(self, place: QPointF) -> None:
        """The mouse is here now."""
        self.place = place
        self.look_again()

    def leave(self) -> None:
        """The mouse has gone, or is busy with something else."""
        self.place = None
        self._turn.stop()
        self._rest.stop()

    def look_again(self) -> None:
        """What lies under the mouse may have changed."""
        if self.place is None or self._turn.isActive():
            return
        waited = self._since_last.elapsed() if self._since_last.isValid() else LEAST_INTERVAL_MS
        self._turn.start(max(0, LEAST_INTERVAL_MS - waited))

    def start_rest(self) -> None:
        """The mouse is on another thing."""
        self._rest.start()

    def end_rest(self) -> None:
        """The mouse is on nothing, or has pressed."""
        self._rest.stop()

    def _tell(self) -> None:
        self._since_last.start()
        if self.place is not None:
            self.moved.emit()
