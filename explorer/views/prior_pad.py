"""A square of the latent plane to draw a density on, with a soft brush."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from explorer.theme import look_of, with_alpha
from explorer.views.stroke_pad import StrokePad, as_ink
from trainers.priors.drawing import REACH, drawn_codes, heart

SAMPLES: Final = 400
STRENGTH: Final = 0.6


class PriorPad(StrokePad):
    """Dots show samples of what is drawn, from noise that stays the same; 255 is the densest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        random = np.random.default_rng(0)
        self._noise = random.uniform(size=SAMPLES), random.standard_normal((SAMPLES, 2))
        super().__init__(heart(), parent)
        self._note_change()

    def invert(self) -> None:
        """Let what is empty be dense, and the other way round."""
        self.change(255 - self._drawing)

    def _note_change(self) -> None:
        self._samples_N2 = drawn_codes(self._drawing, *self._noise)

    def _paint_ground(self, painter: QPainter, place: QRectF) -> None:
        look, unit = look_of(self), place.width() / (2 * REACH)
        super()._paint_ground(painter, place)
        for step in range(1, int(2 * REACH)):
            painter.setPen(QPen(QColor(look.border if step == REACH else look.line), 1))
            painter.drawLine(place.topLeft() + QPointF(step * unit, 0), place.bottomLeft() + QPointF(step * unit, 0))
            painter.drawLine(place.topLeft() + QPointF(0, step * unit), place.topRight() + QPointF(0, step * unit))

    def _ink(self) -> QImage:
        # Half transparent, so that samples and lines are seen through it.
        return as_ink(self._drawing, QColor(look_of(self).text), STRENGTH)

    def _paint_over(self, painter: QPainter, place: QRectF) -> None:
        unit = place.width() / (2 * REACH)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(look_of(self).accent, 0.9))
        for x, y in self._samples_N2.tolist():
            painter.drawEllipse(place.center() + QPointF(x * unit, -y * unit), 1.3, 1.3)
