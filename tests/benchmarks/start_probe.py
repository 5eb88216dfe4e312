"""A start of the program, exactly as `main.py` does it, that writes when the window first answered, and then is gone.

Written is one JSON object: `frame`, the moment (seconds since the epoch) at which the first frame had been painted and
the window had answered an event after it; `hold`, the longest time in seconds that it then answered nothing while torch
was imported and the first points came.
"""

import argparse
import json
import os
import sys
import time

TIMER_MS = 5
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Start, watch, write, end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--torch-first", action="store_true", help="import torch before anything is shown")
    parser.add_argument("--until-ready", action="store_true", help="wait until every model has its points")
    asked = parser.parse_args()
    if asked.torch_first:
        import trainers.run  # noqa: F401  # pyright: ignore[reportUnusedImport]
    # From here on in the order of `main.py`.
    from explorer.launch import read_launch

    launch = read_launch(["--size", "1600x960"], "0")
    from explorer.display import prepare_display

    prepare_display(os.environ)
    from PySide6.QtCore import QEvent, QObject, Qt, QTimer

    from explorer import app

    class Watch(QObject):
        """Sees the first frame, and then beats until all is there."""

        def __init__(self, explorer: app.Explorer) -> None:
            super().__init__(explorer.window)
            self._explorer = explorer
            self._frame = self._last = self._hold = 0.0
            self._seen = False
            self._beat = QTimer(self)
            self._beat.setTimerType(Qt.TimerType.PreciseTimer)
            self._beat.timeout.connect(self._look)
            explorer.window.row.installEventFilter(self)

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            """The row of lanes, which is the middle of the window, is painted for the first time."""
            if event.type() is QEvent.Type.Paint and not self._seen:
                self._seen = True
                QTimer.singleShot(0, self._answer)
            return super().eventFilter(watched, event)

        def _answer(self) -> None:
            self._frame = time.time()
            self._last = time.perf_counter()
            self._beat.start(TIMER_MS)

        def _look(self) -> None:
            now = time.perf_counter()
            self._hold = max(self._hold, now - self._last)
            self._last = now
            lanes = self._explorer.window.row.lanes
            ready = not asked.until_ready or (bool(lanes) and all(lane.snapshot is not None for lane in lanes))
            if ready or time.time() - self._frame > PATIENCE_SECONDS:
                print(json.dumps({"frame": self._frame, "hold": self._hold}), flush=True)  # noqa: T201
                os._exit(0)  # it is the start that is watched, and nothing is to be kept

    start = app.Explorer.start

    def watched(launch: app.Launch) -> app.Explorer:
        explorer = start(launch)
        Watch(explorer)
        return explorer

    app.Explorer.start = watched
    sys.exit(app.open_window(launch))


if __name__ == "__main__":
    main()
