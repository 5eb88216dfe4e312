"""The line that shows how far loading is."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QProgressBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from explorer.loading_line import LoadingLine
from tests.explorer.driving import LEFT, child, words
from trainers.datasets.loading_job import Progress


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[LoadingLine]:
    window = QWidget()
    qtbot.addWidget(window)
    line = LoadingLine(window)
    line.resize(500, 30)
    window.resize(500, 30)
    window.show()
    yield line
    window.close()


def test_shows_how_far_it_is_and_how_long_it_will_take(line: LoadingLine) -> None:
    assert line.isHidden()
    bar = child(line, "loading-bar", QProgressBar)
    line.show_progress(Progress("Downloading MNIST"))
    assert line.isVisible()
    assert words(line, "loading-text") == "Downloading MNIST"
    assert bar.maximum() == 0, "nobody knows how much there is"
    line.show_progress(Progress("Downloading MNIST", 0.01))
    assert words(line, "loading-text") == "Downloading MNIST", "a guess would be noise"
    line.show_progress(Progress("Downloading MNIST", 0.5))
    assert words(line, "loading-text").startswith("Downloading MNIST · ")
    assert words(line, "loading-text").endswith(" s left")
    assert bar.value() / bar.maximum() == 0.5
    line.finish()
    assert line.isHidden()


def test_can_be_cancelled(qtbot: QtBot, line: LoadingLine) -> None:
    line.show_progress(Progress("Reading", 0.5))
    with qtbot.waitSignal(line.cancelled):
        qtbot.mouseClick(child(line, "loading-cancel", QToolButton), LEFT)
