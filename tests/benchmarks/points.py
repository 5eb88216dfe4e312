"""Drawing and moving many points, beside pyqtgraph's `ScatterPlotItem` in a widget of the same size."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyqtgraph
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from explorer.palette import class_colours
from explorer.views.latent_view import LatentView
from tests.benchmarks.application import open_application
from tests.benchmarks.measuring import interleaved, pace, seconds_each
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row

SIDE = 900
COUNTS = (10_000, 70_000, 1_000_000)
CLASSES = 10
CLOUDS = 4
"""As many clouds are shown by turns, so that each drawing has other coordinates."""

UPDATE_BARS: dict[int, Bar] = {70_000: Bar("ratio", "≥", 30.0), 1_000_000: Bar("ours", "≤", 20.0)}
PAN_BARS: dict[int, Bar] = {1_000_000: Bar("ours", "≥", 60.0)}


class Drawing(Protocol):
    """A widget that shows points."""

    def update(self) -> None:
        """Take other coordinates, and draw them."""
        ...

    def pan(self) -> None:
        """Move the view by some pixels, and draw it."""
        ...

    def close(self) -> None:
        """Let the widget go."""
        ...


def clouds_of(points: int) -> list[npt.NDArray[np.float32]]:
    """Clouds of ten round clusters, (N, 2), that differ as those of two snapshots do."""
    random = np.random.default_rng(0)
    middles = random.normal(0.0, 2.0, (CLASSES, 2))[labels_of(points)]
    scatter = random.normal(0.0, 0.6, (points, 2))
    return [(middles + scatter * (1 + 0.01 * cloud)).astype(np.float32) for cloud in range(CLOUDS)]


def labels_of(points: int) -> npt.NDArray[np.int64]:
    """The class of each."""
    return np.arange(points, dtype=np.int64) % CLASSES


class OurDrawing:
    """The view of a lane, with its class colours; a pan is a drag with the mouse."""

    def __init__(self, points: int) -> None:
        self._clouds, self._labels_N, self._turn = clouds_of(points), labels_of(points), count()
        self.view = LatentView()
        self.view.resize(SIDE, SIDE)
        self.view.set_class_colours(class_colours(CLASSES))
        self.view.show()
        QTest.qWaitForWindowExposed(self.view)
        self.update()
        self._place = QPoint(SIDE // 2, SIDE // 2)
        self._dragging = False

    def update(self) -> None:
        """Show the next cloud."""
        self.view.show_points(self._clouds[next(self._turn) % CLOUDS], self._labels_N)
        self.view.repaint()

    def pan(self) -> None:
        """Drag on by three pixels."""
        if not self._dragging:
            self._dragging = True
            QTest.mousePress(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place)
        self._place += QPoint(3, 2) if next(self._turn) % 100 < 50 else QPoint(-3, -2)
        QTest.mouseMove(self.view, self._place)
        self.view.repaint()

    def close(self) -> None:
        """End the drag and close."""
        if self._dragging:
            QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place)
        self.view.close()


class PyqtgraphDrawing:
    """A plot with one scatter of one colour, which is the fastest that it can do: colours take it longer still."""

    def __init__(self, points: int) -> None:
        self._clouds, self._turn = clouds_of(points), count()
        self._plot: Any = pyqtgraph.PlotWidget()
        self._plot.resize(SIDE, SIDE)
        self._plot.hideAxis("left")
        self._plot.hideAxis("bottom")
        diameter = 7 if points <= 10_000 else 5 if points <= 100_000 else 2
        self._scatter: Any = pyqtgraph.ScatterPlotItem(size=diameter, pen=None, brush=(31, 119, 180), pxMode=True)
        self._plot.addItem(self._scatter)
        self.update()
        self._plot.disableAutoRange()
        self._plot.show()
        QTest.qWaitForWindowExposed(self._plot)

    def update(self) -> None:
        """Show the next cloud."""
        cloud_N2 = self._clouds[next(self._turn) % CLOUDS]
        self._scatter.setData(x=cloud_N2[:, 0], y=cloud_N2[:, 1])
        self._plot.viewport().repaint()

    def pan(self) -> None:
        """Move the view on by a little."""
        step = 0.02 if next(self._turn) % 100 < 50 else -0.02
        self._plot.getViewBox().translateBy(x=step, y=step)
        self._plot.viewport().repaint()

    def close(self) -> None:
        """Close the plot."""
        self._plot.close()


def seconds_of(action: Callable[[], None], plan: Plan) -> float:
    """Median seconds of a drawing, after one that is not counted."""
    action()
    return seconds_each(action, plan.amount(0.7, 0.1), most=400)


def frames_per_second(action: Callable[[], None], plan: Plan) -> float:
    """Frames a second, such as they come: also the slow ones count."""

    def frame() -> int:
        action()
        return 1

    frame()
    return pace(frame, plan.amount(0.7, 0.1))


def costs(points: int, plan: Plan) -> dict[str, float]:
    """Seconds of an update and frames a second of a pan, ours and theirs, by turns."""
    ours, theirs = OurDrawing(points), PyqtgraphDrawing(points)
    found = interleaved(
        {
            "our update": lambda: seconds_of(ours.update, plan),
            "their update": lambda: seconds_of(theirs.update, plan),
            "our pan": lambda: frames_per_second(ours.pan, plan),
            "their pan": lambda: frames_per_second(theirs.pan, plan),
        },
        plan.count(3, 1),
    )
    ours.close()
    theirs.close()
    return found


def update_costs(points: int, plan: Plan) -> dict[str, float]:
    """Seconds of an update alone."""
    ours, theirs = OurDrawing(points), PyqtgraphDrawing(points)
    found = interleaved(
        {"ours": lambda: seconds_of(ours.update, plan), "theirs": lambda: seconds_of(theirs.update, plan)},
        plan.count(2, 1),
    )
    ours.close()
    theirs.close()
    return found


def rows(plan: Plan) -> Iterator[Row]:
    """An update and a pan for each number of points."""
    application = open_application()
    for points in COUNTS[:2] if plan.quick else COUNTS:
        found = costs(points, plan)
        where = f"{points:,} points in ten class colours at {SIDE} × {SIDE}, against a ScatterPlotItem in one colour"
        yield Row(
            name=f"points/update-{points}",
            work=f"Other coordinates until they are painted: {where}.",
            unit="ms",
            ours=1000 * found["our update"],
            theirs=1000 * found["their update"],
            better="less",
            bar=UPDATE_BARS.get(points),
        )
        yield Row(
            name=f"points/pan-{points}",
            work=f"Frames a second while the view is dragged: {where}.",
            unit="frames/s",
            ours=found["our pan"],
            theirs=found["their pan"],
            bar=PAN_BARS.get(points),
        )
    application.processEvents()
