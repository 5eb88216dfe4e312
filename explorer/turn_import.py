"""Importing a library that makes classes of Qt, in the window's own thread, which answers in between.

In another thread such an import may crash the program. Before Python 3.12, PySide keeps what it knows of each class in
one table (`SOTP_extender` in shiboken's `pep384impl.cpp`), and the window looks into it at every event, without the
interpreter lock; a class that is made elsewhere may move that table meanwhile.
"""

import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Final

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QCoreApplication

TURN_S: Final = 0.004
"""Seconds after which the window has a turn."""


def import_in_turns(library: str) -> ModuleType:
    """Import a library whose parts import each other; between any two of them the window does what it has to do."""
    turn = _Turn()
    # The library takes all names of these modules, and PySide makes each class when it is first asked for.
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            getattr(module, name)
            turn.take()
    with _asked_first(_Finder(library, turn)):
        return import_module(library)


class _Turn:
    """Lets the window do what it has to do, if the last time is a while ago."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def take(self) -> None:
        if time.perf_counter() - self._last > TURN_S:
            QCoreApplication.processEvents()
            self._last = time.perf_counter()


class _Finder(MetaPathFinder):
    """Finds modules of the library alone: another thread may wait for one of the others to be imported."""

    def __init__(self, library: str, turn: _Turn) -> None:
        self._library, self._turn = library, turn

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """What Python would find, to be loaded in turns.

        There is no turn here: Python holds the lock of all imports, and the window may wait for a thread that imports.
        """
        if fullname.partition(".")[0] != self._library:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path, self._turn)
        return spec


class _Loader(SourceFileLoader):
    """Takes a turn before each module."""

    def __init__(self, fullname: str, path: str, turn: _Turn) -> None:
        super().__init__(fullname, path)
        self._turn = turn

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        self._turn.take()
        return super().create_module(spec)


@contextmanager
def _asked_first(finder: MetaPathFinder) -> Generator[None]:
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
