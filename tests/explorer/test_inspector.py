"""The inspector shows every model's view of one code and of one image, and lets a person type a code."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from explorer.palette import lane_colour
from explorer.views.image_grid import SMALLEST, best_grid
from explorer.views.image_view import ImageView
from explorer.views.inspector import Inspector, ModelLabel
from explorer.views.pixel_image import Pixels

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen


def _models(count: int) -> tuple[ModelLabel, ...]:
    return tuple(ModelLabel(f"run{index}", f"Model {index}", lane_colour(index)) for index in range(count))


def _grey(value: int, size: int = 8) -> Pixels:
    return np.full((1, size, size), value, np.uint8)


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    inspector = Inspector()
    qtbot.addWidget(inspector)
    inspector.resize(300, 600)
    inspector.set_models(_models(3))
    inspector.show()
    return inspector


def _image(inspector: Inspector, name: str) -> ImageView:
    # A view that has been replaced lives until the event loop turns; the newest is the last.
    return inspector.findChildren(ImageView, name)[-1]


def _edit(inspector: Inspector) -> QLineEdit:
    edit = inspector.findChild(QLineEdit, "code_edit")
    assert isinstance(edit, QLineEdit)
    return edit


def _type(inspector: Inspector, qtbot: QtBot, text: str) -> None:
    edit = _edit(inspector)
    inspector.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    edit.selectAll()
    QGuiApplication.clipboard().setText(text)  # QTest types ASCII only
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_code_is_shown_in_words(inspector: Inspector) -> None:
    assert _edit(inspector).text() == ""
    assert _edit(inspector).placeholderText() == "Hover or click a cloud"
    inspector.show_point((0.41, -1.2), pinned=False)
    assert _edit(inspector).text() == "(0.41, −1.20)"
    inspector.show_point((-0.001, 1.0), pinned=False)
    assert _edit(inspector).text() == "(0.00, 1.00)"
    inspector.show_point(tuple(float(value) for value in range(8)), pinned=True)
    assert _edit(inspector).text() == "(0.00, 1.00, 2.00, 3.00, …)"
    assert _edit(inspector).isReadOnly()
    inspector.show_point(None, pinned=False)
    assert _edit(inspector).text() == ""


def test_it_says_whether_the_code_is_pinned(inspector: Inspector) -> None:
    label = inspector.findChild(QLabel, "code_origin")
    assert isinstance(label, QLabel)
    inspector.show_point((0.0, 0.0), pinned=True)
    assert "pinned" in label.text()
    inspector.show_point((0.0, 0.0), pinned=False)
    assert "pinned" not in label.text()


@pytest.mark.parametrize("text", ["0.4,-1.2", " (0.4, −1.2) ", "0.4 -1.2", "[.4;-1.2]", "4e-1, -12e-1"])
def test_a_typed_code_is_decoded(inspector: Inspector, qtbot: QtBot, text: str) -> None:
    _type(inspector, qtbot, text)
    with qtbot.waitSignal(inspector.z_entered) as told:
        qtbot.keyClick(_edit(inspector), Qt.Key.Key_Return)
    assert told.args == pytest.approx([0.4, -1.2])


@pytest.mark.parametrize("text", ["abc", "1", "1,2,3", "nan, 1", "1e99, 0"])
def test_what_is_no_code_is_told(inspector: Inspector, qtbot: QtBot, text: str) -> None:
    problem = inspector.findChild(QLabel, "code_problem")
    assert isinstance(problem, QLabel)
    _type(inspector, qtbot, text)
    with qtbot.assertNotEmitted(inspector.z_entered):
        qtbot.keyClick(_edit(inspector), Qt.Key.Key_Return)
    assert problem.isVisible()
    assert problem.text().startswith("Give ")
    qtbot.keyClick(_edit(inspector), Qt.Key.Key_Escape)
    assert not problem.isVisible()


def test_hovering_does_not_disturb_typing(inspector: Inspector, qtbot: QtBot) -> None:
    _type(inspector, qtbot, "3, 4")
    inspector.show_point((0.5, 0.5), pinned=False)
    assert _edit(inspector).text() == "3, 4"
    qtbot.keyClick(_edit(inspector), Qt.Key.Key_Escape)
    assert _edit(inspector).text() == "(0.50, 0.50)"


def test_the_code_can_be_copied(inspector: Inspector, qtbot: QtBot) -> None:
    button = inspector.findChild(QToolButton, "copy_code")
    assert isinstance(button, QToolButton)
    assert not button.isEnabled()
    inspector.show_point((0.41, -1.25), pinned=False)
    with qtbot.waitSignal(inspector.copied):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "0.41,-1.25"


def test_every_model_shows_its_own_decode(inspector: Inspector) -> None:
    for index in range(3):
        inspector.show_decode(f"run{index}", _grey(index * 40))
    inspector.show_decode("closed long ago", _grey(1))
    for index in range(3):
        pixels = _image(inspector, f"decode_run{index}").pixels()
        assert pixels is not None
        assert pixels[0, 0, 0] == index * 40
        assert _image(inspector, f"decode_run{index}").caption() == f"Model {index}"


def test_a_selected_image_stands_with_its_reconstructions(inspector: Inspector) -> None:
    inspector.show_selected(1204, "seven", _grey(255))
    inspector.show_reconstruction("run0", _grey(0))
    inspector.show_reconstruction("run1", _grey(255))
    assert _image(inspector, "reconstruction_run0").caption() == "MSE 1.0000"
    assert _image(inspector, "reconstruction_run1").caption() == "MSE .0000"
    assert _image(inspector, "reconstruction_run2").caption() == "Model 2"
    words = {label.objectName(): label.text() for label in inspector.findChildren(QLabel)}
    assert words["selected_class"] == "seven"
    assert "1,204" in words["selected_index"]


def test_another_selection_takes_old_reconstructions_away(inspector: Inspector) -> None:
    inspector.show_selected(1, "one", _grey(255))
    inspector.show_reconstruction("run0", _grey(0))
    inspector.show_selected(2, "two", _grey(9))
    assert _image(inspector, "reconstruction_run0").pixels() is None
    inspector.show_selected(None, "", None)
    assert not _image(inspector, "reconstruction_run0").isVisible()


def test_models_that_stay_keep_their_images(inspector: Inspector) -> None:
    inspector.show_selected(1, "one", _grey(255))
    inspector.show_decode("run2", _grey(77))
    inspector.show_reconstruction("run2", _grey(0))
    models = _models(4)
    inspector.set_models((models[2], models[3]))
    kept = _image(inspector, "decode_run2").pixels()
    assert kept is not None
    assert kept[0, 0, 0] == 77
    assert _image(inspector, "reconstruction_run2").caption() == "MSE 1.0000"
    assert _image(inspector, "decode_run3").pixels() is None
    inspector.show_decode("run0", _grey(1))  # it is gone


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(("width", "height"), [(240, 560), (300, 560), (420, 560), (420, 900)])
def test_images_lie_inside_apart_and_readable(inspector: Inspector, count: int, width: int, height: int) -> None:
    inspector.set_models(_models(count))
    inspector.resize(width, height)
    inspector.show_selected(1, "one", _grey(255, 28))
    QApplication.processEvents()
    page = inspector.widget()
    assert page is not None
    places: list[QRect] = []
    for kind in ("decode", "reconstruction"):
        for index in range(count):
            view = _image(inspector, f"{kind}_run{index}")
            place = QRect(view.mapTo(page, view.rect().topLeft()), view.size())
            assert place.width() >= SMALLEST
            assert page.rect().contains(place)
            assert not any(place.intersects(other) for other in places)
            places.append(place)
    assert inspector.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_more_room_never_means_smaller_images(count: int) -> None:
    def area(width: int, height: int) -> int:
        return best_grid(count, width, height, sections=2, more=1)[1]

    for width in range(200, 460, 20):
        assert area(width, 1000) <= area(width + 20, 1000)
        assert area(width, 600) <= area(width, 1000)


def test_three_models_side_by_side_where_there_is_width() -> None:
    assert best_grid(3, 400, 500, sections=2, more=1)[0] == 3
    assert best_grid(3, 210, 500, sections=2, more=1)[0] == 2
    assert best_grid(1, 280, 2000)[0] == 1
