"""What is on the screen is what the window would paint now, whatever has been held back or moved as a picture."""

from functools import partial

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QRect, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.picture_export import PictureInTurns, take_picture
from explorer.theme import Theme, apply_theme, dressing
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import action, map_is_fresh, until, when_ready
from trainers.recipe import Recipe

ACTS = ("move_right", "move_left", "comparison", "move_right", "claims", "move_left", "reset_layout")
WIDTHS = (1280, 1281, 1282)
"""Three lanes share them, and some are a pixel wider than their neighbours."""


def numbers(picture: QPixmap) -> npt.NDArray[np.uint32]:
    """Its pixels, (H, W)."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()


def is_painted(explorer: Explorer) -> bool:
    """Whether no lane waits for its turn, and the screen shows what there is."""
    window = explorer.window
    if not all(part.updatesEnabled() for part in (window, *window.row.lanes)):
        return False
    screen = QGuiApplication.primaryScreen().grabWindow(window.winId())
    return np.array_equal(numbers(screen), numbers(window.grab()))


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_stale_stays_where_lanes_have_moved(qtbot: QtBot, open_explorer: OpenExplorer, width: int) -> None:
    explorer = open_explorer(*(Recipe(family=family) for family in ("ae", "vae", "aae")))
    explorer.window.resize(width, 760)
    when_ready(qtbot, explorer)
    until(qtbot, lambda: is_painted(explorer))
    for act in ACTS:
        action(explorer, act).trigger()
        until(qtbot, lambda: is_painted(explorer))


@pytest.mark.parametrize(("before", "after"), [("light", "dark"), ("dark", "light")])
def test_another_look_is_the_one_that_qt_would_give(
    qapp: QApplication, qtbot: QtBot, open_explorer: OpenExplorer, before: Theme, after: Theme
) -> None:
    """Widgets are not dressed by Qt's own way, which takes several times as long; see `explorer/dressing.py`."""
    explorer = open_explorer(*(Recipe(family=family) for family in ("ae", "vae", "aae")))
    window = explorer.window
    when_ready(qtbot, explorer)
    for panel in ("nearest", "drawing", "comparison", "claims"):
        action(explorer, panel).trigger()

    def dress(theme: Theme) -> None:
        apply_theme(qapp, theme)
        until(qtbot, lambda: dressing().is_done)

    def as_qt(theme: Theme) -> npt.NDArray[np.uint32]:
        dress(theme)
        sheet = qapp.styleSheet()
        qapp.setStyleSheet("")
        qapp.setStyleSheet(sheet)
        return numbers(window.grab())

    def is_what_qt_would_give() -> bool:
        as_qt(before)
        dress(after)
        ours = numbers(window.grab())
        return np.array_equal(as_qt(after), ours)

    until(qtbot, is_what_qt_would_give)  # once no more images come
    for theme in (before, after):
        apply_theme(qapp, theme)
        assert not window.updatesEnabled(), "it is painted later"
        until(qtbot, lambda: is_painted(explorer))
    apply_theme(qapp, "light")


def test_a_picture_of_the_window_shows_what_is_on_the_screen(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(*(Recipe(family=family) for family in ("ae", "vae", "aae")))
    window = explorer.window
    when_ready(qtbot, explorer)
    until(qtbot, lambda: all(map(map_is_fresh, window.row.lanes)) and is_painted(explorer))
    screen = numbers(window.grab())
    assert np.array_equal(numbers(QPixmap.fromImage(take_picture(window))), screen), "at once"
    pictures: list[QImage] = []
    for wider in (0, 40):
        in_turns = PictureInTurns(window)
        in_turns.taken.connect(pictures.append)
        QTimer.singleShot(0, partial(window.resize, window.width() + wider, window.height()))  # meanwhile
        with qtbot.waitSignal(in_turns.taken):
            pass
        until(qtbot, lambda: all(map(map_is_fresh, window.row.lanes)) and is_painted(explorer))
        ours, expected = numbers(QPixmap.fromImage(pictures.pop())), numbers(window.grab())
        if wider:  # clouds of another size are drawn anew in turns of their own
            for lane in window.row.lanes:
                place = QRect(lane.cloud.mapTo(window, QPoint()), lane.cloud.size())
                for picture in (ours, expected):
                    picture[place.top() : place.bottom() + 1, place.left() : place.right() + 1] = 0
        assert np.array_equal(ours, expected)
    until(qtbot, lambda: not window.findChildren(PictureInTurns))
