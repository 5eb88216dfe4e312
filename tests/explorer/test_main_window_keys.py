"""Keys, panels, looks and names of the window: what lets everybody use it, and find it again as it was."""

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.command_palette import CommandPalette
from explorer.commands import COMMANDS, MENUS
from explorer.launch import Launch
from explorer.shortcut_sheet import ShortcutSheet
from explorer.theme import is_dark
from explorer.views.image_view import ImageView
from explorer.views.latent_view import LatentView
from explorer.views.sample_strip import SampleStrip
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    SHIFT,
    action,
    activate,
    answer_dialog,
    child,
    dock,
    drag,
    focus,
    play_some,
    press,
    snapshot_of,
    until,
    words,
)
from trainers.recipe import Recipe

CONTROLS = (
    QPushButton,
    QToolButton,
    QComboBox,
    QAbstractSpinBox,
    QLineEdit,
    QProgressBar,
    LatentView,
    ImageView,
    SampleStrip,
)


def test_every_control_has_a_name_and_says_what_it_does(open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(*(Recipe(family=family) for family in ("ae", "vae", "aae", "vae")))
    explorer.window.message_bar.ask("Something?", "Do it", lambda: None)
    nameless: list[str] = []
    for widget in explorer.window.findChildren(QWidget):
        inner = widget.objectName().startswith(("qt_", "ScrollLeft", "ScrollRight")) or isinstance(
            widget.parent(), QAbstractSpinBox | QComboBox
        )
        if not isinstance(widget, (*CONTROLS, QAbstractButton)) or inner or widget.window() is not explorer.window:
            continue
        # A button of a tool bar has the name of its action.
        known_by = [widget.objectName(), *(action.objectName() for action in widget.actions())]
        if not any(known_by) or not (widget.accessibleName() or _text(widget)) or not widget.toolTip():
            nameless.append(f"{type(widget).__name__} {widget.objectName()!r} {widget.toolTip()!r} {_text(widget)!r}")
    assert not nameless, "\n".join(nameless)


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def is_in_sight(widget: QWidget) -> bool:
    """Whether a person sees where it stands; Qt calls panels behind a tab visible, and moves them off the window."""
    holder = widget.parentWidget()
    return widget.isVisible() and holder is not None and not holder.visibleRegion().isEmpty()


def test_no_words_are_cut_off_on_a_small_screen(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(launch=Launch(size=(1280, 720)))
    play_some(qtbot, explorer)
    action(explorer, "evaluate").trigger()
    until(qtbot, lambda: all("MSE" in child(lane, "lane-figures", QLabel).text() for lane in explorer.window.row.lanes))
    QApplication.processEvents()
    assert (explorer.window.width(), explorer.window.height()) == (1280, 720)
    cut: list[str] = []
    for widget in explorer.window.findChildren(QWidget):
        if not isinstance(widget, QLabel | QPushButton | QToolButton | QComboBox) or not is_in_sight(widget):
            continue
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        if not wraps and widget.width() < widget.sizeHint().width() - 1 and widget.toolTip() == "":
            cut.append(f"{widget.objectName()} {widget.width()} of {widget.sizeHint().width()}")
        if wraps and widget.height() < widget.heightForWidth(widget.width()) - 1:
            cut.append(f"{widget.objectName()} is {widget.height()} high of {widget.heightForWidth(widget.width())}")
    assert not cut, "\n".join(cut)
    for lane in explorer.window.row.lanes:
        assert lane.cloud.height() > 150, "the cloud is what matters"


def test_four_lanes_with_all_that_they_can_show_fit_on_a_small_screen(
    qtbot: QtBot, open_explorer: OpenExplorer
) -> None:
    explorer = open_explorer(
        *(Recipe(family=family) for family in ("ae", "vae", "aae", "vae")), launch=Launch(size=(1280, 720))
    )
    explorer.window.message_bar.ask("Something?", "Do it", lambda: None)
    for name in ("trust", "holes", "path"):
        action(explorer, name).trigger()
    first = explorer.window.row.lanes[0]
    drag(first.cloud, QPoint(30, 30), QPoint(90, 60), QPoint(140, 90))
    until(qtbot, lambda: all(words(lane, "path-shortest-text") != "Shortest" for lane in explorer.window.row.lanes))
    QApplication.processEvents()
    assert (explorer.window.width(), explorer.window.height()) == (1280, 720)
    for lane in explorer.window.row.lanes:
        for name in ("path-straight-text", "path-shortest-text"):
            label = child(lane, name, QLabel)
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width(), label.text()
    action(explorer, "path").trigger()
    QApplication.processEvents()
    assert explorer.window.height() == 720


def test_places_of_panels_survive_a_restart_and_can_be_reset(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    first = open_explorer(launch=Launch())
    for panel in first.window.findChildren(QDockWidget):
        if panel is not dock(first, "inspector"):
            panel.close()
    first.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock(first, "inspector"))
    first.window.resize(first.window.minimumSizeHint().width(), 640)  # a larger one would not fit the offscreen screen
    size = first.window.size()
    first.window.close()

    second = open_explorer(launch=Launch())
    assert second.window.size() == size
    assert dock(second, "losses").isHidden()
    assert second.window.dockWidgetArea(dock(second, "inspector")) == Qt.DockWidgetArea.LeftDockWidgetArea
    action(second, "reset_layout").trigger()
    until(qtbot, dock(second, "losses").isVisible)
    assert second.window.dockWidgetArea(dock(second, "losses")) == Qt.DockWidgetArea.BottomDockWidgetArea
    assert second.window.dockWidgetArea(dock(second, "inspector")) == Qt.DockWidgetArea.RightDockWidgetArea


def test_damaged_settings_do_no_harm(open_explorer: OpenExplorer) -> None:
    settings = QSettings()
    settings.setValue("geometry", QByteArray(b"no geometry"))
    settings.setValue("layout", "no layout")
    settings.setValue("theme", 17)
    settings.sync()
    explorer = open_explorer(launch=Launch())
    assert dock(explorer, "inspector").isVisible()


def test_panels_can_be_closed_and_brought_back_from_the_menu(explorer: Explorer) -> None:
    for name in ("inspector", "losses"):
        panel = dock(explorer, name)
        panel.close()
        assert not panel.isVisible()
        panel.toggleViewAction().trigger()
        assert panel.isVisible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_looks_are_chosen_and_remembered(qtbot: QtBot, open_explorer: OpenExplorer, theme: str) -> None:
    explorer = open_explorer()
    chosen = explorer.window.findChild(QAction, f"theme-{theme}")
    assert isinstance(chosen, QAction)
    chosen.trigger()
    until(qtbot, lambda: is_dark(explorer.window) == (theme == "dark"))
    picture = explorer.window.grab().toImage()
    colour = picture.pixelColor(3, explorer.window.height() - 3)
    assert (colour.lightness() < 128) == (theme == "dark")
    explorer.window.close()
    again = open_explorer()
    found = again.window.findChild(QAction, f"theme-{theme}")
    assert isinstance(found, QAction)
    assert found.isChecked()


def test_f1_shows_every_key(qtbot: QtBot, explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_F1)
    sheet = explorer.window.findChild(ShortcutSheet)
    assert isinstance(sheet, ShortcutSheet)
    assert sheet.isVisible()
    shown = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for command in COMMANDS:
        if command.keys:
            assert command.text.rstrip("…") in shown
    assert "Click on a class" in shown
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    until(qtbot, lambda: not explorer.window.findChildren(ShortcutSheet))


def test_a_command_is_found_by_typing_and_runs(qtbot: QtBot, explorer: Explorer) -> None:
    focus(explorer, 2)
    press(explorer, Qt.Key.Key_P, CTRL | SHIFT)
    palette = explorer.window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    query = child(palette, "command_query", QLineEdit)
    QTest.keyClicks(query, "single")
    QTest.keyClick(query, Qt.Key.Key_Return)
    lanes = explorer.window.row.lanes
    until(qtbot, lambda: all(snapshot_of(lane).step == 1 for lane in lanes))
    until(qtbot, lambda: not explorer.window.findChildren(CommandPalette))
    assert explorer.bench.focused == lanes[2].model.run


def test_the_palette_finds_what_stands_in_submenus(qtbot: QtBot, explorer: Explorer) -> None:
    for typed, first, then in (("theme", "✓ As the desktop", " dark"), ("panels", "✓ Inspector", " los")):
        press(explorer, Qt.Key.Key_P, CTRL | SHIFT)
        palette = explorer.window.findChild(CommandPalette)
        assert isinstance(palette, CommandPalette)
        query, listed = child(palette, "command_query", QLineEdit), child(palette, "command_list", QTreeWidget)
        QTest.keyClicks(query, typed)
        row = listed.topLevelItem(0)
        assert row is not None
        assert row.text(0) == first
        QTest.keyClicks(query, then)
        QTest.keyClick(query, Qt.Key.Key_Return)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    until(qtbot, lambda: is_dark(explorer.window))
    assert not dock(explorer, "losses").isVisible()


def test_every_menu_opens_by_a_letter_of_its_own(explorer: Explorer) -> None:
    doors = explorer.window.menuBar().actions()
    letters = [door.text().partition("&")[2][:1] for door in doors]
    assert all(letters)
    assert len(set(letters)) == len(MENUS)
    press(explorer, Qt.Key.Key_V, Qt.KeyboardModifier.AltModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.title() == "&View"
    QTest.keyClick(menu, Qt.Key.Key_Escape)


def test_the_palette_acts_on_the_focused_model(qtbot: QtBot, explorer: Explorer) -> None:
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_D, CTRL)
    explorer.bench.focus(explorer.bench.models[3].run)
    press(explorer, Qt.Key.Key_P, CTRL | SHIFT)
    palette = explorer.window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    QTest.keyClicks(child(palette, "command_query", QLineEdit), "remove")
    QTest.keyClick(child(palette, "command_query", QLineEdit), Qt.Key.Key_Return)
    until(qtbot, lambda: len(explorer.window.row.lanes) == 3)
    assert [model.name for model in explorer.bench.models] == ["AE", "AE 2", "VAE"]


def test_numbers_focus_lanes_and_r_and_p_act_on_clouds(explorer: Explorer) -> None:
    for at in (2, 0, 1):
        lane = focus(explorer, at)
        assert lane.cloud.hasFocus()
    press(explorer, Qt.Key.Key_4)
    assert explorer.bench.focused == explorer.window.row.lanes[1].model.run, "there is no fourth"
    cloud = explorer.window.row.lanes[1].cloud
    press(explorer, Qt.Key.Key_Plus)
    assert not cloud.follows
    press(explorer, Qt.Key.Key_R)
    assert cloud.follows
    before = cloud.grab().toImage()
    press(explorer, Qt.Key.Key_P)
    assert not action(explorer, "points").isChecked()
    assert cloud.grab().toImage() != before
    press(explorer, Qt.Key.Key_D, CTRL)
    press(explorer, Qt.Key.Key_P)
    assert cloud.grab().toImage() == before


def test_tab_reaches_the_clouds_and_the_keyboard_alone_can_train(qtbot: QtBot, explorer: Explorer) -> None:
    activate(explorer.window)
    explorer.window.row.lanes[0].cloud.setFocus()
    reached: set[str] = set()
    for _ in range(120):
        focused = explorer.window.focusWidget()
        reached.add(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    for name in ("lane-cloud", "live-learning_rate", "lane-samples", "legend_all", "dataset"):
        assert name in reached, name
    chip = child(explorer.window.legend, "legend_class_2", QAbstractButton)
    chip.setFocus()
    press(explorer, Qt.Key.Key_Return)
    assert explorer.bench.emphasis is not None
    explorer.window.row.lanes[0].cloud.setFocus()
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: snapshot_of(explorer.window.row.lanes[0]).step > 0)


def test_quit_closes(explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_Q, CTRL)
    assert not explorer.window.isVisible()


def test_about_says_what_it_is(explorer: Explorer) -> None:
    said: list[str] = []

    def read(box: QMessageBox) -> None:
        said.append(box.text())
        QTest.mouseClick(box.buttons()[0], LEFT)

    answer_dialog(QMessageBox, read)
    action(explorer, "about").trigger()
    assert "Latent Explorer" in said[0]
