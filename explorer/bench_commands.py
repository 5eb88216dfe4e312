"""What each command of the table does: asks where something has to be asked, then gives the order."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMainWindow, QMessageBox

from explorer.command_palette import CommandPalette
from explorer.commands import GESTURES
from explorer.disk import remember
from explorer.lane_row import LaneRow
from explorer.model_supply import ModelSupply
from explorer.recipe_dialog import ask_recipe
from explorer.session import last_session
from explorer.shortcut_sheet import ShortcutSheet
from explorer.training_thread import TrainingThread
from explorer.workbench import Model, Workbench
from trainers.datasets import DATASETS
from trainers.model_files import MODEL_SUFFIX, PICTURE_SUFFIXES
from trainers.recipe import Recipe

MODEL_FILES: Final = f"Models (*{MODEL_SUFFIX})"
USUAL_FAMILIES: Final = ("ae", "vae", "aae")
ABOUT: Final = (
    "<b>Latent Explorer</b><br>See what a latent space is: autoencoders, variational and adversarial autoencoders"
    " side by side on the same images. Click any place to decode it."
)


class BenchCommands(QObject):
    """Acts on the focused model, or on all.

    Signals:
        told(str): One sentence for the person on what could not be done.
        export_wanted(object): The `Path` of a picture to be made of the window.
        picture_given(object): The `Path` of a picture that models are to be shown.
    """

    told = Signal(str)
    export_wanted = Signal(object)
    picture_given = Signal(object)

    def __init__(
        self, window: QMainWindow, bench: Workbench, training: TrainingThread, supply: ModelSupply, row: LaneRow
    ) -> None:
        super().__init__(window)
        self._window, self._bench, self._training = window, bench, training
        self._supply, self._row = supply, row
        self._playing = False

    def connect_to(self, actions: dict[str, QAction]) -> None:
        """Let each action do what its name says; names that the window itself answers for are left out."""
        self._actions = actions
        for name, action in actions.items():
            command = getattr(self, name, None)
            if callable(command):
                action.triggered.connect(_without_arguments(command))

    def set_playing(self, playing: bool) -> None:
        """Note whether training goes on, so that Play knows whether it is Pause."""
        self._playing = playing

    # File

    def open(self) -> None:
        """Ask for saved models and open them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open models", _last_folder(), MODEL_FILES)
        self.open_paths(tuple(map(Path, names)))

    def open_paths(self, paths: tuple[Path, ...]) -> None:
        """Open models, train all models on a folder or array file of images, or show a picture to them."""
        images = [path for path in paths if path.is_dir() or path.suffix.lower() == ".npz"]
        pictures = [path for path in paths if path.is_file() and path.suffix.lower() in PICTURE_SUFFIXES]
        models = tuple(path for path in paths if path not in (*images, *pictures))
        if paths:
            remember("folder", str(paths[0].parent))
        if len(images) > 1:
            self.told.emit("Drop one folder or array file of images at a time: all models train on the same images.")
        elif images:
            self.use_images(str(images[0].resolve()))
        if models:
            self._supply.open_files(models)
        if pictures:
            self.picture_given.emit(pictures[0])

    def reopen(self) -> None:
        """Bring back the models of the last session in place of untrained ones."""
        kept = last_session()
        if not kept:
            self.told.emit("No earlier session has a trained model.")
            return
        trained = [lane for lane in self._row.lanes if lane.snapshot is not None and lane.snapshot.step]
        self._bench.keep(tuple(lane.model.run for lane in trained))
        self._supply.reopen(kept)

    def open_images(self) -> None:
        """Ask for a folder or an array file of images and train on it."""
        chooser = QFileDialog(self._window, "Open a folder of images, or an .npz file", _last_folder())
        chooser.setOption(QFileDialog.Option.DontUseNativeDialog)
        chooser.setNameFilter("Folders and array files (*.npz)")
        # Qt's own dialog takes a folder where it accepts any file: then the name that is typed or clicked counts.
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly, on=False)
        if chooser.exec() and chooser.selectedFiles():
            self.open_paths((Path(chooser.selectedFiles()[0]),))

    def use_images(self, dataset: str) -> None:
        """Start all models anew on other images, once they are here; an empty bench gets the three usual models."""
        if self._bench.models:
            self._supply.change_images(dataset, usual_epochs(dataset))
        else:
            self._bench.start_with(usual_recipes(dataset))

    def save(self) -> None:
        """Save the focused model to its file, or ask for one."""
        model = self._focused()
        if model is None:
            return
        if model.path is None:
            self.save_as()
        else:
            self._training.save(model.run, model.path)

    def save_as(self) -> None:
        """Ask where to save the focused model."""
        model = self._focused()
        if model is None:
            return
        proposed = model.path or Path(_last_folder()) / f"{model.name.lower().replace(' ', '-')}{MODEL_SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self._window, f"Save {model.name}", str(proposed), MODEL_FILES)
        if name:
            path = Path(name) if name.lower().endswith(MODEL_SUFFIX) else Path(name + MODEL_SUFFIX)
            remember("folder", str(path.parent))
            self._training.save(model.run, path)

    def export(self) -> None:
        """Ask where to save a picture of the window."""
        proposed = Path(_last_folder()) / "latent-explorer.png"
        name, _ = QFileDialog.getSaveFileName(self._window, "Export picture", str(proposed), "Pictures (*.png)")
        if name:
            self.export_wanted.emit(Path(name) if name.lower().endswith(".png") else Path(name + ".png"))

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    # Edit

    def undo(self) -> None:
        """Take the last change back."""
        self._bench.undo_stack.undo()

    def redo(self) -> None:
        """Do it again."""
        self._bench.undo_stack.redo()

    def add(self) -> None:
        """Ask for a recipe and put a model beside the others."""
        focused = self._focused()
        start = focused.recipe if focused is not None else Recipe()
        self._training.make_room()
        recipe = ask_recipe(self._window, "Add model", start)
        if recipe is not None:
            self._bench.add(recipe)

    def edit(self) -> None:
        """Ask for another recipe for the focused model."""
        model = self._focused()
        if model is not None:
            self._training.make_room()
            recipe = ask_recipe(self._window, f"Recipe of {model.name}", model.recipe)
            if recipe is not None and recipe != model.recipe:
                self._bench.set_recipe(model.run, recipe)

    def rename(self) -> None:
        """Ask what to call the focused model."""
        model = self._focused()
        if model is not None:
            name, agreed = QInputDialog.getText(self._window, "Rename model", "Name", text=model.name)
            if agreed:
                self._bench.rename(model.run, name)

    def duplicate(self) -> None:
        """Put an untrained copy beside the focused model."""
        model = self._focused()
        if model is not None:
            self._bench.duplicate(model.run)

    def move_left(self) -> None:
        """Move the focused model to the left."""
        self._move(-1)

    def move_right(self) -> None:
        """Move the focused model to the right."""
        self._move(1)

    def remove(self) -> None:
        """Take the focused model off the bench."""
        model = self._focused()
        if model is not None:
            self._bench.remove(model.run)

    def deselect(self) -> None:
        """Let go of everything that is pinned, selected or chosen."""
        self._bench.pin(None)
        self._bench.select_image(None)
        self._bench.choose(np.zeros(0, np.int64))
        self._bench.set_route(None)

    # Train

    def play(self) -> None:
        """Train, or pause."""
        if self._playing:
            self._training.pause()
        else:
            self._training.play()

    def step(self) -> None:
        """Train one step."""
        self._training.step()

    def stop(self) -> None:
        """Pause and take figures."""
        self._training.pause()
        self._training.evaluate()

    def reset(self) -> None:
        """Start all models anew."""
        self._training.pause()
        self._bench.reset()

    def evaluate(self) -> None:
        """Take figures now."""
        self._training.evaluate()

    def train_more(self, epochs: int) -> None:
        """Add epochs to every model and go on."""
        for model in self._bench.models:
            self._training.change(model.run, "epochs", model.recipe.epochs + epochs)
            self._bench.set_live(model.run, "epochs", model.recipe.epochs + epochs)
        self._training.play()

    # View and help

    def reset_view(self) -> None:
        """Show every cloud whole."""
        for lane in self._row.lanes:
            lane.cloud.reset_view()

    def emptiest(self) -> None:
        """Pin the focused model's largest hole, and show the holes."""
        lane = self._row.focused_lane()
        if lane is not None:
            self._actions["holes"].setChecked(True)
            lane.layers.go_to_emptiest()

    def palette(self) -> None:
        """Open the command palette."""
        CommandPalette(self._window).open_for(self._window.menuBar().actions())

    def shortcuts(self) -> None:
        """Show all keys and gestures."""
        ShortcutSheet(self._window, self._actions.values(), GESTURES).show()

    def about(self) -> None:
        """Say what this program is."""
        QMessageBox.about(self._window, "Latent Explorer", f"{ABOUT}<br><br>Python {sys.version.split()[0]}")

    def _focused(self) -> Model | None:
        return self._bench.model(self._bench.focused) if self._bench.focused is not None else None

    def _move(self, by: int) -> None:
        model = self._focused()
        if model is not None:
            self._bench.move(model.run, by)


def usual_recipes(dataset: str) -> tuple[Recipe, ...]:
    """The three models that a new bench starts with."""
    return tuple(Recipe(family=family, dataset=dataset, epochs=usual_epochs(dataset)) for family in USUAL_FAMILIES)


def usual_epochs(dataset: str) -> int:
    """How long to train on a set that the person has just chosen."""
    return DATASETS[dataset].epochs if dataset in DATASETS else Recipe().epochs


def _last_folder() -> str:
    folder = QSettings().value("folder", str(Path.home()))
    return str(folder)


def _without_arguments(command: Callable[..., object]) -> Callable[..., None]:
    """Drop the "checked" that Qt sends with every trigger."""

    def called(*_: object) -> None:
        command()

    return called
