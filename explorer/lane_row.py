"""The lanes side by side: one for each model on the bench, each told what the threads have for its run."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from explorer.cloud_sentences import DECODES, MAP, POINTS
from explorer.decode_thread import DecodeThread
from explorer.lane import Lane
from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.map_thread import MapThread, MapTile
from explorer.messages import Decoded, DecodeJob, ImagesGiven, RunEvaluated
from explorer.theme import set_role
from explorer.views.latent_view import LatentView
from explorer.views.paint_turns import PaintTurns, paint_afterwards
from explorer.views.turn_layout import TurnLayout
from explorer.workbench import Model, Workbench
from trainers.messages import RunFailed, Snapshot

BETWEEN_SNAPSHOTS_MS: Final = 4
"""Long enough for one lane to be painted, and for the mouse to be heard, before the next."""


class LaneRow(QWidget):
    """Keeps lanes in step with the bench; what a thread says of a run that has no lane is dropped.

    Signals:
        snapshot_shown(object): A lane shows this `Snapshot`.
        images_shown(): A lane has other images than before.
        pointer_decoded(str, object): As of `Lane`.
        image_reconstructed(str, object): As of `Lane`.
        live_changed(str, str, object): As of `Lane`.
        lane_gone(str): The lane of this run is closed.
        lanes_move(): Lanes are about to get other places or sizes, and will be painted anew.
    """

    snapshot_shown = Signal(object)
    images_shown = Signal()
    pointer_decoded = Signal(str, object)
    image_reconstructed = Signal(str, object)
    live_changed = Signal(str, str, object)
    lane_gone = Signal(str)
    lanes_move = Signal()

    def __init__(
        self,
        bench: Workbench,
        decoder: DecodeThread,
        mapper: MapThread,
        layerer: LayerThread,
        make_menu: Callable[[QWidget, str], QMenu],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("lane-row")
        self._bench, self._decoder, self._mapper, self._make_menu = bench, decoder, mapper, make_menu
        self._lanes: dict[str, Lane] = {}
        self._turns = PaintTurns(self)
        self._playing = False
        self._waiting: dict[str, Snapshot] = {}
        self._next_snapshot = QTimer(self)
        self._next_snapshot.setSingleShot(True)
        self._next_snapshot.setInterval(BETWEEN_SNAPSHOTS_MS)
        self._next_snapshot.timeout.connect(self._show_next_snapshot)
        self._layerer = layerer
        self._layers_on: frozenset[str] = frozenset()
        self._draws_paths = False
        self._map_on = False
        self._points_visible = True
        self._empty = QLabel("No models. Choose “Add model” above, or drop a saved model here.", self)
        self._empty.setObjectName("no-models")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(self._empty, "muted")
        self._layout = TurnLayout(self)
        self._layout.places_change.connect(self.lanes_move)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self._empty)
        bench.models_changed.connect(self._follow_bench)
        bench.focus_changed.connect(self._move_keyboard)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """From left to right."""
        return tuple(self._lanes[model.run] for model in self._bench.models if model.run in self._lanes)

    def lane(self, run: str | None) -> Lane | None:
        """The lane of a run, if it has one."""
        return self._lanes.get(run) if run is not None else None

    def focused_lane(self) -> Lane | None:
        """The lane that keys and menus act on."""
        return self.lane(self._bench.focused)

    def hold_window(self) -> None:
        """Have all of the window show what it has until it is to `take_turns`."""
        self._layout.hold_window()

    def take_turns(self) -> None:
        """Be painted anew, like all of the window: first what is around the lanes, then one after the other."""
        self._layout.take_turns()

    def show_snapshots(self, snapshots: tuple[Snapshot, ...]) -> None:
        """Show each in its lane, one a turn of the event loop: the window never stands still to paint all of them."""
        self._waiting |= {snapshot.run: snapshot for snapshot in snapshots}
        if not self._next_snapshot.isActive():
            self._show_next_snapshot()

    def _show_next_snapshot(self) -> None:
        if not self._waiting:
            return
        snapshot = self._waiting.pop(next(iter(self._waiting)))
        if self._waiting:
            self._next_snapshot.start()
        lane = self._lanes.get(snapshot.run)
        if lane is not None:
            lane.show_snapshot(snapshot)
            self._show_state(lane)
            self.snapshot_shown.emit(snapshot)

    def show_images(self, given: ImagesGiven) -> None:
        """Let a lane show the images behind its points."""
        lane = self._lanes.get(given.run)
        if lane is not None:
            lane.show_images(given.held_out)
            self.images_shown.emit()

    def show_decoded(self, decoded: Decoded) -> None:
        """Show images where they were asked for."""
        lane = self._lanes.get(decoded.job.run)
        if lane is not None:
            lane.show_decoded(decoded)

    def show_map_tile(self, decoded: MapTile) -> None:
        """Show a tile of a decoded map where it was asked for."""
        lane = self._lanes.get(decoded.run)
        if lane is not None:
            lane.sentences.say("", of=MAP)
            lane.decoded_map.show_tile(decoded)

    def show_failed_map(self, run: str, sentence: str) -> None:
        """Say in a lane that its map cannot be decoded."""
        lane = self._lanes.get(run)
        if lane is not None:
            lane.sentences.say(sentence, of=MAP)

    def set_points_visible(self, visible: bool) -> None:
        """Show or hide the points of all lanes, also of those to come."""
        self._points_visible = visible
        for lane in self.lanes:
            lane.cloud.set_points_visible(visible)

    def set_map_on(self, on: bool) -> None:
        """Show or hide the decoded maps of all lanes, also of those to come."""
        self._map_on = on
        for lane in self.lanes:
            lane.sentences.say("", of=MAP)
            lane.decoded_map.set_on(on)

    def set_layers_on(self, layers: frozenset[str]) -> None:
        """Show these layers over all clouds, also over those to come."""
        self._layers_on = layers
        for lane in self.lanes:
            lane.set_layers_on(layers)

    def set_path_tool(self, in_hand: bool) -> None:
        """Let dragging draw paths in all clouds, also in those to come."""
        self._draws_paths = in_hand
        for lane in self.lanes:
            lane.set_path_tool(in_hand)

    def show_layer(self, done: LayerDone) -> None:
        """Show what has been computed for a layer where it was asked for."""
        lane = self._lanes.get(done.job.run)
        if lane is not None:
            lane.show_layer(done)

    def show_failed_layer(self, job: LayerJob, reason: str) -> None:
        """Say in its lane what cannot be shown over its cloud, and why."""
        lane = self._lanes.get(job.run)
        if lane is not None:
            lane.sentences.say(f"No {job.layer.replace('_', ' ')} can be shown here: {reason}", of=job.layer)

    def show_failed_decode(self, job: DecodeJob, sentence: str) -> None:
        """Say in its lane that a decode failed."""
        lane = self._lanes.get(job.run)
        if lane is not None:
            lane.sentences.say(sentence, of=DECODES)

    def show_failure(self, failure: RunFailed) -> None:
        """Let a lane say why its model stopped."""
        lane = self._lanes.get(failure.run)
        if lane is not None:
            lane.show_failure(failure)

    def show_figures(self, evaluated: RunEvaluated) -> None:
        """Show a model's figures in its lane."""
        lane = self._lanes.get(evaluated.run)
        if lane is not None:
            lane.show_figures(evaluated.figures)

    def show_waiting(self, run: str, sentence: str) -> None:
        """Say in a lane why it has no points yet."""
        lane = self._lanes.get(run)
        if lane is not None:
            lane.sentences.say(sentence, of=POINTS)

    def show_playing(self, playing: bool) -> None:
        """Say in every lane whether it trains."""
        self._playing = playing
        self._mapper.set_training(playing)
        self._layerer.set_training(playing)
        for lane in self.lanes:
            self._show_state(lane)

    def _show_state(self, lane: Lane) -> None:
        snapshot = lane.snapshot
        if snapshot is None:
            return
        if snapshot.finished:
            lane.set_state(f"finished · epoch {snapshot.epoch:.0f}", "good")
        elif self._playing:
            lane.set_state(f"training · epoch {snapshot.epoch:.1f}")
        elif snapshot.step:
            lane.set_state(f"paused · epoch {snapshot.epoch:.1f}")
        else:
            lane.set_state("untrained")

    def _follow_bench(self) -> None:
        models = self._bench.models
        for run in [run for run in self._lanes if self._bench.model(run) is None]:
            self._close(run)
        lanes = [self._lanes.get(model.run) for model in models]
        if any(lane is None or self._layout.indexOf(lane) != at for at, lane in enumerate(lanes)):
            self.lanes_move.emit()
            paint_afterwards(self.window())
        for at, model in enumerate(models):
            lane = self._lanes.get(model.run) or self._open(model)
            lane.show_model(model)
            if self._layout.indexOf(lane) != at:
                self._layout.insertWidget(at, lane, 1)
        self._empty.setVisible(not models)

    def _open(self, model: Model) -> Lane:
        threads = (self._decoder, self._mapper, self._layerer)
        lane = Lane(model, self._bench, threads, self._turns, self._make_menu(self, model.run), self)
        lane.set_layers_on(self._layers_on)
        lane.set_path_tool(self._draws_paths)
        lane.decoded_map.set_on(self._map_on)
        lane.cloud.set_points_visible(self._points_visible)
        lane.pointer_decoded.connect(self.pointer_decoded)
        lane.image_reconstructed.connect(self.image_reconstructed)
        lane.live_changed.connect(self.live_changed)
        self._lanes[model.run] = lane
        return lane

    def _close(self, run: str) -> None:
        lane = self._lanes.pop(run)
        self._decoder.forget(run)
        self._layerer.forget(run)
        self._layout.removeWidget(lane)
        if lane.isAncestorOf(self.window().focusWidget()):
            self.setFocus()  # else Qt would give it to some field nearby, and keys would be typed into that
        lane.menu.deleteLater()
        lane.hide()
        lane.deleteLater()
        self.lane_gone.emit(run)

    def _move_keyboard(self) -> None:
        """Let the arrow keys act on the model that menus act on, unless the keyboard is in some other field."""
        lane, keyboard = self.focused_lane(), self.window().focusWidget()
        if lane is not None and (keyboard is self or isinstance(keyboard, LatentView)):
            lane.cloud.setFocus()
