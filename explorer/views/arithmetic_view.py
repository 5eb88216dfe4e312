"""This − mean of one class + mean of another: a form, and what every model decodes along the way."""

from functools import partial
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.model_label import ModelLabel
from explorer.views.pixel_image import Pixels
from explorer.views.sample_strip import SampleStrip

Start = Literal["image", "place"]
STEPS: Final = 5
"""Images along the way, with both ends."""
_STRIP_HEIGHT = 52

HINTS: Final[dict[Start, str]] = {
    "image": "Click a point to select its image: its code is “this” in every model.",
    "place": "Click a place in a cloud to pin it: it is “this” in every model.",
}
NO_CLASSES: Final = "These images have no classes to go between; choose images that have."


class ArithmeticView(QScrollArea):
    """The class to come from, the class to go to, what to begin with; and a strip of images for each model.

    Signals:
        changed(): The person chose something else.
        step_picked(str, int): The image at this step of a run's strip was clicked.
    """

    changed = Signal()
    step_picked = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic_view")
        self.setAccessibleName("Class arithmetic")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models: tuple[ModelLabel, ...] = ()
        self._strips: dict[str, SampleStrip] = {}
        self._names: tuple[str, ...] = ()
        self._is_ready = False
        title = QLabel("This + mean of A − mean of B")
        set_role(title, "title")
        form = QGridLayout()
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(6)
        form.setColumnStretch(1, 1)
        self._start = self._choice("start", "this", "What to begin with: its code in each model")
        self._start.addItem("Selected image", "image")
        self._start.addItem("Pinned place", "place")
        self._to = self._choice("to", "A", "The class whose mean code is added: where to go")
        self._from = self._choice("from", "B", "The class whose mean code is taken away: where to come from")
        rows = (("This", self._start), ("+ mean of A", self._to), ("− mean of B", self._from))
        for row, (text, box) in enumerate(rows):
            label = QLabel(text)
            label.setBuddy(box)
            form.addWidget(label, row, 0)
            form.addWidget(box, row, 1)
        self._hint = QLabel()
        self._hint.setObjectName("arithmetic_hint")
        self._hint.setWordWrap(True)
        set_role(self._hint, "muted")
        self._room = QVBoxLayout()
        self._room.setSpacing(3)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(8)
        rows.addWidget(title)
        rows.addLayout(form)
        rows.addWidget(self._hint)
        rows.addLayout(self._room)
        rows.addStretch(1)
        self.setWidget(page)
        self.set_ready(ready=False)

    @property
    def start(self) -> Start:
        """What to begin with."""
        return "image" if self._start.currentData() == "image" else "place"

    @property
    def classes(self) -> tuple[int, int] | None:
        """The class to go to and the one to come from; None while there are no two to choose from."""
        return (self._to.currentIndex(), self._from.currentIndex()) if len(self._names) > 1 else None

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Offer these classes; what was chosen stays where the classes are the same."""
        if names == self._names:
            return
        self._names = names
        for box, index in ((self._to, 1), (self._from, 0)):
            box.blockSignals(True)
            box.clear()
            box.addItems(list(names))
            box.setCurrentIndex(min(index, len(names) - 1))
            box.setEnabled(len(names) > 1)
            box.blockSignals(False)
        self._show_hint()

    def propose_from(self, label: int) -> None:
        """Come from this class, the one of the image to begin with; and go to another, since to itself is no way."""
        count = self._from.count()
        if 0 <= label < count:
            self._to.blockSignals(True)
            if self._to.currentIndex() == label:
                self._to.setCurrentIndex((label + 1) % count)
            self._to.blockSignals(False)
            self._from.setCurrentIndex(label)

    def set_models(self, models: tuple[ModelLabel, ...]) -> None:
        """Have a strip for these models, in this order."""
        if models == self._models:
            return
        self._models = models
        while (item := self._room.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._strips = {}
        for model in models:
            words = model.label.replace("&", "&amp;").replace("<", "&lt;")
            self._room.addWidget(QLabel(f'<span style="color: rgb{model.colour}">●</span> {words}'))
            strip = SampleStrip("")
            strip.setObjectName(f"arithmetic_{model.run}")
            strip.setAccessibleName(f"What {model.label} decodes on the way")
            strip.setToolTip("From “this”, at the left, to the sum, at the right. Click an image to pin its place.")
            strip.setFixedHeight(_STRIP_HEIGHT)
            strip.sample_picked.connect(partial(self.step_picked.emit, model.run))
            self._strips[model.run] = strip
            self._room.addWidget(strip)

    def show_way(self, run: str, images_SCHW: Pixels | None) -> None:
        """Show what a model decodes along the way, or nothing; a model that is not here is passed over."""
        if run in self._strips:
            self._strips[run].show_images(images_SCHW)

    def set_ready(self, *, ready: bool) -> None:
        """Say whether there is something to begin with, or how to give it."""
        self._is_ready = ready
        self._show_hint()

    def _show_hint(self) -> None:
        has_classes = len(self._names) != 1
        self._hint.setText(HINTS[self.start] if has_classes else NO_CLASSES)
        self._hint.setVisible(not self._is_ready or not has_classes)

    def _choice(self, name: str, label: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(f"arithmetic_{name}")
        box.setAccessibleName(label)
        box.setToolTip(tip)
        box.currentIndexChanged.connect(self.changed)
        return box
