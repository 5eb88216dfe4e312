"""The window as a picture."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QImage, QImageWriter, QPalette, QRegion
from PySide6.QtWidgets import QWidget

from explorer.views.latent_canvas import LatentCanvas
from explorer.views.paint_turns import NEXT_TURN_MS
from explorer.views.turn_layout import TurnLayout
from trainers.atomic_write import write_atomically


class PictureInTurns(QObject):
    """Takes a picture of what a window shows, a part in each turn of the event loop: painting all of it takes long.

    Signals:
        taken(QImage): The whole picture; this object is gone then.
    """

    taken = Signal(QImage)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._next_turn = QTimer(self)
        self._next_turn.setInterval(NEXT_TURN_MS)
        self._next_turn.timeout.connect(self._go_on)
        self._begin()
        self._next_turn.start()

    def _begin(self) -> None:
        self._size = self._window.size()
        self._picture = _blank(self._window)
        self._parts = _parts(self._window)

    def _go_on(self) -> None:
        if self._window.size() != self._size:
            self._begin()
        _release(self._window)
        _paint(self._window, self._parts.pop(0), self._picture)
        if not self._parts:
            self._next_turn.stop()
            _paint_clouds_again(self._window)
            self.taken.emit(self._picture)
            self.deleteLater()


def take_picture(window: QWidget) -> QImage:
    """What a window shows, at once; like all that paints, to be called in the thread of the window."""
    picture = _blank(window)
    _release(window)
    for part in _parts(window):
        _paint(window, part, picture)
    _paint_clouds_again(window)
    return picture


def _blank(window: QWidget) -> QImage:
    ratio = window.devicePixelRatioF()
    picture = QImage(window.size() * ratio, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(ratio)
    picture.fill(window.palette().color(QPalette.ColorRole.Window))
    return picture


def _parts(window: QWidget) -> list[QRegion]:
    """Each of what takes turns to be painted, and before them all the rest, which overlaps with them a little."""
    layouts = window.findChildren(TurnLayout)
    panels = [widget for layout in layouts for widget in layout.panels() if widget.isVisible()]
    places = [QRect(panel.mapTo(window, QPoint()), panel.size()) & window.rect() for panel in panels]
    rest = QRegion(window.rect())
    for place in places:
        rest -= QRegion(place.adjusted(1, 1, -1, -1))  # no pixel of a fine screen is left out between two parts
    return [rest, *map(QRegion, places)]


def _release(window: QWidget) -> None:
    for layout in window.findChildren(TurnLayout):
        layout.give_all_turns()  # what waits to be painted would be missing


def _paint(window: QWidget, part: QRegion, picture: QImage) -> None:
    window.render(picture, part.boundingRect().topLeft(), part)


def _paint_clouds_again(window: QWidget) -> None:
    for cloud in window.findChildren(LatentCanvas):
        cloud.update()  # it takes what it has painted here for what is on the screen


def write_picture(picture: QImage, path: Path) -> str:
    """Write a picture as a PNG file, in any thread.

    Returns:
        Empty, or one sentence on why there is no file.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"PNG").write(picture):
        return "The picture could not be made; try a smaller window."
    try:
        write_atomically(path, bytes(buffer.data().data()))
    except OSError as error:
        return f"{path} cannot be written ({error.strerror or error}); choose another place."
    return ""
