"""The panel of nearest training images: asks for them when somebody looks, and never more often than can be seen."""

from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from explorer.lane import Lane
from explorer.lane_row import LaneRow
from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.model_copies import ModelCopies
from explorer.model_supply import ModelSupply
from explorer.nearest_search import Answers, Encoded, Question, encode_some, find, usual_distance
from explorer.palette import lane_colour
from explorer.views.model_label import ModelLabel
from explorer.views.nearest_view import NearestView
from explorer.workbench import ImagesKey, Workbench
from trainers.images import ImageSet
from trainers.messages import Pixels

NEAREST: Final = "nearest training images"
ENCODED: Final = "codes of training images"
USUAL: Final = "usual distance"
REST_MS: Final = 120
"""A pointer that moves is asked about when it has rested for so long."""
FRESH_MS: Final = 2000
"""A model that learns is asked about so seldom."""


class NearestPanel(QObject):
    """Asks about the place pointed at or pinned, or about the selected image; costs nothing while nobody looks.

    Signals:
        refused(str): One sentence on what could not be found.

    Attributes:
        view: What is shown.
    """

    refused = Signal(str)

    def __init__(
        self, bench: Workbench, row: LaneRow, copies: ModelCopies, thread: LayerThread, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._bench, self._row, self._copies, self._thread = bench, row, copies, thread
        self._supply: ModelSupply | None = None
        self.view = NearestView(parent)
        self._seen = self._asked = False
        self._encoded: dict[str, Encoded] = {}
        self._encoding: dict[str, QElapsedTimer] = {}
        self._usual: dict[ImagesKey, float] = {}
        self._rest = _single_shot(self, partial(self._ask, awaited=True))
        self._fresh = _single_shot(self, partial(self._ask, awaited=False))
        bench.models_changed.connect(self._show_models)
        bench.point_changed.connect(self._note_point)
        bench.image_changed.connect(self._note_image)
        self.view.subject_changed.connect(self._note_subject)
        row.snapshot_shown.connect(self._ask_in_time)
        copies.copied.connect(self._encode)
        copies.gone.connect(self._forget)
        thread.done.connect(self._done)
        thread.failed.connect(self._failed)
        self._show_models()

    def take_images_from(self, supply: ModelSupply) -> None:
        """Say who has the training images."""
        self._supply = supply

    def set_seen(self, seen: bool) -> None:
        """Say whether the panel can be seen; nothing is computed while it cannot."""
        if seen != self._seen:
            self._seen = seen
            if seen:
                self._ask(awaited=True)
            else:
                self._set_asked(asked=False)

    # When to ask

    def _show_models(self) -> None:
        models = self._bench.models
        labels = tuple(ModelLabel(model.run, model.name, lane_colour(model.colour)) for model in models)
        self.view.set_models(labels)
        self._rest.start(REST_MS)

    def _note_point(self) -> None:
        if self._seen and self.view.subject == "place":
            self._rest.start(REST_MS)

    def _note_image(self) -> None:
        if self._seen and self.view.subject == "image":
            self._rest.start(REST_MS)

    def _note_subject(self) -> None:
        self._ask(awaited=True)

    def _ask_in_time(self) -> None:
        """Ask once about all that has changed by then: rows of images take long to paint."""
        if self._seen and not self._fresh.isActive():
            self._fresh.start(FRESH_MS)

    # What to ask

    def _ask(self, *, awaited: bool) -> None:
        if not self._seen:
            return
        subject = self.view.subject
        is_image = subject == "image"
        asked = self._bench.image is not None if is_image else self._bench.point is not None
        self.view.set_asked(asked=asked)
        self._set_asked(asked=asked)
        lanes = [lane for lane in self._row.lanes if lane.snapshot is not None]
        by_images: dict[ImagesKey, list[Lane]] = {}
        for lane in lanes:
            by_images.setdefault(lane.model.images_key, []).append(lane)
        if not asked:
            self.view.show_image_row(None)
            for lane in lanes:
                self.view.show_rows(lane.model.run, None, None)
            return
        for key, sharing in by_images.items():
            images = self._supply.images(key) if self._supply is not None else None
            if images is None or (is_image and key != self._bench.images_of):
                for lane in sharing:
                    self.view.show_rows(lane.model.run, None, None)
                continue
            questions = {lane.model.run: question for lane in sharing if (question := self._question(lane))}
            image = self._image(sharing) if is_image else None
            compute = partial(find, images, subject, image, questions)
            job = LayerJob(layer=NEAREST, run=str(key), compute=compute, is_awaited=awaited)
            self._thread.submit(job)
            self._ask_usual(key, images, sharing[0])

    def _set_asked(self, *, asked: bool) -> None:
        """Have models copied and training images encoded only for a question."""
        if asked != self._asked:
            self._asked = asked
            self._copies.want("nearest", wanted=asked)
            if asked:
                for lane in self._row.lanes:
                    self._encode(lane.model.run)

    def _question(self, lane: Lane) -> Question | None:
        snapshot, point, image = lane.snapshot, self._bench.point, self._bench.image
        if snapshot is None:
            return None
        if self.view.subject == "place":
            if point is None:
                return None
            code_1D = snapshot.plane.codes(np.array([[point.x, point.y]], np.float32))
        elif image is not None and image < len(snapshot.codes_ND):
            code_1D = snapshot.codes_ND[image : image + 1]
        else:
            return None
        return Question(snapshot.decoder, code_1D, self._encoded.get(lane.model.run))

    def _image(self, sharing: list[Lane]) -> Pixels | None:
        held_out = next((lane.held_out for lane in sharing if lane.held_out is not None), None)
        image = self._bench.image
        if held_out is None or image is None or image >= len(held_out.images_NCHW):
            return None
        return held_out.images_NCHW[image]

    def _ask_usual(self, key: ImagesKey, images: ImageSet, lane: Lane) -> None:
        if key in self._usual:
            self.view.show_usual(self._usual[key])
        elif lane.held_out is not None:
            compute = partial(usual_distance, key, images, lane.held_out.images_NCHW)
            self._thread.submit(LayerJob(layer=USUAL, run=str(key), compute=compute))

    def _encode(self, run: str) -> None:
        """Ask where training images lie in a model, unless that is known of it as it is, or was asked a moment ago."""
        copied, model = self._copies.newest(run), self._bench.model(run)
        if not self._asked or copied is None or copied.model is None or model is None or self._supply is None:
            return
        images, known = self._supply.images(model.images_key), self._encoded.get(run)
        if images is None or (known is not None and known.step == copied.step):
            return
        asked = self._encoding.setdefault(run, QElapsedTimer())
        if asked.isValid() and asked.elapsed() < FRESH_MS:
            QTimer.singleShot(FRESH_MS, self, partial(self._encode, run))
            return
        asked.start()
        compute = partial(encode_some, copied.model, images, copied.step)
        self._thread.submit(LayerJob(layer=ENCODED, run=run, compute=compute))

    # What is found

    def _done(self, done: LayerDone) -> None:
        value = done.value
        if isinstance(value, Encoded) and done.job.layer == ENCODED:
            if self._bench.model(done.job.run) is not None:
                is_first = done.job.run not in self._encoded
                self._encoded[done.job.run] = value
                if is_first:
                    self._ask(awaited=False)
                else:
                    self._ask_in_time()
        elif isinstance(value, Answers) and value.subject == self.view.subject:
            if value.image is not None:
                self.view.show_image_row(value.image)
            for run in {*value.pixels, *value.codes}:
                self.view.show_rows(run, value.pixels.get(run), value.codes.get(run))
        elif done.job.layer == USUAL and isinstance(value, tuple):
            key, distance = value
            self._usual[key] = float(distance)
            self.view.show_usual(float(distance))

    def _failed(self, job: LayerJob, reason: str) -> None:
        if job.layer in (NEAREST, ENCODED, USUAL):
            self.refused.emit(f"Nearest training images cannot be found: {reason}")

    def _forget(self, run: str) -> None:
        self._encoded.pop(run, None)
        self._encoding.pop(run, None)
        self._thread.forget(run)


def _single_shot(owner: QObject, act: "partial[None]") -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    return timer
