"""One image and those nearest to it, with their distances."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from explorer.palette import Rgb
from explorer.theme import look_of, with_alpha
from explorer.views.pixel_image import Pixels, draw_pixels, sharp_side, to_qimage

COUNT = 6
"""Neighbours in a row."""
_LARGEST = 64
_GAP = 4
_LINE = 2


@dataclass(frozen=True, slots=True, eq=False)
class Neighbour:
    """A training image, (C, H, W), with its distance, the colour of its class, and what it is in words."""

    pixels_CHW: Pixels
    distance: float
    colour: Rgb
    words: str


class NeighbourRow(QWidget):
    """The image that is asked about, an arrow's breadth, and its neighbours, nearest first."""

    def __init__(self, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._query: Pixels | None = None
        self._neighbours: tuple[Neighbour, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"Nearest training images {caption}")

    @property
    def neighbours(self) -> tuple[Neighbour, ...]:
        """What is shown, nearest first."""
        return self._neighbours

    def show_neighbours(self, query_CHW: Pixels | None, neighbours: tuple[Neighbour, ...]) -> None:
        """Show these, or an empty row."""
        self._query, self._neighbours = query_CHW, neighbours
        self.setAccessibleDescription("; ".join(neighbour.words for neighbour in neighbours))
        self.update()

    def place(self, at: int) -> QRectF:
        """Where the neighbour at a position is; −1 for the image that is asked about."""
        side = self._side(self.width())
        return QRectF((at + 1) * (side + _GAP) + (_GAP if at >= 0 else 0), 0, side, side)

    def hasHeightForWidth(self) -> bool:
        """Wider images are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Images and their distances."""
        return self._side(width) + _LINE + self.fontMetrics().height() + 1

    def sizeHint(self) -> QSize:
        """What it takes at the width of now."""
        return QSize(280, self.heightForWidth(max(self.width(), 100)))

    def minimumSizeHint(self) -> QSize:
        """Small images."""
        return QSize(140, 0)

    def event(self, event: QEvent) -> bool:
        """Tell what an image is."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            for at, neighbour in enumerate(self._neighbours):
                if self.place(at).contains(event.pos().toPointF()):
                    QToolTip.showText(event.globalPos(), neighbour.words, self)
                    return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint images, class lines and distances."""
        del event
        look, painter = look_of(self), QPainter(self)
        scale = self.devicePixelRatioF()
        font = self.font()
        font.setPointSizeF(max(6.0, font.pointSizeF() * 0.85))
        painter.setFont(font)
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        for at in range(-1, COUNT):
            place = self.place(at)
            neighbour = self._neighbours[at] if 0 <= at < len(self._neighbours) else None
            pixels = self._query if at < 0 else neighbour.pixels_CHW if neighbour is not None else None
            below = QRectF(place.left() - 2, place.bottom() + _LINE, place.width() + 4, self.height())
            if pixels is None:
                painter.fillRect(place, with_alpha(look.soft, 0.3))
            else:
                side = sharp_side(pixels.shape[1], place.width(), scale)
                left = round((place.center().x() - side / 2) * scale) / scale
                top = round((place.center().y() - side / 2) * scale) / scale
                draw_pixels(painter, QRectF(left, top, side, side), to_qimage(pixels))
            painter.setPen(QColor(look.muted if at < 0 else look.text))
            if at < 0:
                painter.drawText(below, centre, self._caption)
            elif neighbour is not None:
                line = QRectF(place.left(), place.bottom(), place.width(), _LINE)
                painter.fillRect(line, QColor(*neighbour.colour))
                painter.drawText(below, centre, in_words(neighbour.distance))

    def _side(self, width: int) -> int:
        return min(_LARGEST, max(12, (width - (COUNT + 1) * _GAP) // (COUNT + 1)))


def in_words(distance: float) -> str:
    """With three digits, as far as they say something: .0123, 0.52, 4.31, 12.5."""
    if not np.isfinite(distance):
        return "–"
    if distance < 0.1:
        return f"{distance:.3f}"
    return f"{distance:.2f}" if distance < 10 else f"{distance:.1f}" if distance < 100 else f"{distance:.0f}"
