"""The part of the status line that shows how far loading or a download is, and lets it be cancelled."""

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from explorer.durations import duration
from explorer.icons import icon
from explorer.theme import set_role
from trainers.datasets.loading_job import Progress

WORTH_A_GUESS = 0.03
"""Share that must be done before a remaining time is more than noise."""


class LoadingLine(QWidget):
    """Visible while images are being loaded.

    Signals:
        cancelled(): The person wants no more of it.
    """

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loading-line")
        self._activity = ""
        self._since = 0.0
        self._text = QLabel(self)
        self._text.setObjectName("loading-text")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("loading-bar")
        self._bar.setAccessibleName("Loading progress")
        self._bar.setToolTip("How much is loaded")
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(160)
        cancel = QToolButton(self)
        cancel.setObjectName("loading-cancel")
        cancel.setAccessibleName("Cancel loading")
        cancel.setToolTip("Cancel loading")
        cancel.setIcon(icon("close"))
        set_role(cancel, "quiet")
        cancel.clicked.connect(self.cancelled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        for widget in (self._text, self._bar, cancel):
            layout.addWidget(widget)
        self.hide()

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is, and how long it will take."""
        if progress.activity != self._activity:
            self._activity, self._since = progress.activity, time.monotonic()
        words = progress.activity
        if progress.fraction is None:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * progress.fraction))
            if progress.fraction > WORTH_A_GUESS:
                left = (time.monotonic() - self._since) * (1 / progress.fraction - 1)
                words += f" · {duration(left)} left"
        self._text.setText(words)
        self.show()

    def finish(self) -> None:
        """Nothing is being loaded any more."""
        self._activity = ""
        self.hide()
