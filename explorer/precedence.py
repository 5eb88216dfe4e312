"""Which threads go first when there are fewer cores than work: those that a person waits for.

Linux knows niceness and time slices for each thread; elsewhere, nothing happens.
"""

import ctypes
import os
import platform
import struct
import sys
import threading
from contextlib import suppress
from typing import Final

TRAINING: Final = 4
SHOWING: Final = 10
MEASURING: Final = 15
"""Niceness, as Unix counts it, above that of the window and of what decodes for the mouse."""

SHORT_SLICE_NS: Final = 100_000
"""The shortest time slice there is, in nanoseconds: who asks for short ones need not wait for the end of another's."""
USUAL_SLICE: Final = 0

_SET_SCHEDULING: Final = {"x86_64": 314, "aarch64": 274}
"""Number of the system call `sched_setattr` by the kind of processor; many C libraries have no function for it."""

_SYSTEM_CALL: Final = ctypes.CDLL(None).syscall if sys.platform.startswith("linux") else None
"""Looked up here and now: a thread that looks up a function while another loads libraries waits for that one, and keeps
Python's interpreter lock. While torch's are loaded, the window would stand still for 0.4 s."""


def go_first() -> None:
    """Let the calling thread begin the moment that it has something to do; threads that it starts do so as well.

    Linux lets it from release 6.12 on (`sched_setattr(2)`: `sched_runtime` of `SCHED_OTHER`).
    """
    _take_slices(SHORT_SLICE_NS)


def stand_back(niceness: int) -> None:
    """Let the calling thread give way to those that are less nice, as soon as one of them has something to do."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)
        _take_slices(USUAL_SLICE)


def _take_slices(nanoseconds: int) -> None:
    call = _SET_SCHEDULING.get(platform.machine())
    if call is None or _SYSTEM_CALL is None or os.sched_getscheduler(0) != os.SCHED_OTHER:
        return  # whoever started the program in another class knows better
    niceness = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    # size, policy, flags, niceness, priority, runtime, deadline, period
    form = "=IIQiIQQQ"
    attributes = struct.pack(form, struct.calcsize(form), os.SCHED_OTHER, 0, niceness, 0, nanoseconds, 0, 0)
    _SYSTEM_CALL(call, 0, attributes, 0)
