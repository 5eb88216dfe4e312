"""Memory of the program after minutes of training, and whether it still grows."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.benchmarks.measuring import slope
from tests.benchmarks.opened_window import OpenedWindow, usual_models
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

STATISTICS = Path("/proc/self/statm")
EVERY_SECONDS = 0.5
BLOCKS = 8
"""Of the second half: in each, freed memory is given back at least once."""


def resident_mb() -> float:
    """Memory of this process that is in use now, in MB."""
    pages = int(STATISTICS.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def rows(plan: Plan) -> Iterator[Row | str]:
    """The size at the end, and the growth over the second half: the first is left for warming up.

    Of each block of time the smallest size counts: what is taken and given back, such as the working memory of metrics,
    is no growth.
    """
    if not STATISTICS.is_file():
        yield f"The memory of a process is read from {STATISTICS}, which {sys.platform} does not have: left out."
        return
    moments: list[float] = []
    sizes: list[float] = []
    with OpenedWindow(usual_models(), compiles=plan.compiles) as window:
        opened = resident_mb()
        window.play()
        start = time.monotonic()
        while (now := time.monotonic() - start) < plan.minutes * 60:
            moments.append(now / 60)
            sizes.append(resident_mb())
            window.live(EVERY_SECONDS)
        window.pause()
    half = len(moments) // 2
    growth = slope(moments[half:], sizes[half:], BLOCKS, of=np.min)
    what = f"{plan.minutes:g} minutes of AE, VAE and AAE training on {plan.images} in the window, maps shown"
    yield Row(
        name="memory/resident",
        work=f"Resident set at the end of {what}; {opened:.0f} MB before the first step, images and torch included.",
        unit="MB",
        ours=sum(sizes[-10:]) / len(sizes[-10:]),
        better="less",
    )
    yield Row(
        name="memory/growth",
        work=f"Growth of the resident set over the second half of {what}: {growth.value:+.2f} ± {growth.spread:.2f}"
        " MB/min (95 %); reached when zero lies within the spread, or below.",
        unit="MB/min",
        ours=growth.value,
        better="less",
        bar=Bar("ours", "≤", round(growth.spread, 4)),
    )
