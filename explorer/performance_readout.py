"""How promptly the window answers, in figures: shown in the status line on request."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from explorer.messages import Decoded
from explorer.theme import set_role
from trainers.messages import Snapshot

BEAT_MS: Final = 16
TELL_MS: Final = 500
REMEMBERED: Final = 600
"""Values of each kind that the figures are taken over: ten seconds of beats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """Figures over the last seconds, in milliseconds; None where there is none yet.

    Attributes:
        beat: Usual time between two turns of the window's event loop, where 16 were asked for (median).
        longest_beat: The longest of them: for so long the window stood still.
        snapshot_age: From the moment that a snapshot shows to its being drawn (median).
        click_to_image: From pointing at a place to its decoded image (median).
    """

    beat: float | None
    longest_beat: float | None
    snapshot_age: float | None
    click_to_image: float | None


class PerformanceReadout(QLabel):
    """Measures while it is visible, and costs nothing while it is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("performance")
        self.setAccessibleName("Performance")
        self.setToolTip(
            "Beat: time between two turns of the window, of which it wants one every 16 ms; in brackets the longest.\n"
            "Snapshot: how old a model's state is when it is drawn.\n"
            "Click to image: from pointing at a place to its decoded image."
        )
        set_role(self, "muted")
        self._beats: deque[float] = deque(maxlen=REMEMBERED)
        self._ages: deque[float] = deque(maxlen=REMEMBERED)
        self._answers: deque[float] = deque(maxlen=REMEMBERED)
        self._last_beat = 0.0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._count_beat)
        self._tell = QTimer(self)
        self._tell.setInterval(TELL_MS)
        self._tell.timeout.connect(self._show_figures)

    def figures(self) -> Performance:
        """The figures of the last seconds."""
        return Performance(
            beat=_median(self._beats),
            longest_beat=max(self._beats, default=None),
            snapshot_age=_median(self._ages),
            click_to_image=_median(self._answers),
        )

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot is being drawn."""
        if self._beat.isActive():
            self._ages.append(1000 * (time.monotonic() - snapshot.taken))

    def note_decoded(self, decoded: Decoded) -> None:
        """An image has come."""
        if self._beat.isActive() and decoded.job.purpose == "pointer":
            self._answers.append(1000 * (time.monotonic() - decoded.job.asked))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to measure."""
        super().showEvent(event)
        for values in (self._beats, self._ages, self._answers):
            values.clear()
        self._last_beat = time.monotonic()
        self._beat.start()
        self._tell.start()
        self._show_figures()

    def hideEvent(self, event: QHideEvent) -> None:
        """Measure no longer."""
        super().hideEvent(event)
        self._beat.stop()
        self._tell.stop()

    def _count_beat(self) -> None:
        now = time.monotonic()
        self._beats.append(1000 * (now - self._last_beat))
        self._last_beat = now

    def _show_figures(self) -> None:
        figures = self.figures()
        words = [f"beat {_ms(figures.beat)} (longest {_ms(figures.longest_beat)})"]
        words.append(f"snapshot {_ms(figures.snapshot_age)} old")
        words.append(f"click to image {_ms(figures.click_to_image)}")
        self.setText(" · ".join(words))


def _median(values: deque[float]) -> float | None:
    return float(np.median(values)) if values else None


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"
