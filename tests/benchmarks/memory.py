"""Memory of the program after minutes of training, and whether it still grows."""

import sys
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.measuring import slope
from tests.benchmarks.memory_watch import STATISTICS
from tests.benchmarks.opened_window import OpenedWindow
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

EVERY_SECONDS = 0.5
BLOCKS = 8
"""Of the second half: in each, freed memory is given back at least once."""


def rows(window: OpenedWindow, plan: Plan) -> Iterator[Row | str]:
    """The size at the end, and the growth over the second half: the first is left for warming up.

    What was measured in this window before counts as well, as far as models trained. Of each block of time the smallest
    size counts: what is taken and given back, such as the working memory of metrics, is no growth.
    """
    watch = window.memory_watch
    if watch.before is None:
        yield f"The memory of a process is read from {STATISTICS}, which {sys.platform} does not have: left out."
        return
    window.play()
    while watch.trained < plan.minutes:
        window.live(EVERY_SECONDS)
    window.pause()
    minutes, sizes = watch.minutes, watch.sizes
    half = sum(minute < minutes[-1] / 2 for minute in minutes)
    growth = slope(minutes[half:], sizes[half:], BLOCKS, of=np.min)
    what = f"{minutes[-1]:.2g} minutes of AE, VAE and AAE training on {plan.images} in the window, maps shown"
    yield Row(
        name="memory/resident",
        work=f"Resident set after {what}; {watch.before:.0f} MB before the first step, images and torch included.",
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
