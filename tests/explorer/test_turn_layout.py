"""A row of panels that are painted one after the other, and the panels themselves."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QImage, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from explorer.picture_export import take_picture, write_picture
from explorer.views.opaque_panel import OpaquePanel
from explorer.views.stand_in import StandIn, picture_on_screen
from explorer.views.turn_layout import TurnLayout
from tests.explorer.driving import until


class Paintings(QObject):
    """How often each widget was painted, and in which turn of the window's last."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.of = Counter[QObject]()
        self.turn_of: dict[QObject, int] = {}
        self._turns = 0
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note, and let it be painted."""
        if event.type() == QEvent.Type.UpdateRequest:
            self._turns += 1
        if event.type() == QEvent.Type.Paint:
            self.of[watched] += 1
            self.turn_of[watched] = self._turns
        return super().eventFilter(watched, event)


class Rows(QWidget):
    """Three panels with a word on each, and below them something that can take their room."""

    def __init__(self, calm_ms: int) -> None:
        super().__init__()
        self.row = QWidget(self)
        self.panels = [OpaquePanel(self.row) for _ in range(3)]
        self.words = [QLabel("word", panel) for panel in self.panels]
        self.layout_of_row = TurnLayout(self.row, calm_ms=calm_ms)
        for panel in self.panels:
            self.layout_of_row.addWidget(panel)
        self.below = QLabel("below", self)
        self.below.setFixedHeight(100)
        self.below.hide()
        whole = QVBoxLayout(self)
        whole.addWidget(self.row, 1)
        whole.addWidget(self.below)
        self.resize(600, 400)


def shown(qtbot: QtBot, *, calm_ms: int = 0) -> Rows:
    window = Rows(calm_ms)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    QApplication.processEvents()
    until(qtbot, lambda: nobody_waits(window))
    return window


def nobody_waits(window: Rows) -> bool:
    return all(widget.updatesEnabled() for widget in (*window.panels, *window.words))


def test_panels_of_another_size_are_painted_one_after_the_other_and_once(qtbot: QtBot) -> None:
    window = shown(qtbot)
    paintings = Paintings(*window.panels, *window.words)
    window.below.show()
    QCoreApplication.sendPostedEvents()
    assert window.panels[0].height() < 300
    assert not any(panel.updatesEnabled() for panel in window.panels)
    assert not any(paintings.of[panel] for panel in window.panels), "they show what they have"
    seen = set[tuple[int, ...]]()

    def all_painted() -> bool:
        seen.add(tuple(paintings.of[panel] for panel in window.panels))
        return nobody_waits(window) and all(paintings.of[panel] for panel in window.panels)

    window.below.repaint()
    until(qtbot, all_painted)
    assert all(sorted(counts, reverse=True) == list(counts) for counts in seen), "from left to right"
    assert set(paintings.of.values()) == {1}


def test_a_whole_window_is_painted_around_its_panels_first(qtbot: QtBot) -> None:
    window = shown(qtbot)
    widgets = (window, window.below, *window.panels, *window.words)
    paintings = Paintings(*widgets)
    window.below.show()
    until(qtbot, lambda: nobody_waits(window) and all(paintings.of[panel] for panel in window.panels))
    paintings.of.clear()
    window.layout_of_row.take_turns()
    for widget in widgets:
        widget.update()
    QCoreApplication.sendPostedEvents()
    assert not paintings.of, "all show what they have"
    until(qtbot, lambda: nobody_waits(window) and all(paintings.of[panel] for panel in window.panels))
    turns = [paintings.turn_of[widget] for widget in (window.below, *window.panels)]
    assert turns == sorted(set(turns)), "one after the other"
    assert {paintings.of[widget] for widget in (window.below, *window.panels, *window.words)} == {1}
    assert window.updatesEnabled()


def test_what_is_laid_out_anew_without_another_place_is_not_held_back(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.words[0].setText("a much longer word")
    window.layout_of_row.invalidate()
    window.layout_of_row.activate()
    assert nobody_waits(window)


def test_panels_that_change_places_take_turns(qtbot: QtBot) -> None:
    window = shown(qtbot)
    paintings = Paintings(*window.panels)
    window.layout_of_row.insertWidget(0, window.panels[2])
    window.layout_of_row.activate()
    assert not nobody_waits(window)
    until(qtbot, lambda: nobody_waits(window) and all(paintings.of[panel] for panel in window.panels))
    assert window.panels[2].x() < window.panels[0].x()


def test_nothing_is_held_back_in_a_movement(qtbot: QtBot) -> None:
    window = shown(qtbot, calm_ms=600_000)
    window.below.show()
    QCoreApplication.sendPostedEvents()
    assert window.panels[0].height() < 300
    assert nobody_waits(window)


def stand_in_of(window: Rows) -> StandIn:
    (stand_in,) = window.findChildren(StandIn)
    return stand_in


def as_rgb(picture: QImage | QPixmap) -> QImage:
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    return image.convertToFormat(QImage.Format.Format_RGB32)


def test_in_a_window_of_another_size_a_picture_stands_in_and_then_all_is_painted_in_turns(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.below.show()
    until(qtbot, lambda: nobody_waits(window))
    picture = stand_in_of(window)
    paintings = Paintings(picture, window, window.below, *window.panels, *window.words)
    window.resize(800, 500)
    assert picture.is_there
    assert picture.geometry() == window.rect()
    assert window.panels[0].height() > 300
    until(qtbot, lambda: not picture.is_there and nobody_waits(window) and bool(paintings.of[window.words[2]]))
    assert set(paintings.of.values()) == {1}
    turns = [paintings.turn_of[widget] for widget in (picture, window.below, *window.panels)]
    assert turns == sorted(set(turns)), "one after the other"
    assert picture.size().isEmpty()


def test_what_stands_in_is_what_was_on_the_screen_stretched(qtbot: QtBot) -> None:
    window = shown(qtbot)
    expected = as_rgb(window.grab())
    assert as_rgb(picture_on_screen(window)) == expected
    window.resize(900, 500)
    picture = stand_in_of(window)
    assert as_rgb(picture.grab()) == expected.scaled(900, 500)


def test_what_stands_in_stays_while_the_size_changes_again(qtbot: QtBot) -> None:
    window = shown(qtbot)
    expected = as_rgb(window.grab())
    window.resize(700, 400)
    window.resize(900, 500)
    picture = stand_in_of(window)
    assert picture.geometry() == window.rect()
    assert as_rgb(picture.grab()) == expected.scaled(900, 500)
    until(qtbot, lambda: not picture.is_there and nobody_waits(window))


def test_the_mouse_does_not_notice_what_stands_in(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.resize(700, 400)
    assert stand_in_of(window).is_there
    word = window.words[0]
    assert window.childAt(word.mapTo(window, word.rect().center())) is word


def test_nothing_stands_in_for_what_was_never_painted(qtbot: QtBot) -> None:
    window = Rows(0)
    qtbot.addWidget(window)
    assert picture_on_screen(window).isNull()
    window.show()
    window.resize(700, 400)
    assert not stand_in_of(window).is_there
    until(qtbot, lambda: not picture_on_screen(window).isNull())


def test_nothing_stands_in_while_a_window_is_dragged_to_other_sizes(qtbot: QtBot) -> None:
    window = shown(qtbot, calm_ms=600_000)
    window.resize(700, 400)
    assert not stand_in_of(window).is_there
    assert nobody_waits(window)


def test_nobody_is_held_back_any_more_once_a_window_is_dragged_to_another_size(qtbot: QtBot) -> None:
    window = shown(qtbot, calm_ms=600_000)
    window.layout_of_row.hold_window()
    window.resize(700, 400)
    assert window.updatesEnabled()
    assert nobody_waits(window)


def test_a_picture_that_is_taken_shows_the_window_and_not_what_stands_in(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.resize(1200, 400)
    assert stand_in_of(window).is_there
    picture = take_picture(window)
    assert not stand_in_of(window).is_there
    until(qtbot, lambda: nobody_waits(window))
    assert as_rgb(picture) == as_rgb(window.grab())


def test_a_panel_that_is_closed_before_its_turn_holds_nobody_up(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.below.show()
    QCoreApplication.sendPostedEvents()
    closed = window.panels.pop(0)
    window.words.pop(0)
    closed.setParent(None)
    closed.deleteLater()
    until(qtbot, lambda: nobody_waits(window))


def test_what_is_put_on_a_panel_before_its_turn_is_painted_as_well(qtbot: QtBot) -> None:
    window = shown(qtbot)
    window.below.show()
    QCoreApplication.sendPostedEvents()
    late = QLabel("late", window.panels[2])
    late.show()
    window.words.append(late)
    paintings = Paintings(late)
    until(qtbot, lambda: nobody_waits(window) and paintings.of[late])


def test_what_is_opaque_on_a_panel_is_told_what_it_missed(qtbot: QtBot) -> None:
    window = shown(qtbot)
    part = OpaquePanel(window.panels[2])
    part.resize(20, 20)
    part.show()
    paintings = Paintings(part)
    until(qtbot, lambda: paintings.of[part])
    window.below.show()
    QCoreApplication.sendPostedEvents()
    paintings.of.clear()
    part.update()
    assert not part.updatesEnabled(), "nobody hears that"
    until(qtbot, lambda: nobody_waits(window) and paintings.of[part])
    assert paintings.of[part] == 1


def test_a_picture_shows_what_has_not_had_its_turn(qtbot: QtBot, tmp_path: Path) -> None:
    window = shown(qtbot)
    window.below.show()
    QCoreApplication.sendPostedEvents()
    assert not nobody_waits(window)
    assert not write_picture(take_picture(window), tmp_path / "window.png")
    picture = QImage(str(tmp_path / "window.png"))
    for panel in window.panels:
        place = panel.mapTo(window, panel.rect().center())
        assert picture.pixelColor(place).name() == window.palette().color(QPalette.ColorRole.Base).name()


def test_a_picture_shows_a_window_that_is_held_back(qtbot: QtBot) -> None:
    window = shown(qtbot)
    expected = as_rgb(window.grab())
    window.layout_of_row.hold_window()
    assert not window.updatesEnabled()
    assert as_rgb(take_picture(window)) == expected
    assert window.updatesEnabled()
    assert nobody_waits(window)


def test_a_panel_shows_the_ground_in_its_corners_and_nowhere_else(qtbot: QtBot) -> None:
    window = shown(qtbot)
    image = window.panels[1].grab().toImage()
    palette = window.palette()
    right, bottom = image.width() - 1, image.height() - 1
    ground, surface, border = map(
        palette.color, (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Mid)
    )
    for x, y in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        assert image.pixelColor(x, y).name() == ground.name()
    assert image.pixelColor(right // 2, bottom // 2).name() == surface.name()
    for x, y in ((0, bottom // 2), (right, bottom // 2), (right // 2, 0), (right // 2, bottom)):
        assert image.pixelColor(x, y).name() == border.name()
