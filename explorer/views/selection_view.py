"""What is chosen, at a glance: how many of each class, and what they look like."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.class_counts import ClassCounts
from explorer.views.thumbnail_sheet import MOST, NOTHING, Thumbnails, ThumbnailSheet

HINT = (
    "Shift+drag over a cloud chooses the points in a rectangle, Ctrl+Shift+drag those in a lasso, Ctrl+click one more"
    " or less. The same images are chosen in every model."
)


class SelectionView(QScrollArea):
    """Shows chosen images: as many as the sheet holds, in the order of their classes.

    Signals:
        image_picked(int): An image of the sheet was clicked: its index.
        image_hovered(int): The mouse is on it; −1 when it is on none.
        export_wanted(): The person wants a file of what is chosen.
        clear_wanted(): The person wants nothing chosen.
    """

    image_picked = Signal(int)
    image_hovered = Signal(int)
    export_wanted = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("selection_view")
        self.setAccessibleName("Selection")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._title = QLabel()
        self._title.setObjectName("selection_title")
        set_role(self._title, "title")
        self._hint = QLabel(HINT)
        self._hint.setObjectName("selection_hint")
        self._hint.setWordWrap(True)
        set_role(self._hint, "muted")
        self._counts = ClassCounts()
        self._counts.setObjectName("selection_counts")
        self._export = QPushButton("Export…")
        self._export.setObjectName("selection_export")
        self._export.setToolTip("Save them as a sheet (.png), a table (.csv), or arrays to train on (.npz)")
        self._export.clicked.connect(self.export_wanted)
        self._clear = QPushButton("Choose none")
        self._clear.setObjectName("selection_clear")
        self._clear.setToolTip("Let go of the chosen images (Esc)")
        self._clear.clicked.connect(self.clear_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self._export)
        buttons.addWidget(self._clear)
        buttons.addStretch(1)
        self._sheet = ThumbnailSheet()
        self._sheet.setObjectName("selection_sheet")
        self._sheet.image_picked.connect(self.image_picked)
        self._sheet.image_hovered.connect(self.image_hovered)
        self._more = QLabel()
        self._more.setObjectName("selection_more")
        self._more.setWordWrap(True)
        set_role(self._more, "muted")
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        for part in (self._title, self._hint, self._counts):
            rows.addWidget(part)
        rows.addLayout(buttons)
        rows.addSpacing(4)
        rows.addWidget(self._sheet)
        rows.addWidget(self._more)
        rows.addStretch(1)
        self.setWidget(page)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is chosen: say how to choose."""
        self._title.setText("Nothing chosen")
        self._sheet.show_thumbnails(NOTHING)
        self._show_parts(chosen=False)
        self._more.hide()

    def show_chosen(
        self,
        indices_n: npt.NDArray[np.int64],
        images_NCHW: npt.NDArray[np.uint8],
        labels_N: npt.NDArray[np.int64],
        class_names: tuple[str, ...],
        colours_K3: npt.NDArray[np.uint8],
    ) -> None:
        """Show chosen images, named by their indices among all, (n,)."""
        count, classes = len(indices_n), len(class_names)
        self._title.setText(f"{count:,} of {len(images_NCHW):,} images")
        chosen_labels_n = labels_N[indices_n]
        self._counts.show_counts(
            class_names,
            colours_K3,
            np.bincount(chosen_labels_n, minlength=classes),
            np.bincount(labels_N, minlength=classes),
        )
        # One in so many of each class, so that the sheet looks like the whole.
        ordered_n = indices_n[np.argsort(chosen_labels_n, kind="stable")]
        shown_n = ordered_n[np.linspace(0, count - 1, min(count, MOST)).astype(np.intp)]
        self._sheet.show_thumbnails(Thumbnails(images_NCHW[shown_n], shown_n, colours_K3[labels_N[shown_n]]))
        self._more.setText(f"and {count - MOST:,} more, which are not shown here; an export has them all.")
        self._more.setVisible(count > MOST)
        self._show_parts(chosen=True)

    def mark(self, index: int) -> None:
        """Frame the selected image on the sheet; −1 for none."""
        self._sheet.mark(index)

    def _show_parts(self, *, chosen: bool) -> None:
        self._hint.setVisible(not chosen)
        for part in (self._counts, self._export, self._clear, self._sheet):
            part.setVisible(chosen)
