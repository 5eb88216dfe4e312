"""The real window with models on MNIST, driven from inside its own event loop."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.launch import Launch
from tests.benchmarks.application import open_application
from tests.benchmarks.bare_loop import BareLoop
from tests.benchmarks.memory_watch import MemoryWatch
from trainers.messages import Snapshot
from trainers.recipe import Recipe

SIZE = (1600, 960)
PATIENCE_SECONDS = 180.0
LOOK_EVERY_MS = 20
ENDLESS = 10_000
"""Epochs: no model may finish while it is measured."""


def usual_models(count: int = 3) -> tuple[Recipe, ...]:
    """The recipes that the window opens with, on MNIST, and a second AE as the fourth."""
    families = ("ae", "vae", "aae", "ae")[:count]
    return tuple(Recipe(family=family, dataset="mnist", epochs=ENDLESS) for family in families)


@dataclass(frozen=True, slots=True)
class _Seen:
    moment: float
    images: int


class OpenedWindow:
    """A window in which models train; use it in a `with` statement.

    Args:
        recipes: What to train.
        compiles: Whether steps are compiled, before it opens.

    Attributes:
        explorer: The window with its threads.
        memory_watch: How large this process was while the models trained, up to now.
    """

    def __init__(self, recipes: Sequence[Recipe], *, compiles: bool) -> None:
        if compiles:
            with BareLoop(recipes, seconds=0.1, compiles=True):
                pass  # leaves compiled steps behind, so that nothing is compiled while the window is measured
        self._application = open_application()
        QCoreApplication.setOrganizationName("latent-explorer")
        QCoreApplication.setApplicationName("latent-explorer")
        self.explorer = Explorer.start(Launch(size=SIZE, compiles=compiles))
        self.explorer.bench.start_with(tuple(recipes))
        self._seen: dict[str, _Seen] = {}
        self.explorer.window.row.snapshot_shown.connect(self._note)
        self.until(self._is_ready)
        self.memory_watch = MemoryWatch()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.explorer.window.close()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The models' columns."""
        return self.explorer.window.row.lanes

    def until(self, happened: Callable[[], bool], *, every_ms: int = LOOK_EVERY_MS) -> None:
        """Let the window live until something has happened, looking every so many milliseconds.

        Raises:
            TimeoutError: When it does not happen.
        """
        end = time.monotonic() + PATIENCE_SECONDS
        loop, timer = QEventLoop(), QTimer()

        def look() -> None:
            if happened() or time.monotonic() > end:
                loop.quit()

        timer.timeout.connect(look)
        timer.start(every_ms)
        if not happened():
            loop.exec()
        timer.stop()
        if not happened():
            raise TimeoutError(f"{happened.__qualname__} has not come true in {PATIENCE_SECONDS:.0f} s.")

    def live(self, seconds: float) -> None:
        """Let the window live for so long, without looking at anything."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def play(self) -> None:
        """Train, and go on once every model has moved."""
        if not self.is_playing:
            before = dict(self._seen)
            self._act("play")
            self.memory_watch.begin()
            self.until(lambda: self.is_playing and all(self._images(run) > seen.images for run, seen in before.items()))

    def pause(self) -> None:
        """Stop training, and wait until the last snapshots are shown."""
        if self.is_playing:
            self._act("play")
            self.until(lambda: not self.is_playing)
            self.memory_watch.end()
            self.live(0.3)

    @property
    def is_playing(self) -> bool:
        """Whether models train."""
        return self.explorer.window.commands_by_name["play"].text() == "Pause"

    def set_map(self, on: bool) -> None:
        """Show the decoded map, or hide it."""
        self.explorer.window.commands_by_name["map"].setChecked(on)

    def images_per_second(self, seconds: float) -> float:
        """Training images a second of all models together, by the snapshots that are shown."""
        before = dict(self._seen)
        self.live(seconds)
        return sum(
            (now.images - before[run].images) / (now.moment - before[run].moment)
            for run, now in self._seen.items()
            if now.moment > before[run].moment
        )

    def training_pace(self, seconds: float) -> float:
        """The same, from pause to pause: what is measured beside it has the machine for itself."""
        self.play()
        self.live(min(1.0, seconds / 2))
        pace = self.images_per_second(seconds)
        self.pause()
        return pace

    def _act(self, name: str) -> None:
        self.explorer.window.commands_by_name[name].trigger()

    def _images(self, run: str) -> int:
        return self._seen[run].images

    def _note(self, snapshot: Snapshot) -> None:
        self._seen[snapshot.run] = _Seen(time.perf_counter(), snapshot.images_seen)

    def _is_ready(self) -> bool:
        return len(self.lanes) == len(self.explorer.bench.models) and all(
            lane.snapshot is not None
            and lane.held_out is not None
            and len(lane.snapshot.points_N2) == len(lane.held_out.images_NCHW)
            and lane.model.run in self._seen
            for lane in self.lanes
        )
