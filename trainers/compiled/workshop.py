"""Has training steps compiled, one after another, by a process of the lowest priority."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import trainers
from trainers.compiled.shelf import StepOrder, label_of


class Compilable(Protocol):
    """A model in training whose step can be compiled; see `trainers.run.TrainingRun`."""

    @property
    def is_compiled(self) -> bool:
        """Whether its steps are compiled."""
        ...

    @property
    def step_order(self) -> StepOrder | None:
        """What must be known to compile them; None where that cannot be done."""
        ...

    def use_compiled(self, folder: Path) -> None:
        """Go on with a compiled step."""
        ...


class Workshop:
    """Compiled steps from the shelf, and the making of those that are not there yet.

    All methods return at once. Where there is no compiler, or a step cannot be compiled, none ever comes, and nobody
    need know.
    """

    def __init__(self) -> None:
        self._begun: list[Path] = []
        self._failed: set[Path] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def equip(self, runs: Iterable[Compilable], *, worthwhile: bool) -> None:
        """Give each run its compiled step if there is one; else have it made, if that is worth it."""
        missing: list[StepOrder] = []
        for run in runs:
            order = run.step_order if not run.is_compiled else None
            folder = self.find(order) if order is not None else None
            if folder is not None:
                run.use_compiled(folder)
            elif order is not None and worthwhile:
                missing.append(order)
        self.ask(missing)

    def find(self, order: StepOrder) -> Path | None:
        """The folder of a compiled step that is worth using, or None."""
        label = label_of(order.folder)
        return order.folder if label is not None and not label.note else None

    def ask(self, orders: Iterable[StepOrder]) -> None:
        """Begin to compile those steps that have not been tried before.

        While others are being compiled, nothing happens; then ask again.
        """
        if self.is_busy or not _can_start_python():
            return
        unmade = [folder for folder in self._begun if label_of(folder) is None]
        self._failed.update(unmade[:1])  # this one must have ended the process
        texts = {order.folder: order.to_json() for order in orders}
        self._begun = [folder for folder in texts if folder not in self._failed and label_of(folder) is None]
        if not self._begun:
            return
        package = Path(trainers.__file__).parent
        surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(package.parent), *sys.path])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trainers.compiled.making", *(texts[folder] for folder in self._begun)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings,
        )

    @property
    def is_busy(self) -> bool:
        """Whether steps are being compiled."""
        return self._process is not None and self._process.poll() is None

    def finish(self) -> None:
        """Wait until what is being compiled is done."""
        if self._process is not None:
            self._process.wait()

    def close(self) -> None:
        """Give up what is being compiled."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


def _can_start_python() -> bool:
    """Whether `sys.executable` is Python, and not a program that carries it inside."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)
