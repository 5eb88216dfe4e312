"""How far long work is that has many parts, on stderr: a share, the remaining time, and what is done now."""

import sys
import time
from types import TracebackType
from typing import Self

from tqdm import tqdm

from trainers.commands.progress_bar import SECONDS, SECONDS_IN_A_LOG


class _Bar(tqdm):  # pyright: ignore[reportMissingTypeArgument] - generic in its stubs alone
    monitor_interval = 0  # no thread that looks after it


class WorkBar:
    """A bar for the whole of some work.

    Args:
        total: How much there is, such as images to train on.
        unit: What it is counted in; empty for a share alone.
        done: How much was done before.
    """

    def __init__(self, total: float, unit: str = "", *, done: float = 0) -> None:
        watched = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison] - None where there is no terminal
        self._seconds_between_drawings = SECONDS if watched else SECONDS_IN_A_LOG
        self._draw_at = 0.0
        counts = " {n_fmt}/{total_fmt}{unit}, {rate_fmt}" if unit else ""
        self._bar = _Bar(
            total=total,
            initial=done,
            unit=f" {unit}",
            unit_scale=True,
            dynamic_ncols=True,
            mininterval=0,
            miniters=0,
            smoothing=0.05,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}" + counts,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._draw(self._bar.desc.rstrip(": "), self._bar.total or 0)
        self._bar.close()

    def show(self, activity: str, done: float) -> None:
        """Show what is done now, and how much of the total is done, if it is time to."""
        now = time.monotonic()
        if now >= self._draw_at:
            self._draw_at = now + self._seconds_between_drawings
            self._draw(activity, done)

    def _draw(self, activity: str, done: float) -> None:
        self._bar.set_description_str(activity, refresh=False)
        self._bar.update(min(done, self._bar.total or 0) - self._bar.n)
