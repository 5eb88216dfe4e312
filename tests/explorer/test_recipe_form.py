"""The recipe editor, used as a person would: typed into, stepped, chosen from, and asked to explain itself."""

import operator
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLabel,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from explorer.recipe_dialog import RecipeDialog, ask_recipe
from explorer.recipe_form import RecipeForm
from trainers.models import FAMILIES
from trainers.recipe import KINDS, SETTINGS, Recipe, priors_of, settings_of

# What Qt says when it runs without a screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

SomeWidget = TypeVar("SomeWidget", bound=QWidget)


@pytest.fixture
def form(qtbot: QtBot) -> RecipeForm:
    form = RecipeForm()
    qtbot.addWidget(form)
    form.resize(form.sizeHint())
    with qtbot.waitExposed(form):
        form.show()
    return form


def child(parent: QWidget, name: str, kind: type[SomeWidget]) -> SomeWidget:
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def number(parent: QWidget, field: str) -> QAbstractSpinBox:
    return child(parent, f"recipe_{field}", QAbstractSpinBox)


def choices(parent: QWidget, field: str) -> QComboBox:
    return child(parent, f"recipe_{field}", QComboBox)


def problem(parent: QWidget, field: str) -> str:
    label = child(parent, f"recipe_{field}_problem", QLabel)
    assert label.isVisibleTo(parent) == bool(label.text())
    return label.text()


def write(qtbot: QtBot, control: QWidget, text: str) -> None:
    control.setFocus()
    qtbot.keyClick(control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(control, Qt.Key.Key_Delete)
    qtbot.keyClicks(control, text)


def choose(qtbot: QtBot, box: QComboBox, value: str) -> None:
    """Walk to a choice with the arrow keys."""
    box.setFocus()
    key = Qt.Key.Key_Down if box.findData(value) > box.currentIndex() else Qt.Key.Key_Up
    for _ in range(box.count()):
        if box.currentData() != value:
            qtbot.keyClick(box, key)  # steps over what cannot be chosen
    assert box.currentData() == value


def answer_when_open(act: Callable[[RecipeDialog], None]) -> None:
    def find() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, RecipeDialog)
        try:
            act(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()  # so that a failure cannot leave the dialog waiting

    QTimer.singleShot(0, find)


@pytest.mark.parametrize("family", FAMILIES)
def test_shows_exactly_the_fields_that_the_family_reads(form: RecipeForm, family: str) -> None:
    form.set_recipe(Recipe(family=family))
    shown = {name for name in SETTINGS if child(form, f"recipe_{name}", QWidget).isVisibleTo(form)}
    assert shown == set(settings_of(family, "gaussian"))
    for name in SETTINGS:
        label = child(form, f"recipe_{name}_label", QLabel)
        assert label.isVisibleTo(form) == (name in shown)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_field_is_named_and_explained(form: RecipeForm, name: str) -> None:
    control = child(form, f"recipe_{name}", QWidget)
    assert control.accessibleName() == SETTINGS[name].label
    assert SETTINGS[name].help[:12] in control.accessibleDescription()
    assert control.toolTip()
    assert child(form, f"recipe_{name}_label", QLabel).buddy() is control
    if isinstance(control, QComboBox):
        setting = SETTINGS[name]
        assert [control.itemData(row) for row in range(control.count())] == list(setting.choices)
        assert all(control.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(control.count()))
    else:
        assert KINDS[name] is not str or SETTINGS[name].is_drawing


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(family="vae", beta=0.1 + 0.2, learning_rate=1e-7, kl_warmup=2.5, likelihood="gaussian-learned"),
        Recipe(
            family="aae", prior="ring", dataset="/some/folder", latent_dim=16, backbone="convolutional", seed=2**31 - 1
        ),
        Recipe(image_size=32, schedule="constant", batch_size=1024),
    ],
)
def test_shows_a_recipe_and_gives_it_back(form: RecipeForm, recipe: Recipe) -> None:
    changed = QSignalSpy(form.recipe_changed)
    form.set_recipe(recipe)
    assert form.recipe() == recipe
    assert changed.count() == 0, "only what the person does is announced"


def test_choosing_another_family_keeps_the_other_values(qtbot: QtBot, form: RecipeForm) -> None:
    form.set_recipe(Recipe(family="aae", prior="square", epochs=7, adversarial_weight=3.0))
    choose(qtbot, choices(form, "family"), "vae")
    assert form.recipe() == Recipe(family="vae", epochs=7, adversarial_weight=3.0), "a VAE cannot have the square"
    choose(qtbot, choices(form, "family"), "aae")
    assert form.recipe() == Recipe(family="aae", prior="square", epochs=7, adversarial_weight=3.0)


def test_a_prior_chosen_meanwhile_is_not_given_up_for_an_earlier_one(qtbot: QtBot, form: RecipeForm) -> None:
    form.set_recipe(Recipe(family="aae", prior="square"))
    choose(qtbot, choices(form, "family"), "vae")
    choose(qtbot, choices(form, "prior"), "ring")
    choose(qtbot, choices(form, "family"), "aae")
    assert form.recipe() == Recipe(family="aae", prior="ring")


def test_the_adversarial_weight_goes_with_classes_until_somebody_sets_it(qtbot: QtBot, form: RecipeForm) -> None:
    form.set_recipe(Recipe(family="aae", prior="mixture"))
    weight = number(form, "adversarial_weight")
    choose(qtbot, choices(form, "prior_labels"), "given")
    assert form.recipe() == Recipe(family="aae", prior="mixture", prior_labels="given", adversarial_weight=5.0)
    assert weight.text() == "5"
    choose(qtbot, choices(form, "prior"), "ring")  # which has no parts to give
    assert form.recipe() == Recipe(family="aae", prior="ring")
    choose(qtbot, choices(form, "prior"), "mixture")
    choose(qtbot, choices(form, "prior_labels"), "ignored")
    assert form.recipe() == Recipe(family="aae", prior="mixture")
    write(qtbot, weight, "3")
    choose(qtbot, choices(form, "prior_labels"), "given")
    assert form.recipe() == Recipe(family="aae", prior="mixture", prior_labels="given", adversarial_weight=3.0)
    form.set_recipe(Recipe(family="aae", prior="mixture", prior_labels="given"))
    assert weight.text() == "1.25", "a recipe is shown as it is"


@pytest.mark.parametrize("family", ["vae", "aae"])
def test_only_priors_that_suit_the_family_can_be_chosen(qtbot: QtBot, form: RecipeForm, family: str) -> None:
    form.set_recipe(Recipe(family=family))
    box = choices(form, "prior")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    walked = [box.currentData()]
    for _ in range(box.count()):
        qtbot.keyClick(box, Qt.Key.Key_Down)
        walked.append(box.currentData())
    assert list(dict.fromkeys(walked)) == list(priors_of(family))


def test_announces_what_is_typed_and_only_valid_recipes(qtbot: QtBot, form: RecipeForm) -> None:
    changed, validity = QSignalSpy(form.recipe_changed), QSignalSpy(form.validity_changed)
    write(qtbot, number(form, "epochs"), "45")
    assert [changed.at(index)[0].epochs for index in range(changed.count())] == [4, 45]
    assert [validity.at(index)[0] for index in range(validity.count())] == [False, True], "empty on the way"
    assert form.recipe() == Recipe(epochs=45)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("epochs", "0", "Epochs is 0; choose from 1 to 100000."),
        ("epochs", "2.5", "Epochs is '2.5'; give a whole number."),
        ("epochs", "", "Epochs is ''; give a whole number."),
        ("epochs", "many", "Epochs is 'many'; give a whole number."),
        ("learning_rate", "nan", "Learning rate is nan; choose from 1e-07 to 1."),
        ("learning_rate", "2", "Learning rate is 2.0; choose from 1e-07 to 1."),
        ("image_size", "5", "Image size is 5; choose 0, or from 8 to 128 px."),
        ("seed", "99999999999", "Seed is 99999999999; choose from 0 to 2147483647."),
        ("dataset", " ", "Images is empty; give a name or a path."),
    ],
)
def test_says_beside_the_field_what_is_wrong_while_it_is_typed(
    qtbot: QtBot, form: RecipeForm, field: str, text: str, sentence: str
) -> None:
    control = child(form, f"recipe_{field}", QWidget)
    with qtbot.waitSignal(form.validity_changed, check_params_cb=operator.not_):
        write(qtbot, control, text)
    assert problem(form, field) == sentence
    assert sentence in control.accessibleDescription()
    assert child(form, f"recipe_{field}_problem", QLabel).property("role") == "error"
    assert form.recipe() is None

    form.set_recipe(Recipe())
    assert problem(form, field) == ""
    assert form.recipe() == Recipe()


def test_problems_between_fields_stand_at_the_field_to_mend(qtbot: QtBot, form: RecipeForm) -> None:
    form.set_recipe(Recipe(family="aae", prior="mixture"))
    write(qtbot, number(form, "latent_dim"), "3")
    assert "two dimensions" in problem(form, "prior")
    choose(qtbot, choices(form, "prior"), "disc")
    assert problem(form, "prior") == ""
    assert form.recipe() == Recipe(family="aae", prior="disc", latent_dim=3)


@pytest.mark.parametrize("text", ["0.002", "2e-3", "2E-03", "0,002", ".002", " 0.002 "])
def test_numbers_are_read_in_any_form(qtbot: QtBot, form: RecipeForm, text: str) -> None:
    write(qtbot, number(form, "learning_rate"), text)
    assert form.recipe() == Recipe(learning_rate=0.002)


@pytest.mark.parametrize("text", ["1e3", "1000", "1000.0", "+1000"])
def test_whole_numbers_are_read_in_any_form(qtbot: QtBot, form: RecipeForm, text: str) -> None:
    write(qtbot, number(form, "epochs"), text)
    recipe = form.recipe()
    assert recipe is not None
    assert recipe.epochs == 1000
    assert type(recipe.epochs) is int


def test_logarithmic_steps_are_factors(qtbot: QtBot, form: RecipeForm) -> None:
    box = number(form, "learning_rate")
    box.setFocus()
    seen: list[str] = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown):
        qtbot.keyClick(box, key)
        seen.append(box.text())
    assert seen == ["0.002", "0.005", "0.01", "0.005", "0.0005", "5e-5"]
    box = number(form, "batch_size")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == "256"
    recipe = form.recipe()
    assert recipe is not None
    assert (recipe.learning_rate, recipe.batch_size) == (5e-5, 256)


def test_steps_add_and_stop_at_the_limits(qtbot: QtBot, form: RecipeForm) -> None:
    form.set_recipe(Recipe(family="vae"))
    beta = number(form, "beta")
    for _ in range(5):
        qtbot.keyClick(beta, Qt.Key.Key_Down)
    assert beta.text() == "0"
    size = number(form, "image_size")
    assert size.text() == "as in the set"
    qtbot.keyClick(size, Qt.Key.Key_Up)
    assert form.recipe() == Recipe(family="vae", beta=0.0, image_size=8)
    qtbot.keyClick(size, Qt.Key.Key_Down)
    assert size.text() == "as in the set"
    assert form.recipe() == Recipe(family="vae", beta=0.0)


def test_arrows_of_a_number_can_be_clicked(qtbot: QtBot, form: RecipeForm) -> None:
    box = number(form, "epochs")
    edge = QPoint(box.width() - 8, 5)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=edge)
    assert form.recipe() == Recipe(epochs=21)


def test_images_may_be_a_name_a_label_or_a_path(qtbot: QtBot, form: RecipeForm, tmp_path: Path) -> None:
    box = choices(form, "dataset")
    for text, expected in (
        ("DIGITS", "digits"),
        (SETTINGS["dataset"].choice_label("digits"), "digits"),
        (str(tmp_path), str(tmp_path)),
        (f"  {tmp_path}/a.npz ", f"{tmp_path}/a.npz"),
        ("~/pictures", str(Path.home() / "pictures")),
        (tmp_path.as_uri(), str(tmp_path)),
    ):
        write(qtbot, box, text)
        recipe = form.recipe()
        assert recipe is not None
        assert recipe.dataset == expected


@pytest.mark.parametrize("what", ["folder", "file"])
def test_images_can_be_picked_with_a_dialog(qtbot: QtBot, form: RecipeForm, tmp_path: Path, what: str) -> None:
    target = tmp_path / "pictures"
    target.mkdir()
    if what == "file":
        target = target / "images.npz"
        target.touch()
    button = child(form, f"recipe_dataset_{what}", QPushButton)
    assert button.accessibleName()
    assert button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = child(form, "path_dialog", QFileDialog)
    qtbot.waitExposed(dialog)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile(str(target))
    with qtbot.waitSignal(form.recipe_changed):
        dialog.accept()
    assert form.recipe() == Recipe(dataset=str(target))


def test_the_wheel_changes_nothing_that_it_passes(form: RecipeForm) -> None:
    number(form, "seed").setFocus()
    box = choices(form, "family")
    turn = QWheelEvent(
        QPointF(box.rect().center()),
        QPointF(box.mapToGlobal(box.rect().center())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert form.recipe() == Recipe()
    assert not turn.isAccepted(), "what lies behind may scroll"


def test_explains_the_field_in_hand(qtbot: QtBot, form: RecipeForm) -> None:
    explanation = child(form, "recipe_explanation", QLabel)
    box = choices(form, "family")
    with qtbot.waitActive(form):
        form.activateWindow()
    box.setFocus()
    assert FAMILIES["ae"].summary in explanation.text()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert FAMILIES["vae"].summary in explanation.text()
    number(form, "seed").setFocus()
    assert explanation.text() == f"Seed: {SETTINGS['seed'].help}"


def test_tab_walks_through_the_fields_in_order(qtbot: QtBot, form: RecipeForm) -> None:
    with qtbot.waitActive(form):
        form.activateWindow()
    choices(form, "family").setFocus()
    walked: list[str] = []
    for _ in range(14):
        focused = QApplication.focusWidget()
        assert focused is not None
        walked.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    order = sorted(
        settings_of("ae"),
        key=lambda name: list(dict.fromkeys(s.group for s in SETTINGS.values())).index(SETTINGS[name].group),
    )
    assert [name for name in walked if not name.startswith("recipe_dataset_")][: len(order)] == [
        f"recipe_{name}" for name in order
    ]


def test_dialog_fits_a_small_screen_and_says_what_its_buttons_do(qtbot: QtBot) -> None:
    dialog = RecipeDialog(None, "Add model", Recipe())
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.size().boundedTo(QSize(1280, 690)) == dialog.size()
    for name in ("recipe_ok", "recipe_cancel", "recipe_restore"):
        button = child(dialog, name, QPushButton)
        assert button.toolTip()
        assert button.accessibleName()


def test_ok_waits_until_the_recipe_is_valid(qtbot: QtBot) -> None:
    dialog = RecipeDialog(None, "Add model", Recipe())
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    ok = child(dialog, "recipe_ok", QPushButton)
    assert ok.isEnabled()
    write(qtbot, number(dialog, "epochs"), "0")
    assert not ok.isEnabled()
    qtbot.keyClick(number(dialog, "epochs"), Qt.Key.Key_Return)
    assert dialog.isVisible(), "Return does not accept what is no recipe"
    write(qtbot, number(dialog, "epochs"), "3")
    assert ok.isEnabled()
    qtbot.keyClick(number(dialog, "epochs"), Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.recipe() == Recipe(epochs=3)


def test_restore_defaults_keeps_the_family(qtbot: QtBot) -> None:
    dialog = RecipeDialog(None, "Edit recipe", Recipe(family="aae", prior="ring", epochs=3))
    qtbot.addWidget(dialog)
    dialog.show()
    write(qtbot, number(dialog, "batch_size"), "0")
    qtbot.mouseClick(child(dialog, "recipe_restore", QPushButton), Qt.MouseButton.LeftButton)
    assert dialog.recipe() == Recipe(family="aae")
    assert child(dialog, "recipe_ok", QPushButton).isEnabled()


def test_asking_gives_the_recipe(qtbot: QtBot) -> None:
    def add_a_vae(dialog: RecipeDialog) -> None:
        assert dialog.windowTitle() == "Add model"
        choose(qtbot, choices(dialog, "family"), "vae")
        qtbot.mouseClick(child(dialog, "recipe_ok", QPushButton), Qt.MouseButton.LeftButton)

    answer_when_open(add_a_vae)
    assert ask_recipe(None, "Add model", Recipe(seed=4)) == Recipe(family="vae", seed=4)


def test_escape_gives_nothing(qtbot: QtBot) -> None:
    def change_and_escape(dialog: RecipeDialog) -> None:
        write(qtbot, number(dialog, "epochs"), "3")
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    answer_when_open(change_and_escape)
    assert ask_recipe(None, "Edit recipe", Recipe()) is None
