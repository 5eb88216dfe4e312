"""Memory that is free between pieces in use goes back to the system when that is asked for."""

import os
import platform
from pathlib import Path

import pytest

from trainers.freed_memory import give_back_freed_memory

PIECE, COUNT = 64 * 1024, 1024
"""Bytes of a piece, too few for one that the system gives alone; and how many there are, 64 MB."""


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps it")
def test_memory_between_pieces_in_use_is_given_back() -> None:
    pieces = [bytearray(PIECE) for _ in range(COUNT)]
    kept = pieces[::64]  # one a megabyte, so that the end of the memory is in use, too
    del pieces
    before = resident_bytes()
    give_back_freed_memory()
    assert before - resident_bytes() > COUNT * PIECE / 2
    assert all(not any(piece) for piece in kept)
