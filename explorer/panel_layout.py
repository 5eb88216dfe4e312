"""Where the panels stand around the lanes, now, at first, and the next time."""

from functools import partial
from itertools import chain, pairwise
from typing import Final

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from explorer.views.paint_turns import NEXT_TURN_MS, paint_afterwards

LARGEST_FIRST_SIZE: Final = QSize(1600, 960)
FRAME_ROOM: Final = QSize(8, 40)
"""What the desktop puts around a window, at most."""
RIGHT_WIDTH: Final = 316
"""So that the names of all panels have room beside each other."""
BOTTOM_HEIGHT: Final = 150
TALL: Final = 880
"""Height of a window from which on the first panel at the right stands above the others, and not as a tab of theirs."""
BETWEEN_PANELS_MS: Final = 30
STATE_VERSION: Final = 3
"""Of what is kept: an arrangement of other panels is not brought back."""

TitledPanels = tuple[tuple[str, QWidget], ...]


class PanelLayout:
    """The panels of a window: some at the right over its whole height, some below the lanes, both as tabs."""

    def __init__(self, window: QMainWindow, right: TitledPanels, bottom: TitledPanels) -> None:
        self._window = window
        self._right = [self._panel(title, widget) for title, widget in right]
        self._bottom = [self._panel(title, widget) for title, widget in bottom]

    def toggles(self) -> tuple[QAction, ...]:
        """An action for each panel that shows or hides it."""
        return tuple(panel.toggleViewAction() for panel in (*self._right, *self._bottom))

    def dock(self, widget: QWidget) -> QDockWidget:
        """The panel that holds a widget."""
        return next(panel for panel in (*self._right, *self._bottom) if panel.widget() is widget)

    def bring_up(self, widget: QWidget) -> None:
        """Show the panel that holds a widget, in front of those that it shares its place with."""
        panel = self.dock(widget)
        panel.show()
        panel.raise_()

    def give_room(self, widget: QWidget, height: int) -> None:
        """Make the panel that holds a widget at least so high, as far as the lanes can be lower."""
        panel = self.dock(widget)
        if self._window.isVisible() and not panel.isFloating() and panel.height() < height:
            self._window.resizeDocks([panel], [height], Qt.Orientation.Vertical)

    def reset(self) -> None:
        """Put the panels where they are at first.

        They are arranged in an empty window, and only the outcome is taken over: moved one by one, each would have the
        whole window laid out anew, with all that it shows on the way. An open window does so in turns of its event
        loop, since it would stand still to do all at once.
        """
        arrange = partial(self._arrange, self._first_state())
        if self._window.isVisible():
            QTimer.singleShot(NEXT_TURN_MS, self._window, arrange)
        else:
            arrange()

    def _arrange(self, state: QByteArray) -> None:
        shown = (self._right, self._bottom) if self._window.isVisible() else ()
        for panel in chain(*shown):
            panel.setUpdatesEnabled(False)
        paint_afterwards(self._window)
        self._window.restoreState(state, STATE_VERSION)
        # A table that was in front for a moment has been given its room.
        self._window.resizeDocks(self._bottom[:1], [BOTTOM_HEIGHT], Qt.Orientation.Vertical)
        for turn, panels in enumerate(shown, start=1):
            for panel in panels:
                QTimer.singleShot(turn * BETWEEN_PANELS_MS, panel, partial(panel.setUpdatesEnabled, True))

    def restore(self, size: tuple[int, int] | None = None) -> None:
        """Put window and panels where they were last, or where they are at first.

        Args:
            size: Width and height that the window is to have; None for what it was last.
        """
        self._window.resize(LARGEST_FIRST_SIZE.boundedTo(self._window.screen().availableSize() - FRAME_ROOM))
        settings = QSettings()
        geometry, state = settings.value("geometry"), settings.value("layout")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        if size is not None:
            self._resize(*size)  # before the panels, which a low window has in another place
        # Arranged afresh before, they would leave the tabs of that arrangement behind.
        if not (isinstance(state, QByteArray) and self._window.restoreState(state, STATE_VERSION)):
            self.reset()

    def _resize(self, width: int, height: int) -> None:
        """Give the window another size than the last time; where it was then, it might reach beyond the screen."""
        window = self._window
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.resize(width, height)
        screen, place = window.screen().availableGeometry(), window.pos()
        left = max(screen.left(), min(place.x(), screen.right() + 1 - width - FRAME_ROOM.width()))
        top = max(screen.top(), min(place.y(), screen.bottom() + 1 - height - FRAME_ROOM.height()))
        if (left, top) != (place.x(), place.y()):
            window.move(left, top)

    def remember(self) -> None:
        """Keep where everything is for the next time."""
        settings = QSettings()
        settings.setValue("geometry", self._window.saveGeometry())
        settings.setValue("layout", self._window.saveState(STATE_VERSION))

    def _first_state(self) -> QByteArray:
        """What the window would say of its panels if they stood where they are at first."""
        window = QMainWindow()
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        right, bottom = ([_stand_in(panel, window) for panel in panels] for panels in (self._right, self._bottom))
        for area, panels in (
            (Qt.DockWidgetArea.RightDockWidgetArea, right),
            (Qt.DockWidgetArea.BottomDockWidgetArea, bottom),
        ):
            for panel in panels:
                window.addDockWidget(area, panel)
                panel.show()
        apart = len(right) > 1 and self._window.height() >= TALL
        if apart:
            window.splitDockWidget(right[0], right[1], Qt.Orientation.Vertical)
        for panels in (right[1:] if apart else right, bottom):
            for panel, next_panel in pairwise(panels):
                window.tabifyDockWidget(panel, next_panel)
            if panels:
                panels[0].raise_()
        window.setCentralWidget(QWidget(window))
        window.resize(self._window.size())
        layout = window.layout()
        assert layout is not None
        layout.activate()
        window.resizeDocks(right[:1], [RIGHT_WIDTH], Qt.Orientation.Horizontal)
        window.resizeDocks(bottom[:1], [BOTTOM_HEIGHT], Qt.Orientation.Vertical)
        return window.saveState(STATE_VERSION)

    def _panel(self, title: str, widget: QWidget) -> QDockWidget:
        panel = QDockWidget(title, self._window)
        panel.setObjectName(f"dock-{title.lower()}")
        panel.setWidget(widget)
        panel.toggleViewAction().setToolTip(f"Show or hide the panel “{title}”")
        return panel


def _stand_in(panel: QDockWidget, window: QMainWindow) -> QDockWidget:
    """An empty panel that goes by the same name."""
    empty = QDockWidget(window)
    empty.setObjectName(panel.objectName())
    return empty
