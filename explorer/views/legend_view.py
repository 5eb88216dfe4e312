"""The colour key: which colour is which class, and which classes stand out."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from explorer.palette import class_colours
from explorer.theme import look_of, with_alpha
from explorer.views.flow_layout import FlowLayout

Mask = npt.NDArray[np.bool_]
_DOT = 10
_PADDING = 8
_LONGEST_NAME = 180


class LegendView(QScrollArea):
    """A chip for each class. A click lets one class stand out alone, Ctrl+click adds or takes one.

    A click on the class that stands out alone, or on "All", lets all stand out. Arrow keys move from chip to chip,
    Space or Return clicks, with Ctrl as for the mouse.

    Signals:
        emphasis_changed(object): Bool mask, (K,), of the classes that stand out, read-only; None when all do.
    """

    emphasis_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend_view")
        self.setAccessibleName("Classes")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = QWidget()
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(4, 4, 4, 4)
        self._flow = FlowLayout(gap=2)
        rows.addLayout(self._flow)
        rows.addStretch(1)
        self.setWidget(self._page)
        self._all = _Chip(-1, "All", None)
        self._all.setObjectName("legend_all")
        self._all.setAccessibleName("All classes")
        self._all.setToolTip("Let all classes stand out.")
        self._all.picked.connect(self._pick)
        self._all.moved.connect(self._move_focus)
        self._flow.addWidget(self._all)
        self._chips: list[_Chip] = []
        self._emphasis: Mask | None = None

    @property
    def emphasis(self) -> Mask | None:
        """Mask, (K,), of the classes that stand out; None when all do."""
        return self._emphasis

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Show these classes, all standing out."""
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        for index, (name, colour) in enumerate(zip(names, class_colours(len(names)), strict=True)):
            chip = _Chip(index, name, QColor(*(int(value) for value in colour)))
            chip.setObjectName(f"legend_class_{index}")
            chip.setAccessibleName(f"Class {name}")
            chip.picked.connect(self._pick)
            chip.moved.connect(self._move_focus)
            self._flow.addWidget(chip)
            chip.show()
            self._chips.append(chip)
        self.set_counts(None)
        self._all.setVisible(len(names) > 1)
        self._set(None)

    def set_counts(self, counts: tuple[int, ...] | None) -> None:
        """Say behind each name how many images it has, or nothing when None."""
        assert counts is None or len(counts) == len(self._chips)
        for index, chip in enumerate(self._chips):
            chip.set_count(None if counts is None else counts[index])
            told = "" if counts is None else f", {counts[index]:,} images"
            chip.setToolTip(f"Class {chip.text()}{told}. Click to see it alone, Ctrl+click to add or take it.")

    def set_emphasis(self, emphasis: Mask | None) -> None:
        """Let the classes of this mask, (K,), stand out, or all when None."""
        assert emphasis is None or emphasis.shape == (len(self._chips),)
        self._set(None if emphasis is None or emphasis.all() else emphasis.copy())

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(320, self._all.sizeHint().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """One row."""
        return QSize(80, self._all.sizeHint().height() + 8)

    def _pick(self, index: int, toggles: bool) -> None:
        count = len(self._chips)
        alone = np.arange(count) == index
        if index < 0:
            mask = np.ones(count, np.bool_)
        elif toggles:
            mask = np.ones(count, np.bool_) if self._emphasis is None else self._emphasis.copy()
            mask[index] = not mask[index]
        else:
            mask = np.ones(count, np.bool_) if self._emphasis is not None and (self._emphasis == alone).all() else alone
        self._set(mask if mask.any() and not mask.all() else None)

    def _set(self, emphasis: Mask | None) -> None:
        before = self._emphasis
        if emphasis is not None:
            emphasis.flags.writeable = False
        self._emphasis = emphasis
        for index, chip in enumerate(self._chips):
            chip.setChecked(emphasis is None or bool(emphasis[index]))
        self._all.setChecked(emphasis is None)
        if (emphasis is None) != (before is None) or (
            emphasis is not None and before is not None and not np.array_equal(emphasis, before)
        ):
            self.emphasis_changed.emit(emphasis)

    def _move_focus(self, index: int, step: int) -> None:
        chips = [self._all, *self._chips]
        target = chips[max(0, min(index + 1 + step, len(chips) - 1))]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(target)


class _Chip(QAbstractButton):
    """A dot and a name; checked when its class stands out.

    Signals:
        picked(int, bool): Its index, −1 for "All", was clicked; True with Ctrl.
        moved(int, int): From its index, an arrow key asks for the chip so many places on.
    """

    picked = Signal(int, bool)
    moved = Signal(int, int)

    def __init__(self, index: int, name: str, colour: QColor | None) -> None:
        super().__init__()
        self._index = index
        self._colour = colour
        self._count = ""
        self.setText(name)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: int | None) -> None:
        self._count = "" if count is None else f"{count:,}"
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """A click only asks; the legend decides."""

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = 2 * _PADDING + min(metrics.horizontalAdvance(self.text()), _LONGEST_NAME)
        width += _DOT + 6 if self._colour is not None else 0
        width += metrics.horizontalAdvance(self._count) + 6 if self._count else 0
        return QSize(width + 1, metrics.height() + 8)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint()) and self.isDown()
        super().mouseReleaseEvent(event)
        if inside and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._index, _toggles(event.modifiers()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.picked.emit(self._index, _toggles(event.modifiers()))
        elif (step := steps.get(Qt.Key(event.key()))) is not None:
            self.moved.emit(self._index, step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = look_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = box.height() / 2
        painter.setPen(QPen(QColor(look.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isDown() or (self._colour is None and not self.isChecked()):
            painter.setBrush(QColor(look.soft))
        elif self.underMouse():
            painter.setBrush(QColor(look.hover))
        painter.drawRoundedRect(box, radius, radius)
        left = float(_PADDING)
        if self._colour is not None:
            middle = QPointF(left + _DOT / 2, self.height() / 2)
            if self.isChecked():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._colour)
                painter.drawEllipse(middle, _DOT / 2, _DOT / 2)
            else:
                painter.setPen(QPen(with_alpha(self._colour.name(), 0.7), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, _DOT / 2 - 1, _DOT / 2 - 1)
            left += _DOT + 6
        shown = self.isChecked() or self._colour is None
        metrics = QFontMetrics(self.font())
        name = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, _LONGEST_NAME)
        painter.setPen(QColor(look.text if shown else look.muted))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), side, name)
        if self._count:
            left += metrics.horizontalAdvance(name) + 6
            painter.setPen(QColor(look.muted))
            painter.drawText(QRectF(left, 0, self.width() - left, self.height()), side, self._count)


def _toggles(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ControlModifier)
