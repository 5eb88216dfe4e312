"""A line at the top of the window that says what happened and offers what to do; it never blocks the way."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from explorer.icons import icon
from explorer.theme import set_role


class MessageBar(QFrame):
    """Shows the newest sentence until it is closed, answered or replaced."""

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
        self._on_answer: Callable[[], None] | None = None
        self._on_close: Callable[[], None] | None = None
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
        self._show(sentence, is_error=is_error)

    def ask(
        self, sentence: str, answer: str, on_answer: Callable[[], None], on_close: Callable[[], None] | None = None
    ) -> None:
        """Show a sentence with a button; `on_close` is called when it is closed without an answer."""
        self._show(sentence, is_error=False)
        self._answer.setText(answer)
        self._answer.setAccessibleName(answer)
        self._answer.setToolTip(sentence)
        self._answer.show()
        self._on_answer, self._on_close = on_answer, on_close

    def _show(self, sentence: str, *, is_error: bool) -> None:
        self._on_answer = self._on_close = None
        self._text.setText(sentence)
        set_role(self._text, "error" if is_error else "")
        self._answer.hide()
        self.show()

    def _answered(self) -> None:
        on_answer = self._on_answer
        self.hide()
        if on_answer is not None:
            on_answer()

    def _closed(self) -> None:
        on_close = self._on_close
        self.hide()
        if on_close is not None:
            on_close()
