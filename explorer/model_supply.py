"""Sees to it that every model on the bench has a run in the training thread, and every run its images."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from explorer.image_loader import ImageLoader, ImageRequest
from explorer.messages import RunOpened
from explorer.session import KeptModel
from explorer.training_thread import TrainingThread
from explorer.workbench import ImagesKey, Model, Workbench
from trainers.datasets import DATASETS
from trainers.images import ImageSet


@dataclass(frozen=True, slots=True)
class _Opening:
    """A file on its way to the bench; `name` is set for the copy of an earlier session, which is no place to save."""

    path: Path
    name: str | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """Other images for all models, on their way."""

    request: ImageRequest
    epochs: int


class ModelSupply(QObject):
    """Follows the bench: asks for images once a set, makes runs, drops what no undo can bring back.

    Signals:
        waiting(str, str): A run, and one sentence for its lane on why it has no points yet; empty when it has.
        download_wanted(object): An `ImageRequest` whose images are not on this computer; ask before `download`.
        download_unwanted(object): No model waits for such a request any more.
        refused(str): One sentence on what could not be had.
    """

    waiting = Signal(str, str)
    download_wanted = Signal(object)
    download_unwanted = Signal(object)
    refused = Signal(str)

    def __init__(self, bench: Workbench, training: TrainingThread, loader: ImageLoader) -> None:
        super().__init__()
        self._bench, self._training, self._loader = bench, training, loader
        self._images: dict[tuple[str, int], ImageSet] = {}
        self._asked: dict[tuple[str, int], str] = {}  # with what was last said of it
        self._unanswered: set[ImageRequest] = set()
        self._from_file: set[str] = set()
        self._supplied: set[str] = set()
        self._given_up: dict[str, str] = {}  # with the reason
        self._opening: dict[str, _Opening] = {}
        self._change: _Change | None = None
        bench.models_changed.connect(self._follow_bench)
        bench.runs_dropped.connect(self._drop)
        training.run_opened.connect(self._run_opened)
        loader.loaded.connect(self._images_loaded)
        loader.failed.connect(self._images_failed)
        loader.cancelled.connect(self._images_cancelled)

    def images(self, key: ImagesKey) -> ImageSet | None:
        """The images of models on the bench, as far as they are loaded."""
        return self._images.get(key)

    def open_files(self, paths: tuple[Path, ...]) -> None:
        """Open models from files, each in a lane of its own, as far as there is room."""
        self._open(tuple(_Opening(path.resolve()) for path in paths))

    def reopen(self, kept: tuple[KeptModel, ...]) -> None:
        """Open the models of an earlier session."""
        self._open(tuple(_Opening(model.path, model.name) for model in kept))

    def change_images(self, dataset: str, epochs: int) -> None:
        """Start all models anew on other images once these are here; until then, and if they never come, all stays.

        A newer wish takes the place of an older one, also the wish for the images that the models have.
        """
        request = ImageRequest(dataset, 0)
        is_there = all(model.images_key == request.key for model in self._bench.models)
        self._change = None if is_there else _Change(request, epochs)
        self._withdraw_questions()
        if is_there:
            return
        if request.key in self._images:
            self._carry_out_change(self._images[request.key])
        elif request.key not in self._asked:
            self._ask(request)

    def _carry_out_change(self, images: ImageSet) -> None:
        assert self._change is not None
        change, self._change = self._change, None
        self._images[change.request.key] = images
        self._bench.use_images(change.request.dataset, change.epochs)

    def download(self, request: ImageRequest) -> None:
        """Load images that the person agreed to download."""
        self._unanswered.discard(request)
        self._say(request, f"Downloading {_label(request)} …")
        self._loader.load(replace(request, download=True))

    def decline(self, request: ImageRequest) -> None:
        """Do without images that are not on this computer."""
        self._unanswered.discard(request)
        self._give_up(request, f"{_label(request)} is not on this computer. Choose other images above.")

    def _open(self, openings: tuple[_Opening, ...]) -> None:
        for opening in openings:
            run = self._bench.new_run()
            self._opening[run] = opening
            self._training.open_file(run, opening.path)

    def _run_opened(self, opened: RunOpened) -> None:
        opening = self._opening.pop(opened.run, None)
        if opening is None:
            return
        if self._bench.is_full:
            self._training.forget((opened.run,))
            self.refused.emit(
                f"{opening.path.name} was not opened: there are four models already. Remove one, and open it again."
            )
            return
        self._from_file.add(opened.run)
        saved_at = opening.path if opening.name is None else None
        self._bench.add_opened(opened.run, opened.recipe, opening.name or opening.path.stem, saved_at)

    def _follow_bench(self) -> None:
        self._show()
        for model in self._bench.models:
            if model.run in self._given_up:
                self.waiting.emit(model.run, self._given_up[model.run])  # its lane may be a new one
            elif model.run not in self._supplied:
                self._supply(model)
        in_use = {model.images_key for model in self._bench.models}
        self._images = {key: images for key, images in self._images.items() if key in in_use}
        self._withdraw_questions()

    def _withdraw_questions(self) -> None:
        for request in [request for request in self._unanswered if not self._is_wanted(request)]:
            self._unanswered.discard(request)
            self._asked.pop(request.key)
            self.download_unwanted.emit(request)

    def _is_wanted(self, request: ImageRequest) -> bool:
        return bool(self._waiting_for(request)) or self._is_change(request)

    def _is_change(self, request: ImageRequest) -> bool:
        return self._change is not None and self._change.request.key == request.key

    def _show(self) -> None:
        """Let the thread know the bench, and which models will never have images."""
        models = self._bench.models
        self._training.show(tuple(model.run for model in models), frozenset(self._given_up))

    def _supply(self, model: Model) -> None:
        key = model.images_key
        if key in self._images:
            self._give(model, self._images[key])
        elif key not in self._asked:
            self._ask(ImageRequest(*key))
        else:
            self.waiting.emit(model.run, self._asked[key])

    def _ask(self, request: ImageRequest) -> None:
        from trainers.datasets.loading import is_downloaded

        if request.dataset in DATASETS and not is_downloaded(request.dataset):
            self._say(request, f"{_label(request)} is not on this computer.")
            self._unanswered.add(request)
            self.download_wanted.emit(request)
        else:
            self._say(request, f"Loading {_label(request)} …")
            self._loader.load(request)

    def _give(self, model: Model, images: ImageSet) -> None:
        self._supplied.add(model.run)
        self.waiting.emit(model.run, "")
        if model.run in self._from_file:
            self._training.give_images(model.run, images)
        else:
            self._training.open_run(model.run, model.recipe, images)

    def _images_loaded(self, request: ImageRequest, images: ImageSet) -> None:
        self._asked.pop(request.key, None)
        for model in self._waiting_for(request):
            self._images[request.key] = images
            self._give(model, images)
        if self._is_change(request):
            self._carry_out_change(images)

    def _images_failed(self, request: ImageRequest, sentence: str) -> None:
        self._give_up(request, sentence)
        self.refused.emit(sentence)

    def _images_cancelled(self, request: ImageRequest) -> None:
        self._give_up(request, "Loading was cancelled. Choose images above.")

    def _give_up(self, request: ImageRequest, sentence: str) -> None:
        self._asked.pop(request.key, None)
        if self._is_change(request):
            self._change = None
        for model in self._waiting_for(request):
            self._given_up[model.run] = sentence
            self.waiting.emit(model.run, sentence)
        self._show()

    def _say(self, request: ImageRequest, sentence: str) -> None:
        self._asked[request.key] = sentence
        for model in self._waiting_for(request):
            self.waiting.emit(model.run, sentence)

    def _waiting_for(self, request: ImageRequest) -> list[Model]:
        settled = self._supplied | self._given_up.keys()
        return [model for model in self._bench.models if model.images_key == request.key and model.run not in settled]

    def _drop(self, runs: tuple[str, ...]) -> None:
        self._supplied.difference_update(runs)
        for run in runs:
            self._given_up.pop(run, None)
        self._from_file.difference_update(runs)
        self._training.forget(runs)


def _label(request: ImageRequest) -> str:
    known = DATASETS.get(request.dataset)
    return known.label if known is not None else Path(request.dataset).name
