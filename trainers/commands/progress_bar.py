"""How far training is, on stderr."""

import sys
import time
from types import TracebackType
from typing import Self

from tqdm import tqdm

from trainers.datasets.loading import Progress
from trainers.messages import LossHistory
from trainers.run import TrainingRun

SECONDS = 0.2
SECONDS_IN_A_LOG = 10.0
"""Between two lines where nobody watches, as in a log file."""


class _Bar(tqdm):  # pyright: ignore[reportMissingTypeArgument] - generic in its stubs alone
    monitor_interval = 0  # no thread that looks after it


class LoadingBar:
    """Shows how far the loading of images is; silent when that is quick."""

    def __init__(self) -> None:
        self._bar: _Bar | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, progress: Progress) -> None:
        """Show what is done now, and how much of it is."""
        if self._bar is None:
            self._bar = _Bar(
                total=100, delay=0.5, leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}| {remaining} left"
            )
        if progress.activity != self._bar.desc:
            self._bar.reset()
            self._bar.set_description_str(progress.activity, refresh=False)
        if progress.fraction is not None:
            self._bar.update(progress.fraction * 100 - self._bar.n)


class TrainingBar:
    """Shows epoch, share, remaining time, images a second and the losses of a run in training."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        watched = sys.stderr is not None and sys.stderr.isatty()  # pyright: ignore[reportUnnecessaryComparison] - None where there is no terminal
        self._seconds_between_drawings = SECONDS if watched else SECONDS_IN_A_LOG
        self._look_at = self._draw_at = 0.0
        total = run.images_seen + run.remaining_images
        self._bar = _Bar(
            total=total,
            initial=min(run.images_seen, total),
            unit=" images",
            unit_scale=True,
            dynamic_ncols=True,
            mininterval=0,
            miniters=0,
            desc=self._description(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._draw(self._run.losses())
        self._bar.close()

    def show(self) -> None:
        """Look at the losses if it is time to, and draw them; call after each step.

        Raises:
            TrainingError: When the losses are no longer finite numbers.
        """
        now = time.monotonic()
        if now < self._look_at:
            return
        self._look_at = now + SECONDS
        losses = self._run.losses()
        if now >= self._draw_at:
            self._draw_at = now + self._seconds_between_drawings
            self._draw(losses)

    def write(self, sentence: str) -> None:
        """Write a line above the bar."""
        self._bar.write(sentence, file=sys.stderr)

    def _draw(self, losses: LossHistory) -> None:
        latest = {name: f"{values_T[-1]:.4g}" for name, values_T in losses.terms.items() if len(values_T)}
        self._bar.set_description_str(self._description(), refresh=False)
        self._bar.set_postfix(latest, refresh=False)
        total = self._bar.total or 0
        self._bar.update(min(self._run.images_seen, total) - self._bar.n)

    def _description(self) -> str:
        epochs = self._run.recipe.epochs
        return f"Epoch {min(int(self._run.epoch) + 1, epochs)}/{epochs}"
