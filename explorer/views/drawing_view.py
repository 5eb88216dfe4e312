"""A drawing or picture of one's own, and what every model makes of it."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from explorer.theme import set_role
from explorer.views.image_grid import ImageGrid, best_grid
from explorer.views.image_view import ImageView
from explorer.views.ink_pad import InkPad
from explorer.views.model_label import ModelLabel
from explorer.views.pixel_image import Pixels, mean_squared_error

PICTURES: Final = "Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.tif *.tiff);;All files (*)"
FIT: Final = (
    "Scale and move what is drawn until it stands as the set's images do: for MNIST, in a box of 20×20 pixels whose\n"
    "centre of mass is in the middle. Without this, the whole square is made smaller, and models see what they never\n"
    "saw."
)


class DrawingView(QScrollArea):
    """The pad, the image that models are given, and their reconstructions.

    Signals:
        changed(): The drawing is another, also in the middle of a stroke.
        fit_changed(bool): Whether it is to stand as the set's images do.
        picture_wanted(): The person wants to choose a file.
        cleared(): The person wants to begin anew.

    Attributes:
        pad: What is drawn on.
    """

    changed = Signal()
    fit_changed = Signal(bool)
    picture_wanted = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawing_view")
        self.setAccessibleName("Drawing")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models: tuple[ModelLabel, ...] = ()
        self._views: dict[str, ImageView] = {}
        self.pad = InkPad()
        self.pad.setObjectName("drawing_pad")
        self.pad.setAccessibleName("Pad to draw on")
        self.pad.setToolTip(
            "Left button draws, right button erases; Ctrl+Z takes a stroke back. With the keyboard, arrows move the\n"
            "brush, Space draws and Delete erases. A picture can be dropped here, or anywhere on the window."
        )
        self.pad.changed.connect(self.changed)
        self._given = ImageView("–")
        self._given.setObjectName("drawing_given")
        self._given.setAccessibleName("The image that models are given")
        self._given.setToolTip("The drawing as the models see it: in the size and the colours of the set.")
        self._given.set_caption("as models see it")
        self._given.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._given.setFixedSize(104, 104 + self._given.heightForWidth(0))
        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self.pad)
        above.addWidget(self._given, 0, Qt.AlignmentFlag.AlignTop)
        above.addStretch(1)
        self._fit = QCheckBox("Fit as the set's images are")
        self._fit.setObjectName("drawing_fit")
        self._fit.setChecked(True)
        self._fit.setToolTip(FIT)
        self._fit.toggled.connect(self.fit_changed)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for name, text, tip, signal in (
            ("clear", "Clear", "Leave nothing, to draw from the start", self.cleared),
            ("picture", "Picture…", "Take a picture from this computer", self.picture_wanted),
        ):
            button = QPushButton(text)
            button.setObjectName(f"drawing_{name}")
            button.setToolTip(tip)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._title = QLabel("What each model makes of it")
        set_role(self._title, "title")
        self._note = QLabel()
        self._note.setObjectName("drawing_note")
        self._note.setWordWrap(True)
        set_role(self._note, "muted")
        self._grid = ImageGrid()
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        rows.addLayout(above)
        rows.addLayout(buttons)
        rows.addWidget(self._fit)
        rows.addSpacing(4)
        rows.addWidget(self._title)
        rows.addWidget(self._grid)
        rows.addWidget(self._note)
        rows.addStretch(1)
        self.setWidget(page)

    @property
    def fits(self) -> bool:
        """Whether what is drawn is to stand as the set's images do."""
        return self._fit.isChecked()

    def set_models(self, models: tuple[ModelLabel, ...]) -> None:
        """Have a place for these models, in this order."""
        if models == self._models:
            return
        self._models = models
        self._views = {}
        for model in models:
            view = ImageView("–")
            view.setObjectName(f"drawing_{model.run}")
            view.setAccessibleName(f"What {model.label} makes of the drawing")
            view.setToolTip(f"What {model.label} makes of the drawing. Right-click to copy it.")
            view.set_mark(QColor(*model.colour))
            view.set_caption(model.label)
            self._views[model.run] = view
        self._grid.set_views(tuple(self._views.values()))
        self._lay_out()

    def show_given(self, pixels_CHW: Pixels | None) -> None:
        """Show the image that models are given, or none."""
        self._given.show_pixels(pixels_CHW)

    def show_reconstruction(self, run: str, given_CHW: Pixels | None, made_CHW: Pixels | None) -> None:
        """Show what a model makes of an image; a model that is not here is passed over."""
        view = self._views.get(run)
        if view is None:
            return
        view.show_pixels(made_CHW)
        label = next(model.label for model in self._models if model.run == run)
        if given_CHW is None or made_CHW is None:
            view.set_caption(label)
        else:
            view.set_caption(f"{label} {mean_squared_error(given_CHW, made_CHW):.3f}".replace(" 0.", " ."))

    def say(self, note: str) -> None:
        """Say something beneath, or nothing when empty."""
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def sizeHint(self) -> QSize:
        """As the inspector."""
        return QSize(300, 420)

    def minimumSizeHint(self) -> QSize:
        """Two small images across."""
        return QSize(180, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the columns anew."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.width() - 16 - self.verticalScrollBar().sizeHint().width()
        room = self.height() - self.pad.sizeHint().height() - 150
        self._grid.set_shape(*best_grid(len(self._models), width, room, words=self.fontMetrics().height() + 6))
