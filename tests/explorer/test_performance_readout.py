"""The figures of how promptly the window answers."""

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.performance_readout import PerformanceReadout
from tests.explorer.driving import play_some, until


def test_it_measures_in_the_window_while_it_is_shown(qtbot: QtBot, explorer: Explorer) -> None:
    readout = explorer.window.performance
    assert not readout.isVisible()
    explorer.window.commands_by_name["performance"].trigger()
    assert readout.isVisible()
    play_some(qtbot, explorer, steps=2)
    QTest.mouseMove(explorer.window.row.lanes[0].cloud, QPoint(60, 60))
    until(qtbot, lambda: readout.figures().click_to_image)
    until(qtbot, lambda: readout.figures().beat)
    figures = readout.figures()
    assert figures.beat is not None
    assert figures.longest_beat is not None
    assert figures.snapshot_age is not None
    assert 0 < figures.beat <= figures.longest_beat
    assert figures.snapshot_age > 0
    until(qtbot, lambda: "–" not in readout.text())
    explorer.window.commands_by_name["performance"].trigger()
    assert not readout.isVisible()


def test_hidden_it_notes_nothing_and_shown_again_it_begins_anew(qtbot: QtBot) -> None:
    readout = PerformanceReadout()
    qtbot.addWidget(readout)
    readout.show()
    qtbot.waitUntil(lambda: readout.figures().beat is not None)
    readout.hide()
    readout.show()
    assert readout.figures().beat is None
    assert readout.figures().click_to_image is None
    assert "–" in readout.text()
