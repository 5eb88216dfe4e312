"""The editors of single settings: a list, a name or path, a number. Each is made from the setting's entry in the table.

No editor refuses what is typed: it hands it over, and the one sentence on what is wrong is shown beside it.
"""

from collections.abc import Collection
from html import escape
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from explorer.number_box import NumberBox
from trainers.setting import Setting


class FieldEditor(QWidget):
    """The control of one setting, which each kind makes for itself, in here: moved in later, it would be dressed twice.

    Attributes:
        control: The part that takes the keyboard; it is called `recipe_<field>`.

    Signals:
        value_changed(): The value is another one.
    """

    value_changed = Signal()

    control: QWidget

    def __init__(self, name: str, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._setting = name, setting
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)

    def _take_control(self, control: QWidget) -> None:
        self.control = control
        control.setObjectName(f"recipe_{self._name}")
        control.setAccessibleName(self._setting.label)
        control.setAccessibleDescription(self._setting.help)
        control.setToolTip(tooltip(self._setting.help))
        control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        control.installEventFilter(_WheelGuard(self))
        self.setFocusProxy(control)
        self._row.addWidget(control, 1)

    def value(self) -> object:
        """What is entered, in the kind of the field where it can be read as such, else the text."""
        raise NotImplementedError

    def set_value(self, value: object) -> None:
        """Show a value."""
        raise NotImplementedError

    def remark(self) -> str:
        """One sentence about the present value, or nothing."""
        return self._setting.choices.get(str(self.value()), "")

    def _tell(self, _shown: object) -> None:
        self.value_changed.emit()


class ChoiceEditor(FieldEditor):
    """A list of the choices, each with its sentence as a tooltip."""

    def __init__(self, name: str, setting: Setting, parent: QWidget) -> None:
        super().__init__(name, setting, parent)
        self._list = QComboBox(self)
        self._take_control(self._list)
        _fill(self._list, setting)
        self._wish: object = None
        self._list.currentIndexChanged.connect(self._tell)

    def offer(self, choices: Collection[str]) -> None:
        """Let only some be chosen, the others be seen; one that is given up so comes back once it can be chosen."""
        model = self._list.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self._list.count()):
            item = model.item(row)
            item.setEnabled(item.data(Qt.ItemDataRole.UserRole) in choices)
        now = self._list.currentData()
        if self._wish in choices:
            self.set_value(self._wish)
        elif now not in choices:
            self.set_value(next(name for name in self._setting.choices if name in choices))
            self._wish = now

    def value(self) -> object:
        """Name of the choice."""
        return self._list.currentData()

    def set_value(self, value: object) -> None:
        """Choose by name."""
        self._wish = None
        self._list.setCurrentIndex(self._list.findData(value))

    def _tell(self, _shown: object) -> None:
        self._wish = None
        super()._tell(_shown)


class NameOrPathEditor(FieldEditor):
    """A list of names into which a path may be typed, pasted or dropped, or be picked with a dialog."""

    def __init__(self, name: str, setting: Setting, parent: QWidget) -> None:
        super().__init__(name, setting, parent)
        self._list = QComboBox(self)
        self._list.setEditable(True)
        self._list.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._take_control(self._list)
        _fill(self._list, setting)
        completer = QCompleter(self._list.model(), self._list)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._list.setCompleter(completer)
        self._list.editTextChanged.connect(self._tell)
        for suffix, text, what, pick in (
            ("folder", "Folder…", "Choose a folder", self._pick_folder),
            ("file", "File…", "Choose a file", self._pick_file),
        ):
            button = QPushButton(text, self)
            button.setObjectName(f"recipe_{name}_{suffix}")
            button.setAccessibleName(f"{setting.label}: {what.lower()}")
            button.setToolTip(f"{what} on this computer.")
            button.setAutoDefault(False)
            button.clicked.connect(pick)
            self._row.addWidget(button)

    def value(self) -> object:
        """Name of the choice whose name or label is written, else the text as a path."""
        text = self._list.currentText().strip()
        for index in range(self._list.count()):
            choice = str(self._list.itemData(index))
            if text.casefold() in (choice.casefold(), self._list.itemText(index).casefold()):
                return choice
        if text.startswith("file:"):
            return QUrl(text).toLocalFile() or text
        return str(Path(text).expanduser()) if text.startswith("~") else text

    def set_value(self, value: object) -> None:
        """Show a choice by its label, and anything else as it is written."""
        index = self._list.findData(value)
        self._list.setCurrentIndex(index)
        if index < 0:
            self._list.setEditText(str(value))
        text_field = self._list.lineEdit()
        if text_field is not None and not self._list.hasFocus():
            text_field.setCursorPosition(0)  # a long name is read from its beginning

    def _pick_folder(self) -> None:
        self._pick(QFileDialog.FileMode.Directory, "Choose a folder of images")

    def _pick_file(self) -> None:
        self._pick(QFileDialog.FileMode.ExistingFile, "Choose a file")

    def _pick(self, mode: QFileDialog.FileMode, title: str) -> None:
        dialog = QFileDialog(self, title)
        dialog.setObjectName("path_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        if mode == QFileDialog.FileMode.Directory:
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        elif self._setting.files:
            patterns = " ".join(self._setting.files)
            dialog.setNameFilters([f"Readable files ({patterns})", "All files (*)"])
        start = Path(str(self.value()))
        if start.is_absolute() and start.parent.is_dir():
            dialog.setDirectory(str(start.parent))
        dialog.fileSelected.connect(self.set_value)
        dialog.open()


class NumberEditor(FieldEditor):
    """A number, typed as 0.001 or 1e-3 whatever the language of the desktop, or stepped with keys and arrows."""

    def __init__(self, name: str, setting: Setting, kind: type, parent: QWidget) -> None:
        super().__init__(name, setting, parent)
        self._box = NumberBox(setting, kind, self)
        self._take_control(self._box)
        limits = f"From {setting.minimum:.15g} to {setting.maximum:.15g}."
        self._box.setToolTip(tooltip(f"{setting.help} {limits}"))
        self._box.number_changed.connect(self.value_changed)

    def value(self) -> object:
        """The number, or the text where it is none."""
        return self._box.number()

    def set_value(self, value: object) -> None:
        """Show a number."""
        assert isinstance(value, int | float), value
        self._box.show_number(value)

    def remark(self) -> str:
        """Nothing: a number speaks for itself."""
        return ""


def make_editor(name: str, setting: Setting, kind: type, parent: QWidget) -> FieldEditor:
    """The editor that suits a field of this kind."""
    if kind is not str:
        return NumberEditor(name, setting, kind, parent)
    return (NameOrPathEditor if setting.free_text else ChoiceEditor)(name, setting, parent)


def tooltip(text: str) -> str:
    """A sentence as a tooltip that breaks into lines."""
    return f"<p>{escape(text)}</p>"


class _WheelGuard(QObject):
    """Lets the wheel scroll the form instead of changing a control that the pointer merely passes."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _fill(box: QComboBox, setting: Setting) -> None:
    box.setMinimumContentsLength(12)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    for row, (name, sentence) in enumerate(setting.choices.items()):
        box.addItem(setting.choice_label(name), name)
        box.setItemData(row, tooltip(sentence), Qt.ItemDataRole.ToolTipRole)
