"""A latent code in words, to read, to type and to copy."""

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from explorer.icons import icon
from explorer.theme import set_role

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PAIR = re.compile(rf"[\s(\[]*({_NUMBER})(?:\s*[,;]\s*|\s+)({_NUMBER})[\s)\]]*")
_FARTHEST = 1e6
_MOST_SHOWN = 4
_PINNED = "pinned: stays while the pointer moves"
_HOVERED = "under the pointer"


class CodeField(QWidget):
    """Shows z = (0.41, −1.20), lets the person type another, and copies it.

    Signals:
        entered(float, float): The person typed a point of the plane and pressed Return.
        copied(str): The code, as "0.41,-1.2", is on the clipboard.
    """

    entered = Signal(float, float)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._code: tuple[float, ...] | None = None
        name = QLabel("z =")
        set_role(name, "title")
        self._edit = _Edit()
        self._edit.setObjectName("code_edit")
        self._edit.setAccessibleName("Latent code z")
        self._edit.setPlaceholderText("Hover or click a cloud")
        self._edit.setToolTip("The code z. Type two numbers, such as 0.4, −1.2, and press Return to decode them.")
        set_role(self._edit, "quiet")
        name.setBuddy(self._edit)
        self._edit.returnPressed.connect(self._enter)
        self._edit.left.connect(self._restore)
        self._origin = QLabel()
        self._origin.setObjectName("code_origin")
        self._origin.setAccessibleName("Where the code comes from")
        set_role(self._origin, "muted")
        self._copy = QToolButton()
        self._copy.setIcon(icon("duplicate"))
        self._copy.setObjectName("copy_code")
        self._copy.setAccessibleName("Copy the code")
        self._copy.setToolTip("Copy the code.")
        set_role(self._copy, "quiet")
        self._copy.clicked.connect(self._copy_code)
        self._problem = QLabel()
        self._problem.setObjectName("code_problem")
        self._problem.setWordWrap(True)
        self._problem.hide()
        set_role(self._problem, "error")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(name)
        row.addWidget(self._edit, 1)
        row.addWidget(self._copy)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addLayout(row)
        rows.addWidget(self._origin)
        rows.addWidget(self._problem)
        self.show_code(None, pinned=False)

    def show_code(self, code: tuple[float, ...] | None, *, pinned: bool) -> None:
        """Show a code, or none; what the person is typing stays."""
        self._code = code
        self._copy.setEnabled(code is not None)
        self._origin.setText("One code, decoded by every model" if code is None else _PINNED if pinned else _HOVERED)
        self._edit.setReadOnly(code is not None and len(code) != 2)
        if not (self._edit.hasFocus() and self._edit.isModified()):
            self._restore()

    def text(self) -> str:
        """The code as it is on show."""
        return self._edit.text()

    def _restore(self) -> None:
        self._edit.setText("" if self._code is None else in_words(self._code))
        self._edit.setCursorPosition(0)
        self._edit.setModified(False)
        self._tell(None)

    def _tell(self, problem: str | None) -> None:
        self._problem.setText(problem or "")
        self._problem.setVisible(problem is not None)
        set_role(self._edit, "quiet" if problem is None else "error")

    def _enter(self) -> None:
        found = _PAIR.fullmatch(self._edit.text().replace("−", "-"))
        if found is None:
            self._tell("Give two numbers, such as 0.4, −1.2.")
            return
        x, y = float(found[1]), float(found[2])
        if max(abs(x), abs(y)) > _FARTHEST:
            self._tell(f"Give numbers from −{_FARTHEST:,.0f} to {_FARTHEST:,.0f}.")
            return
        self._edit.setModified(False)
        self._tell(None)
        self.entered.emit(x, y)

    def _copy_code(self) -> None:
        if self._code is not None:
            words = ",".join(f"{value:.6g}" for value in self._code)
            QGuiApplication.clipboard().setText(words)
            self.copied.emit(words)


class _Edit(QLineEdit):
    """A line whose changes Esc, or going elsewhere, takes back.

    Signals:
        left(): The person gave up what was typed.
    """

    left = Signal()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.isModified()
        ):
            event.accept()  # so that Esc does not also mean what it means in the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


def in_words(code: tuple[float, ...]) -> str:
    """A code as (0.41, −1.20); of a long one, its first numbers."""
    numbers = [f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−") for value in code[:_MOST_SHOWN]]
    return f"({', '.join(numbers)}{', …' if len(code) > _MOST_SHOWN else ''})"
