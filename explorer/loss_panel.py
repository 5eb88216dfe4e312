"""The place of the loss curves while pyqtgraph, which draws them, is still being imported."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from explorer.palette import Rgb
from explorer.theme import set_role
from explorer.turn_import import import_in_turns
from trainers.messages import LossHistory

if TYPE_CHECKING:
    from explorer.views.loss_view import LossView


class LossPanel(QStackedWidget):
    """Stands in for `LossView`, and hands on to it once it is there: the window need not wait for the import."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss-panel")
        waiting = QLabel("Press Play: losses appear here.", self)
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(waiting, "muted")
        self.addWidget(waiting)
        self._known: dict[str, tuple[str, Rgb, LossHistory, tuple[float, ...]]] = {}
        self._view: LossView | None = None
        self._is_begun = self._is_ended = False
        self._in_front = True

    def begin(self) -> None:
        """Import the library, beginning with the next turn of the event loop; only the first call does anything."""
        if not self._is_begun:
            self._is_begun = True
            QTimer.singleShot(0, self._import)

    def end(self) -> None:
        """Begin no import any more, and show nothing more after one that was begun."""
        self._is_ended = True

    def set_in_front(self, in_front: bool) -> None:
        """As of `LossView`; kept until it is there."""
        self._in_front = in_front
        if self._view is not None:
            self._view.set_in_front(in_front)

    def show_losses(
        self, run: str, label: str, colour: Rgb, history: LossHistory, dash: tuple[float, ...] = ()
    ) -> None:
        """As of `LossView`; kept until it is there."""
        if self._view is not None:
            self._view.show_losses(run, label, colour, history, dash)
        else:
            self._known[run] = (label, colour, history, dash)

    def forget(self, run: str) -> None:
        """As of `LossView`."""
        if self._view is not None:
            self._view.forget(run)
        self._known.pop(run, None)

    def _import(self) -> None:
        if not self._is_ended:
            import_in_turns("pyqtgraph")
        if not self._is_ended:  # the window may have been closed in one of the turns
            self._build()

    def _build(self) -> None:
        from explorer.views.loss_view import LossView

        view = LossView(self)
        view.set_in_front(self._in_front)
        for run, (label, colour, history, dash) in self._known.items():
            view.show_losses(run, label, colour, history, dash)
        self.addWidget(view)
        self.setCurrentWidget(view)
        self._view = view
        self._known.clear()
