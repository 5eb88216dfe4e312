"""How long the window stands still while three models train: gaps of a timer that should go every 16 ms."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import Qt, QTimer

from tests.benchmarks.measuring import percentile
from tests.benchmarks.opened_window import OpenedWindow
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

BEAT_MS = 16


class Heartbeat:
    """A timer of the window's own thread, and the seconds between its beats."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to count."""
        self._last = perf_counter()
        self._timer.start(BEAT_MS)

    def stop(self) -> None:
        """Count no more; the time since the last beat counts as well."""
        self._timer.stop()
        self._beat()

    def _beat(self) -> None:
        now = perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def rows(window: OpenedWindow, plan: Plan) -> Iterator[Row]:
    """Gaps while training, beside those of the same window at rest."""
    seconds = plan.amount(30.0, 1.5)
    resting, training = Heartbeat(), Heartbeat()
    for _ in range(2):
        window.live(plan.amount(1.0, 0.3))
        resting.start()
        window.live(seconds / 6)
        resting.stop()
        window.play()
        window.live(plan.amount(5.0, 0.3))
        training.start()
        window.live(seconds / 2)
        training.stop()
        window.pause()
    what = f"Gaps of a {BEAT_MS} ms timer in the window's thread over {seconds:.0f} s, while AE, VAE and AAE train on"
    for name, share, bar in (("p99", 0.99, 20.0), ("max", 1.0, 50.0)):
        yield Row(
            name=f"gaps/{name}",
            work=f"{what} {plan.images}, against the same window while nothing trains: {name}.",
            unit="ms",
            ours=1000 * percentile(training.gaps, share),
            theirs=1000 * percentile(resting.gaps, share),
            better="less",
            bar=Bar("ours", "≤", bar),
        )
