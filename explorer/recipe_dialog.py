"""Asks for a recipe: before a model is added, and when one is changed."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from explorer.recipe_form import RecipeForm
from explorer.views.paint_turns import paint_afterwards
from trainers.models import FAMILIES
from trainers.recipe import Recipe, settings_of

_MARGIN_ON_SCREEN = 120  # px that title bar, taskbar and edges may take


class RecipeDialog(QDialog):
    """A recipe form with OK, Cancel and Restore defaults; OK waits until every value can be used."""

    def __init__(self, parent: QWidget | None, title: str, recipe: Recipe) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_dialog")
        self.setWindowTitle(title)
        # The longest family first: sized while every row is there, the window does not jump when another is chosen.
        self.form = RecipeForm(self, Recipe(family=_longest_family()))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults,
            self,
        )
        self._ok = _dress(buttons, QDialogButtonBox.StandardButton.Ok, "recipe_ok", "Use this recipe.")
        _dress(buttons, QDialogButtonBox.StandardButton.Cancel, "recipe_cancel", "Change nothing.")
        restore = _dress(
            buttons,
            QDialogButtonBox.StandardButton.RestoreDefaults,
            "recipe_restore",
            "Put every setting but the family back to where it stood at first.",
        )
        restore.setText("Restore defaults")
        restore.setAccessibleName("Restore defaults")
        self._ok.setAutoDefault(True)
        self._ok.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        restore.clicked.connect(self._restore)
        self.form.validity_changed.connect(self._ok.setEnabled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(self.form, 1)
        layout.addWidget(buttons)
        self.resize(self._fitting(self.sizeHint()))
        self.form.set_recipe(recipe)

    def recipe(self) -> Recipe | None:
        """What is entered, or None while a value cannot be used."""
        return self.form.recipe()

    def _restore(self) -> None:
        self.form.set_recipe(Recipe(family=self.form.family()))

    def _fitting(self, wanted: QSize) -> QSize:
        room = self.screen().availableSize() - QSize(_MARGIN_ON_SCREEN, _MARGIN_ON_SCREEN)
        return wanted.boundedTo(room)


def ask_recipe(parent: QWidget | None, title: str, recipe: Recipe) -> Recipe | None:
    """Let the person change a recipe.

    Args:
        parent: Window over which the dialog stands.
        title: What is being done, such as "Add model".
        recipe: Where to start.

    Returns:
        The recipe, or None when the person cancelled.
    """
    dialog = RecipeDialog(parent, title, recipe)
    if parent is not None:
        paint_afterwards(parent.window())  # which looks another way when it is not active
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    answer = dialog.recipe() if accepted else None
    dialog.deleteLater()
    return answer


def _longest_family() -> str:
    return max(FAMILIES, key=lambda family: len(settings_of(family)))


def _dress(buttons: QDialogButtonBox, which: QDialogButtonBox.StandardButton, name: str, tip: str) -> QPushButton:
    button = buttons.button(which)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setAccessibleName(button.text().replace("&", ""))
    button.setToolTip(tip)
    return button
