"""Words that change all the time keep their room, so that nothing around them is laid out anew."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from explorer.views.elided_label import ElidedLabel
from explorer.views.steady_label import SteadyLabel


class _Layouts(QObject):
    """Counts how often a widget is asked to lay out its children."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() is QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def beside(label: QLabel, qtbot: QtBot) -> tuple[QWidget, QLabel]:
    """A window with the label, and another that stands beside it."""
    window, neighbour = QWidget(), QLabel("beside")
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    row.addWidget(label)
    row.addWidget(neighbour)
    row.addStretch(1)
    window.resize(600, 60)
    with qtbot.waitExposed(window):
        window.show()
    return window, neighbour


def test_other_figures_move_nothing_beside_them(qtbot: QtBot, qapp: QApplication) -> None:
    label = SteadyLabel()
    label.setText("training · epoch 12.8")
    window, neighbour = beside(label, qtbot)
    place, layouts = neighbour.geometry(), _Layouts(window)
    for words in ("training · epoch 1.1", "paused", ""):
        label.setText(words)
        qapp.processEvents()
        assert label.text() == label.accessibleName() == words
        assert neighbour.geometry() == place
    assert layouts.count == 0
    label.setText("training · epoch 10000.8")
    qtbot.waitUntil(lambda: neighbour.x() > place.x())
    assert layouts.count > 0


def test_it_paints_the_words_on_show_and_not_those_that_it_keeps_room_for(qtbot: QtBot) -> None:
    steady, plain = SteadyLabel(), ElidedLabel("epoch 1")
    steady.setText("training · epoch 12.8")
    steady.setText("epoch 1")
    for label in (steady, plain):
        qtbot.addWidget(label)
        label.setFixedSize(200, 24)
        label.show()
    assert steady.grab().toImage() == plain.grab().toImage()
