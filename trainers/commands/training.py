"""Training without a window: load, train, save, and tell what came out."""

import dataclasses
import json
import time

from trainers.checkpoint import load, save
from trainers.commands.failures import FAILURE, say
from trainers.commands.interruption import Interruption
from trainers.commands.periodic_saving import PeriodicSaving
from trainers.commands.progress_bar import LoadingBar, TrainingBar
from trainers.commands.train import TrainingOrder
from trainers.compiled.shelf import label_of
from trainers.compiled.workshop import Workshop
from trainers.datasets.loading import load_images
from trainers.device import choose_device, limit_threads
from trainers.errors import Cancelled
from trainers.freed_memory import keep_freed_memory
from trainers.images import ImageSet
from trainers.recipe import Recipe
from trainers.run import TrainingRun


def train(order: TrainingOrder, interruption: Interruption) -> int:
    """Train, save, and print the JSON line; gives the exit code."""
    limit_threads(order.threads)
    keep_freed_memory()
    try:
        run = _opened(order, interruption)
    except Cancelled:
        say("Interrupted before the training began; nothing was saved.")
        return interruption.exit_code or FAILURE
    if order.compiles:
        _compile(run)
    seen, start = run.images_seen, time.perf_counter()
    _train(run, order, interruption)
    run.losses()  # waits for the device
    seconds, trained = time.perf_counter() - start, run.images_seen - seen
    if interruption.requested and not trained:
        say("Interrupted before the first step; nothing was saved.")
        return interruption.exit_code
    if trained or order.out != order.resume:
        save(run, order.out)
    if interruption.requested:
        say(
            f"Interrupted after {run.epoch:.2f} of {run.recipe.epochs} epochs; the model is in {order.out}, and"
            f" --resume {order.out} goes on with it."
        )
    elif not trained:
        say(f"The model has been trained for its {run.recipe.epochs} epochs; give more --epochs to go on.")
    result = {
        "recipe": dataclasses.asdict(run.recipe),
        "device": str(run.device),
        "images_seen": run.images_seen,
        "seconds": round(seconds, 3),
        "images_per_second": round(trained / seconds, 1),
        "out": str(order.out),
        "test": run.evaluate(),
    }
    print(json.dumps(result))
    return interruption.exit_code


def _opened(order: TrainingOrder, interruption: Interruption) -> TrainingRun:
    """The run that the order asks for, with its images."""
    if order.recipe is not None:
        choose_device(order.device)  # a missing one is told before images are loaded
        return TrainingRun(order.recipe, images=_images(order.recipe, order, interruption), device=order.device)
    assert order.resume is not None
    run = load(order.resume, device=order.device)
    count = run.train_count
    run.give_images(_images(run.recipe, order, interruption))
    if count not in (0, run.train_count):
        say(f"The model was trained on {count:,} images, and now there are {run.train_count:,} in its set.")
    run.change(**order.changes)  # pyright: ignore[reportArgumentType] - checked at run time
    return run


def _compile(run: TrainingRun) -> None:
    if run.step_order is None:
        say("--compile has no effect: only steps on the processor are compiled.")
        return
    workshop = Workshop()
    try:
        workshop.ask([run.step_order])
        workshop.finish()
    finally:
        workshop.close()
    workshop.equip([run], worthwhile=False)
    if not run.is_compiled:
        label = label_of(run.step_order.folder)
        reason = label.note if label is not None else "There is no C++ compiler, or it was interrupted."
        say(f"The step is not compiled: {reason}")


def _images(recipe: Recipe, order: TrainingOrder, interruption: Interruption) -> ImageSet:
    with LoadingBar() as bar:
        images = load_images(
            recipe.dataset,
            image_size=recipe.image_size,
            download=order.download,
            progress=bar.show,
            cancelled=lambda: interruption.requested,
        )
    for note in images.notes:
        say(note)
    return images


def _train(run: TrainingRun, order: TrainingOrder, interruption: Interruption) -> None:
    if run.finished or interruption.requested:
        return
    with TrainingBar(run) as bar:
        saving = PeriodicSaving(order.out, bar.write)
        while not run.finished and not interruption.requested:
            run.step()
            bar.show()
            saving.keep(run)
