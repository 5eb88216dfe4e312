"""Lets views that take long to paint do so one after the other, and the mouse be heard in between."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

TURN_MS: Final = 4
"""After so long, or once it has been painted if that takes longer, a view's turn is over."""

NEXT_TURN_MS: Final = 1
"""A timer of no time at all would be run before the event loop looks at anything else."""


def paint_afterwards(window: QWidget) -> None:
    """Have a window that is about to be laid out anew be painted in a turn of its own, since both may take long.

    It shows meanwhile what it has. (Switched off and on again, updates would have all of the window painted, and twice
    at that: once for the window and once for what it holds.)
    """
    if window.isVisible():
        _HeldPainting(window)


def paint_all(widget: QWidget) -> None:
    """Let a widget whose updates were off be painted again, all of it but for what has its own updates off.

    `setUpdatesEnabled` would have it painted twice: for its own sake, and for that of what it holds. Of that, Qt leaves
    out what is opaque, unless it has to be painted for its own sake; whether it has, it was not told meanwhile.
    """
    widget.setAttribute(Qt.WidgetAttribute.WA_ForceUpdatesDisabled, False)
    widget.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
    widget.update()
    for child in widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        _let_be_painted(child)
    # What had to be painted before counts as asked for, though a window whose updates are off answers without painting.
    QCoreApplication.postEvent(widget.window(), QEvent(QEvent.Type.UpdateRequest))


def _let_be_painted(part: QWidget) -> None:
    if part.isWindow() or part.testAttribute(Qt.WidgetAttribute.WA_ForceUpdatesDisabled):
        return
    part.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)
    if part.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent) or part.autoFillBackground():
        part.update()
    for child in part.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        _let_be_painted(child)


class _HeldPainting(QObject):
    """Puts the next painting of a window off, once, to the turn of the event loop that follows."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.setInterval(NEXT_TURN_MS)
        self._next_turn.timeout.connect(self._release)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt asks the window once to paint what has changed, and remembers what that is until it is painted."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().eventFilter(watched, event)
        self._next_turn.start()
        return True

    def _release(self) -> None:
        self._window.removeEventFilter(self)
        QCoreApplication.postEvent(self._window, QEvent(QEvent.Type.UpdateRequest))
        self.deleteLater()


class PaintTurns(QObject):
    """One view at a time; the others show meanwhile what they have.

    Qt paints all that has changed in one go, and when the window gets another size, all views of a row have.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[QWidget, None] = {}
        self._at_it: QWidget | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._give_next)

    def ask(self, view: QWidget) -> None:
        """Give a view its turn now, if no other has it, else later; its `update` is called then."""
        if self.is_free:
            self._begin(view)
        elif view is not self._at_it:  # whose turn is not made longer: moved without a pause, it would keep it for ever
            self._waiting[view] = None

    def ask_later(self, view: QWidget) -> None:
        """Give a view its turn when everything else has been painted: now there is too much, such as a whole window."""
        self._waiting[view] = None
        if self.is_free:
            self._turn.start()

    @property
    def is_free(self) -> bool:
        """Whether no view has its turn now."""
        return not self._turn.isActive()

    def is_waiting(self, view: QWidget) -> bool:
        """Whether a view has asked, and its turn is still to come."""
        return view in self._waiting

    def _give_next(self) -> None:
        while self._waiting:
            view = next(iter(self._waiting))
            del self._waiting[view]
            if isValid(view):  # its window may have let it go meanwhile
                view.update()
                self._begin(view)
                return

    def _begin(self, view: QWidget) -> None:
        self._at_it = view
        self._turn.start()
