"""When a window has been painted for the first time: what may wait for that, must not delay it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

PATIENCE_MS: Final = 1000
"""A window that starts minimised is not painted; after so long, nobody waits for that."""


class FirstFrame(QObject):
    """Waits for the first frame of a widget.

    Signals:
        painted(): It has been painted, or will not be soon; sent once.
    """

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._tell)
        self._turn.start(PATIENCE_MS)
        widget.installEventFilter(self)

    def forget(self) -> None:
        """Wait no more, and send nothing."""
        self._turn.stop()
        self._widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the first paint event; once all of the frame is there, the event loop takes its next turn."""
        if event.type() is QEvent.Type.Paint:
            self.forget()
            self._turn.start(0)
        return super().eventFilter(watched, event)

    def _tell(self) -> None:
        self.forget()
        self.painted.emit()
