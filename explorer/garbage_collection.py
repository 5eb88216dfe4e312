"""Garbage is collected in the window's thread alone.

By itself Python collects in whichever thread has made the newest object. A widget that is part of the garbage would be
destroyed there, and Qt allows that in no thread but the window's: the program may crash, at once or later.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

ROUND_MS: Final = 100
"""Between two looks at how much has been made since the last collection."""


class GarbageCollection(QObject):
    """Collects as Python would, by its thresholds, but only in the thread that made it, from now to `end`.

    Args:
        parent: Owns it.
        awaits_imports: Whether the oldest generation is let alone until `leave_out_what_is_here`: to look through half
            of a large library takes as long as through all of it, and holds the window again and again.
    """

    def __init__(self, parent: QObject | None = None, *, awaits_imports: bool = False) -> None:
        super().__init__(parent)
        self._oldest = 1 if awaits_imports else 2
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._round = QTimer(self)
        self._round.timeout.connect(self._collect)
        self._round.start(ROUND_MS)

    def leave_out_what_is_here(self, *_: object) -> None:
        """Never look at what exists now, such as imported modules: that would hold the window for 0.1 s."""
        gc.freeze()
        self._oldest = 2

    def end(self) -> None:
        """Leave all to Python again, also what was left out: libraries complain of objects that are alive at exit."""
        self._round.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _collect(self) -> None:
        """Collect the oldest generation whose turn it is, and with it all younger ones."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[0]:
            gc.collect(min(self._oldest, 2 if due[1] and due[2] else 1 if due[1] else 0))
