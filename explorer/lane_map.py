"""One lane's decoded map: asks for the tiles in view whenever the view or the model has changed, and shows them."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer

from explorer.map_thread import MapRequest, MapSource, MapThread, MapTile
from explorer.views.latent_view import LatentView
from explorer.views.map_tiles import wanted_tiles
from trainers.messages import Plane, Snapshot

VIEW_MS = 8
"""A view that moves asks once in so many milliseconds, however many events a mouse sends."""
MODEL_MS = 100
"""A model that learns is asked about so seldom, since asking takes time of the thread that draws."""


class LaneMap(QObject):
    """Keeps the map of a cloud as fresh as its model, as long as it is on and can be seen."""

    def __init__(self, run: str, cloud: LatentView, thread: MapThread) -> None:
        super().__init__(cloud)
        self._run, self._cloud, self._thread = run, cloud, thread
        self._source: MapSource | None = None
        self._step = -1
        self._mouse: tuple[float, float] | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._ask)
        cloud.installEventFilter(self)
        cloud.viewport_changed.connect(self._look_again)
        cloud.latent_hovered.connect(self._note_mouse)
        cloud.hover_left.connect(self._forget_mouse)

    @property
    def source(self) -> MapSource | None:
        """What decodes the newest tiles."""
        return self._source

    def set_on(self, on: bool) -> None:
        """Show the map, or do nothing at all."""
        self._cloud.set_map_visible(on)
        if on:
            self._look_again()
        else:
            self._rest()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Decode anew with a model as it was a moment ago, if it is another one or its plane lies elsewhere."""
        before, version = self._source, 0
        if before is not None:
            same = snapshot.step == self._step and _same(before.plane, snapshot.plane)
            version = before.version if same else before.version + 1
        self._step = snapshot.step
        self._source = MapSource(version=version, decoder=snapshot.decoder, plane=snapshot.plane)
        if self._cloud.decoded_map is not None and not self._turn.isActive():
            self._turn.start(MODEL_MS if before is not None else VIEW_MS)

    def show_tile(self, decoded: MapTile) -> None:
        """Show a tile that was decoded for this lane."""
        self._cloud.add_map_tile(decoded.tile, decoded.version, decoded.picture)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A cloud that cannot be seen wants no tiles."""
        if event.type() is QEvent.Type.Show:
            self._look_again()
        elif event.type() is QEvent.Type.Hide:
            self._rest()
        return super().eventFilter(watched, event)

    def _note_mouse(self, x: float, y: float) -> None:
        self._mouse = (x, y)

    def _forget_mouse(self) -> None:
        self._mouse = None

    def _look_again(self) -> None:
        if self._cloud.decoded_map is not None and not 0 <= self._turn.remainingTime() <= VIEW_MS:
            self._turn.start(VIEW_MS)

    def _rest(self) -> None:
        self._turn.stop()
        self._thread.forget(self._run)

    def _ask(self) -> None:
        shown, source = self._cloud.decoded_map, self._source
        if shown is None or source is None:
            return
        if not self._cloud.isVisible() or self._cloud.window().isMinimized():
            self._thread.forget(self._run)
            return
        viewport = self._cloud.viewport
        focus = self._mouse or (viewport.centre_x, viewport.centre_y)
        missing, older = wanted_tiles(shown.visible_tiles(viewport), focus, source.version, shown.store.version)
        self._thread.submit(MapRequest(run=self._run, source=source, missing=missing, older=older))


def _same(one: Plane, other: Plane) -> bool:
    return np.array_equal(one.origin_D, other.origin_D) and np.array_equal(one.axes_2D, other.axes_2D)
