"""The panel that goes from one class to another: adds the difference of their mean codes to one code, in each model."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from explorer.lane import Lane
from explorer.lane_row import LaneRow
from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.palette import lane_colour
from explorer.views.arithmetic_view import STEPS, ArithmeticView
from explorer.views.model_label import ModelLabel
from explorer.views.place_marks import WayMark
from explorer.workbench import Point, Workbench
from trainers.messages import Decoder, Floats, Pixels, Snapshot

WAY: Final = "class arithmetic"
MARK: Final = "class arithmetic"


@dataclass(frozen=True, slots=True, eq=False)
class _Way:
    """Codes from the start to the sum, (S, D), and what is decoded there."""

    codes_SD: Floats
    images_SCHW: Pixels


class ArithmeticPanel(QObject):
    """Takes means over the codes on show, so that one sees what is added; follows models that learn while it is seen.

    Signals:
        refused(str): One sentence on what could not be computed.

    Attributes:
        view: What is shown.
    """

    refused = Signal(str)

    def __init__(self, bench: Workbench, row: LaneRow, thread: LayerThread, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._row, self._thread = bench, row, thread
        self._seen = False
        self._ways: dict[str, _Way] = {}
        self.view = ArithmeticView(parent)
        self.view.changed.connect(self._ask)
        self.view.step_picked.connect(self._pin)
        bench.models_changed.connect(self._show_models)
        bench.focus_changed.connect(self._show_classes)
        bench.image_changed.connect(self._note_image)
        bench.point_changed.connect(self._note_point)
        row.images_shown.connect(self._show_classes)
        row.snapshot_shown.connect(self._note_snapshot)
        thread.done.connect(self._done)
        thread.failed.connect(self._failed)
        self._show_models()

    def set_seen(self, seen: bool) -> None:
        """Say whether the panel can be seen; arrows on the clouds go with it."""
        if seen != self._seen:
            self._seen = seen
            if seen:
                self._show_classes()
                self._ask()
            else:
                for lane in self._row.lanes:
                    lane.layers.set_mark(MARK, None)

    # What to compute

    def _show_models(self) -> None:
        models = self._bench.models
        self.view.set_models(tuple(ModelLabel(model.run, model.name, lane_colour(model.colour)) for model in models))
        self._ways = {run: way for run, way in self._ways.items() if self._bench.model(run) is not None}
        self._ask()

    def _show_classes(self) -> None:
        """Offer the classes of the images that are selected from, else of the focused model."""
        lanes = [lane for lane in self._row.lanes if lane.held_out is not None]
        selected = [lane for lane in lanes if lane.model.images_key == self._bench.images_of]
        focused = [lane for lane in lanes if lane.model.run == self._bench.focused]
        chosen = next(iter((*selected, *focused, *lanes)), None)
        if chosen is not None and chosen.held_out is not None:
            self.view.set_classes(chosen.held_out.class_names)

    def _note_image(self) -> None:
        self._show_classes()
        image = self._bench.image
        owners = [lane for lane in self._row.lanes if lane.model.images_key == self._bench.images_of]
        held_out = next((lane.held_out for lane in owners if lane.held_out is not None), None)
        if self.view.start == "image" and image is not None and held_out is not None and image < len(held_out.labels_N):
            self.view.propose_from(int(held_out.labels_N[image]))
        self._ask()

    def _note_point(self) -> None:
        if self.view.start == "place":
            self._ask()

    def _ask(self) -> None:
        if self._seen:
            bench, start = self._bench, self.view.start
            self.view.set_ready(ready=(bench.image if start == "image" else bench.pinned) is not None)
            for lane in self._row.lanes:
                self._ask_for(lane.model.run)

    def _note_snapshot(self, snapshot: Snapshot) -> None:
        self._ask_for(snapshot.run)

    def _ask_for(self, run: str) -> None:
        lane = self._row.lane(run)
        if not self._seen or lane is None:
            return
        ends = self._ends(lane)
        if ends is None or lane.snapshot is None:
            self._ways.pop(run, None)
            self.view.show_way(run, None)
            lane.layers.set_mark(MARK, None)
            return
        job = partial(_decode, lane.snapshot.decoder, *ends)
        self._thread.submit(LayerJob(layer=WAY, run=run, compute=job, is_awaited=True))

    def _ends(self, lane: Lane) -> tuple[Floats, Floats] | None:
        """The code to begin with and the sum, (D,) each; None while they are not known."""
        snapshot, held_out, classes = lane.snapshot, lane.held_out, self.view.classes
        if snapshot is None or held_out is None or classes is None:
            return None
        codes_ND, labels_N = snapshot.codes_ND, held_out.labels_N
        if len(codes_ND) != len(labels_N) or max(classes) >= len(held_out.class_names):
            return None
        if self.view.start == "image":
            image = self._bench.image if self._bench.images_of == lane.model.images_key else None
            if image is None or image >= len(codes_ND):
                return None
            start_D = codes_ND[image]
        elif self._bench.pinned is not None:
            pinned = self._bench.pinned
            start_D = snapshot.plane.codes(np.array([[pinned.x, pinned.y]], np.float32))[0]
        else:
            return None
        members = [labels_N == label for label in classes]
        if not all(is_member.any() for is_member in members):
            return None
        to_D, from_D = (codes_ND[is_member].mean(0) for is_member in members)
        return start_D, start_D + to_D - from_D

    # What comes back

    def _done(self, done: LayerDone) -> None:
        value, run = done.value, done.job.run
        lane = self._row.lane(run)
        if not isinstance(value, _Way) or lane is None or lane.snapshot is None or not self._seen:
            return
        if self._ends(lane) is None:
            return  # let go meanwhile
        self._ways[run] = value
        self.view.show_way(run, value.images_SCHW)
        ends = lane.snapshot.plane.points(value.codes_SD[[0, -1]])
        (x, y), (to_x, to_y) = ends.tolist()
        lane.layers.set_mark(MARK, WayMark((x, y), (to_x, to_y), "this", self._sum(lane)))

    def _sum(self, lane: Lane) -> str:
        classes, held_out = self.view.classes, lane.held_out
        if classes is None or held_out is None:
            return ""
        to_name, from_name = (held_out.class_names[label] for label in classes)
        return f"+ {to_name} − {from_name}"

    def _pin(self, run: str, step: int) -> None:
        lane, way = self._row.lane(run), self._ways.get(run)
        if lane is not None and lane.snapshot is not None and way is not None and step < len(way.codes_SD):
            x, y = lane.snapshot.plane.points(way.codes_SD[step : step + 1])[0].tolist()
            self._bench.hover(None)
            self._bench.pin(Point(run, x, y))

    def _failed(self, job: LayerJob, reason: str) -> None:
        if job.layer == WAY:
            self.refused.emit(f"The way between classes cannot be decoded: {reason}")


def _decode(decoder: Decoder, start_D: Floats, end_D: Floats) -> _Way:
    shares_S1 = np.linspace(0, 1, STEPS, dtype=np.float32)[:, None]
    codes_SD = np.ascontiguousarray(start_D + shares_S1 * (end_D - start_D), dtype=np.float32)
    return _Way(codes_SD, decoder.decode(codes_SD))
