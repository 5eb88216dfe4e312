"""Equal images in rows, in as many columns as make them largest."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.views.image_view import ImageView

GAP = 6
SMALLEST = 72  # px: below this, images of 28 pixels say little
LARGEST = 280


def best_grid(
    count: int, width: int, height: int, *, sections: int = 1, words: int = 20, more: int = 0
) -> tuple[int, int]:
    """Columns and side of `count` images in each of `sections` grids, in a room of `width` × `height`.

    The images are as large as they can be without scrolling; where none fit, they keep a readable size. `words` is the
    height of what stands beneath each, `more` the number of further images, one above the other, in the same room.
    """
    best, best_score = (1, SMALLEST), (False, 0)
    for columns in range(1, max(1, count) + 1):
        across = (width - (columns - 1) * GAP) // columns
        if columns > 1 and across < SMALLEST:
            break
        rows = sections * -(-count // columns)
        fits = (height - rows * (words + GAP)) // max(1, rows + more)
        side = max(1, min(LARGEST, across, max(fits, SMALLEST)))
        score = (side <= fits, side if side <= fits else -rows)
        if score > best_score or columns == 1:
            best, best_score = (columns, side), score
    return best


class ImageGrid(QWidget):
    """Places image views in rows of equal squares, as wide as the room allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[ImageView, ...] = ()
        self._columns, self._side = 1, LARGEST
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_views(self, views: tuple[ImageView, ...]) -> None:
        """Hold these views instead of those before, which are deleted."""
        for view in self._views:
            view.hide()
            view.deleteLater()
        self._views = views
        for view in views:
            view.setParent(self)
            view.show()
        self._place()

    def set_shape(self, columns: int, side: int) -> None:
        """Place so many in a row, each of at most this width."""
        if (columns, side) != (self._columns, self._side):
            self._columns, self._side = columns, side
            self._place()

    def side(self, width: int) -> int:
        """Width of one image, with its frame, in a grid of `width`."""
        return max(1, min(self._side, (width - (self._columns - 1) * GAP) // self._columns))

    def hasHeightForWidth(self) -> bool:
        """Wider images are higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all rows."""
        if not self._views:
            return 0
        rows = -(-len(self._views) // self._columns)
        return rows * (self._views[0].heightForWidth(self.side(width)) + GAP) - GAP

    def sizeHint(self) -> QSize:
        """What it takes at the width of now."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """It takes any width."""
        return QSize(SMALLEST, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place anew."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        if not self._views:
            return
        side = self.side(self.width())
        height = self._views[0].heightForWidth(side)
        for index, view in enumerate(self._views):
            row, column = divmod(index, self._columns)
            view.setGeometry(QRect(column * (side + GAP), row * (height + GAP), side, height))
        self.updateGeometry()
