"""A prior is drawn with the mouse, with the keyboard, and from a picture, and becomes part of the recipe."""

import threading
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from explorer.drawing_field import DrawingEditor
from explorer.picture_reader import PictureReader
from explorer.recipe_dialog import RecipeDialog
from explorer.recipe_form import RecipeForm
from explorer.theme import Theme, apply_theme
from explorer.views.dropped_files import NO_FILE
from explorer.views.prior_pad import PriorPad
from tests.explorer.driving import dress
from trainers.drawing_file import read_drawing
from trainers.priors.drawing import SIDE, Drawing, decode_drawing, encode_drawing, heart
from trainers.recipe import Recipe

# What Qt says when it runs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

PATIENCE = 60_000
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SomeWidget = TypeVar("SomeWidget", bound=QWidget)


@pytest.fixture
def form(qtbot: QtBot) -> RecipeForm:
    form = RecipeForm()
    qtbot.addWidget(form)
    form.set_recipe(Recipe(family="aae", prior="drawn"))
    form.resize(form.sizeHint())
    with qtbot.waitExposed(form):
        form.show()
    return form


def child(parent: QWidget, name: str, kind: type[SomeWidget]) -> SomeWidget:
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def pad_of(form: QWidget) -> PriorPad:
    return child(form, "recipe_prior_picture", PriorPad)


def press(qtbot: QtBot, form: QWidget, suffix: str) -> None:
    qtbot.mouseClick(child(form, f"recipe_prior_picture_{suffix}", QPushButton), LEFT)


def at(pad: PriorPad, column: float, row: float) -> QPoint:
    """Where a pixel of the drawing is on the pad."""
    side = min(pad.width(), pad.height()) - 6
    return QPoint(round(3 + column * side / SIDE), round(3 + row * side / SIDE))


def stroke(qtbot: QtBot, pad: PriorPad, button: Qt.MouseButton, *places: tuple[float, float]) -> None:
    qtbot.mousePress(pad, button, pos=at(pad, *places[0]))
    for place in places[1:]:
        qtbot.mouseMove(pad, at(pad, *place))
    qtbot.mouseRelease(pad, button, pos=at(pad, *places[-1]))


def drawn(form: RecipeForm) -> Drawing:
    recipe = form.recipe()
    assert recipe is not None
    assert recipe.prior == "drawn"
    return decode_drawing(recipe.prior_picture)


def test_the_pad_is_there_for_the_drawn_prior_alone(qtbot: QtBot, form: RecipeForm) -> None:
    pad, box = pad_of(form), child(form, "recipe_prior", QComboBox)
    assert pad.isVisibleTo(form)
    form.set_recipe(Recipe(family="aae", prior="ring"))
    assert not pad.isVisibleTo(form)
    box.setFocus()
    while box.currentData() != "drawn":
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert pad.isVisibleTo(form)
    np.testing.assert_array_equal(drawn(form), heart())
    assert form.recipe() == Recipe(family="aae", prior="drawn"), "the heart is where one starts"


def test_the_left_button_draws_and_the_right_one_erases(qtbot: QtBot, form: RecipeForm) -> None:
    pad = pad_of(form)
    press(qtbot, form, "clear")
    changed = QSignalSpy(form.recipe_changed)
    stroke(qtbot, pad, LEFT, (10, 20), (40, 20))
    assert changed.count() == 1, "one stroke is one change"
    drawing = drawn(form)
    assert drawing[20, 10:40].min() > 240, "also between the places that the mouse told of"
    assert 0 < drawing[17, 25] < drawing[19, 25], "soft at the edge"
    assert drawing[:15].max() == drawing[26:].max() == drawing[:, 46:].max() == 0
    stroke(qtbot, pad, RIGHT, (25, 20))
    erased = drawn(form)
    assert erased[20, 25] < 20
    assert erased[20, 12] == drawing[20, 12]


def test_moving_without_a_button_draws_nothing(qtbot: QtBot, form: RecipeForm) -> None:
    changed = QSignalSpy(form.recipe_changed)
    qtbot.mouseMove(pad_of(form), at(pad_of(form), 5, 5))
    qtbot.mouseMove(pad_of(form), at(pad_of(form), 50, 60))
    assert changed.count() == 0
    np.testing.assert_array_equal(pad_of(form).drawing, heart())


def test_a_stroke_may_leave_the_pad(qtbot: QtBot, form: RecipeForm) -> None:
    press(qtbot, form, "clear")
    stroke(qtbot, pad_of(form), LEFT, (60, 30), (90, 30))
    assert drawn(form)[30, -1] > 240


def test_the_brush_can_be_wider(qtbot: QtBot, form: RecipeForm) -> None:
    press(qtbot, form, "clear")
    slider = child(form, "recipe_prior_picture_brush", QSlider)
    stroke(qtbot, pad_of(form), LEFT, (32, 32))
    narrow = int((drawn(form) > 0).sum())
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    stroke(qtbot, pad_of(form), LEFT, (32, 32))
    assert int((drawn(form) > 0).sum()) > 4 * narrow


def test_it_can_be_drawn_with_the_keyboard(qtbot: QtBot, form: RecipeForm) -> None:
    press(qtbot, form, "clear")
    pad = pad_of(form)
    pad.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(pad, Qt.Key.Key_Up)
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    drawing = drawn(form)
    row_P, column_P = np.nonzero(drawing)
    assert (row_P.mean() + 0.5, column_P.mean() + 0.5) == (31, 38)
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.drawing.max() < 30
    for _ in range(80):
        qtbot.keyClick(pad, Qt.Key.Key_Left)
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    assert drawn(form)[31, 0] > 200, "the brush stops at the edge"


def test_strokes_can_be_taken_back_and_made_again(qtbot: QtBot, form: RecipeForm) -> None:
    pad, control = pad_of(form), Qt.KeyboardModifier.ControlModifier
    press(qtbot, form, "clear")
    stroke(qtbot, pad, LEFT, (10, 10))
    one = drawn(form)
    stroke(qtbot, pad, LEFT, (50, 50))
    two = drawn(form)
    pad.setFocus()
    qtbot.keyClick(pad, Qt.Key.Key_Z, control)
    np.testing.assert_array_equal(drawn(form), one)
    qtbot.keyClick(pad, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_array_equal(drawn(form), two)
    for _ in range(5):
        qtbot.keyClick(pad, Qt.Key.Key_Z, control)
    np.testing.assert_array_equal(drawn(form), heart())


def test_nothing_drawn_is_no_recipe(qtbot: QtBot) -> None:
    dialog = RecipeDialog(None, "Add model", Recipe(family="vae", prior="drawn"))
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    ok = child(dialog, "recipe_ok", QPushButton)
    press(qtbot, dialog, "clear")
    assert not ok.isEnabled()
    assert "Nothing is drawn" in child(dialog, "recipe_prior_picture_problem", QLabel).text()
    stroke(qtbot, pad_of(dialog), LEFT, (20, 20), (30, 30))
    assert ok.isEnabled()
    qtbot.mouseClick(ok, LEFT)
    recipe = dialog.recipe()
    assert recipe is not None
    assert decode_drawing(recipe.prior_picture)[25, 25] > 200


def test_invert(qtbot: QtBot, form: RecipeForm) -> None:
    press(qtbot, form, "invert")
    np.testing.assert_array_equal(drawn(form), 255 - heart())


def test_a_recipe_with_a_drawing_is_shown_and_given_back(form: RecipeForm) -> None:
    drawing = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    recipe = Recipe(family="vae", prior="drawn", prior_picture=encode_drawing(drawing))
    form.set_recipe(recipe)
    np.testing.assert_array_equal(pad_of(form).drawing, drawing)
    assert form.recipe() == recipe


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    pixels = np.full((50, 80), 255, np.uint8)
    pixels[10:40, 20:30] = 0
    Image.fromarray(pixels).save(tmp_path / "bar.png")
    return tmp_path / "bar.png"


def test_a_picture_can_be_picked(qtbot: QtBot, form: RecipeForm, picture: Path) -> None:
    press(qtbot, form, "file")
    dialog = child(form, "picture_dialog", QFileDialog)
    qtbot.waitExposed(dialog)
    dialog.setDirectory(str(picture.parent))
    dialog.selectFile(str(picture))
    with qtbot.waitSignal(form.recipe_changed, timeout=PATIENCE):
        dialog.accept()
    np.testing.assert_array_equal(drawn(form), read_drawing(picture))


def drop(pad: PriorPad, data: QMimeData) -> bool:
    """Drag something over the pad and let go; whether it may be dropped there."""
    actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    place = QPointF(pad.rect().center())
    nothing = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(place.toPoint(), actions, data, buttons, nothing)
    QApplication.sendEvent(pad, enter)
    if enter.isAccepted():
        QApplication.sendEvent(pad, QDropEvent(place, actions, data, buttons, nothing))
    return enter.isAccepted()


def file(path: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


def test_a_picture_can_be_dropped(qtbot: QtBot, form: RecipeForm, picture: Path) -> None:
    with qtbot.waitSignal(form.recipe_changed, timeout=PATIENCE):
        assert drop(pad_of(form), file(picture))
    np.testing.assert_array_equal(drawn(form), read_drawing(picture))


def test_the_window_does_not_wait_for_a_large_picture(qtbot: QtBot, form: RecipeForm, tmp_path: Path) -> None:
    pixels = np.full((6000, 6000), 255, np.uint8)
    pixels[2000:4000] = 0
    Image.fromarray(pixels).save(tmp_path / "large.png")
    note = child(form, "recipe_prior_picture_reading", QLabel)
    changed = QSignalSpy(form.recipe_changed)
    drop(pad_of(form), file(tmp_path / "large.png"))
    assert note.text() == "Reading large.png …"  # what is read comes by the event loop, which has not turned since
    assert note.isVisibleTo(form)
    np.testing.assert_array_equal(pad_of(form).drawing, heart())
    qtbot.waitUntil(lambda: changed.count() == 1, timeout=PATIENCE)
    np.testing.assert_array_equal(drawn(form), read_drawing(tmp_path / "large.png"))
    assert not note.isVisibleTo(form)


def test_what_is_drawn_meanwhile_is_kept(qtbot: QtBot, form: RecipeForm, picture: Path) -> None:
    read = QSignalSpy(reader_of(form).read)
    press(qtbot, form, "clear")
    drop(pad_of(form), file(picture))
    press(qtbot, form, "invert")
    drop(pad_of(form), file(picture))
    press(qtbot, form, "clear")
    stroke(qtbot, pad_of(form), LEFT, (20, 20))
    mine = drawn(form)
    qtbot.waitUntil(lambda: "picture" not in {thread.name for thread in threading.enumerate()}, timeout=PATIENCE)
    QApplication.processEvents()
    assert read.count() == 0
    np.testing.assert_array_equal(drawn(form), mine)


def test_a_form_may_be_closed_while_a_picture_is_read(qtbot: QtBot, picture: Path) -> None:
    form = RecipeForm()
    form.set_recipe(Recipe(family="aae", prior="drawn"))
    form.show()
    drop(pad_of(form), file(picture))
    form.close()
    form.deleteLater()
    del form
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: "picture" not in {thread.name for thread in threading.enumerate()}, timeout=PATIENCE)
    QApplication.processEvents()


def test_what_is_no_picture_is_told_and_changes_nothing(qtbot: QtBot, form: RecipeForm, tmp_path: Path) -> None:
    (tmp_path / "words.png").write_text("no picture")
    told = child(form, "recipe_prior_picture_unread", QLabel)
    drop(pad_of(form), file(tmp_path / "words.png"))
    qtbot.waitUntil(lambda: told.isVisibleTo(form), timeout=PATIENCE)
    assert told.text() == (
        "words.png cannot be read as a picture (it is of no known format); give a PNG or a JPEG file."
    )
    assert not child(form, "recipe_prior_picture_reading", QLabel).isVisibleTo(form)
    np.testing.assert_array_equal(pad_of(form).drawing, heart())
    stroke(qtbot, pad_of(form), LEFT, (20, 20))
    assert not told.isVisibleTo(form)


def test_a_picture_from_a_browser_is_no_file_and_that_is_told(form: RecipeForm) -> None:
    told = child(form, "recipe_prior_picture_unread", QLabel)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/cat.png")])
    assert drop(pad_of(form), data)
    assert told.text() == NO_FILE
    assert told.isVisibleTo(form)
    np.testing.assert_array_equal(pad_of(form).drawing, heart())
    only_words = QMimeData()
    only_words.setText("cat")
    assert not drop(pad_of(form), only_words)


def test_every_part_says_what_it_is(form: RecipeForm) -> None:
    for suffix in ("", "_clear", "_invert", "_file", "_brush"):
        part = child(form, f"recipe_prior_picture{suffix}", QWidget)
        assert part.accessibleName()
        assert part.toolTip()
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus


def reader_of(form: RecipeForm) -> PictureReader:
    editor = next(editor for editor in form.findChildren(DrawingEditor))
    return editor.reader


def pixels_of(pad: PriorPad) -> npt.NDArray[np.int64]:
    image = pad.grab().toImage().convertToFormat(pad.grab().toImage().Format.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return raw[..., :3].astype(np.int64)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ink_and_samples_are_seen(qtbot: QtBot, qapp: QApplication, form: RecipeForm, theme: Theme) -> None:
    dress(qtbot, qapp, theme)
    pad = pad_of(form)
    press(qtbot, form, "clear")
    pad.setFocus()
    blank = pixels_of(pad)
    stroke(qtbot, pad, LEFT, (16, 16), (48, 16))
    inked = pixels_of(pad)
    changed_HW = np.abs(inked - blank).sum(2) > 60
    top, bottom = changed_HW[: pad.height() // 2], changed_HW[3 * pad.height() // 4 :]
    assert top.mean() > 0.05
    assert bottom.mean() == 0
    blue, _, red = inked[changed_HW].T
    assert (np.abs(blue - red) > 60).sum() > 50, "dots in the accent colour"
    apply_theme(qapp, "system")
