"""What is dragged here from other programs: files of this computer are taken, and of anything else is said why not."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData

NO_FILE: Final = (
    "What was dropped is no file on this computer, as pictures in a browser are not; save it to a file, and drop that."
)


def may_be_dropped(data: QMimeData) -> bool:
    """Whether it is a file, or something like a picture, so that a person may expect it to be taken."""
    return bool(data.urls()) or data.hasImage()


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """The files of this computer in it; none where it is something else, see `NO_FILE`."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
