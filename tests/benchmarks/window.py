"""What the open window leaves of the training pace."""

import os
from collections.abc import Iterator

from tests.benchmarks.bare_loop import BareLoop
from tests.benchmarks.measuring import interleaved
from tests.benchmarks.opened_window import OpenedWindow, usual_models
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row


def rows(window: OpenedWindow, plan: Plan) -> Iterator[Row]:
    """The share with as many threads as the window's training has, and against a loop that has all cores."""
    recipes, cores = usual_models(), os.cpu_count() or 1
    # Many short turns: the pace of a virtual machine changes within a minute.
    seconds, settling = plan.amount(2.0, 1.0), plan.amount(6.0, 1.0)
    with (
        BareLoop(recipes, seconds=settling, compiles=plan.compiles) as bare,
        BareLoop(recipes, threads=cores, seconds=settling, compiles=plan.compiles) as all_cores,
    ):
        window.training_pace(settling)
        found = interleaved(
            {
                "bare": lambda: bare.images_per_second(seconds),
                "window": lambda: window.training_pace(seconds),
                "all cores": lambda: all_cores.images_per_second(0.25 * seconds),
            },
            plan.count(20, 1),
        )
    what = f"AE, VAE and AAE in lockstep on {plan.images}, batch 128, in the window with clouds and maps moving"
    yield Row(
        name="window/share",
        work=f"{what}, against the same loop without a window on as many threads ({max(1, cores - 1)}).",
        unit="images/s",
        ours=found["window"],
        theirs=found["bare"],
        bar=Bar("ratio", "≥", 0.90),
    )
    yield Row(
        name="window/share-all-cores",
        work=f"{what}, against the same loop without a window on all {cores} cores.",
        unit="images/s",
        ours=found["window"],
        theirs=found["all cores"],
    )
