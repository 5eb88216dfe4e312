"""The panel to draw on: gives what is drawn, or dropped, to every model, and shows where each puts it."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.disk import remember
from explorer.lane_row import LaneRow
from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.model_copies import ModelCopies
from explorer.model_supply import ModelSupply
from explorer.palette import lane_colour
from explorer.views.drawing_view import PICTURES, DrawingView
from explorer.views.ink_pad import SIDE
from explorer.views.model_label import ModelLabel
from explorer.views.place_marks import PlaceMark
from explorer.workbench import ImagesKey, Workbench
from trainers.errors import DatasetError
from trainers.images import ImageSet
from trainers.messages import Floats, ModelCopy, Pixels

DRAWN: Final = "drawing"
PICTURE: Final = "picture"
MARK: Final = "drawing"
PHOTOGRAPHS: Final = "These images have no plain ground, so the whole square is resized."


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """A picture from a file, (C, H, W), and its ink on the pad; or one sentence on why there is none."""

    path: Path
    pixels_CHW: Pixels | None = None
    pad_HW: Pixels | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What was given to models, and by run where each puts it, (1, D), and what it makes of it, (C, H, W)."""

    given_CHW: Pixels
    has_frame: bool
    codes: dict[str, Floats] = field(default_factory=dict[str, Floats])
    images: dict[str, Pixels] = field(default_factory=dict[str, Pixels])


class DrawingPanel(QObject):
    """Computes while it is seen: with every stroke, and whenever a model has learned.

    Signals:
        wanted(): A picture was given, so the panel should be seen.
        refused(str): One sentence on what could not be read or computed.

    Attributes:
        view: What is shown.
    """

    wanted = Signal()
    refused = Signal(str)

    def __init__(
        self, bench: Workbench, row: LaneRow, copies: ModelCopies, thread: LayerThread, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bench, self._row, self._copies, self._thread, self._window = bench, row, copies, thread, parent
        self._supply: ModelSupply | None = None
        self._picture: _Picture | None = None
        self._seen = False
        self.view = DrawingView(parent)
        self.view.changed.connect(self._note_stroke)
        self.view.cleared.connect(self._clear)
        self.view.picture_wanted.connect(self._choose)
        self.view.fit_changed.connect(self._ask)
        self.view.pad.picture_dropped.connect(self.take_picture)
        self.view.pad.refused.connect(self.refused)
        self.view.say("")
        bench.models_changed.connect(self._show_models)
        copies.copied.connect(self._note_copy)
        thread.done.connect(self._done)
        thread.failed.connect(self._failed)
        self._show_models()

    def take_images_from(self, supply: ModelSupply) -> None:
        """Say who has the images whose form a drawing is given."""
        self._supply = supply

    def set_seen(self, seen: bool) -> None:
        """Say whether the panel can be seen; marks on the clouds go with it."""
        if seen != self._seen:
            self._seen = seen
            self._copies.want("drawing", wanted=seen)
            if seen:
                self._ask()
            else:
                self._take_marks_away()

    def take_picture(self, path: Path) -> None:
        """Give a picture to the models."""
        self.wanted.emit()
        self._thread.submit(LayerJob(layer=PICTURE, run="", compute=partial(_read, path), is_awaited=True))

    # What is to be given

    def _choose(self) -> None:
        folder = str(QSettings().value("folder", str(Path.home())))
        name, _ = QFileDialog.getOpenFileName(self._window, "Choose a picture", folder, PICTURES)
        if name:
            remember("folder", str(Path(name).parent))
            self.take_picture(Path(name))

    def _clear(self) -> None:
        self._picture = None
        self.view.pad.clear()

    def _note_stroke(self) -> None:
        if self._picture is not None and self.view.pad.drawing is not self._picture.pad_HW:
            self._picture = None  # drawn over: from now on the pad counts
        self._ask()

    def _show_models(self) -> None:
        models = self._bench.models
        self.view.set_models(tuple(ModelLabel(model.run, model.name, lane_colour(model.colour)) for model in models))
        self._ask()

    def _note_copy(self, _run: str) -> None:
        self._ask()

    def _ask(self) -> None:
        if not self._seen or self._supply is None:
            return
        if not self._has_drawing():
            self._show_nothing()
            return
        by_images: dict[ImagesKey, dict[str, ModelCopy]] = {}
        for model in self._bench.models:
            copied = self._copies.newest(model.run)
            if copied is not None and copied.model is not None:
                by_images.setdefault(model.images_key, {})[model.run] = copied.model
        for key, models in by_images.items():
            images = self._supply.images(key)
            if images is not None:
                picture_CHW = self._picture.pixels_CHW if self._picture is not None else None
                compute = partial(_make, images, self.view.pad.drawing, picture_CHW, models, fits=self.view.fits)
                self._thread.submit(LayerJob(layer=DRAWN, run=str(key), compute=compute, is_awaited=True))

    def _has_drawing(self) -> bool:
        return self._picture is not None or bool(self.view.pad.drawing.any())

    # What comes back

    def _done(self, done: LayerDone) -> None:
        value = done.value
        if isinstance(value, _Picture):
            self._show_picture(value)
        elif isinstance(value, _Made) and self._seen and self._has_drawing():
            self._show_made(value)

    def _show_picture(self, picture: _Picture) -> None:
        if picture.problem or picture.pad_HW is None:
            self.refused.emit(picture.problem)
            return
        self._picture = picture
        self.view.pad.change(picture.pad_HW)

    def _show_made(self, made: _Made) -> None:
        self.view.show_given(made.given_CHW)
        self.view.say("" if made.has_frame or not self.view.fits else PHOTOGRAPHS)
        for run, code_1D in made.codes.items():
            self.view.show_reconstruction(run, made.given_CHW, made.images[run])
            lane, copied = self._row.lane(run), self._copies.newest(run)
            if lane is not None and copied is not None:
                x, y = copied.plane.points(code_1D)[0].tolist()
                lane.layers.set_mark(MARK, PlaceMark((x, y), "picture" if self._picture is not None else "drawing"))

    def _show_nothing(self) -> None:
        self.view.show_given(None)
        self.view.say("")
        for model in self._bench.models:
            self.view.show_reconstruction(model.run, None, None)
        self._take_marks_away()

    def _take_marks_away(self) -> None:
        for lane in self._row.lanes:
            lane.layers.set_mark(MARK, None)

    def _failed(self, job: LayerJob, reason: str) -> None:
        if job.layer in (DRAWN, PICTURE):
            self.refused.emit(f"The drawing cannot be shown to the models: {reason}")


# In the thread. The imports bring Pillow, which only this needs.


def _read(path: Path) -> _Picture:
    from trainers.own_image import fit_ground, read_own_picture

    try:
        pixels_CHW = read_own_picture(path)
    except DatasetError as error:
        return _Picture(path, problem=str(error))
    return _Picture(path, pixels_CHW, fit_ground(pixels_CHW, SIDE))


def _make(
    images: ImageSet, ink_HW: Pixels, picture_CHW: Pixels | None, models: dict[str, ModelCopy], *, fits: bool
) -> _Made:
    from trainers.own_image import fit_drawing, fit_picture, habits_of

    frame = habits_of(images)
    if picture_CHW is not None:
        given_CHW = fit_picture(picture_CHW, images.shape, frame, framed=fits)
    else:
        given_CHW = fit_drawing(ink_HW, images.shape, frame, framed=fits)
    made = _Made(given_CHW=np.ascontiguousarray(given_CHW), has_frame=frame is not None)
    for run, model in models.items():
        made.codes[run] = model.posterior(made.given_CHW[None]).means_ND
        made.images[run] = model.decode(made.codes[run])[0]
    return made
