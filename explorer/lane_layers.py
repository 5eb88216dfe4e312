"""One lane's layers over the plane: asks for those that are on, as often as the model or the view has changed."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.palette import class_colours
from explorer.views.heat_layer import HeatLayer, hole_colours, trust_colours
from explorer.views.latent_view import LatentView
from explorer.views.plane_layer import PlaneLayer
from explorer.views.posterior_ellipses import PosteriorEllipses
from explorer.views.round_trip_arrows import RoundTripArrows, arrow_places
from explorer.views.viewport import Bounds
from explorer.workbench import Emphasis, Indices
from trainers.geometry.holes import Holes, aggregate_posterior, find_holes
from trainers.geometry.plane_grid import PlaneGrid
from trainers.geometry.posteriors import covariances_on_plane
from trainers.geometry.round_trip import round_trip
from trainers.geometry.trust import Trust, measure_trust
from trainers.messages import Floats, HeldOut, ModelCopy, Pixels, Plane, Snapshot

LAYERS: Final = ("ellipses", "round_trips", "holes", "trust")
"""Layers that can be shown, as the commands that switch them are called."""

FRESH_MS: Final = 500
"""A model that learns is asked about so seldom."""
VIEW_MS: Final = 90
"""A view that moves is asked about when it has rested for so long."""
MOST_ELLIPSES: Final = 240
"""More would cover each other, and the points."""


class LaneLayers(QObject):
    """Keeps the layers of a cloud as fresh as its model; those that are off cost nothing.

    Signals:
        holes_changed(): `holes` is another.
        trust_changed(): `trust_at` may give other answers.
        emptiest_found(float, float): Where the prior exceeds the codes most, after `go_to_emptiest`.
    """

    holes_changed = Signal()
    trust_changed = Signal()
    emptiest_found = Signal(float, float)

    def __init__(self, run: str, cloud: LatentView, thread: LayerThread) -> None:
        super().__init__(cloud)
        self._run, self._cloud, self._thread = run, cloud, thread
        self._on: frozenset[str] = frozenset()
        self._points_N2: Floats = np.zeros((0, 2), np.float32)
        self._copied: Snapshot | None = None
        self._held_out: HeldOut | None = None
        self._emphasis: Emphasis | None = None
        self._chosen: Indices = np.zeros(0, np.int64)
        self._ellipses = PosteriorEllipses()
        self._ellipses_of: tuple[Indices, Floats] | None = None
        self._arrows = RoundTripArrows()
        self._holes_sheet, self._trust_sheet = HeatLayer(hole_colours), HeatLayer(trust_colours)
        self._holes: Holes | None = None
        self._trust: Trust | None = None
        self._goes_to_emptiest = False
        self._marks: dict[str, PlaneLayer] = {}
        self._since_asked = QElapsedTimer()
        self._turn = _single_shot(self, self._ask_for_all)
        self._view_turn = _single_shot(self, self._ask_for_arrows)
        cloud.viewport_changed.connect(self._note_view)

    @property
    def trust(self) -> Trust | None:
        """Trust as it is shown; None while it is not."""
        return self._trust

    @property
    def holes(self) -> Holes | None:
        """Holes as they are shown; None while they are not."""
        return self._holes

    @property
    def ellipse_count(self) -> int:
        """How many posteriors are shown."""
        return len(self._ellipses)

    @property
    def arrow_count(self) -> int:
        """How many round trips are shown."""
        return len(self._arrows)

    @property
    def on(self) -> frozenset[str]:
        """The layers that are shown."""
        return self._on

    def set_on(self, layers: frozenset[str]) -> None:
        """Show these layers and no others."""
        gone, come = self._on - layers, layers - self._on
        self._on = layers
        for layer in gone:
            self._thread.drop(layer, self._run)
            self._forget(layer)
        if not layers:
            self._turn.stop()
            self._view_turn.stop()
            self._copied = None  # what is shown next is asked for with a model as it is then
        for layer in come:
            self._ask(layer)
        self._paint()

    def set_mark(self, name: str, mark: PlaneLayer | None) -> None:
        """Show something else over all layers, in place of what had this name; None takes it away."""
        self._marks.pop(name, None)
        if mark is not None:
            self._marks[name] = mark
        self._paint()

    def show_images(self, held_out: HeldOut) -> None:
        """Take the images behind the points."""
        self._held_out = held_out
        self._ask_again()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Let what is shown follow the points, and compute anew with a model as it was a moment ago."""
        self._points_N2 = snapshot.points_N2
        if not self._on:
            return
        if "ellipses" in self._on:
            self._place_ellipses()
        if snapshot.model is not None:
            self._copied = snapshot
            self._ask_again()

    def show_emphasis(self, emphasis: Emphasis | None) -> None:
        """Show posteriors of some classes, (K,); None for all."""
        self._emphasis = emphasis
        self._ask("ellipses")

    def show_chosen(self, chosen: Indices) -> None:
        """Show posteriors of some images; of a selection from all where none is chosen."""
        self._chosen = chosen
        self._ask("ellipses")

    def go_to_emptiest(self) -> None:
        """Find where the prior exceeds the codes most; told by `emptiest_found`."""
        self._goes_to_emptiest = True
        if self._holes is not None:
            self._tell_emptiest(self._holes)

    def trust_at(self, x: float, y: float) -> str:
        """Trust at a place, in words; empty while it is not shown."""
        if self._trust is None:
            return ""
        trust, word = self._trust.at(x, y)
        return f"{word} {trust:.2f}"

    def show_done(self, done: LayerDone) -> None:
        """Show what has been computed for this lane, unless it is no longer wanted."""
        layer, value = done.job.layer, done.value
        if layer not in self._on:
            return
        if isinstance(value, Holes):
            self._holes = value
            self._holes_sheet.show(value.excess_RM, _bounds(value.grid))
            self.holes_changed.emit()
            if self._goes_to_emptiest:
                self._tell_emptiest(value)
        elif isinstance(value, Trust):
            self._trust = value
            self._trust_sheet.show(value.trust_RM, _bounds(value.grid))
            self.trust_changed.emit()
        elif isinstance(value, tuple):
            first, second = value
            if layer == "ellipses":
                self._ellipses_of = (first, second)
                self._place_ellipses()
            else:
                self._arrows.show(first, second)
        self._paint()

    # Asking

    def _ask_again(self) -> None:
        """Ask for everything, but not more often than twice a second."""
        if self._on and not self._turn.isActive():
            waited = self._since_asked.elapsed() if self._since_asked.isValid() else FRESH_MS
            self._turn.start(max(0, FRESH_MS - waited))

    def _ask_for_all(self) -> None:
        self._since_asked.start()
        for layer in LAYERS:
            self._ask(layer)

    def _ask_for_arrows(self) -> None:
        self._ask("round_trips")

    def _note_view(self) -> None:
        if "round_trips" in self._on:
            self._view_turn.start(VIEW_MS)

    def _ask(self, layer: str) -> None:
        snapshot, images = self._copied, self._held_out
        if layer not in self._on or snapshot is None or snapshot.model is None or images is None:
            return
        if not len(snapshot.codes_ND) or len(snapshot.codes_ND) != len(images.images_NCHW):
            return
        model, plane, codes_ND = snapshot.model, snapshot.plane, snapshot.codes_ND
        compute: Callable[[], object]
        if layer == "ellipses":
            compute = partial(_posteriors, model, plane, images.images_NCHW, self._some_images(images))
        elif layer == "round_trips":
            compute = partial(_round_trips, model, plane, arrow_places(self._cloud.viewport))
        elif layer == "holes":
            compute = partial(_holes, model, plane, codes_ND, images.images_NCHW)
        else:
            compute = partial(measure_trust, model, plane, codes_ND)
        self._thread.submit(LayerJob(layer=layer, run=self._run, compute=compute))

    def _some_images(self, images: HeldOut) -> Indices:
        """Whose posteriors to show: chosen images, else some of the classes that are singled out."""
        labels_N = images.labels_N
        pool_n = np.arange(len(labels_N))
        if len(self._chosen) and int(self._chosen.max()) < len(labels_N):
            pool_n = self._chosen
        elif self._emphasis is not None and len(self._emphasis) == len(images.class_names):
            pool_n = np.flatnonzero(self._emphasis[labels_N])
        return pool_n[np.linspace(0, len(pool_n) - 1, min(len(pool_n), MOST_ELLIPSES)).astype(np.intp)]

    # Showing

    def _place_ellipses(self) -> None:
        """Put the posteriors as they were last computed where the points are now."""
        images = self._held_out
        if self._ellipses_of is None or images is None:
            return
        indices_n, covariances_n22 = self._ellipses_of
        if len(indices_n) and int(indices_n.max()) < min(len(self._points_N2), len(images.labels_N)):
            colours_K3 = class_colours(len(images.class_names))
            self._ellipses.show(self._points_N2[indices_n], covariances_n22, colours_K3[images.labels_N[indices_n]])

    def _forget(self, layer: str) -> None:
        if layer == "ellipses":
            self._ellipses, self._ellipses_of = PosteriorEllipses(), None
        elif layer == "round_trips":
            self._arrows = RoundTripArrows()
        elif layer == "holes":
            self._holes, self._goes_to_emptiest = None, False
            self._holes_sheet.clear()
            self.holes_changed.emit()
        else:
            self._trust = None
            self._trust_sheet.clear()
            self.trust_changed.emit()

    def _paint(self) -> None:
        sheets = {"trust": self._trust_sheet, "holes": self._holes_sheet}
        marks: dict[str, PlaneLayer] = {"ellipses": self._ellipses, "round_trips": self._arrows}
        self._cloud.set_layers(
            tuple(sheet for name, sheet in sheets.items() if name in self._on and not sheet.is_empty)
            + tuple(mark for name, mark in marks.items() if name in self._on)
            + tuple(self._marks.values())
        )

    def _tell_emptiest(self, holes: Holes) -> None:
        self._goes_to_emptiest = False
        self.emptiest_found.emit(*holes.emptiest)


def _posteriors(
    model: ModelCopy, plane: Plane, images_NCHW: Pixels, indices_n: Indices
) -> tuple[npt.NDArray[np.int64], Floats]:
    """Which images have a posterior, and its covariance on the plane; none in families without."""
    variances_nD = model.posterior(images_NCHW[indices_n]).variances_ND if len(indices_n) else None
    if variances_nD is None:
        return np.zeros(0, np.int64), np.zeros((0, 2, 2), np.float32)
    return indices_n, covariances_on_plane(variances_nD, plane)


def _round_trips(model: ModelCopy, plane: Plane, starts_N2: Floats) -> tuple[Floats, Floats]:
    return starts_N2, round_trip(model, plane, starts_N2)


def _holes(model: ModelCopy, plane: Plane, codes_ND: Floats, images_NCHW: Pixels) -> Holes:
    return find_holes(model, plane, aggregate_posterior(model, codes_ND, images_NCHW))


def _bounds(grid: PlaneGrid) -> Bounds:
    return Bounds(grid.left, grid.bottom, grid.right, grid.top)


def _single_shot(owner: QObject, act: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    return timer
