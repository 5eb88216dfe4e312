"""The panel on the right: one code, or one image, as every open model sees it."""

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.code_field import CodeField
from explorer.views.image_grid import ImageGrid, best_grid
from explorer.views.image_view import ImageView
from explorer.views.model_label import ModelLabel
from explorer.views.pixel_image import Pixels, mean_squared_error

__all__ = ["Inspector", "ModelLabel"]

_MARGIN = 8
_GAP = 6
_FACTS = 110  # px: for the words beside the selected image
_NOTHING = 56  # px: side of the empty place of the selected image


class Inspector(QScrollArea):
    """Shows what every model decodes from the same code, and what each makes of the selected image.

    Signals:
        z_entered(float, float): The person typed a point of the plane.
        copied(str): A code was copied, as this text.
    """

    z_entered = Signal(float, float)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models: tuple[ModelLabel, ...] = ()
        self._decodes: dict[str, ImageView] = {}
        self._reconstructions: dict[str, ImageView] = {}
        self._selected: Pixels | None = None

        self._code = CodeField()
        self._code.entered.connect(self.z_entered)
        self._code.copied.connect(self.copied)
        self._decode_grid = ImageGrid()
        title = QLabel("Selected image")
        set_role(title, "title")
        self._original = ImageView("–")
        self._original.setObjectName("selected_original")
        self._original.setAccessibleName("The selected image, as it is")
        self._original.setToolTip("The selected image, as it is in the set.")
        self._original.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._class = QLabel()
        self._class.setObjectName("selected_class")
        self._class.setWordWrap(True)
        self._index = QLabel()
        self._index.setObjectName("selected_index")
        self._index.setWordWrap(True)
        set_role(self._index, "muted")
        facts = QVBoxLayout()
        facts.setSpacing(2)
        facts.addStretch(1)
        facts.addWidget(self._class)
        facts.addWidget(self._index)
        facts.addStretch(1)
        original = QHBoxLayout()
        original.setSpacing(10)
        original.addWidget(self._original)
        original.addLayout(facts, 1)
        self._reconstruction_grid = ImageGrid()
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        rows.setSpacing(_GAP)
        rows.addWidget(self._code)
        rows.addWidget(self._decode_grid)
        rows.addSpacing(8)
        rows.addWidget(title)
        rows.addLayout(original)
        rows.addWidget(self._reconstruction_grid)
        rows.addStretch(1)
        self.setWidget(page)
        self.show_selected(None, "", None)

    def set_models(self, models: tuple[ModelLabel, ...]) -> None:
        """Show these models, in this order; images of models that stay are kept."""
        if models == self._models:
            return
        self._models = models
        self._decodes = self._refill(self._decode_grid, self._decodes, "decode", "decodes from this code")
        self._reconstructions = self._refill(
            self._reconstruction_grid, self._reconstructions, "reconstruction", "makes of the selected image"
        )
        for model in models:
            self._decodes[model.run].set_caption(model.label)
            self._say_error(model.run)
        self._lay_out()

    def show_point(self, z: tuple[float, ...] | None, pinned: bool) -> None:
        """Show the code that is decoded, (D,), and whether it stays while the pointer moves; None for no code."""
        self._code.show_code(z, pinned=pinned)

    def show_decode(self, run: str, pixels_CHW: Pixels | None) -> None:
        """Show what a model decodes from the code; a model that is not here is passed over."""
        if run in self._decodes:
            self._decodes[run].show_pixels(pixels_CHW)

    def show_selected(self, index: int | None, class_name: str, pixels_CHW: Pixels | None) -> None:
        """Show one image of the held-out set, or none; reconstructions of the one before are taken away."""
        self._selected = pixels_CHW
        self._original.show_pixels(pixels_CHW)
        for view in self._reconstructions.values():
            view.show_pixels(None)
        for run in self._reconstructions:
            self._say_error(run)
        if index is None:
            self._class.clear()
            self._index.setText("Click a point to see its image, and what every model makes of it.")
        else:
            self._class.setText(class_name)
            self._index.setText(f"held-out image {index:,}")
        set_role(self._class, "title")
        self._class.setVisible(index is not None)
        self._reconstruction_grid.setVisible(index is not None)
        self._lay_out()

    def show_reconstruction(self, run: str, pixels_CHW: Pixels | None) -> None:
        """Show a model's reconstruction of the selected image, with its error; a model not here is passed over."""
        if run in self._reconstructions:
            self._reconstructions[run].show_pixels(pixels_CHW)
            self._say_error(run, pixels_CHW)

    def set_class_colour(self, colour: QColor | None) -> None:
        """Outline the selected image in the colour of its class."""
        self._original.set_outline(colour)

    def sizeHint(self) -> QSize:
        """Three images across."""
        return QSize(300, 480)

    def minimumSizeHint(self) -> QSize:
        """Two small images across."""
        return QSize(180, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the columns anew."""
        super().resizeEvent(event)
        self._lay_out()

    def _refill(self, grid: ImageGrid, old: dict[str, ImageView], kind: str, does: str) -> dict[str, ImageView]:
        fresh: dict[str, ImageView] = {}
        for model in self._models:
            view = ImageView("–")
            view.reserve_caption()
            view.setObjectName(f"{kind}_{model.run}")
            view.setAccessibleName(f"What {model.label} {does}")
            view.setToolTip(f"What {model.label} {does}. Right-click to copy it.")
            view.set_mark(QColor(*model.colour))
            if model.run in old and (image := old[model.run].pixels()) is not None:
                view.show_pixels(image)
            fresh[model.run] = view
        grid.set_views(tuple(fresh.values()))
        return fresh

    def _say_error(self, run: str, pixels_CHW: Pixels | None = None) -> None:
        view = self._reconstructions[run]
        label = next(model.label for model in self._models if model.run == run)
        original = self._selected
        reconstruction = pixels_CHW if pixels_CHW is not None else view.pixels()
        if original is None or reconstruction is None or np.shape(original) != np.shape(reconstruction):
            view.set_caption(label)
            return
        error = mean_squared_error(original, reconstruction)
        view.set_caption(f"MSE {error:.4f}".replace("0.", ".", 1))
        view.setToolTip(f"What {label} makes of the selected image. Mean squared error a pixel: {error:.5f}.")

    def _lay_out(self) -> None:
        # The width is taken as if there were a scroll bar, so that its coming and going cannot change the columns.
        width = self.width() - 2 * _MARGIN - self.verticalScrollBar().sizeHint().width()
        selected = self._selected is not None
        line = self.fontMetrics().height()
        taken = 2 * _MARGIN + self._code.sizeHint().height() + 2 * line + 5 * _GAP
        columns, side = best_grid(
            len(self._models),
            width,
            self.height() - taken - (0 if selected else _NOTHING),
            sections=2 if selected else 1,
            words=line + _GAP,
            more=1 if selected else 0,
        )
        self._decode_grid.set_shape(columns, side)
        self._reconstruction_grid.set_shape(columns, side)
        side = min(side, max(_NOTHING, width - _FACTS)) if selected else _NOTHING
        self._original.setFixedSize(side, side)
