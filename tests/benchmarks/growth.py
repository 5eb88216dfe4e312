"""How cost grows: ten times the points, twice the image size, four models instead of one."""

from collections.abc import Iterator

import numpy as np
import torch

from tests.benchmarks.application import open_application
from tests.benchmarks.bare_loop import BareLoop
from tests.benchmarks.measuring import interleaved, pace
from tests.benchmarks.opened_window import usual_models
from tests.benchmarks.our_loop import our_loop, settle
from tests.benchmarks.plain_loops import resident_loop
from tests.benchmarks.plan import Plan
from tests.benchmarks.points import update_costs
from tests.benchmarks.row import Row
from trainers.device import limit_threads
from trainers.images import ImageSet
from trainers.recipe import Recipe

POINTS = (70_000, 700_000)
SIZES = (28, 56)
IMAGES = 6_000
CPU = torch.device("cpu")


def rows(plan: Plan) -> Iterator[Row]:
    """Each row is a factor: how many times dearer the larger work is, ours beside theirs."""
    yield points_row(plan)
    for backbone in ("mlp", "convolutional"):
        yield size_row(backbone, plan)
    yield models_row(plan)


def points_row(plan: Plan) -> Row:
    """Updates of ten times the points."""
    application = open_application()
    few, many = (update_costs(points // plan.count(1, 10), plan) for points in POINTS)
    application.processEvents()
    return Row(
        name="growth/points-x10",
        work=f"An update of {POINTS[1]:,} points takes so many times as long as one of {POINTS[0]:,}, against a"
        " ScatterPlotItem.",
        unit="times",
        ours=many["ours"] / few["ours"],
        theirs=many["theirs"] / few["theirs"],
        better="less",
    )


def size_row(backbone: str, plan: Plan) -> Row:
    """Steps on images of twice the side, hence four times the pixels."""
    limit_threads(plan.loop_threads)
    steps = {
        (name, size): step
        for size in SIZES
        for name, step in (
            ("ours", our_loop(recipe_of(backbone), random_images(size), "cpu", compiles=False)),
            ("theirs", resident_loop(recipe_of(backbone), random_images(size), CPU)),
        )
    }
    for step in steps.values():
        settle(step, plan.amount(1.5, 0.2))
    found = interleaved(
        {f"{name} {size}": lambda step=step: pace(step, plan.amount(0.8, 0.2)) for (name, size), step in steps.items()},
        plan.count(3, 1),
    )
    small, large = SIZES
    return Row(
        name=f"growth/image-size-x2-{backbone}",
        work=f"A VAE's step of 128 random images takes so many times as long at {large} px as at {small} px"
        f" ({backbone}), against a plain float32 loop on images in memory.",
        unit="times",
        ours=found[f"ours {small}"] / found[f"ours {large}"],
        theirs=found[f"theirs {small}"] / found[f"theirs {large}"],
        better="less",
    )


def models_row(plan: Plan) -> Row:
    """The pace of four models together, beside that of one alone: the machine is shared, and nothing is lost."""
    settling, seconds = plan.amount(4.0, 0.5), plan.amount(2.0, 0.5)
    one, four = usual_models(1), usual_models(1) * 4
    with (
        BareLoop(one, seconds=settling, compiles=plan.compiles) as alone,
        BareLoop(four, seconds=settling, compiles=plan.compiles) as together,
    ):
        found = interleaved(
            {
                "one": lambda: alone.images_per_second(seconds),
                "four": lambda: together.images_per_second(seconds),
            },
            plan.count(3, 1),
        )
    return Row(
        name="growth/models-1-to-4",
        work=f"Images a second of four AEs in lockstep on {plan.images}, all together, against one alone.",
        unit="images/s",
        ours=found["four"],
        theirs=found["one"],
    )


def recipe_of(backbone: str) -> Recipe:
    """A VAE on images of any size."""
    return Recipe(family="vae", backbone=backbone)


def random_images(size: int) -> ImageSet:
    """Grey noise: its content makes no step longer or shorter."""
    random = np.random.default_rng(0)
    return ImageSet(
        name=f"noise {size}",
        train_NCHW=random.integers(0, 256, (IMAGES, 1, size, size), dtype=np.uint8),
        train_labels_N=np.zeros(IMAGES, np.int64),
        test_NCHW=random.integers(0, 256, (100, 1, size, size), dtype=np.uint8),
        test_labels_N=np.zeros(100, np.int64),
        class_names=("noise",),
    )
