"""What is on the screen is what the window would paint now, whatever has been held back or moved as a picture."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import action, until, when_ready
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
    if not all(lane.updatesEnabled() for lane in window.row.lanes):
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
