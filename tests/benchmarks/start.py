"""From the start of the process to a window that answers, beside a start that imports torch first."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

FRAME_BAR, HOLD_BAR = 1.0, 250.0
PATIENCE_SECONDS = 120.0


def probe(*flags: str) -> tuple[float, float]:
    """Start the program once: seconds to the first frame, and the longest standstill after it, in seconds."""
    begun = time.time()
    words = [sys.executable, "-m", "tests.benchmarks.start_probe", *flags]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, timeout=PATIENCE_SECONDS)
    told = json.loads(done.stdout)
    return told["frame"] - begun, told["hold"]


def rows(plan: Plan) -> Iterator[Row]:
    """The first frame, and the standstill while torch is imported behind the window."""
    probe("--until-ready")  # the disk is warm from here on
    ours: list[tuple[float, float]] = []
    theirs: list[float] = []
    for _ in range(plan.count(5, 1)):
        ours.append(probe("--until-ready"))
        theirs.append(probe("--torch-first")[0])
    yield Row(
        name="start/first-frame",
        work="From a new process to the first frame and an answered event, against importing torch before the window.",
        unit="s",
        ours=statistics.median(frame for frame, _ in ours),
        theirs=statistics.median(theirs),
        better="less",
        bar=Bar("ours", "≤", FRAME_BAR),
    )
    yield Row(
        name="start/longest-hold",
        work="The longest that the window answers nothing from its first frame until all three models have points:"
        f" torch is imported meanwhile; the worst of {len(ours)} starts.",
        unit="ms",
        ours=1000 * max(hold for _, hold in ours),
        better="less",
        bar=Bar("ours", "≤", HOLD_BAR),
    )
