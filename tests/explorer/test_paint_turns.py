"""Views of a row that are drawn anew one after the other."""

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.views.latent_view import LatentView
from explorer.views.paint_turns import PaintTurns, paint_afterwards
from tests.explorer.driving import drag, until


def row_of_views(qtbot: QtBot) -> tuple[QWidget, list[LatentView]]:
    """A row of views that have been drawn, and all of whose turns are over."""
    row = QWidget()
    turns = PaintTurns(row)
    views = [LatentView(row, turns=turns) for _ in range(3)]
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for view in views:
        layout.addWidget(view)
        view.show_points(np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32))
    row.resize(900, 300)
    qtbot.addWidget(row)
    row.show()
    until(qtbot, lambda: turns.is_free and all(view.points.redraws for view in views))
    return row, views


def test_a_row_of_another_size_is_drawn_view_by_view(qtbot: QtBot) -> None:
    row, views = row_of_views(qtbot)
    before = [view.points.redraws for view in views]
    row.resize(1200, 360)
    row.repaint()
    assert [view.points.redraws for view in views] == before
    stretched = inked(views[0])  # its last picture, moved
    until(qtbot, lambda: all(view.points.redraws > then for view, then in zip(views, before, strict=True)))
    assert [view.points.redraws - then for view, then in zip(views, before, strict=True)] == [1, 1, 1]
    assert stretched > 0.5 * inked(views[0]) > 0
    assert picture(views[2]) == picture(views[1])  # the first has the ring of the keyboard


def test_a_view_that_looks_elsewhere_is_drawn_at_once(qtbot: QtBot) -> None:
    _, views = row_of_views(qtbot)
    before = [view.points.redraws for view in views]
    drag(views[1], QPoint(100, 100), QPoint(140, 120))
    views[1].repaint()
    assert [view.points.redraws - then for view, then in zip(views, before, strict=True)] == [0, 1, 0]


def test_a_view_alone_is_drawn_at_once_at_another_size(qtbot: QtBot) -> None:
    view = LatentView()
    qtbot.addWidget(view)
    view.show_points(np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32))
    view.resize(400, 300)
    view.grab()
    before = view.points.redraws
    view.resize(250, 250)
    view.grab()
    assert view.points.redraws == before + 1


def test_a_view_that_is_gone_before_its_turn_holds_nobody_up(qtbot: QtBot) -> None:
    row, views = row_of_views(qtbot)
    before = [view.points.redraws for view in views]
    row.resize(1200, 360)
    row.repaint()
    views[0].setParent(None)
    views[0].deleteLater()
    until(qtbot, lambda: all(view.points.redraws > then for view, then in zip(views[1:], before[1:], strict=True)))


def test_a_view_that_moves_without_a_pause_leaves_the_others_their_turns(qtbot: QtBot) -> None:
    turns, moving = PaintTurns(), QTimer()
    one, other = LatentView(), LatentView()
    for view in (one, other):
        qtbot.addWidget(view)
        turns.ask(view)
    assert turns.is_waiting(other)
    moving.timeout.connect(lambda: turns.ask(one))
    moving.start(0)
    qtbot.waitUntil(lambda: not turns.is_waiting(other))
    moving.stop()


def test_what_is_painted_afterwards_is_painted_once_and_only_where_it_has_changed(qtbot: QtBot) -> None:
    row, views = row_of_views(qtbot)
    paintings = [Paintings(view) for view in views]
    paint_afterwards(row)
    for view in views[:2]:
        view.set_message("Moved")
        view.update()
    QCoreApplication.sendPostedEvents()
    assert [len(each.redraws) for each in paintings] == [0, 0, 0]
    until(qtbot, lambda: all(each.redraws for each in paintings[:2]))
    QApplication.processEvents()
    assert [len(each.redraws) for each in paintings] == [1, 1, 0]
    views[2].update()
    until(qtbot, lambda: paintings[2].redraws)


def test_what_is_held_back_twice_is_painted_once(qtbot: QtBot) -> None:
    row, views = row_of_views(qtbot)
    painting = Paintings(views[0])
    paint_afterwards(row)
    views[0].update()
    paint_afterwards(row)
    until(qtbot, lambda: painting.redraws)
    QApplication.processEvents()
    assert len(painting.redraws) == 1


def test_what_nobody_sees_is_not_held_back(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    paint_afterwards(row)
    assert not row.children()


def test_points_are_drawn_before_they_are_painted(qtbot: QtBot) -> None:
    _, views = row_of_views(qtbot)
    view = views[0]
    before, paintings = view.points.redraws, Paintings(view)
    view.show_points(np.random.default_rng(1).normal(size=(500, 2)).astype(np.float32))
    until(qtbot, lambda: bool(paintings.redraws))
    assert paintings.redraws[0] == before + 1
    assert view.points.redraws == before + 1


class Paintings(QObject):
    """How often points had been drawn when a view was about to be painted."""

    def __init__(self, view: LatentView) -> None:
        super().__init__(view)
        view.installEventFilter(self)
        self._view = view
        self.redraws: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note, and let the view be painted."""
        if watched is self._view and event.type() == QEvent.Type.Paint:
            self.redraws.append(self._view.points.redraws)
        return False


def picture(view: LatentView) -> QImage:
    return view.grab().toImage()


def inked(view: LatentView) -> int:
    """How many pixels are neither background nor near it."""
    image = picture(view).convertToFormat(QImage.Format.Format_Grayscale8)
    grey = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return int((np.abs(grey.astype(int) - np.median(grey)) > 40).sum())
