"""Has training steps compiled, one at a time, by processes of the lowest priority."""

import os
import subprocess
import sys
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
        self._asked: set[Path] = set()
        self._process: subprocess.Popen[bytes] | None = None

    def equip(self, run: Compilable, *, worthwhile: bool) -> None:
        """Give a run its compiled step if there is one; else have one made, if that is worth it."""
        order = run.step_order if not run.is_compiled else None
        if order is None:
            return
        folder = self.find(order)
        if folder is not None:
            run.use_compiled(folder)
        elif worthwhile:
            self.ask(order)

    def find(self, order: StepOrder) -> Path | None:
        """The folder of a compiled step that is worth using, or None."""
        label = label_of(order.folder)
        return order.folder if label is not None and not label.note else None

    def ask(self, order: StepOrder) -> None:
        """Begin to compile a step, unless it has been tried before, or another is being compiled; then ask again."""
        folder = order.folder
        if folder in self._asked or self.is_busy or label_of(folder) is not None or not _can_start_python():
            return
        self._asked.add(folder)
        package = Path(trainers.__file__).parent
        surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(package.parent), *sys.path])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trainers.compiled.making", order.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings,
        )

    @property
    def is_busy(self) -> bool:
        """Whether a step is being compiled."""
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
