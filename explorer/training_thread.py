"""The one thread that owns every model in training and runs torch.

The window gives orders (the public methods, which return at once); the thread answers with signals, and leaves
snapshots in a mailbox. Nothing that it owns is ever touched from outside.
"""

import threading
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from explorer.kept_copies import KeptCopies
from explorer.lockstep import Lockstep
from explorer.mailbox import Mailbox
from explorer.messages import ImagesGiven, ModelCopied, Pace, RunEvaluated, RunOpened, RunSaved
from explorer.pacing import CopyBudget, KeepBudget, PaceMeter, PublicationBudget, RoomForTheWindow
from explorer.precedence import TRAINING, stand_back
from trainers.errors import LatentExplorerError
from trainers.freed_memory import give_back_freed_memory, keep_freed_memory
from trainers.images import ImageSet
from trainers.messages import RunFailed
from trainers.recipe import Recipe
from trainers.torch_libraries import load_torch_libraries

if TYPE_CHECKING:
    from trainers.compiled.workshop import Workshop
    from trainers.run import TrainingRun


WORTH_COMPILING = 30.0
"""Seconds of training still to come that make it worth some ten seconds of another core to compile its steps."""


class TrainingThread(QObject):
    """Trains all shown models in lockstep by images seen.

    Signals:
        ready(str): Torch is imported; what computes.
        devices_found(object): Names of the devices of this computer, best first.
        run_opened(object): `RunOpened`.
        images_given(object): `ImagesGiven`.
        run_saved(object): `RunSaved`.
        run_evaluated(object): `RunEvaluated`.
        model_copied(object): `ModelCopied`.
        run_failed(object): `trainers.messages.RunFailed`; the other models go on.
        refused(str): One sentence on an order that could not be carried out; nothing has changed.
        pace_changed(object): `Pace`.
        all_finished(): Every shown model that can be trained has trained its epochs.

    Attributes:
        mailbox: Where snapshots wait; `snapshot_waiting` says when.

    Args:
        device: An entry of `trainers.device.DEVICES`.
        kept_in: Folder to keep a copy of every trained model in, against a crash; none is kept without.
        compiles: Whether the steps of longer trainings are compiled.
    """

    ready = Signal(str)
    devices_found = Signal(object)
    run_opened = Signal(object)
    images_given = Signal(object)
    run_saved = Signal(object)
    run_evaluated = Signal(object)
    model_copied = Signal(object)
    run_failed = Signal(object)
    refused = Signal(str)
    pace_changed = Signal(object)
    all_finished = Signal()
    snapshot_waiting = Signal()

    def __init__(self, *, device: str = "auto", kept_in: Path | None = None, compiles: bool = False) -> None:
        super().__init__()
        self.mailbox = Mailbox(self.snapshot_waiting.emit)
        self._device = device
        self._compiles = compiles
        self._workshop: Workshop | None = None
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lockstep = Lockstep()
        self._playing = False
        self._stopping = False
        self._copies = KeptCopies(kept_in)
        self._pace = PaceMeter()
        self._budget = PublicationBudget()
        self._room = RoomForTheWindow()
        self._keeping = KeepBudget()
        self._models_wanted_by: frozenset[str] = frozenset()
        self._model_copies = CopyBudget()
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    # Orders: called by the window, return at once.

    def start(self) -> None:
        """Begin to work; torch is imported first."""
        self._thread.start()

    def stop(self) -> None:
        """Keep what is trained, and end; returns when the thread has ended."""
        if self._thread.ident is not None:
            self._orders.put(self._stop)
            self._thread.join()

    def open_run(self, run: str, recipe: Recipe, images: ImageSet) -> None:
        """Make a new model; answers with `run_opened` and `images_given`, or `run_failed`."""
        self._order(run, partial(self._open_run, run, recipe, images))

    def open_file(self, run: str, path: Path) -> None:
        """Read a model from a file; answers with `run_opened`, or `refused`."""
        self._orders.put(partial(self._open_file, run, path))

    def give_images(self, run: str, images: ImageSet) -> None:
        """Hand a model that came from a file its images; answers with `images_given`, or `run_failed`."""
        self._order(run, partial(self._give_images, run, images))

    def show(self, runs: tuple[str, ...], without_images: frozenset[str] = frozenset()) -> None:
        """Say which models are on the bench; the others wait, in case that they come back, and are not trained.

        Runs may be named before they are opened or have their images: playing waits for them, except for those named in
        `without_images`, whose images will not come.
        """
        self._orders.put(partial(self._show, runs, without_images))

    def forget(self, runs: tuple[str, ...]) -> None:
        """Drop models for good."""
        self._orders.put(partial(self._forget, runs))

    def play(self) -> None:
        """Train until all shown models are finished."""
        self._orders.put(partial(self._play, self._lockstep.begin))

    def pause(self) -> None:
        """Stop after the step in hand; every shown model sends a complete snapshot."""
        self._orders.put(self._pause)

    def step(self) -> None:
        """Train one step, and pause."""
        self._orders.put(partial(self._play, self._lockstep.begin_step))

    def make_room(self) -> None:
        """Begin no step for a moment, in which the window is laid out anew."""
        self._room.ask()

    def evaluate(self) -> None:
        """Take the figures of all shown models; answers with `run_evaluated` for each."""
        self._orders.put(self._evaluate_shown)

    def change(self, run: str, name: str, value: float) -> None:
        """Change a live setting of a model, such as its learning rate."""
        self._order(run, partial(self._change, run, name, value))

    def carry_models(self, carry: bool, wanted_by: str = "layers") -> None:
        """Let snapshots carry copies of whole models for somebody, or no more; what is shown is sent anew with one.

        Copies are made as long as anybody wants them.
        """
        self._orders.put(partial(self._carry_models, wanted_by, carry=carry))

    def copy_model(self, run: str, purpose: str) -> None:
        """Ask for a copy of a model as it then is; answers with `model_copied`, also where there is none."""
        self._orders.put(partial(self._copy_model, run, purpose))

    def use_device(self, device: str) -> None:
        """Move all models to another device; they go on where they are."""
        self._orders.put(partial(self._use_device, device))

    def save(self, run: str, path: Path) -> None:
        """Write a model to a file; answers with `run_saved`, or `refused`."""
        self._orders.put(partial(self._save, run, path))

    def _order(self, run: str, order: Callable[[], None]) -> None:
        self._orders.put(partial(self._guarded, run, order))

    # What the thread does.

    def _work(self) -> None:
        stand_back(TRAINING)
        load_torch_libraries()
        from trainers.device import available_devices, choose_device, describe_device, limit_threads

        limit_threads()
        keep_freed_memory()
        if self._compiles:
            from trainers.compiled.workshop import Workshop

            self._workshop = Workshop()
        self.devices_found.emit(available_devices())
        try:
            self.ready.emit(describe_device(choose_device(self._device)))
        except LatentExplorerError as error:
            self._device = "cpu"
            self.refused.emit(f"{error} The CPU is used instead.")
            self.ready.emit(describe_device(choose_device("cpu")))
        while not self._stopping:
            run = self._next_to_train()
            if run is not None:
                self._room.give()
            self._obey(wait=run is None)
            if run is not None and run in self._lockstep.shown and self._playing:
                self._guarded(run, partial(self._train, run))
        if self._workshop is not None:
            self._workshop.close()

    def _obey(self, *, wait: bool) -> None:
        """Carry out the orders that are there; with `wait`, wait for one first."""
        while (wait or not self._orders.empty()) and not self._stopping:
            wait = False
            try:
                self._orders.get()()
            except LatentExplorerError as error:
                self.refused.emit(str(error))
            except Exception as error:  # noqa: BLE001 - the thread must outlive any order; the window shows what it was
                traceback.print_exc()
                self.refused.emit(f"That did not work ({type(error).__name__}: {error}).")

    def _guarded(self, run: str, action: Callable[[], None]) -> None:
        """Do something for one model; its failure is that model's alone."""
        try:
            action()
        except Exception as error:  # noqa: BLE001 - becomes a value that its lane shows
            failure = RunFailed(run=run, sentence=_sentence(error), details=traceback.format_exc())
            self._lockstep.failures[run] = failure
            self.run_failed.emit(failure)

    def _next_to_train(self) -> str | None:
        """The model whose turn it is, if any is to be trained; else training pauses."""
        if not self._playing:
            return None
        run = self._lockstep.next()
        if run is not None:
            return run
        is_stepping = self._lockstep.is_stepping
        if not is_stepping and self._lockstep.awaits_models:
            return None  # Play was meant for it too
        self._pause()
        if not is_stepping:
            self._tell_end()
        return None

    def _tell_end(self) -> None:
        if any(run.has_images and run.finished for run in self._lockstep.healthy.values()):
            self._evaluate_shown()
            self.all_finished.emit()
        elif self._lockstep.shown:
            self.refused.emit("There is no model here that can be trained; each says why in its lane.")

    def _train(self, name: str) -> None:
        run = self._lockstep.runs[name]
        run.step()
        self._pace.count(run.recipe.batch_size)
        if run.finished:
            self._publish(name)  # the others may train for long
        elif self._budget.is_due(name):
            with self._budget.publication(name, len(self._lockstep.shown)) as seconds:
                with_model = bool(self._models_wanted_by) and self._model_copies.is_due(name)
                self.mailbox.put(run.snapshot(name, seconds=seconds, with_model=with_model))
        if self._pace.is_due():
            self._tell_pace()
            self._seek_compiled_steps()
            if self._keeping.is_due():
                self._keep()
                give_back_freed_memory()

    def _seek_compiled_steps(self) -> None:
        if self._workshop is not None:
            seconds_left = self._seconds_left()
            worthwhile = seconds_left is not None and seconds_left > WORTH_COMPILING
            self._workshop.equip(self._lockstep.ready.values(), worthwhile=worthwhile)

    def _seconds_left(self) -> float | None:
        pace = self._pace.images_per_second()
        return self._lockstep.remaining_images / pace if self._playing and pace > 0 else None

    def _tell_pace(self) -> None:
        from trainers.device import choose_device, describe_device

        self.pace_changed.emit(
            Pace(
                playing=self._playing,
                images_per_second=self._pace.images_per_second() if self._playing else 0.0,
                seconds_left=self._seconds_left(),
                device=describe_device(choose_device(self._device)),
            )
        )

    def _open_run(self, name: str, recipe: Recipe, images: ImageSet) -> None:
        from trainers.run import TrainingRun

        self._lockstep.runs[name] = TrainingRun(recipe, images=images, device=self._device)
        self.run_opened.emit(RunOpened(run=name, recipe=recipe))
        self._images_given(name)

    def _open_file(self, name: str, path: Path) -> None:
        from trainers.checkpoint import load

        run = load(path, device=self._device)
        self._lockstep.runs[name] = run
        self._copies.opened(name, run)
        self.run_opened.emit(RunOpened(run=name, recipe=run.recipe, path=path))
        self._publish(name)

    def _give_images(self, name: str, images: ImageSet) -> None:
        self._lockstep.runs[name].give_images(images)
        self._images_given(name)

    def _images_given(self, name: str) -> None:
        self.images_given.emit(ImagesGiven(run=name, held_out=self._lockstep.runs[name].held_out()))
        self._publish(name)

    def _show(self, runs: tuple[str, ...], without_images: frozenset[str]) -> None:
        known = self._lockstep
        known.without_images = without_images
        returned = [run for run in runs if run not in known.shown]
        known.shown = runs
        for run in returned:
            if run in known.runs:
                has_images = known.runs[run].has_images
                self._guarded(run, partial(self._images_given if has_images else self._publish, run))
            if run in known.failures:
                self.run_failed.emit(known.failures[run])

    def _forget(self, runs: tuple[str, ...]) -> None:
        self._lockstep.forget(runs)
        for run in runs:
            self._copies.forget(run)

    def _play(self, begin: Callable[[], None]) -> None:
        begin()
        self._playing = True
        self._seek_compiled_steps()
        self._pace.start()
        self._tell_pace()

    def _pause(self) -> None:
        if self._playing:
            self._playing = False
            self._publish_shown()
            self._keep()
        self._tell_pace()

    def _publish(self, name: str) -> None:
        """Send a snapshot with every code fresh."""
        run = self._lockstep.runs.get(name)
        if run is not None:
            self.mailbox.put(run.snapshot(name, with_model=bool(self._models_wanted_by)))

    def _publish_shown(self) -> None:
        for name in self._lockstep.healthy:
            self._guarded(name, partial(self._publish, name))

    def _evaluate_shown(self) -> None:
        for name, run in self._lockstep.healthy.items():
            if run.has_images:
                self._guarded(name, partial(self._evaluate, name, run))

    def _evaluate(self, name: str, run: "TrainingRun") -> None:
        self.run_evaluated.emit(RunEvaluated(run=name, epoch=run.epoch, figures=run.evaluate()))

    def _change(self, name: str, setting: str, value: float) -> None:
        run = self._lockstep.runs.get(name)
        if run is not None:
            run.change(**{setting: value})
            if not self._playing:
                self._publish(name)

    def _carry_models(self, wanted_by: str, *, carry: bool) -> None:
        others = self._models_wanted_by - {wanted_by}
        self._models_wanted_by = others | {wanted_by} if carry else others
        if carry and not self._playing:
            self._publish_shown()

    def _copy_model(self, name: str, purpose: str) -> None:
        from trainers.frozen_model import FrozenModel

        run = self._lockstep.runs.get(name)
        if run is None or name in self._lockstep.failures or not run.has_images:
            problem = "This model is not ready: its lane says why."
            self.model_copied.emit(ModelCopied(run=name, purpose=purpose, problem=problem))
            return
        copy = FrozenModel(run.model)
        self.model_copied.emit(ModelCopied(run=name, purpose=purpose, epoch=run.epoch, model=copy, images=run.images))

    def _use_device(self, device: str) -> None:
        from trainers.checkpoint import moved
        from trainers.device import choose_device

        if choose_device(device) != choose_device(self._device):
            # All or none: a model that does not fit there leaves every one where it is.
            known = self._lockstep
            known.runs |= {name: moved(run, device) for name, run in known.runs.items() if name not in known.failures}
        self._device = device
        self._tell_pace()

    def _save(self, name: str, path: Path) -> None:
        from trainers.checkpoint import save

        run = self._lockstep.runs.get(name)
        if run is None:
            raise LatentExplorerError("This model is not ready yet; save it once its cloud is shown.")
        save(run, path)
        self.run_saved.emit(RunSaved(run=name, path=path))

    def _keep(self) -> None:
        """Keep copies of what is on the bench in the session's folder; due again after a while."""
        with self._keeping.keeping():
            problem = self._copies.keep(self._lockstep.healthy)
        if problem:
            self.refused.emit(f"Trained models are not kept against a crash; save them yourself. {problem}")

    def _stop(self) -> None:
        self._stopping = True
        self._playing = False
        self._keep()


def _sentence(error: Exception) -> str:
    if isinstance(error, LatentExplorerError):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "There is not enough memory for this model; choose a smaller batch, image size or backbone."
    return f"This model stopped ({type(error).__name__}: {error}). Reset it, or change its recipe."
