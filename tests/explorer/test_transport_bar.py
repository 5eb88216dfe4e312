"""The bar above the lanes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QComboBox, QMainWindow, QProgressBar
from pytestqt.qtbot import QtBot

from explorer.commands import make_actions
from explorer.messages import Pace
from explorer.transport_bar import TransportBar
from tests.explorer.driving import child, words
from trainers.datasets import DATASETS


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[TransportBar]:
    window = QMainWindow()
    qtbot.addWidget(window)
    bar = TransportBar(make_actions(window), window)
    window.addToolBar(bar)
    window.resize(1280, 100)
    window.show()
    yield bar
    window.close()


def images(bar: TransportBar) -> QComboBox:
    return child(bar, "dataset", QComboBox)


def test_lists_every_set_and_tells_the_one_that_is_chosen(bar: TransportBar) -> None:
    bar.show_dataset(("digits",))
    assert {images(bar).itemData(at) for at in range(images(bar).count())} >= DATASETS.keys()
    chosen, own = QSignalSpy(bar.dataset_chosen), QSignalSpy(bar.own_images_wanted)
    QTest.keyClick(images(bar), Qt.Key.Key_Down)
    second = list(DATASETS)[1]
    assert [chosen.at(at) for at in range(chosen.count())] == [[second]]
    QTest.keyClick(images(bar), Qt.Key.Key_End)
    assert own.count() == 1
    assert chosen.count() == 1


def test_goes_back_when_nothing_came_of_a_choice(bar: TransportBar) -> None:
    bar.show_dataset(("digits",))
    QTest.keyClick(images(bar), Qt.Key.Key_End)
    assert images(bar).currentData() == "digits", "no folder was chosen"


def test_shows_own_images_several_and_none(bar: TransportBar) -> None:
    bar.show_dataset(("/home/somebody/pets/",))
    assert images(bar).currentText().startswith("pets")
    bar.show_dataset(("digits", "mnist"))
    assert images(bar).currentIndex() == -1
    assert images(bar).placeholderText() == "Several"
    bar.show_dataset(())
    assert images(bar).placeholderText() == "None"
    bar.show_dataset(("mnist",))
    assert images(bar).currentData() == "mnist"


def test_shows_how_far_and_how_fast_training_is(bar: TransportBar) -> None:
    bar.show_progress(2.5, 10, 12_345)
    assert words(bar, "training-epoch") == "Epoch 2.5 of 10"
    progress = child(bar, "training-progress", QProgressBar)
    assert progress.value() / progress.maximum() == 0.25
    bar.show_progress(11.0, 10, 12_345)
    assert words(bar, "training-epoch") == "Epoch 10.0 of 10"
    bar.show_pace(Pace(playing=True, images_per_second=48_000, seconds_left=200, device="CPU"))
    assert words(bar, "training-pace") == "48.0 k images/s · 3 min 20 s left"
    bar.show_pace(Pace(playing=True, images_per_second=48_000, seconds_left=None, device="CPU"))
    assert words(bar, "training-pace") == "48.0 k images/s"
    bar.show_pace(Pace(playing=False, images_per_second=0, seconds_left=None, device="CPU"))
    assert words(bar, "training-pace") == ""


def test_play_says_what_it_does_next(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = make_actions(window)
    bar = TransportBar(actions, window)
    for playing, text in ((True, "Pause"), (False, "Play")):
        bar.show_playing(playing)
        assert actions["play"].text() == text
        assert "(Space)" in actions["play"].toolTip()
