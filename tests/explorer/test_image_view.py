"""An image is shown with exactly its own pixels, in whole squares, and can be clicked and copied."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from explorer.views.image_view import ImageView
from explorer.views.pixel_image import Pixels, draw_pixels, mean_squared_error, sharp_side, to_qimage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen


def _random(channels: int, size: int) -> Pixels:
    pixels = np.random.default_rng(0).integers(0, 256, (channels, size, size)).astype(np.uint8)
    pixels.flags.writeable = False
    return pixels


def _rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


@pytest.mark.parametrize(("channels", "size"), [(1, 9), (3, 9), (3, 128)])
def test_every_pixel_arrives(channels: int, size: int) -> None:
    pixels = _random(channels, size)
    image = to_qimage(pixels)
    red, green, blue = pixels if channels == 3 else (pixels[0],) * 3
    for x, y in ((0, 0), (size - 1, 0), (0, size - 1), (3, 5)):
        assert _rgb(image, x, y) == (red[y, x], green[y, x], blue[y, x])


def test_the_picture_has_memory_of_its_own() -> None:
    pixels = _random(1, 8).copy()
    image = to_qimage(pixels)
    before = _rgb(image, 2, 2)
    pixels[:] = 255 - pixels
    assert _rgb(image, 2, 2) == before


def test_a_strided_image_is_read_in_its_own_order() -> None:
    pixels = _random(1, 9)[:, :, ::-1]
    assert _rgb(to_qimage(pixels), 0, 0)[0] == pixels[0, 0, 0]


@pytest.mark.parametrize(
    ("pixels", "room", "scale", "side"),
    [(8, 100, 1, 96), (28, 100, 1, 84), (28, 83, 1, 83), (8, 50.5, 2, 48), (128, 100, 1, 100), (128, 100, 2, 100)],
)
def test_sides_are_whole_screen_pixels_and_mostly_multiples(
    pixels: int, room: float, scale: float, side: float
) -> None:
    assert sharp_side(pixels, room, scale) == side
    assert (side * scale).is_integer() if isinstance(side, float) else True


def test_enlarged_pixels_are_clear_squares(qtbot: QtBot) -> None:
    pixels = _random(1, 8)
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(102, 102)
    view.show_pixels(pixels)
    view.show()
    place, grabbed = view.image_place(), view.grab().toImage()
    assert place == QRectF(3, 3, 96, 96)
    for row in range(8):
        for column in range(8):
            seen = {_rgb(grabbed, 3 + column * 12 + x, 3 + row * 12 + y)[0] for x in (0, 6, 11) for y in (0, 6, 11)}
            assert seen == {pixels[0, row, column]}


def test_a_shrunken_image_is_averaged_not_sampled(qtbot: QtBot) -> None:
    del qtbot
    stripes = np.zeros((1, 128, 128), np.uint8)
    stripes[:, :, ::2] = 255
    canvas = QImage(32, 32, QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    draw_pixels(painter, QRectF(0, 0, 32, 32), to_qimage(stripes))
    painter.end()
    assert 96 < _rgb(canvas, 16, 16)[0] < 160


def test_it_stays_in_its_room_with_and_without_words(qtbot: QtBot) -> None:
    view = ImageView("nothing yet")
    qtbot.addWidget(view)
    view.show_pixels(_random(3, 28))
    view.set_caption("a caption that is far too long for the room")
    for width, height in ((40, 60), (200, 90), (90, 200)):
        view.resize(width, height)
        assert QRectF(view.rect()).contains(view.image_place())
    assert view.heightForWidth(100) > 100


def test_a_click_is_a_press_and_a_release_on_it(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(80, 80)
    view.show()
    with qtbot.waitSignal(view.clicked):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.clicked):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(view.clicked):
        qtbot.mouseClick(view, Qt.MouseButton.RightButton)
        qtbot.mousePress(view, Qt.MouseButton.LeftButton)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))


def test_copying_gives_the_image_in_its_own_pixels(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(80, 80)
    view.show()
    pixels = _random(3, 8)
    view.show_pixels(pixels)
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (8, 8)
    assert _rgb(copied, 1, 2) == tuple(pixels[:, 2, 1])


def test_the_menu_copies_too(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.show()

    def ask() -> None:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
        QApplication.sendEvent(view, event)

    ask()
    assert view.findChild(QMenu, "image_menu") is None  # there is nothing to copy
    view.show_pixels(_random(1, 8))
    ask()
    menu = view.findChild(QMenu, "image_menu")
    assert menu is not None
    QGuiApplication.clipboard().clear()
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().image().width() == 8
    menu.close()


def test_the_outline_shows(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(102, 102)
    view.show_pixels(np.zeros((1, 8, 8), np.uint8))
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.show()
    plain = view.grab().toImage()
    view.set_outline(QColor("#ff0000"))
    outlined = view.grab().toImage()
    assert _rgb(outlined, 50, 2) != _rgb(plain, 50, 2)


def test_mean_squared_error_is_of_pixels_from_0_to_1() -> None:
    black, white = np.zeros((3, 8, 8), np.uint8), np.full((3, 8, 8), 255, np.uint8)
    assert mean_squared_error(black, white) == pytest.approx(1)
    assert mean_squared_error(white, black) == pytest.approx(1)
    assert mean_squared_error(black, black) == 0
