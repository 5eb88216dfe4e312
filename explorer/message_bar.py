"""A line at the top of the window that says what happened and offers what to do; it never blocks the way."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from explorer.icons import icon
from explorer.theme import set_role


@dataclass(frozen=True, slots=True)
class _Question:
    sentence: str
    answer: str
    on_answer: Callable[[], None]
    on_close: Callable[[], None] | None


class MessageBar(QFrame):
    """Shows the newest sentence until it is closed, answered or replaced; a question comes back after a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message-bar")
        set_role(self, "panel")
        self._text = QLabel(self)
        self._text.setObjectName("message-text")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._answer = QPushButton(self)
        self._answer.setObjectName("message-answer")
        set_role(self._answer, "primary")
        self._answer.clicked.connect(self._answered)
        self._close = QToolButton(self)
        self._close.setObjectName("message-close")
        self._close.setAccessibleName("Close message")
        self._close.setToolTip("Close this message")
        self._close.setIcon(icon("close"))
        set_role(self._close, "quiet")
        self._close.clicked.connect(self._closed)
        self._told = ""
        self._question: _Question | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._answer)
        layout.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown; empty while none is."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, sentence: str, *, is_error: bool = False) -> None:
        """Show a sentence."""
        self._told = sentence
        set_role(self._text, "error" if is_error else "")
        self._show()

    def ask(
        self, sentence: str, answer: str, on_answer: Callable[[], None], on_close: Callable[[], None] | None = None
    ) -> None:
        """Show a sentence with a button; `on_close` is called when it is closed, or replaced by another question."""
        replaced, self._question = self._question, _Question(sentence, answer, on_answer, on_close)
        self._told = ""
        self._answer.setText(answer)
        self._answer.setAccessibleName(answer)
        self._answer.setToolTip(sentence)
        set_role(self._text, "")
        self._show()
        if replaced is not None and replaced.on_close is not None:
            replaced.on_close()

    def take_back(self, sentence: str) -> None:
        """Ask this no more, if it is what is asked: it has no meaning now."""
        if self._question is not None and self._question.sentence == sentence:
            self._question = None
            self._show()

    def _show(self) -> None:
        question = self._question if not self._told else None
        self._text.setText(self._told or (question.sentence if question is not None else ""))
        self._answer.setVisible(question is not None)
        self.setVisible(bool(self._text.text()))

    def _answered(self) -> None:
        question, self._question = self._question, None
        self._show()
        if question is not None:
            question.on_answer()

    def _closed(self) -> None:
        if self._told:
            self._told = ""
            set_role(self._text, "")
            self._show()
            return
        question, self._question = self._question, None
        self._show()
        if question is not None and question.on_close is not None:
            question.on_close()
