"""A picture of the window at work, without anyone at the keyboard: plays, points, clicks, waits and takes it."""

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.main_window import MainWindow
from explorer.picture_export import take_picture, write_picture

LOOK_EVERY: Final = 50
"""Milliseconds between looks at whether the next thing can be done."""
SETTLE_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 120.0


class Screenshot(QObject):
    """Trains for a while, clicks a place in the middle cloud, and writes what a person would see.

    Signals:
        finished(): The picture is written, or `problem` says why not.

    Attributes:
        problem: One sentence on why there is no picture; empty otherwise.
    """

    finished = Signal()

    def __init__(self, window: MainWindow, path: Path, seconds: float) -> None:
        super().__init__(window)
        self._window, self._path, self._seconds = window, path, seconds
        self.problem = ""
        self._started = self._played = self._clicked = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY)
        self._started = time.monotonic()

    def _look(self) -> None:
        now = time.monotonic()
        if not self._played:
            if self._all_ready():
                self._window.commands_by_name["play"].trigger()
                self._played = now
            elif now - self._started > PATIENCE_SECONDS:
                self._end(
                    "The models were not ready after two minutes; start the window without --screenshot to see why."
                )
        elif not self._clicked:
            if now - self._played >= self._seconds:
                self._click()
                self._clicked = now
        elif now - self._clicked >= SETTLE_SECONDS:
            self._end(write_picture(take_picture(self._window), self._path))

    def _all_ready(self) -> bool:
        lanes = self._window.row.lanes
        return bool(lanes) and all(lane.snapshot is not None or lane.has_failed for lane in lanes)

    def _click(self) -> None:
        """Click a place a little off the middle of the middle cloud, as a mouse would."""
        lanes = self._window.row.lanes
        cloud = lanes[len(lanes) // 2].cloud
        place = QPointF(cloud.width() * 0.58, cloud.height() * 0.44)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, button, buttons in (
            (QEvent.Type.MouseMove, none, none),
            (QEvent.Type.MouseButtonPress, left, left),
            (QEvent.Type.MouseButtonRelease, left, none),
        ):
            event = QMouseEvent(
                kind, place, QPointF(cloud.mapToGlobal(place)), button, buttons, Qt.KeyboardModifier.NoModifier
            )
            QApplication.sendEvent(cloud, event)

    def _end(self, problem: str) -> None:
        self._timer.stop()
        self.problem = problem
        self.finished.emit()
