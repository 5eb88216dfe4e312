"""Writes that the window does not wait for: a disk that is at work takes tenths of a second for each."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from PySide6.QtCore import QSettings

_WRITER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")


def write_behind(write: Callable[[], object]) -> None:
    """Have something written, after all that was asked for before; what goes wrong is for `write` to tell."""
    _WRITER.submit(write)


def finish_writing() -> None:
    """Wait until all of it is written."""
    _WRITER.submit(lambda: None).result()


def remember(name: str, value: object) -> None:
    """Keep a setting for the next time that somebody asks `QSettings` for it."""
    write_behind(lambda: QSettings().setValue(name, value))
