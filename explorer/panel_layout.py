"""Where the panels stand around the lanes, now, at first, and the next time."""

from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

LARGEST_FIRST_SIZE: Final = QSize(1600, 960)
FRAME_ROOM: Final = QSize(8, 40)
"""What the desktop puts around a window, at most."""
RIGHT_WIDTH: Final = 290
BOTTOM_HEIGHT: Final = 150


class PanelLayout:
    """The panels of a window: one at the right over its whole height, one below the lanes."""

    def __init__(self, window: QMainWindow, right: tuple[str, QWidget], bottom: tuple[str, QWidget]) -> None:
        self._window = window
        self._right, self._bottom = self._panel(*right), self._panel(*bottom)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)

    def toggles(self) -> tuple[QAction, ...]:
        """An action for each panel that shows or hides it."""
        return self._right.toggleViewAction(), self._bottom.toggleViewAction()

    def reset(self) -> None:
        """Put the panels where they are at first."""
        for area, panel in (
            (Qt.DockWidgetArea.RightDockWidgetArea, self._right),
            (Qt.DockWidgetArea.BottomDockWidgetArea, self._bottom),
        ):
            panel.setFloating(False)
            self._window.addDockWidget(area, panel)
            panel.show()
        self._window.resizeDocks([self._right], [RIGHT_WIDTH], Qt.Orientation.Horizontal)
        self._window.resizeDocks([self._bottom], [BOTTOM_HEIGHT], Qt.Orientation.Vertical)

    def restore(self) -> None:
        """Put window and panels where they were last, or where they are at first."""
        self._window.resize(LARGEST_FIRST_SIZE.boundedTo(self._window.screen().availableSize() - FRAME_ROOM))
        self.reset()
        settings = QSettings()
        geometry, state = settings.value("geometry"), settings.value("layout")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            self._window.restoreGeometry(geometry)
            self._window.restoreState(state)

    def remember(self) -> None:
        """Keep where everything is for the next time."""
        settings = QSettings()
        settings.setValue("geometry", self._window.saveGeometry())
        settings.setValue("layout", self._window.saveState())

    def _panel(self, title: str, widget: QWidget) -> QDockWidget:
        panel = QDockWidget(title, self._window)
        panel.setObjectName(f"dock-{title.lower()}")
        panel.setWidget(widget)
        panel.toggleViewAction().setToolTip(f"Show or hide the panel “{title}”")
        return panel
