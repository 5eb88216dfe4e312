"""The editor of a recipe, made from the recipe's own table: a new setting there is a new row here."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from explorer.drawing_field import DrawingEditor
from explorer.recipe_fields import ChoiceEditor, FieldEditor, make_editor
from explorer.theme import set_role
from trainers.models import FAMILIES
from trainers.recipe import KINDS, SETTINGS, Recipe, fitting_defaults, priors_of, recipe_problems, settings_of
from trainers.setting import Setting

_WIDTH = 560


class RecipeForm(QWidget):
    """One row a setting, under the headings of the table; rows that the chosen family does not read are hidden.

    A value that cannot be used is explained under its field while it is typed. Hidden settings keep their values, and
    stand at their defaults for as long as a hidden value would be a problem for the chosen family. A number that nobody
    has set goes with choices that ask for another start (`trainers.recipe.fitting_defaults`).

    Args:
        parent: What it is part of.
        recipe: Where to start.

    Signals:
        recipe_changed(object): The person made another valid `Recipe`.
        validity_changed(bool): Whether what is entered is a recipe.
    """

    recipe_changed = Signal(object)
    validity_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, recipe: Recipe | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe_form")
        self.setAccessibleName("Recipe")
        self._quiet = False
        self._recipe: Recipe | None = None
        self._fitting: dict[str, object] = {}
        self._rows: dict[str, _Row] = {}
        self._headings: dict[str, QLabel] = {}
        self._explanation = _wrapped_label("recipe_explanation", self)
        set_role(self._explanation, "muted")
        self._explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._explanation.setFixedHeight(3 * self._explanation.fontMetrics().lineSpacing())

        # From the outside in: Qt dresses all that a widget holds anew whenever it gets another parent.
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("recipe_scroll")
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._explanation)
        self._content = QWidget()
        self._scroll.setWidget(self._content)
        self._layout = QFormLayout(self._content)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._layout.setHorizontalSpacing(16)
        self._layout.setVerticalSpacing(7)
        self._layout.setContentsMargins(0, 0, 12, 0)
        for group in dict.fromkeys(setting.group for setting in SETTINGS.values()):
            self._add_heading(group)
            for name, setting in SETTINGS.items():
                if setting.group == group:
                    self._add_row(name, setting)
        self.set_recipe(recipe or Recipe())

    def set_recipe(self, recipe: Recipe) -> None:
        """Show a recipe; `recipe_changed` is for what the person does, and stays silent."""
        self._quiet = True
        for name, row in self._rows.items():
            row.editor.set_value(getattr(recipe, name))
        self._quiet = False
        self._take_values(announce=False)

    def recipe(self) -> Recipe | None:
        """What is entered, or None while a value cannot be used."""
        return self._recipe

    def family(self) -> str:
        """The chosen family, also while another value cannot be used."""
        return str(self._rows["family"].editor.value())

    def sizeHint(self) -> QSize:
        """Room for every row of the longest family without scrolling."""
        content = self._layout.sizeHint()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return QSize(max(_WIDTH, content.width() + bar), content.height() + self._explanation.height() + 16)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Explain the field that has the keyboard."""
        if isinstance(event, QFocusEvent) and event.gotFocus():
            for row in self._rows.values():
                if row.editor.control is watched:
                    self._explain(row)
                    if event.reason() != Qt.FocusReason.MouseFocusReason:  # nothing moves away under the pointer
                        self._scroll.ensureWidgetVisible(row.field, 0, 12)
        return super().eventFilter(watched, event)

    def _add_heading(self, group: str) -> None:
        heading = QLabel(group, self._content)
        heading.setObjectName(f"recipe_group_{group.lower()}")
        set_role(heading, "title")
        heading.setContentsMargins(0, 10 if self._headings else 0, 0, 0)
        self._headings[group] = heading
        self._layout.addRow(heading)

    def _add_row(self, name: str, setting: Setting) -> None:
        row = _Row(name, setting, self._content)
        row.editor.value_changed.connect(self._react)
        row.editor.control.installEventFilter(self)
        self._rows[name] = row
        self._layout.addRow(row.label, row.field)

    def _react(self) -> None:
        if not self._quiet:
            self._take_values(announce=True)

    def _take_values(self, *, announce: bool) -> None:
        if "prior" in FAMILIES[self.family()].settings:
            self._offer_priors()
        values = {name: row.editor.value() for name, row in self._rows.items()}
        shown = settings_of(self.family(), str(values["prior"]))
        problems = _problems_with_hidden_defaults(values, shown)
        self._follow(values, announce=announce)
        was_valid, before = self._recipe is not None, self._recipe
        self._recipe = None if problems else Recipe().with_changes(**values)
        self._show_rows(shown)
        for name, row in self._rows.items():
            row.show_problem(problems.get(name, ""))
        for row in self._rows.values():
            if row.editor.control.hasFocus():
                self._explain(row)
        if was_valid != (self._recipe is not None):
            self.validity_changed.emit(self._recipe is not None)
        if announce and self._recipe is not None and self._recipe != before:
            self.recipe_changed.emit(self._recipe)

    def _follow(self, values: dict[str, object], *, announce: bool) -> None:
        """Let settings go with a choice that asks for another start, as long as nobody has set them."""
        before, self._fitting = self._fitting, fitting_defaults(values)
        for name in {*before, *self._fitting} if announce else ():
            usual = getattr(Recipe(), name)
            old, new = before.get(name, usual), self._fitting.get(name, usual)
            if values[name] == old != new:
                values[name] = new
                self._quiet = True
                self._rows[name].editor.set_value(new)
                self._quiet = False

    def _offer_priors(self) -> None:
        editor = self._rows["prior"].editor
        assert isinstance(editor, ChoiceEditor)
        quiet, self._quiet = self._quiet, True
        editor.offer(priors_of(self.family()))
        self._quiet = quiet

    def _show_rows(self, shown: tuple[str, ...]) -> None:
        groups = {SETTINGS[name].group for name in shown}
        parts = [(row.field, name in shown) for name, row in self._rows.items()]
        parts += [(heading, group in groups) for group, heading in self._headings.items()]
        for part, is_shown in parts:
            if self._layout.isRowVisible(part) != is_shown:
                self._layout.setRowVisible(part, is_shown)

    def _explain(self, row: "_Row") -> None:
        self._explanation.setText(f"{row.setting.label}: {row.setting.help} {row.editor.remark()}".strip())


class _Row:
    """Label, editor and the sentence on what is wrong, for one setting."""

    def __init__(self, name: str, setting: Setting, parent: QWidget) -> None:
        self.setting = setting
        self.field = QWidget(parent)
        self.editor = _editor(name, setting, self.field)
        self.label = QLabel(setting.label, parent)
        self.label.setObjectName(f"recipe_{name}_label")
        self.label.setBuddy(self.editor.control)
        self.label.setToolTip(self.editor.control.toolTip())
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.label.setContentsMargins(0, 5, 0, 0)  # level with the first line of the field
        self.problem = _wrapped_label(f"recipe_{name}_problem", self.field)
        set_role(self.problem, "error")
        self.problem.hide()
        column = QVBoxLayout(self.field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.editor)
        column.addWidget(self.problem)

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong, to eyes and to screen readers; nothing when all is well."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.editor.control.setAccessibleDescription(f"{sentence} {self.setting.help}".strip())


def _problems_with_hidden_defaults(values: dict[str, object], shown: tuple[str, ...]) -> dict[str, str]:
    """Put hidden values that are problems back to their defaults, and return what is left to be mended."""
    defaults = Recipe()
    while hidden := [name for name in recipe_problems(values) if name not in shown]:
        changed = {name: getattr(defaults, name) for name in hidden}
        if all(values[name] == value for name, value in changed.items()):
            break
        values.update(changed)
    return recipe_problems(values)


def _editor(name: str, setting: Setting, parent: QWidget) -> FieldEditor:
    if setting.is_drawing:
        return DrawingEditor(name, setting, parent)
    return make_editor(name, setting, KINDS[name], parent)


def _wrapped_label(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    return label
