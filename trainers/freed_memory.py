"""What the C library does with memory that is given back to it."""

import ctypes
import sys
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
"""Parameters of `mallopt`, as in glibc's malloc.h."""
KEPT = 256 * 2**20
"""Bytes of free memory that stay with the process."""
LARGEST_REUSED = 32 * 2**20
"""Pieces above this many bytes are given back at once; glibc allows no more."""


def keep_freed_memory() -> None:
    """Let freed memory be used again, rather than be given back to the system and fetched anew at every step.

    A training step frees and allocates tensors of some megabytes. By default glibc gives them back when they lie on
    top, and each page of them costs a fault when it is touched again: some thousand faults a step. Does nothing where
    there is no glibc.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            library = ctypes.CDLL(None)
            library.mallopt(TRIM_THRESHOLD, KEPT)
            library.mallopt(MMAP_THRESHOLD, LARGEST_REUSED)


def give_back_freed_memory() -> None:
    """Give freed memory back to the system now, also such as lies between pieces that are in use.

    For now and then, beside work that takes much memory once in a while: what that leaves behind is in pieces of other
    sizes than the next work needs, and the process would grow for as long as it runs. Takes some hundredths of a
    second, in which other threads go on. Does nothing where there is no glibc.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
