"""A square to draw an image on: light ink on dark ground, as the digits of the usual sets are."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from explorer.views.stroke_pad import StrokePad, as_ink

SIDE: Final = 64
"""Pixels along a side: more than the images of small sets have, so that strokes keep their shape when they shrink."""
_SIDE_ON_SCREEN = 150
_GROUND, _INK, _HINT = QColor(0, 0, 0), QColor(255, 255, 255), QColor(150, 155, 165)


class InkPad(StrokePad):
    """Empty at first, with a word on what to do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(np.zeros((SIDE, SIDE), np.uint8), parent)

    def sizeHint(self) -> QSize:
        """Beside what is made of it."""
        return QSize(_SIDE_ON_SCREEN, _SIDE_ON_SCREEN)

    def _paint_ground(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, _GROUND)

    def _ink(self) -> QImage:
        return as_ink(self._drawing, _INK)

    def _paint_over(self, painter: QPainter, place: QRectF) -> None:
        if not self._drawing.any():
            painter.setPen(_HINT)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place.adjusted(14, 14, -14, -14), flags, "Draw here, or drop a picture")
