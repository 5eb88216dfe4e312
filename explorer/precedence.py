"""Which threads go first when there are fewer cores than work: those that a person waits for."""

import os
import sys
import threading
from contextlib import suppress
from typing import Final

TRAINING: Final = 4
SHOWING: Final = 10
MEASURING: Final = 15
"""Niceness, as Unix counts it, above that of the window and of what decodes for the mouse."""


def stand_back(niceness: int) -> None:
    """Let the calling thread give way to those that are less nice, as soon as one of them has something to do.

    Linux knows this for each thread; elsewhere, nothing happens.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
