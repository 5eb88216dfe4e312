"""Reads a picture for a drawn prior without holding the window: large and broken files take their time."""

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from trainers.errors import DatasetError
from trainers.priors.drawing import Drawing

_BUSY: Final[set["PictureReader"]] = set()
"""Readers whose thread is not done: a window may be closed meanwhile, and Qt wants objects to end where they began."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureRead:
    """What became of a picture: a drawing, or one sentence on why there is none."""

    path: Path
    drawing: Drawing | None = None
    problem: str = ""


class PictureReader(QObject):
    """One picture at a time, the newest: what was asked for before it is not told any more.

    Signals:
        read(object): `PictureRead`, of the picture that was asked for last.
    """

    read = Signal(object)
    _ended = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._newest = 0
        self._running = 0
        self._ended.connect(self._tell)

    def begin(self, path: Path) -> None:
        """Read a picture; answers with `read`."""
        self._newest += 1
        self._running += 1
        _BUSY.add(self)
        threading.Thread(target=self._work, args=(self._newest, path), name="picture", daemon=True).start()

    def drop(self) -> None:
        """Nobody waits for a picture any more."""
        self._newest += 1

    def _work(self, number: int, path: Path) -> None:
        from trainers.drawing_file import read_drawing  # brings Pillow, which only this needs

        try:
            picture = PictureRead(path, drawing=read_drawing(path))
        except DatasetError as error:
            picture = PictureRead(path, problem=str(error))
        self._ended.emit(number, picture)

    def _tell(self, number: int, picture: PictureRead) -> None:
        self._running -= 1
        if not self._running:
            _BUSY.discard(self)
        if number == self._newest:
            self.read.emit(picture)
