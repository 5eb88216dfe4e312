"""The models of a comparison that have to be trained first: one for each recipe and seed."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainers.checkpoint import load, save
from trainers.commands.compare import ComparisonOrder
from trainers.commands.failures import say
from trainers.commands.interruption import Interruption
from trainers.commands.work_bar import WorkBar
from trainers.errors import Cancelled, LatentExplorerError
from trainers.images import ImageSet
from trainers.recipe import Recipe
from trainers.run import TrainingRun

LOOK = 0.2
"""Seconds between two looks at the losses, which end a training whose numbers are no longer finite."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A model to compare, before its seeds are trained.

    Attributes:
        label: What a person calls it.
        recipe: How it is, or was, trained.
        run: The model of its file, None where there is none yet.
    """

    label: str
    recipe: Recipe
    run: TrainingRun | None = None


class SeedTraining:
    """Trains what an order lacks, under one bar for all of it.

    Attributes:
        kept: How many trained models are in the folder to keep them, in words; empty where there is none.
    """

    def __init__(self, order: ComparisonOrder, interruption: Interruption) -> None:
        self._order = order
        self._interruption = interruption
        self.kept = ""

    def trained(self, candidates: Sequence[Candidate], images: ImageSet) -> list[list[TrainingRun]]:
        """For each candidate its models, one a seed; the first is that of its file where this is what is asked for.

        Raises:
            Cancelled: When an end was asked for; with a folder to keep models in, what was trained is in there.
        """
        plan = [self._runs(candidate, images) for candidate in candidates]
        asked = [(label, run) for runs in plan for label, run, wanted in runs if wanted and not run.finished]
        total = sum(run.images_seen + run.remaining_images for _, run in asked)
        if asked:
            models = "1 model" if len(asked) == 1 else f"{len(asked)} models"
            epochs = sorted({run.recipe.epochs for _, run in asked})
            passes = f"{epochs[0]}" if len(epochs) == 1 else f"{epochs[0]} to {epochs[-1]}"
            say(
                f"Training {models} for {passes} epochs of {len(images.train_NCHW):,} images, {total / 1e6:.3g} million"
                " in all; the bar tells the remaining time."
            )
            with WorkBar(total, "images", done=sum(run.images_seen for _, run in asked)) as bar:
                done = 0
                for number, (label, run) in enumerate(asked, start=1):
                    self._train(f"{label} ({number}/{len(asked)})", run, bar, done)
                    done += run.images_seen
        return [[run for _, run, _ in runs] for runs in plan]

    def _runs(self, candidate: Candidate, images: ImageSet) -> list[tuple[str, TrainingRun, bool]]:
        """Label, model, and whether it may be trained, of each seed."""
        order, recipe, own = self._order, candidate.recipe, candidate.run
        if own is not None and order.seeds == 1:
            return [(candidate.label, own, False)]
        if order.epochs is not None:
            recipe = recipe.with_changes(epochs=order.epochs)
        recipe = recipe.with_changes(dataset=images.name)
        runs: list[tuple[str, TrainingRun, bool]] = []
        for seed in range(recipe.seed, recipe.seed + order.seeds):
            label = f"{candidate.label}, seed {seed}"
            wanted = recipe.with_changes(seed=seed)
            if own is not None and own.finished and own.recipe == wanted:
                runs.append((label, own, False))
            else:
                runs.append((label, self._begun(label, wanted, images), True))
        return runs

    def _begun(self, label: str, recipe: Recipe, images: ImageSet) -> TrainingRun:
        """A new run, or the one that is kept."""
        path = self._path(label)
        if path is None or not path.is_file():
            return TrainingRun(recipe, images=images, device=self._order.device)
        run = load(path, device=self._order.device, images=images)
        if run.recipe != recipe:
            raise LatentExplorerError(f"{path} holds a model of another recipe; choose another folder for --keep.")
        return run

    def _train(self, label: str, run: TrainingRun, bar: WorkBar, done: int) -> None:
        look_at = 0.0
        while not run.finished and not self._interruption.requested:
            run.step()
            now = time.monotonic()
            if now >= look_at:
                look_at = now + LOOK
                run.losses()
                bar.show(label, done + run.images_seen)
        run.losses()
        path = self._path(label.rpartition(" (")[0])
        if path is not None and run.images_seen:
            path.parent.mkdir(parents=True, exist_ok=True)
            save(run, path)
            count = len(list(path.parent.glob("*.safetensors")))
            self.kept = f"{count} model{'s are' if count != 1 else ' is'} in {path.parent}"
        if self._interruption.requested:
            raise Cancelled("The training was cancelled.")

    def _path(self, label: str) -> Path | None:
        folder = self._order.keep
        if folder is None:
            return None
        name = "".join(letter if letter.isalnum() else "-" for letter in label.lower())
        while "--" in name:
            name = name.replace("--", "-")
        return folder / f"{name}.safetensors"
