"""The line above the comparison: what can be asked for, whether figures come while training, and copying."""

from functools import partial

from PySide6.QtCore import QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QMenu, QToolButton, QWidget

from explorer.disk import remember
from explorer.measuring_bar import MeasuringBar
from trainers.comparison import FORMATS


class ComparisonBar(MeasuringBar):
    """A measuring bar with the commands of the comparison.

    Signals:
        copy_wanted(str): The table is wanted on the clipboard, in a form of `FORMATS`.

    Args:
        actions: Commands by name: "measure", "measure_live", and "copy_" with each entry of `FORMATS` that is offered.
        parent: The panel.
    """

    copy_wanted = Signal(str)

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("comparison", parent)
        self._measure, self.live = actions["measure"], actions["measure_live"]
        self._copies = {form: action for form in FORMATS if (action := actions.get(f"copy_{form}")) is not None}
        self.add_button(self._measure)
        self.add_control(self._live_box())
        self._copy = self._copy_button()
        self.add_control(self._copy)
        for form, action in self._copies.items():
            action.triggered.connect(partial(self._want_copy, form))

    @property
    def commands(self) -> tuple[QAction, ...]:
        """What can be done with the table, for its menu."""
        return (self._measure, *self._copies.values())

    def show_able(self, *, has_models: bool, has_figures: bool) -> None:
        """Offer what can be done now."""
        self._measure.setEnabled(has_models and not self.is_working)
        for action in self._copies.values():
            action.setEnabled(has_figures)
        self._copy.setEnabled(has_figures)

    def _want_copy(self, form: str, *_: object) -> None:
        self.copy_wanted.emit(form)

    def _live_box(self) -> QCheckBox:
        self.live.setCheckable(True)
        self.live.setChecked(str(QSettings().value("measure-live", True)).lower() == "true")
        box = QCheckBox("While training", self)
        box.setObjectName("comparison-live")
        box.setAccessibleName(self.live.text())
        box.setToolTip(self.live.toolTip())
        box.setChecked(self.live.isChecked())
        box.toggled.connect(self.live.setChecked)
        self.live.toggled.connect(box.setChecked)
        self.live.toggled.connect(partial(remember, "measure-live"))
        return box

    def _copy_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("comparison-copy")
        button.setText("Copy ▾")
        button.setAccessibleName("Copy the table")
        button.setToolTip("Copy all figures as a table for notes, papers or programs")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("comparison-copies")
        menu.addActions(list(self._copies.values()))
        menu.setToolTipsVisible(True)
        button.setMenu(menu)
        return button
