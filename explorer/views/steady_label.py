"""A line of words with figures that change all the time."""

from PySide6.QtWidgets import QWidget

from explorer.views.elided_label import ElidedLabel


class SteadyLabel(ElidedLabel):
    """Keeps the room of its longest words so far, so that what stands beside it does not move with each figure.

    Qt's own labels have the whole window laid out anew for each other text, several times a second while models train.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""

    def setText(self, arg__1: str) -> None:
        """Show other words."""
        if arg__1 == self._words:
            return
        self._words = arg__1
        self.setAccessibleName(arg__1)
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(arg__1) > metrics.horizontalAdvance(super().text()):
            super().setText(arg__1)
        else:
            self.update()

    def text(self) -> str:
        """The words on show."""
        return self._words
