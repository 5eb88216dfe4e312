"""What is open, pointed at, selected and paused: the state that all views share, without any widget."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from explorer.route import Route
from trainers.models import FAMILIES
from trainers.recipe import Recipe

MOST_MODELS: Final = 4
UNDO_STEPS: Final = 20

ImagesKey = tuple[str, int]
Indices = npt.NDArray[np.int64]
Emphasis = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model on the bench.

    Attributes:
        run: Names its run in the training thread. A reset or a new recipe makes a new run, so that both can be undone.
        name: What its lane is called.
        recipe: Its recipe.
        colour: Which of the model colours it has.
        path: The file that it was last saved to or came from.
    """

    run: str
    name: str
    recipe: Recipe
    colour: int
    path: Path | None = None

    @property
    def images_key(self) -> ImagesKey:
        """What tells its images from those of other models."""
        return self.recipe.dataset, self.recipe.image_size


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the latent plane, and whose cloud it was pointed at in."""

    run: str
    x: float
    y: float


class Workbench(QObject):
    """Up to four models, and where people point; every change of the models can be undone.

    Signals:
        models_changed(): `models` is another tuple.
        focus_changed(): `focused` is another run.
        point_changed(): `hovered` or `pinned` has moved.
        image_changed(): `image` is another held-out image.
        hovered_image_changed(): `hovered_image` is another.
        chosen_changed(): `chosen` holds other images.
        emphasis_changed(): `emphasis` singles out other classes.
        route_changed(): `route` is another path, or none.
        runs_dropped(object): Tuple of runs that no undo can bring back.

    Attributes:
        models: What is on the bench, from left to right.
        focused: The run that keys and menus act on.
        hovered: Where the mouse is, if it is over a cloud.
        pinned: The place that was clicked.
        images_of: Which images `image`, `hovered_image` and `chosen` are indices into; None while nothing is selected.
        image: The selected image, an index into the held-out subset.
        hovered_image: The image under the mouse.
        chosen: Images chosen by rectangle, lasso or one by one.
        emphasis: Which classes are singled out, (K,); None for all.
        route: The path that was drawn last, until it is let go.
    """

    models_changed = Signal()
    focus_changed = Signal()
    point_changed = Signal()
    image_changed = Signal()
    hovered_image_changed = Signal()
    chosen_changed = Signal()
    emphasis_changed = Signal()
    route_changed = Signal()
    runs_dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.models: tuple[Model, ...] = ()
        self.focused: str | None = None
        self.hovered: Point | None = None
        self.pinned: Point | None = None
        self.images_of: ImagesKey | None = None
        self.image: int | None = None
        self.hovered_image: int | None = None
        self.chosen: Indices = np.zeros(0, np.int64)
        self.emphasis: Emphasis | None = None
        self.route: Route | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_STEPS)
        self._numbers = itertools.count(1)
        self._known: set[str] = set()

    def end(self) -> None:
        """Forget what could be undone; to be called before the bench is let go.

        As garbage, the stack would be taken apart in any order, and may then delete a change that Python has deleted.
        """
        self.undo_stack.blockSignals(True)
        self.undo_stack.clear()

    # Models

    def new_run(self) -> str:
        """A name for a run that none had before."""
        return f"run-{next(self._numbers)}"

    def start_with(self, recipes: tuple[Recipe, ...]) -> None:
        """Put the first models on an empty bench; there is nothing to undo."""
        models: tuple[Model, ...] = ()
        for recipe in recipes:
            models = (*models, self._made(recipe, models))
        self._set_models(models)

    def model(self, run: str) -> Model | None:
        """The model of a run, if it is on the bench."""
        return next((model for model in self.models if model.run == run), None)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another model."""
        return len(self.models) >= MOST_MODELS

    def add(self, recipe: Recipe) -> None:
        """Put a new model at the right."""
        if not self.is_full:
            model = self._made(recipe, self.models)
            self._change("Add model", (*self.models, model))
            self.focus(model.run)

    def add_opened(self, run: str, recipe: Recipe, name: str, path: Path | None) -> None:
        """Put a model from a file at the right; `path` is where to save it again."""
        if not self.is_full:
            made = self._made(recipe, self.models)
            self._change("Open model", (*self.models, replace(made, run=run, path=path, name=name)))
            self.focus(run)

    def remove(self, run: str) -> None:
        """Take a model off the bench."""
        self._change("Remove model", tuple(model for model in self.models if model.run != run))

    def keep(self, runs: tuple[str, ...]) -> None:
        """Take all other models off the bench."""
        self._change("Remove models", tuple(model for model in self.models if model.run in runs))

    def duplicate(self, run: str) -> None:
        """Put a new, untrained model with the same recipe to the right of one."""
        model = self.model(run)
        if model is not None and not self.is_full:
            at, made = self.models.index(model) + 1, self._made(model.recipe, self.models)
            self._change("Duplicate model", (*self.models[:at], made, *self.models[at:]))

    def move(self, run: str, by: int) -> None:
        """Move a model `by` places to the right, or to the left where negative."""
        model = self.model(run)
        if model is None:
            return
        rest = [other for other in self.models if other is not model]
        rest.insert(max(0, min(len(rest), self.models.index(model) + by)), model)
        if tuple(rest) != self.models:
            self._change("Move model", tuple(rest))

    def set_recipe(self, run: str, recipe: Recipe) -> None:
        """Start a model anew with another recipe."""
        self._change("Edit recipe", tuple(self._anew(m, recipe) if m.run == run else m for m in self.models))

    def reset(self) -> None:
        """Start all models anew."""
        self._change("Reset", tuple(self._anew(model, model.recipe) for model in self.models))

    def use_images(self, dataset: str, epochs: int) -> None:
        """Start all models anew on other images, in their own size."""
        changes = {"dataset": dataset, "image_size": 0, "epochs": epochs}
        changed = [model.recipe.with_changes(**changes) for model in self.models]
        self._change("Change images", tuple(map(self._anew, self.models, changed)))

    def set_live(self, run: str, name: str, value: float) -> None:
        """Note a setting that was changed while training."""
        self._note(run, lambda model: replace(model, recipe=model.recipe.with_changes(**{name: value})))

    def set_path(self, run: str, path: Path) -> None:
        """Note where a model was saved."""
        self._note(run, lambda model: replace(model, path=path))

    def rename(self, run: str, name: str) -> None:
        """Call a lane something else."""
        if name.strip():
            self._change("Rename", tuple(replace(m, name=name.strip()) if m.run == run else m for m in self.models))

    # Where people point

    def focus(self, run: str) -> None:
        """Let keys and menus act on a model."""
        if run != self.focused and self.model(run) is not None:
            self.focused = run
            self.focus_changed.emit()

    def hover(self, point: Point | None) -> None:
        """The mouse is at a place, or over no cloud."""
        if point != self.hovered:
            self.hovered = point
            self.point_changed.emit()

    def pick(self, point: Point) -> None:
        """A place was clicked: it is pinned, and where the mouse is, though that may not have told yet."""
        if (point, point) != (self.hovered, self.pinned):
            self.hovered = self.pinned = point
            self.point_changed.emit()

    def pin(self, point: Point | None) -> None:
        """A place is pinned in another way, or is let go."""
        if point != self.pinned:
            self.pinned = point
            self.point_changed.emit()

    @property
    def point(self) -> Point | None:
        """The place to decode: the mouse's, else the pinned one."""
        return self.hovered or self.pinned

    def select_image(self, image: int | None) -> None:
        """Select one held-out image."""
        if image != self.image:
            self.image = image
            self.image_changed.emit()

    def hover_image(self, image: int | None) -> None:
        """The mouse is on an image's point, or on none."""
        if image != self.hovered_image:
            self.hovered_image = image
            self.hovered_image_changed.emit()

    def choose(self, images: Indices) -> None:
        """Choose several images."""
        if not np.array_equal(images, self.chosen):
            self.chosen = images
            self.chosen_changed.emit()

    def emphasise(self, classes: Emphasis | None) -> None:
        """Single out some classes, (K,); None for all."""
        self.emphasis = classes
        self.emphasis_changed.emit()

    def set_route(self, route: Route | None) -> None:
        """A path was drawn, or is let go."""
        if route != self.route:
            self.route = route
            self.route_changed.emit()

    def look_into(self, images: ImagesKey) -> None:
        """Say which images are selected from next; what is selected of others is let go."""
        if images != self.images_of:
            self._select_nothing()
            self.images_of = images

    def may_look_into(self, images: ImagesKey) -> bool:
        """Whether pointing at these images lets go of nothing that was selected."""
        return images == self.images_of or (self.image is None and len(self.chosen) == 0)

    def forget_images(self) -> None:
        """Nothing is selected any more: the images are others."""
        self._select_nothing()
        self.emphasise(None)

    def _select_nothing(self) -> None:
        self.select_image(None)
        self.hover_image(None)
        self.choose(np.zeros(0, np.int64))
        self.images_of = None

    # How it is done

    def _made(self, recipe: Recipe, beside: tuple[Model, ...]) -> Model:
        label = FAMILIES[recipe.family].label
        names, colours = {model.name for model in beside}, {model.colour for model in beside}
        name = next(name for n in itertools.count(1) if (name := label if n == 1 else f"{label} {n}") not in names)
        colour = next(colour for colour in itertools.count() if colour not in colours)
        return Model(run=self.new_run(), name=name, recipe=recipe, colour=colour)

    def _anew(self, model: Model, recipe: Recipe) -> Model:
        others = tuple(other for other in self.models if other is not model)
        name = model.name if model.recipe.family == recipe.family else self._made(recipe, others).name
        return replace(model, run=self.new_run(), name=name, recipe=recipe, path=None)

    def _note(self, run: str, change: Callable[[Model], Model]) -> None:
        """Change what is known of a run, on the bench and wherever undo may bring it back; no undo takes it away."""

        def noted(models: tuple[Model, ...]) -> tuple[Model, ...]:
            return tuple(change(model) if model.run == run else model for model in models)

        for command in self._changes():
            command.rewrite(noted)
        if (models := noted(self.models)) != self.models:
            self._set_models(models)

    def _change(self, text: str, models: tuple[Model, ...]) -> None:
        if models != self.models:
            self.undo_stack.push(_ModelsChange(text, self._set_models, self.models, models))
            self._drop_unreachable()

    def _drop_unreachable(self) -> None:
        reachable = {model.run for command in self._changes() for model in command.models}
        reachable |= {model.run for model in self.models}
        dropped = tuple(sorted(self._known - reachable))
        self._known &= reachable
        if dropped:
            self.runs_dropped.emit(dropped)

    def _changes(self) -> list["_ModelsChange"]:
        """What undo and redo can still bring back."""
        commands = [self.undo_stack.command(index) for index in range(self.undo_stack.count())]
        return [command for command in commands if isinstance(command, _ModelsChange)]

    def _set_models(self, models: tuple[Model, ...]) -> None:
        focused_at = next((at for at, model in enumerate(self.models) if model.run == self.focused), 0)
        self.models = models
        self._known = self._known | {model.run for model in models}
        self.models_changed.emit()
        if self.focused is None or self.model(self.focused) is None:
            self.focused = models[min(focused_at, len(models) - 1)].run if models else None
            self.focus_changed.emit()


class _ModelsChange(QUndoCommand):
    """One change of the bench, as what it was before and is after."""

    def __init__(
        self,
        text: str,
        set_models: Callable[[tuple[Model, ...]], None],
        before: tuple[Model, ...],
        after: tuple[Model, ...],
    ) -> None:
        super().__init__(text)
        self._set_models = set_models
        self._before = before
        self._after = after

    @property
    def models(self) -> tuple[Model, ...]:
        """All models that undoing or redoing may bring back."""
        return (*self._before, *self._after)

    def rewrite(self, noted: Callable[[tuple[Model, ...]], tuple[Model, ...]]) -> None:
        """Take into both what has become known since."""
        self._before, self._after = noted(self._before), noted(self._after)

    def undo(self) -> None:
        """Bring the earlier models back."""
        self._set_models(self._before)

    def redo(self) -> None:
        """Bring the later models back."""
        self._set_models(self._after)
