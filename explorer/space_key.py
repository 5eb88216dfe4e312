"""Lets the space bar press the button that has the focus, though it is also a command's key."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

PRESSED_BY_SPACE = (QAbstractButton, QComboBox)


class SpaceKey(QObject):
    """Follows the focus, so that no event of any other widget passes through Python."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        application = cast("QApplication", QApplication.instance())
        application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(before, PRESSED_BY_SPACE):
            before.removeEventFilter(self)
        if isinstance(now, PRESSED_BY_SPACE):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the space bar from the commands."""
        if event.type() == QEvent.Type.ShortcutOverride and cast("QKeyEvent", event).key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().eventFilter(watched, event)
