"""A rectangle or a lasso while the mouse draws it, in pixels of the widget."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF

# A lasso takes a new corner after so many pixels: finer ones cannot be seen and only cost time.
_LASSO_STEP = 2.0


class SelectionShape(Enum):
    """What is being drawn around points."""

    RECTANGLE = "rectangle"
    LASSO = "lasso"


@dataclass(slots=True)
class SelectionGesture:
    """What has been drawn since the button went down.

    Attributes:
        shape: Rectangle or lasso.
        corners: The two ends of the rectangle's diagonal, or the lasso's path.
    """

    shape: SelectionShape
    corners: list[QPointF] = field(default_factory=list[QPointF])

    def add(self, place: QPointF) -> None:
        """Go on to where the mouse is now."""
        if self.shape is SelectionShape.RECTANGLE:
            self.corners[1:] = [place]
        elif not self.corners or (place - self.corners[-1]).manhattanLength() >= _LASSO_STEP:
            self.corners.append(place)

    @property
    def rectangle(self) -> QRectF:
        """Around all that has been drawn."""
        if not self.corners:
            return QRectF()
        xs, ys = [corner.x() for corner in self.corners], [corner.y() for corner in self.corners]
        return QRectF(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))

    @property
    def path_M2(self) -> npt.NDArray[np.float64]:
        """The corners in order, (M, 2)."""
        return np.asarray([(corner.x(), corner.y()) for corner in self.corners], dtype=np.float64).reshape(-1, 2)
