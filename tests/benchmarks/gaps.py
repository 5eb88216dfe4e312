"""How long the window stands still while three models train: gaps of a timer that should go often."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction

from explorer.disk import finish_writing
from explorer.main_window import MainWindow
from tests.benchmarks.measuring import percentile
from tests.benchmarks.opened_window import SIZE, OpenedWindow
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

BEAT_MS = 16
CLOSE_BEAT_MS = 3
PANELS = ("comparison", "reset_layout", "claims", "reset_layout", "move_right", "move_left")
"""Commands after which lanes have another place or size."""
OTHER_SIZES = ((1300, 840), SIZE)

Act = tuple[str, Callable[[], object]]
Hold = tuple[float, str]
"""Seconds, and after which act."""


class Heartbeat:
    """A timer of the window's own thread, and the seconds between its beats."""

    def __init__(self, every_ms: int = BEAT_MS) -> None:
        self.gaps: list[float] = []
        self._every_ms = every_ms
        self._last = perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Begin to count."""
        self._last = perf_counter()
        self._timer.start(self._every_ms)

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
    yield from _rows_of_acts(window, plan)


def _acts(main: MainWindow, folder: Path) -> dict[str, tuple[str, tuple[Act, ...]]]:
    """Rows on what has more painted than usual: what that is, and the acts by name."""
    themes = ((name, main.findChild(QAction, f"theme-{name}")) for name in ("dark", "light"))
    return {
        "panels": (
            "opening a panel, resetting the layout and moving a lane",
            tuple((name, main.commands_by_name[name].trigger) for name in PANELS),
        ),
        "window-size": (
            "another window size",
            tuple((f"{width} × {height}", partial(main.resize, width, height)) for width, height in OTHER_SIZES),
        ),
        "picture": (
            "exporting a picture of the window",
            (("export", partial(main.commands.export_wanted.emit, folder / "window.png")),),
        ),
        "theme": (
            "another theme",
            tuple((name, action.trigger) for name, action in themes if isinstance(action, QAction)),
        ),
    }


def _rows_of_acts(window: OpenedWindow, plan: Plan) -> Iterator[Row]:
    """The longest gap around each kind of act, while training, beside the same at rest."""
    with TemporaryDirectory() as folder:
        kinds = _acts(window.explorer.window, Path(folder))
        training, resting = dict[str, Hold](), dict[str, Hold]()
        for longest, rounds, begin in ((training, 3, window.play), (resting, 1, window.pause)):
            begin()
            window.live(plan.amount(3.0, 0.3))
            for kind, (_, acts) in kinds.items():
                longest[kind] = max(
                    (_hold(window, act, plan), name) for _ in range(plan.count(rounds, 1)) for name, act in acts
                )
            window.pause()
        finish_writing()
    for kind, (what, _) in kinds.items():
        (ours, after), (theirs, after_at_rest) = training[kind], resting[kind]
        yield Row(
            name=f"gaps/{kind}",
            work=f"Longest gap of a {CLOSE_BEAT_MS} ms timer in the window's thread around {what}, while AE, VAE and "
            f"AAE train on {plan.images}, against the same while nothing trains; after {after}, and {after_at_rest}.",
            unit="ms",
            ours=1000 * ours,
            theirs=1000 * theirs,
            better="less",
            bar=Bar("ours", "≤", 50.0),
        )


def _hold(window: OpenedWindow, act: Callable[[], object], plan: Plan) -> float:
    heartbeat = Heartbeat(CLOSE_BEAT_MS)
    heartbeat.start()
    window.live(0.05)
    act()
    window.live(plan.amount(0.7, 0.3))
    heartbeat.stop()
    return max(heartbeat.gaps)
