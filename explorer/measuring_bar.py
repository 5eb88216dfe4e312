"""The line above a panel's figures: what can be done with them, and how far the measuring is that was asked for."""

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from explorer.durations import duration
from explorer.icons import icon
from explorer.theme import set_role

Look = Callable[[], tuple[float, str]]
"""Gives how much is done, from 0 to 1, and what is in hand."""

WORTH_A_GUESS = 0.03
"""Share that must be done before a remaining time is more than noise."""
REFRESH_MS = 500
SAID_MS = 6000


class MeasuringBar(QWidget):
    """Buttons at the left, progress in the middle, and other controls at the right.

    Signals:
        cancelled(): The person wants no more of it.
    """

    cancelled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}-bar")
        self._since: float | None = None
        self._fraction = 0.0
        self._look: Look = _nothing
        self._text = QLabel("", self)
        self._text.setObjectName(f"{name}-text")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_role(self._text, "muted")
        self._bar = QProgressBar(self)
        self._bar.setObjectName(f"{name}-progress")
        self._bar.setAccessibleName("Progress of measuring")
        self._bar.setToolTip("How much is measured")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(110)
        self._bar.setRange(0, 1000)
        self._cancel = QToolButton(self)
        self._cancel.setObjectName(f"{name}-cancel")
        self._cancel.setAccessibleName("Cancel measuring")
        self._cancel.setToolTip("Cancel measuring; what is measured already stays")
        self._cancel.setIcon(icon("close"))
        set_role(self._cancel, "quiet")
        self._cancel.clicked.connect(self.cancelled)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        for widget in (self._bar, self._cancel):
            self._layout.addWidget(widget)
        self._layout.addWidget(self._text, 1)
        self._refresh = QTimer(self)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(SAID_MS)
        self._forget.timeout.connect(self._text.clear)
        self._show_working(working=False)

    @property
    def is_working(self) -> bool:
        """Whether something that was asked for is being measured."""
        return self._since is not None

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def add_button(self, action: QAction, text: str = "", *, is_primary: bool = False) -> QToolButton:
        """Put a button for an action at the left, after those that are there."""
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}-{action.objectName().removeprefix('action-')}")
        button.setDefaultAction(action)
        button.setText(text or action.text())
        button.setAccessibleName(action.text())
        if is_primary:
            set_role(button, "primary")
        self._layout.insertWidget(self._layout.indexOf(self._bar), button)
        return button

    def add_control(self, control: QWidget) -> None:
        """Put something at the right."""
        self._layout.addWidget(control)

    def begin(self, look: Look) -> None:
        """Show progress from now on; what is done never grows less."""
        self._since, self._fraction, self._look = time.monotonic(), 0.0, look
        self._forget.stop()
        self._refresh.start()
        self._show_working(working=True)
        self.refresh()

    def refresh(self) -> None:
        """Show the progress of now."""
        if self._since is None:
            return
        fraction, words = self._look()
        self._fraction = max(self._fraction, fraction)
        self._bar.setValue(round(1000 * self._fraction))
        if self._fraction > WORTH_A_GUESS:
            spent = time.monotonic() - self._since
            words += f" · {duration(spent * (1 / self._fraction - 1))} left"
        self._text.setText(words)
        self._text.setToolTip(words)

    def finish(self, sentence: str = "") -> None:
        """Nothing is being measured any more; say a sentence for some seconds."""
        self._since = None
        self._refresh.stop()
        self._show_working(working=False)
        self.say(sentence)

    def say(self, sentence: str) -> None:
        """Say a sentence for some seconds, unless progress is on show."""
        if self._since is None:
            self._text.setText(sentence)
            self._text.setToolTip(sentence)
            self._forget.start()

    def _show_working(self, *, working: bool) -> None:
        self._bar.setVisible(working)
        self._cancel.setVisible(working)


def _nothing() -> tuple[float, str]:
    return 0.0, ""
