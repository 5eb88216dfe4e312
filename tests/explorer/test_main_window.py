"""Models on the bench of the real window: trained, stopped, reset, changed, and brought back."""

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.recipe_dialog import RecipeDialog
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    CTRL,
    LEFT,
    SHIFT,
    action,
    answer_dialog,
    child,
    focus,
    play_some,
    press,
    snapshot_of,
    until,
    until_told,
    when_ready,
    words,
)
from trainers.recipe import Recipe

BATCH = Recipe().batch_size


def lanes(explorer: Explorer) -> tuple[Lane, ...]:
    return explorer.window.row.lanes


def names(explorer: Explorer) -> list[str]:
    return [lane.model.name for lane in lanes(explorer)]


def seen(explorer: Explorer) -> list[int]:
    return [snapshot_of(lane).images_seen for lane in lanes(explorer)]


def until_playing(qtbot: QtBot, explorer: Explorer, playing: bool) -> None:
    until(qtbot, lambda: action(explorer, "play").text() == ("Pause" if playing else "Play"))


def test_opens_with_three_models_on_digits_and_nothing_is_trained(explorer: Explorer) -> None:
    assert names(explorer) == ["AE", "VAE", "AAE"]
    assert seen(explorer) == [0, 0, 0]
    for lane in lanes(explorer):
        assert lane.held_out is not None
        assert len(lane.held_out.class_names) == 10
        assert len(snapshot_of(lane).points_N2) == len(lane.held_out.images_NCHW)
        assert words(lane, "lane-state") == "untrained"
        assert lane.width() == pytest.approx(lanes(explorer)[0].width(), abs=2), "side by side, evenly"
    assert words(explorer.window, "device") != "Starting torch …"


def test_space_plays_all_in_lockstep_and_pauses(qtbot: QtBot, explorer: Explorer) -> None:
    for _ in range(3):
        before = seen(explorer)
        press(explorer, Qt.Key.Key_Space)
        until(qtbot, lambda before=before: all(now > then for now, then in zip(seen(explorer), before, strict=True)))
        press(explorer, Qt.Key.Key_Space)
        until_playing(qtbot, explorer, playing=False)
        assert max(seen(explorer)) - min(seen(explorer)) <= BATCH
        assert all("paused" in words(lane, "lane-state") for lane in lanes(explorer))
    assert "Epoch" in words(explorer.window, "training-epoch")


def test_a_full_stop_is_a_single_step(qtbot: QtBot, explorer: Explorer) -> None:
    for steps in (1, 2):
        press(explorer, Qt.Key.Key_Period)
        until(qtbot, lambda steps=steps: seen(explorer) == [steps * BATCH] * 3)
        until_playing(qtbot, explorer, playing=False)


def test_stop_pauses_and_gives_figures(qtbot: QtBot, explorer: Explorer) -> None:
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: min(seen(explorer)) > 0)
    press(explorer, Qt.Key.Key_Period, CTRL)
    until(qtbot, lambda: all("MSE" in words(lane, "lane-figures") for lane in lanes(explorer)))
    until_playing(qtbot, explorer, playing=False)
    assert "cross-entropy" in words(lanes(explorer)[0], "lane-figures")
    assert "ELBO −" in words(lanes(explorer)[1], "lane-figures")
    assert "KL" in words(lanes(explorer)[1], "lane-figures")


def test_reset_starts_anew_and_undo_brings_the_trained_models_back(qtbot: QtBot, explorer: Explorer) -> None:
    play_some(qtbot, explorer)
    trained = [snapshot_of(lane).codes_ND for lane in lanes(explorer)]
    press(explorer, Qt.Key.Key_Backspace, CTRL)
    when_ready(qtbot, explorer)
    assert seen(explorer) == [0, 0, 0]
    focus(explorer, 1)
    press(explorer, Qt.Key.Key_W, CTRL)
    press(explorer, Qt.Key.Key_D, CTRL)
    assert len(lanes(explorer)) == 3
    when_ready(qtbot, explorer)
    play_some(qtbot, explorer, steps=1)
    for _ in range(3):
        press(explorer, Qt.Key.Key_Z, CTRL)
    assert not action(explorer, "undo").isEnabled()
    when_ready(qtbot, explorer)
    assert names(explorer) == ["AE", "VAE", "AAE"]
    assert seen(explorer) == [2 * BATCH] * 3
    for lane, codes_ND in zip(lanes(explorer), trained, strict=True):
        assert np.allclose(snapshot_of(lane).codes_ND, codes_ND, atol=1e-6)
    play_some(qtbot, explorer, steps=1)
    assert seen(explorer) == [3 * BATCH] * 3, "they go on"
    press(explorer, Qt.Key.Key_Z, CTRL | SHIFT)
    when_ready(qtbot, explorer)
    assert seen(explorer) == [BATCH, 0, BATCH], "redo brings back what was reset and then trained by a step"


def test_remove_and_undo(qtbot: QtBot, explorer: Explorer) -> None:
    play_some(qtbot, explorer)
    lane = focus(explorer, 1)
    codes_ND, run = snapshot_of(lane).codes_ND, lane.model.run
    press(explorer, Qt.Key.Key_W, CTRL)
    assert names(explorer) == ["AE", "AAE"]
    assert explorer.window.row.lane(run) is None
    assert explorer.bench.focused == lanes(explorer)[1].model.run
    assert explorer.window.focusWidget() is lanes(explorer)[1].cloud, "keys go to a cloud, not to the next number box"
    press(explorer, Qt.Key.Key_Z, CTRL)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["AE", "VAE", "AAE"]
    assert np.array_equal(snapshot_of(lanes(explorer)[1]).codes_ND, codes_ND)
    assert "paused" in words(lanes(explorer)[1], "lane-state")


def test_all_models_can_be_removed_and_others_added(qtbot: QtBot, explorer: Explorer) -> None:
    for _ in range(3):
        press(explorer, Qt.Key.Key_W, CTRL)
    assert lanes(explorer) == ()
    assert child(explorer.window, "no-models", QLabel).isVisible()
    for name in ("play", "step", "stop", "reset", "save", "remove", "edit"):
        assert not action(explorer, name).isEnabled()
    assert action(explorer, "add").isEnabled()
    answer_dialog(RecipeDialog, lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Return))
    press(explorer, Qt.Key.Key_N, CTRL)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["AE"]
    assert action(explorer, "play").isEnabled()


def test_a_model_is_added_with_the_keys_of_the_dialog_up_to_four(qtbot: QtBot, explorer: Explorer) -> None:
    def choose_vae(dialog: RecipeDialog) -> None:
        family = child(dialog, "recipe_family", QComboBox)
        family.setFocus()
        while family.currentData() != "vae":
            QTest.keyClick(family, Qt.Key.Key_Down)
        beta = child(dialog, "recipe_beta", QAbstractSpinBox)
        beta.setFocus()
        beta.selectAll()
        QTest.keyClicks(beta, "4")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    answer_dialog(RecipeDialog, choose_vae)
    QTest.mouseClick(child(explorer.window, "add-model", QToolButton), LEFT)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["AE", "VAE", "AAE", "VAE 2"]
    assert lanes(explorer)[3].model.recipe == lanes(explorer)[1].model.recipe.with_changes(beta=4.0)
    assert explorer.bench.focused == lanes(explorer)[3].model.run
    for name in ("add", "duplicate"):
        assert not action(explorer, name).isEnabled(), "four is enough"
    press(explorer, Qt.Key.Key_D, CTRL)
    assert len(lanes(explorer)) == 4
    play_some(qtbot, explorer, steps=1)
    assert seen(explorer) == [BATCH] * 4


def test_a_new_model_catches_up(qtbot: QtBot, explorer: Explorer) -> None:
    play_some(qtbot, explorer, steps=3)
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_D, CTRL)
    when_ready(qtbot, explorer)
    assert names(explorer) == ["AE", "AE 2", "VAE", "AAE"]
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: max(seen(explorer)) > 3 * BATCH)
    press(explorer, Qt.Key.Key_Space)
    until_playing(qtbot, explorer, playing=False)
    assert max(seen(explorer)) - min(seen(explorer)) <= BATCH
    first, copy = lanes(explorer)[:2]
    assert first.model.recipe == copy.model.recipe


def test_models_are_moved_and_renamed_with_keys(explorer: Explorer) -> None:
    focus(explorer, 2)
    press(explorer, Qt.Key.Key_Left, CTRL | SHIFT)
    press(explorer, Qt.Key.Key_Left, CTRL | SHIFT)
    assert names(explorer) == ["AAE", "AE", "VAE"]
    press(explorer, Qt.Key.Key_Right, CTRL | SHIFT)
    assert names(explorer) == ["AE", "AAE", "VAE"]
    QApplication.processEvents()
    places = [lane.x() for lane in lanes(explorer)]
    assert places == sorted(places)

    def rename(dialog: QInputDialog) -> None:
        line = dialog.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, "Cleaner one")
        QTest.keyClick(line, Qt.Key.Key_Return)

    answer_dialog(QInputDialog, rename)
    press(explorer, Qt.Key.Key_F2)
    assert names(explorer) == ["AE", "Cleaner one", "VAE"]
    assert words(lanes(explorer)[1], "lane-name") == "Cleaner one"
    press(explorer, Qt.Key.Key_Z, CTRL)
    assert names(explorer) == ["AE", "AAE", "VAE"]


def test_another_recipe_starts_a_model_anew(qtbot: QtBot, explorer: Explorer) -> None:
    play_some(qtbot, explorer, steps=1)

    def six_numbers(dialog: RecipeDialog) -> None:
        box = child(dialog, "recipe_latent_dim", QAbstractSpinBox)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, "6")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    focus(explorer, 1)
    answer_dialog(RecipeDialog, six_numbers)
    press(explorer, Qt.Key.Key_R, CTRL)
    when_ready(qtbot, explorer)
    assert seen(explorer) == [BATCH, 0, BATCH]
    lane = lanes(explorer)[1]
    assert snapshot_of(lane).codes_ND.shape[1] == 6
    assert "6-D, PCA plane" in words(lane, "lane-details")
    answer_dialog(RecipeDialog, lambda dialog: QTest.keyClick(dialog, Qt.Key.Key_Escape))
    press(explorer, Qt.Key.Key_R, CTRL)
    assert lanes(explorer)[1] is lane, "cancelled"
    press(explorer, Qt.Key.Key_Z, CTRL)
    when_ready(qtbot, explorer)
    assert seen(explorer) == [BATCH] * 3


def test_a_lanes_menu_acts_on_that_lane(explorer: Explorer) -> None:
    lane = lanes(explorer)[2]
    button = child(lane, "lane-menu", QToolButton)
    menu = button.menu()

    def choose_remove() -> None:
        menu.setActiveAction(action(explorer, "remove"))
        QTest.keyClick(menu, Qt.Key.Key_Return)

    menu.aboutToShow.connect(choose_remove, Qt.ConnectionType.QueuedConnection)
    QTest.mouseClick(button, LEFT)
    assert names(explorer) == ["AE", "VAE"]


def test_the_end_offers_more(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="ae", epochs=1), Recipe(family="vae", epochs=1))
    press(explorer, Qt.Key.Key_Space)
    until_told(qtbot, explorer, "1 epochs")
    assert all("finished" in words(lane, "lane-state") for lane in lanes(explorer))
    assert all("MSE" in words(lane, "lane-figures") for lane in lanes(explorer))
    QTest.mouseClick(child(explorer.window.message_bar, "message-answer", QPushButton), LEFT)
    until(
        qtbot,
        lambda: all(snapshot_of(lane).recipe.epochs == 2 and snapshot_of(lane).finished for lane in lanes(explorer)),
    )
    until_told(qtbot, explorer, "2 epochs")


def test_a_failed_model_says_so_and_the_others_go_on(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="vae", learning_rate=1.0, epochs=300), Recipe(family="ae", epochs=300))
    bad, good = lanes(explorer)
    failed = QSignalSpy(explorer.training.run_failed)
    press(explorer, Qt.Key.Key_Space)
    until(qtbot, lambda: bad.has_failed)
    assert words(bad, "lane-state") == "stopped"
    assert "learning rate" in child(bad, "lane-state", QLabel).toolTip()
    before = snapshot_of(good).images_seen
    until(qtbot, lambda: snapshot_of(good).images_seen > before + 5 * BATCH)
    assert not good.has_failed
    press(explorer, Qt.Key.Key_Space)
    until_playing(qtbot, explorer, playing=False)
    assert failed.count() == 1
    # Removed and brought back, it still says why it stopped; a reset starts it anew.
    press(explorer, Qt.Key.Key_1)
    press(explorer, Qt.Key.Key_W, CTRL)
    press(explorer, Qt.Key.Key_Z, CTRL)
    until(qtbot, lambda: lanes(explorer)[0].has_failed)
    press(explorer, Qt.Key.Key_Backspace, CTRL)
    when_ready(qtbot, explorer)
    assert not any(lane.has_failed for lane in lanes(explorer))


def test_closed_lanes_die(qtbot: QtBot, explorer: Explorer) -> None:
    gc.unfreeze()
    found = [weakref.ref(lane) for lane in lanes(explorer)]
    press(explorer, Qt.Key.Key_Backspace, CTRL)
    when_ready(qtbot, explorer)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [reference() for reference in found] == [None, None, None]
    menus = [menu for menu in explorer.window.row.findChildren(QMenu) if menu.actions()]
    assert len(menus) == 3, "the menus of closed lanes are gone, too"
