"""A picture of what a window showed, for the moment in which it has another size and is not painted anew yet."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget


class StandIn(QWidget):
    """Lies before everything else in a window and shows a picture, stretched, which is all that is painted then.

    Before and after that it takes no room. (Hidden and shown, it would have the window laid out each time.) The mouse
    does not notice it.

    Signals:
        painted(): The picture is on the screen.
    """

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._picture = QImage()
        self.setGeometry(QRect())

    @property
    def is_there(self) -> bool:
        """Whether the picture stands in for the window."""
        return not self._picture.isNull()

    def come(self, picture: QImage) -> None:
        """Show this picture, or go on with the one that is there."""
        if not self.is_there:
            self._picture = picture
            self.raise_()
        self.setGeometry(self.window().rect())

    def go(self) -> None:
        """Let the window be seen again."""
        self._picture = QImage()
        self.setGeometry(QRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture in the size that the window has."""
        del event
        painter = QPainter(self)
        painter.drawImage(self.rect(), self._picture)
        painter.end()
        self.painted.emit()


def picture_on_screen(window: QWidget) -> QImage:
    """What a window has painted; empty where it has painted nothing yet, or where Qt does not tell.

    While the window gets another size, that is what it showed in the size before.
    """
    store, picture = window.backingStore(), QImage()
    if store and not store.size().isEmpty():  # before the first painting there is not even an image
        store.beginPaint(QRegion())
        image = store.paintDevice()
        if isinstance(image, QImage):
            picture = image.copy()
        store.endPaint()
    return picture
