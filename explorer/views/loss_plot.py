"""The plot behind the loss view: axes, rules, a line at the pointer, and curves that are cheap to draw."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from explorer.theme import look_of
from explorer.views.paint_turns import NEXT_TURN_MS

Values = npt.NDArray[np.float32]

CHANCE = 2 * math.log(2)  # what D loses on real and on fake together when it cannot tell them apart
_FIRST_SHARE = 0.02  # of training, whose losses are far above the rest and would flatten it
_FILLED = 0.6  # of the height by the curves: as long, the axis stands still
_REST_MS = 600
_LABEL_ROOM = 150  # px: a lower plot has no room for the names of its axes


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What one line shows: `values_T` in nats per image, at `epochs_T`."""

    pen: QPen
    epochs_T: Values
    values_T: Values


class LossPlot(pg.PlotWidget):
    """Draws curves over epochs. Dragging and the wheel look closer, a double click shows all again.

    Signals:
        pointed(object): Epoch under the pointer, or None when it has left.
    """

    pointed = Signal(object)

    def __init__(self) -> None:
        self._dressed = False  # Qt tells of changes to the palette while the base class is still being made
        super().__init__()
        self.setObjectName("loss_plot")
        self.setAccessibleName("Loss curves")
        self.setToolTip("Drag and turn the wheel to look closer; double-click to see all again.")
        item = cast("pg.PlotItem", self.getPlotItem())
        item.setMenuEnabled(False)
        item.hideButtons()
        self._axis = _LossAxis()
        item.setAxisItems({"left": self._axis})
        item.setContentsMargins(0, 10, 14, 0)
        self._item = item
        self._view = item.getViewBox()
        self._view.disableAutoRange()
        self._view.setDefaultPadding(0)
        self._view.sigRangeChanged.connect(self._rule)
        self._view.sigRangeChangedManually.connect(self._look_closer)
        self._grid = pg.PlotCurveItem(connect="pairs")  # the axes' own grid costs eight times as much
        name = {"position": 0.94, "anchors": [(0, 0.5), (1, 0.5)], "movable": False}
        self._line = pg.InfiniteLine(angle=90, label="epoch {value:.2f}", labelOpts=name)
        name = {"position": 0.99, "anchors": [(1, 1), (1, 1)], "movable": False}
        self._chance = pg.InfiniteLine(angle=0, label="2 ln 2: D at chance", labelOpts=name)
        for part in (self._grid, self._line, self._chance):
            item.addItem(part, ignoreBounds=True)
        self._line.hide()
        self._chance.hide()
        self._lines: dict[str, _Line] = {}
        self._curves: Mapping[str, Curve] = {}
        self._log = False
        self._closer = False  # the person chose what to look at
        # The scene would have the window painted in the turn of the event loop in which its curves are changed.
        self.setViewportUpdateMode(pg.QtWidgets.QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self._painting = QTimer(self)
        self._painting.setSingleShot(True)
        self._painting.setInterval(NEXT_TURN_MS)
        self._painting.timeout.connect(self.viewport().update)
        self.scene().changed.connect(self._paint_soon)
        self._undrawn: list[str] = []
        self._next_line = QTimer(self)
        self._next_line.setSingleShot(True)
        self._next_line.setInterval(NEXT_TURN_MS)
        self._next_line.timeout.connect(self._draw_next)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._draw_smoothly)
        self._dressed = True
        self._dress()

    def show_curves(self, curves: Mapping[str, Curve], *, log: bool, chance: bool) -> None:
        """Draw these curves, by name, and no others; `chance` adds the line of a discriminator that only guesses."""
        is_as_before = log == self._log and curves.keys() == self._curves.keys()
        self._curves = curves
        if log != self._log:  # to set it again would have the axis drawn again
            self._log = log
            self._item.getAxis("left").setLogMode(y=log)
        for name in [name for name in self._lines if name not in curves]:
            self._item.removeItem(self._lines.pop(name))
        for name in curves:
            if name not in self._lines:
                line = self._lines[name] = _Line(name=name, skipFiniteCheck=True)
                line.setSegmentedLineMode("off")  # pays for thousands of points only
                self._item.addItem(line, ignoreBounds=True)
        self._chance.setVisible(chance)
        if chance:
            self._chance.setValue(math.log10(CHANCE) if log else CHANCE)
        if curves and not self._closer:
            self._fit(keeps=is_as_before)
        self._undrawn = list(curves)
        self._draw_next()

    def show_all(self) -> None:
        """Let the axes span all curves again."""
        self._closer = False
        if self._curves:
            self._fit(keeps=False)
            self._draw(antialias=True)

    def _paint_soon(self) -> None:
        if not self._undrawn:  # else what comes after the last curve will do
            self._painting.start()

    def _draw_next(self) -> None:
        """Draw one curve, and the next in another turn of the event loop."""
        if self._undrawn:
            self._draw_line(self._undrawn.pop(0), antialias=False)
        (self._next_line if self._undrawn else self._rest).start()

    def _draw(self, *, antialias: bool) -> None:
        self._undrawn = []
        for name in self._curves:
            self._draw_line(name, antialias=antialias)

    def _draw_line(self, name: str, *, antialias: bool) -> None:
        # Smooth lines cost eight times as much as rough ones: they are for a plot that rests.
        curve, line = self._curves[name], self._lines[name]
        epochs, values = self._thinned(curve.epochs_T, curve.values_T)
        pen = curve.pen if antialias else _halved(curve.pen)
        if line.opts["pen"] != pen:
            line.setPen(pen)
        line.setData(epochs, np.log10(values) if self._log else values, antialias=antialias)

    def _draw_smoothly(self) -> None:
        self._draw(antialias=True)

    def _thinned(self, epochs_T: Values, values_T: Values) -> tuple[Values, Values]:
        """Means over pieces of three pixels or so: as much as the eye can part, and a calmer line than every batch."""
        # In the epochs' own type, else NumPy makes copies of all of them.
        start, end = np.searchsorted(epochs_T, np.array(self._view.viewRange()[0], epochs_T.dtype))
        inside = slice(max(0, int(start) - 1), min(len(epochs_T), int(end) + 1))
        epochs_T, values_T = epochs_T[inside], values_T[inside]
        piece = int(len(epochs_T) // max(32.0, self._view.width() / 3))
        if piece < 2:
            return epochs_T, values_T
        starts = np.arange(0, len(epochs_T), piece)
        return _means(epochs_T, starts), _means(values_T, starts)

    def _fit(self, *, keeps: bool) -> None:
        """Choose what the axes span, in steps, so that they stand still most of the time; drawing them takes longest.

        Args:
            keeps: Whether heights that still suit the curves are kept.
        """
        last = max(float(curve.epochs_T[-1]) for curve in self._curves.values())
        low, high = math.inf, -math.inf
        for curve in self._curves.values():
            start = int(np.searchsorted(curve.epochs_T, curve.epochs_T.dtype.type(_FIRST_SHARE * last)))
            settled = curve.values_T[min(start, len(curve.values_T) - 1) :]
            low, high = min(low, float(settled.min())), max(high, float(settled.max()))
        if self._chance.isVisible():
            low, high = min(low, CHANCE), max(high, CHANCE)
        if self._log:
            low, high = math.log10(low), math.log10(high)
        margin = 0.05 * (high - low) or 0.5
        step = _rounded_up(high - low + 2 * margin) / 20
        bottom, top = math.floor((low - margin) / step) * step, math.ceil((high + margin) / step) * step
        below, above = self._view.viewRange()[1]
        if keeps and below <= low and high <= above and high - low >= _FILLED * (above - below):
            bottom, top = below, above
        self._view.setRange(xRange=(0.0, _rounded_up(last)), yRange=(bottom, top), padding=0)

    def _rule(self) -> None:
        (left, right), (bottom, top) = self._view.viewRange()
        ticks = self._item.getAxis("left").tickValues(bottom, top, max(1.0, self._view.height()))
        heights = np.repeat(np.array(ticks[0][1] if ticks else [], np.float64), 2)
        self._grid.setData(np.tile((left, right), len(heights) // 2), heights)

    def _look_closer(self) -> None:
        self._closer = True
        self._draw(antialias=False)
        self._rest.start()

    def _point_at(self, position: QPointF) -> None:
        if not self._view.sceneBoundingRect().contains(position):
            self._leave()
            return
        epoch = max(0.0, float(self._view.mapSceneToView(position).x()))
        self._line.show()  # its words follow only while it is seen
        self._line.setValue(epoch)
        self.pointed.emit(epoch)

    def _leave(self) -> None:
        self._line.hide()
        self.pointed.emit(None)

    def mouseMoveEvent(self, ev: QMouseEvent) -> None:
        """Read the curves at the pointer."""
        super().mouseMoveEvent(ev)
        self._point_at(self.mapToScene(ev.position().toPoint()))

    def leaveEvent(self, ev: QEvent) -> None:
        """The pointer reads nothing any more."""
        super().leaveEvent(ev)
        self._leave()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        super().mouseDoubleClickEvent(event)
        self.show_all()

    def resizeEvent(self, ev: QResizeEvent) -> None:
        """Name the axes where there is room."""
        super().resizeEvent(ev)
        if self._dressed:
            for side in ("left", "bottom"):
                self._item.getAxis(side).showLabel(self.height() >= _LABEL_ROOM)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if self._dressed and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def _dress(self) -> None:
        look = look_of(self)
        self.setBackground(look.surface)
        self._axis.line_height = QFontMetricsF(self.font()).height()
        for side, words in (("left", "nats per image"), ("bottom", "epoch")):
            axis = self._item.getAxis(side)
            axis.setPen(look.border)
            axis.setTextPen(look.muted)
            axis.setStyle(tickFont=self.font(), tickLength=-4)
            axis.setLabel(words, color=look.muted)
            axis.enableAutoSIPrefix(False)
            axis.showLabel(self.height() >= _LABEL_ROOM)
        self._grid.setPen(pg.mkPen(look.line, width=1))
        self._line.setPen(pg.mkPen(look.edge, width=1))
        self._chance.setPen(pg.mkPen(look.edge, width=1, style=Qt.PenStyle.DashLine))
        for line in (self._line, self._chance):
            line.label.setColor(look.muted)


class _Line(pg.PlotCurveItem):
    """A curve; while it is rough, two lines of half its width, one upon the other.

    Qt paints lines of a single pixel three times as fast as wider ones.
    """

    def boundingRect(self) -> QRectF:
        """All that is in view: to find out how much of it the curve fills takes longer than to draw it."""
        view = self.getViewBox()
        return view.viewRect() if view is not None else QRectF()

    def paint(self, p: QPainter, opt: QStyleOptionGraphicsItem, widget: QWidget) -> None:
        """Paint it."""
        super().paint(p, opt, widget)
        if not self.opts["antialias"]:
            p.save()
            p.setWorldTransform(p.worldTransform() * QTransform.fromTranslate(0, -1))
            super().paint(p, opt, widget)
            p.restore()


def _halved(pen: QPen) -> QPen:
    """A pen half as wide, whose dashes are as long."""
    half = QPen(pen)
    half.setWidthF(pen.widthF() / 2)
    if pen.style() is Qt.PenStyle.CustomDashLine:
        half.setDashPattern([2 * part for part in pen.dashPattern()])
    return half


class _LossAxis(pg.AxisItem):
    """An axis that writes 250 where the library's own would write 2.5·10², and uses a real minus.

    Attributes:
        line_height: Pixels from one tick to the next, at least.
    """

    def __init__(self) -> None:
        super().__init__("left")
        self.line_height = 0.0

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Steps from one tick to the next, finer ones after coarser ones, so wide that no words overlap."""
        levels = cast("list[tuple[float, float]]", super().tickSpacing(minVal, maxVal, size))
        if self.logMode or not levels:
            return levels
        least = (maxVal - minVal) * self.line_height / max(1.0, size)
        roomy = [(step, offset) for step, offset in levels if step >= least]
        step, offset = levels[0]
        wider = (step * factor for factor in (2, 5, 10, 20, 50, 100) if step * factor >= least)
        return roomy or [(next(wider, 100 * step), offset)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Words at the ticks."""
        if self.logMode:
            words = [f"{10**value:.3g}" for value in values]
            return [word if word.strip("0.")[:1] in "125" else "" for word in words]  # more would overlap
        return [words.replace("-", "−") for words in super().tickStrings(values, scale, spacing)]


def _means(numbers_T: Values, starts: npt.NDArray[np.int64]) -> Values:
    sizes = np.diff(starts, append=len(numbers_T))
    return (np.add.reduceat(numbers_T, starts) / sizes).astype(np.float32)


def _rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8) if value <= step * power * 1.0001), 10 * power)
