"""A picture that is painted once, and shown as it is while there is no time to paint it anew."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.kept_picture import KeptPicture
from explorer.views.viewport import Viewport

SIDE = 40
WINDOW = Viewport(0.0, 0.0, 10.0, SIDE, SIDE)


class Square:
    """Paints the latent square from (0, 0) to (1, 1), and counts how often."""

    def __init__(self) -> None:
        self.kept = KeptPicture()
        self.painted = 0

    def shown(self, viewport: Viewport, depends_on: str = "", *, waiting: bool = False) -> npt.NDArray[np.uint8]:
        """What can be seen of it, grey levels, (H, W)."""

        def paint(painter: QPainter) -> None:
            self.painted += 1
            left, top = viewport.to_pixels(0.0, 1.0)
            painter.fillRect(QRectF(left, top, viewport.scale, viewport.scale), QColor("black"))

        image = QImage(SIDE, SIDE, QImage.Format.Format_Grayscale8)
        image.fill(QColor("white"))
        painter = QPainter(image)
        self.kept.paint(painter, viewport, 1.0, depends_on, paint, waiting=waiting)
        painter.end()
        return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, image.bytesPerLine())[:, :SIDE].copy()


def test_it_is_painted_once_until_something_changes() -> None:
    square = Square()
    first = square.shown(WINDOW)
    assert np.array_equal(square.shown(WINDOW), first)
    assert (first == 0).sum() == 100
    assert square.painted == 1
    square.shown(WINDOW, "another look")
    square.shown(WINDOW.moved(3.0, 0.0), "another look")
    assert square.painted == 3
    square.kept.forget()
    square.shown(WINDOW.moved(3.0, 0.0), "another look")
    assert square.painted == 4


def test_while_it_waits_it_is_moved_and_scaled() -> None:
    square, elsewhere = Square(), Viewport(0.5, 0.0, 20.0, SIDE, SIDE)
    square.shown(WINDOW)
    waiting = square.shown(elsewhere, waiting=True)
    assert square.painted == 1
    assert np.array_equal(waiting, square.shown(elsewhere))
    assert square.painted == 2


def test_what_has_never_been_painted_cannot_wait() -> None:
    square = Square()
    assert (square.shown(WINDOW, waiting=True) == 0).sum() == 100
