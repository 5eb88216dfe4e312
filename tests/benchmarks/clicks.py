"""From a click to the decoded image on the screen while three models train."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from explorer.lane import Lane
from explorer.messages import Decoded
from tests.benchmarks.measuring import percentile
from tests.benchmarks.opened_window import OpenedWindow
from tests.benchmarks.plan import Plan
from tests.benchmarks.question import Question
from tests.benchmarks.row import Bar, Row
from trainers.messages import Floats

LEAST_PAUSE, MOST_PAUSE = 0.03, 0.09
"""Seconds between an image and the next click, at random, so that clicks fall at every moment of a step."""
LOST_SECONDS = 10.0
"""Seconds after which an image will not come any more."""


@dataclass(slots=True)
class Waits:
    """Seconds from each click until the window had the image, and until it painted it."""

    decoded: list[float] = field(default_factory=list[float])
    painted: list[float] = field(default_factory=list[float])


class Stopwatch(QObject):
    """Clicks at random places of a lane, and takes the time until the decoded image of each is there, and painted.

    The clicks are made by a thread of its own: so the time in which the window does not look at its mouse counts too.

    Signals:
        due(): It is time to click.
    """

    due = Signal()

    def __init__(self, window: OpenedWindow, lane: Lane) -> None:
        super().__init__()
        self._window, self._lane = window, lane
        self._random = Random(0)
        self._clicked = 0.0
        self._wanted: Floats | None = None
        self._decoded = False
        self._painted = threading.Event()
        self._waits = Waits()
        self.due.connect(self._click)
        window.explorer.decoder.decoded.connect(self._decode_came)
        lane.pointer_image.installEventFilter(self)

    def run(self, clicks: int, waits: Waits) -> None:
        """Click so often, add to the waits, and move the mouse away."""
        self._waits = waits
        clicker = threading.Thread(target=self._work, args=(clicks,), daemon=True)
        clicker.start()
        self._window.until(lambda: not clicker.is_alive())
        QApplication.sendEvent(self._lane.cloud, QEvent(QEvent.Type.Leave))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The image that was waited for is being painted."""
        if event.type() is QEvent.Type.Paint and self._decoded:
            self._decoded, self._wanted = False, None
            self._waits.painted.append(time.perf_counter() - self._clicked)
            self._painted.set()
        return super().eventFilter(watched, event)

    def _work(self, clicks: int) -> None:
        for _ in range(clicks):
            time.sleep(self._random.uniform(LEAST_PAUSE, MOST_PAUSE))
            self._painted.clear()
            self._clicked = time.perf_counter()
            self.due.emit()
            if not self._painted.wait(LOST_SECONDS):
                self._waits.painted.append(LOST_SECONDS)

    def _click(self) -> None:
        cloud = self._lane.cloud
        place = QPointF(*(side * self._random.uniform(0.1, 0.9) for side in (cloud.width(), cloud.height())))
        self._wanted = np.array([cloud.viewport.to_latent(place.x(), place.y())], np.float32)
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        for kind, buttons in ((QEvent.Type.MouseButtonPress, left), (QEvent.Type.MouseButtonRelease, none)):
            everywhere = QPointF(cloud.mapToGlobal(place))
            event = QMouseEvent(kind, place, everywhere, left, buttons, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(cloud, event)

    def _decode_came(self, decoded: Decoded) -> None:
        job = decoded.job
        if self._decoded or self._wanted is None or job.purpose != "pointer" or job.run != self._lane.model.run:
            return
        if np.array_equal(job.codes_ND, self._wanted):
            self._decoded = True
            self._waits.decoded.append(time.perf_counter() - self._clicked)


def rows(window: OpenedWindow, plan: Plan) -> Iterator[Row]:
    """Median and 99th percentile, by turns with having the training thread decode."""
    rounds, clicks = plan.count(3, 1), plan.count(130, 10)
    ours, theirs = Waits(), Waits()
    question = Question(window.explorer)
    stopwatch = Stopwatch(window, window.lanes[1])
    window.play()
    window.live(plan.amount(5.0, 0.5))
    for _ in range(rounds):
        for waits, asking in ((ours, False), (theirs, True)):
            question.set_on(asking)
            stopwatch.run(clicks, waits)
        question.set_on(False)
    window.pause()
    what = f"{rounds * clicks} clicks into the VAE's cloud while AE, VAE and AAE train on {plan.images}: from the click"
    for end, until, mine, other in (
        ("decoded", "until the window has the image", ours.decoded, theirs.decoded),
        ("painted", "until the image is painted", ours.painted, theirs.painted),
    ):
        for name, share, bar in (("p50", 0.5, None), ("p99", 0.99, Bar("ours", "≤", 16.7))):
            yield Row(
                name=f"clicks/{end}-{name}",
                work=f"{what} {until}, {name}, against decoding by the thread that trains.",
                unit="ms",
                ours=1000 * percentile(mine, share),
                theirs=1000 * percentile(other, share),
                better="less",
                bar=bar,
            )
