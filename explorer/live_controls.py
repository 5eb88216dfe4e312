"""The settings of a model that can be changed while it trains: one number box each."""

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.number_box import NumberBox
from explorer.recipe_fields import tooltip
from explorer.theme import set_role
from trainers.recipe import KINDS, SETTINGS, Recipe, settings_of

SHORT = {"learning_rate": "lr"}
DIGITS = {int: 4, float: 5}
"""Figures of a number that must be legible without scrolling."""
FRAME = 28
"""Pixels of a box beside its figures: its border, and the arrows."""
SPACING = 4


class LiveControls(QWidget):
    """Takes a number when it is stepped, or when typing ends; a half-typed number changes nothing.

    All stand in one row where there is room for every setting that any family has, else whole numbers in a second one:
    so lanes of one width have clouds of one height, whatever their families.

    Signals:
        changed(str, object): A setting's name and its new value.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe: Recipe | None = None
        self._boxes: dict[str, NumberBox] = {}
        self._labels: dict[str, QLabel] = {}
        self._rows = (QHBoxLayout(), QHBoxLayout())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        for row in self._rows:
            row.setSpacing(SPACING)
            layout.addLayout(row)
        # The learning rate is the last in the recipe, and the first that a person wants to turn.
        for name in reversed([name for name, setting in SETTINGS.items() if setting.live]):
            setting = SETTINGS[name]
            label = QLabel(SHORT.get(name, setting.label), self)
            set_role(label, "muted")
            box = NumberBox(setting, KINDS[name], self)
            box.setObjectName(f"live-{name}")
            box.setAccessibleName(setting.label)
            box.setMinimumWidth(box.fontMetrics().horizontalAdvance("0") * DIGITS[KINDS[name]] + FRAME)
            label.setBuddy(box)
            for widget in (label, box):
                widget.setToolTip(tooltip(f"{setting.label}: {setting.help} It can be changed while training."))
            box.number_changed.connect(partial(self._stepped, name))
            box.editingFinished.connect(partial(self._take, name))
            self._boxes[name], self._labels[name] = box, label
        self._rows_used = 0
        self._lay_out(rows=1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as need be: the lanes share the width evenly."""
        return QSize(1, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take a second row where one is too narrow."""
        super().resizeEvent(event)
        self._lay_out(rows=1 if self.width() >= self._width_of_one_row() else 2)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show the settings of a model; a box that is being typed into is left alone."""
        if recipe == self._recipe:
            return
        self._recipe = recipe
        for name, box in self._boxes.items():
            has_it = name in settings_of(recipe.family)
            box.setVisible(has_it)
            self._labels[name].setVisible(has_it)
            if not box.hasFocus() or not box.lineEdit().isModified():
                box.blockSignals(True)
                box.show_number(getattr(recipe, name))
                box.blockSignals(False)
                set_role(box, "")

    def _width_of_one_row(self) -> int:
        labels, boxes = self._labels.values(), self._boxes.values()
        wide = sum(label.sizeHint().width() for label in labels) + sum(box.minimumWidth() for box in boxes)
        return wide + SPACING * (len(labels) + len(boxes) - 1)

    def _lay_out(self, *, rows: int) -> None:
        if rows == self._rows_used:
            return
        self._rows_used = rows
        for name, box in self._boxes.items():
            row = self._rows[1 if rows == 2 and KINDS[name] is int else 0]
            row.addWidget(self._labels[name])  # a layout takes a widget from the one that had it
            row.addWidget(box, 1)

    def _stepped(self, name: str) -> None:
        # Text that a person types is marked as modified, and text that a step writes is not.
        if not self._boxes[name].lineEdit().isModified():
            self._take(name)

    def _take(self, name: str) -> None:
        if self._recipe is None:
            return
        box = self._boxes[name]
        box.lineEdit().setModified(False)
        value = box.number()
        problem = SETTINGS[name].problem(value, KINDS[name])
        set_role(box, "error" if problem else "")
        box.setToolTip(tooltip(problem or f"{SETTINGS[name].label}: {SETTINGS[name].help}"))
        if problem is None and value != getattr(self._recipe, name):
            self._recipe = self._recipe.with_changes(**{name: value})
            self.changed.emit(name, value)
