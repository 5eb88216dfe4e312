"""One lane's path: asks for the straight line and the shortest way, and shows both over the cloud and as films."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.route import Route, RouteEnd
from explorer.views.latent_view import PICKING_RADIUS, LatentView
from explorer.views.path_film import PathFilm
from explorer.views.path_line import PathLine
from explorer.views.path_tool import PathTool
from explorer.views.point_picking import nearest_point
from explorer.workbench import Model, Workbench
from trainers.messages import Floats, LatentPath, Plane, Snapshot

STRAIGHT: Final = "straight path"
SHORTEST: Final = "shortest path"
PATHS: Final = (STRAIGHT, SHORTEST)
FRESH_MS: Final = 500
"""A model that learns is asked about so seldom."""


@dataclass(frozen=True, slots=True, eq=False)
class _Gone:
    """A route as a model has gone it, and the plane that it was seen on."""

    route: Route
    plane: Plane
    way: LatentPath


class LanePath(QObject):
    """Shows the bench's route as this model goes it; costs nothing while there is none.

    Signals:
        place_wanted(float, float): An image of a film was clicked: its place on the plane.
    """

    place_wanted = Signal(float, float)

    def __init__(self, model: Model, bench: Workbench, cloud: LatentView, film: PathFilm, thread: LayerThread) -> None:
        super().__init__(cloud)
        self._model, self._bench, self._cloud, self._film, self._thread = model, bench, cloud, film, thread
        self._snapshot: Snapshot | None = None
        self._copied: Snapshot | None = None
        self._line = PathLine()
        self._tool = PathTool(cloud, self._line)
        self._ways: dict[str, LatentPath] = {}
        self._since_asked = QElapsedTimer()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(partial(self._ask, is_awaited=False))
        self._tool.drawn.connect(self._drawn)
        self._tool.end_moved.connect(self._end_moved)
        film.straight_picked.connect(partial(self._picked, STRAIGHT))
        film.shortest_picked.connect(partial(self._picked, SHORTEST))
        bench.route_changed.connect(self._show_route)

    @property
    def ways(self) -> dict[str, LatentPath]:
        """What is shown: `STRAIGHT` and `SHORTEST`, as far as they have been computed."""
        return self._ways

    def set_tool_in_hand(self, in_hand: bool) -> None:
        """Let dragging in the cloud draw paths, or pan as usual."""
        self._tool.set_in_hand(in_hand)
        if not in_hand:
            self._copied = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Go the route with a model as it was a moment ago, but not more often than twice a second."""
        self._snapshot = snapshot
        if snapshot.model is None:
            return
        self._copied = snapshot
        if self._bench.route is None or self._turn.isActive():
            return
        if not self._ways:
            self._show_route()
        else:
            waited = self._since_asked.elapsed() if self._since_asked.isValid() else FRESH_MS
            self._turn.start(max(0, FRESH_MS - waited))

    def show_done(self, done: LayerDone) -> None:
        """Show what has been computed for this lane, unless another route is meant by now."""
        gone, kind = done.value, done.job.layer
        if not isinstance(gone, _Gone) or gone.route != self._bench.route:
            return
        way, plane = gone.way, gone.plane
        self._ways[kind] = way
        places_P2 = plane.points(way.codes_PD)
        if kind == STRAIGHT:
            # A model that learns moves the ends; its shortest way follows.
            if not self._line.is_empty:
                self._line.move_ends(places_P2[0], places_P2[-1])
            self._film.show_straight(way.length, way.frames_KCHW)
        else:
            self._line.show_shortest(places_P2, plane.points(way.frame_codes_KD))
            self._film.show_shortest(way.length, way.frames_KCHW)
        self._cloud.update()

    # What the person does

    def _drawn(self, from_x: float, from_y: float, to_x: float, to_y: float) -> None:
        images = self._model.images_key
        start, end = self._end(from_x, from_y), self._end(to_x, to_y)
        self._bench.set_route(Route(self._model.run, images, start, end))

    def _end_moved(self, which: int, x: float, y: float) -> None:
        """Move one end; the other stays where this lane shows it."""
        ends = self._ends()
        if ends is None or self._snapshot is None:
            return
        places_22 = self._snapshot.plane.points(np.stack(ends))
        moved = [self._end(*place) for place in places_22.tolist()]
        moved[which] = self._end(x, y)
        self._bench.set_route(Route(self._model.run, self._model.images_key, moved[0], moved[1]))

    def _end(self, x: float, y: float) -> RouteEnd:
        """A place, and the image nearest to it."""
        points = self._cloud.points
        nearest = nearest_point(points.x_N, points.y_N, x, y, float("inf"))
        if nearest < 0:
            return RouteEnd(x, y)
        reach = PICKING_RADIUS / self._cloud.viewport.scale
        distance = float(np.hypot(points.x_N[nearest] - x, points.y_N[nearest] - y))
        if distance <= reach / 2:
            return RouteEnd(float(points.x_N[nearest]), float(points.y_N[nearest]), nearest, is_on_image=True)
        return RouteEnd(x, y, nearest)

    def _picked(self, kind: str, index: int) -> None:
        way = self._ways.get(kind)
        if way is not None and self._copied is not None and index < len(way.frame_codes_KD):
            x, y = self._copied.plane.points(way.frame_codes_KD[index : index + 1])[0].tolist()
            self.place_wanted.emit(x, y)

    # What the bench tells

    def _show_route(self) -> None:
        self._ways = {}
        for kind in PATHS:
            self._thread.drop(kind, self._model.run)
        self._turn.stop()
        ends = self._ends()
        if self._bench.route is None or ends is None or self._snapshot is None:
            self._line.clear()
            self._film.clear()
            self._cloud.set_marks(())
            return
        places_22 = self._snapshot.plane.points(np.stack(ends))
        self._line.show_ends(places_22[0], places_22[1])
        self._cloud.set_marks((self._line,))
        self._ask(is_awaited=True)

    def _ends(self) -> tuple[Floats, Floats] | None:
        """Codes of the route's ends for this model."""
        route, snapshot = self._bench.route, self._copied or self._snapshot
        if route is None or snapshot is None:
            return None
        return self._code(route, route.start, snapshot), self._code(route, route.end, snapshot)

    def _code(self, route: Route, end: RouteEnd, snapshot: Snapshot) -> Floats:
        is_at_home = route.run == self._model.run
        same_images = route.images_of == self._model.images_key
        follows_image = same_images and (end.is_on_image or not is_at_home)
        if follows_image and end.image is not None and end.image < len(snapshot.codes_ND):
            return snapshot.codes_ND[end.image]
        return snapshot.plane.codes(np.array([[end.x, end.y]], np.float32))[0]

    def _ask(self, *, is_awaited: bool) -> None:
        route, ends, copied = self._bench.route, self._ends(), self._copied
        if route is None or ends is None or copied is None or copied.model is None:
            return
        self._since_asked.start()
        for kind in PATHS:
            go = partial(copied.model.path, *ends, is_shortest=kind == SHORTEST, frames=self._film.frames())
            compute = partial(_gone, route, copied.plane, go)
            job = LayerJob(layer=kind, run=self._model.run, compute=compute, is_awaited=is_awaited)
            self._thread.submit(job)


def _gone(route: Route, plane: Plane, go: Callable[[], LatentPath]) -> _Gone:
    return _Gone(route, plane, go())
