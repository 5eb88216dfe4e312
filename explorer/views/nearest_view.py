"""Which training images are nearest to what every model decodes, or to one image: whether anything was copied."""

from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.model_label import ModelLabel
from explorer.views.neighbour_row import Neighbour, NeighbourRow
from explorer.views.pixel_image import Pixels

Subject = Literal["place", "image"]

HINTS: Final[dict[Subject, str]] = {
    "place": "Point into a cloud, or click: the training images nearest to what is decoded.",
    "image": "Click a point: the training images nearest to its image.",
}
ABOUT: Final = (
    "Distances are Euclidean: over pixels from 0 to 1, and between codes. A decode that lies much nearer to a\n"
    "training image than new images do would be a copy of it."
)


@dataclass(frozen=True, slots=True, eq=False)
class NearestRow:
    """What is asked about, (C, H, W), and what is nearest to it."""

    query_CHW: Pixels
    neighbours: tuple[Neighbour, ...]


class NearestView(QScrollArea):
    """Rows of neighbours for each model: among all training images by pixels, among some of them by code.

    Signals:
        subject_changed(str): The person wants to know it of "place", what is decoded there, or of "image".
    """

    subject_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("nearest_view")
        self.setAccessibleName("Nearest training images")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._models: tuple[ModelLabel, ...] = ()
        self._subject: Subject = "place"
        self._rows: dict[tuple[str, str], NeighbourRow] = {}
        title = QLabel("Nearest training images")
        set_role(title, "title")
        group = QButtonGroup(self)
        choice = QHBoxLayout()
        choice.setSpacing(6)
        self._choices: dict[Subject, QPushButton] = {}
        kinds: tuple[tuple[Subject, str, str], ...] = (
            ("place", "Of the decode", "Of what each model decodes at the pointer, or at the pinned place"),
            ("image", "Of the image", "Of the selected image itself, and of its code in each model"),
        )
        for subject, text, tip in kinds:
            button = QPushButton(text)
            button.setObjectName(f"nearest_{subject}")
            button.setToolTip(tip)
            button.setCheckable(True)
            button.setChecked(subject == self._subject)
            group.addButton(button)
            choice.addWidget(button)
            self._choices[subject] = button
        group.buttonClicked.connect(self._choose)
        choice.addStretch(1)
        self._hint = QLabel(HINTS[self._subject])
        self._hint.setObjectName("nearest_hint")
        self._hint.setWordWrap(True)
        set_role(self._hint, "muted")
        self._usual = QLabel()
        self._usual.setObjectName("nearest_usual")
        self._usual.setWordWrap(True)
        self._usual.setToolTip(ABOUT)
        set_role(self._usual, "muted")
        self._image_row = NeighbourRow("image")
        self._image_row.setObjectName("nearest_of_image")
        self._models_room = QVBoxLayout()
        self._models_room.setSpacing(3)
        page = QWidget()
        rows = QVBoxLayout(page)
        rows.setContentsMargins(8, 8, 8, 8)
        rows.setSpacing(6)
        rows.addWidget(title)
        rows.addLayout(choice)
        rows.addWidget(self._hint)
        rows.addWidget(self._image_row)
        rows.addLayout(self._models_room)
        rows.addWidget(self._usual)
        rows.addStretch(1)
        self.setWidget(page)
        self._show_parts()

    @property
    def subject(self) -> Subject:
        """What the person wants to know it of."""
        return self._subject

    def set_models(self, models: tuple[ModelLabel, ...]) -> None:
        """Have rows for these models, in this order."""
        if models == self._models:
            return
        self._models = models
        while (item := self._models_room.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        for model in models:
            name = QLabel(f'<span style="color: rgb{model.colour}">●</span> {_escaped(model.label)}')
            self._models_room.addWidget(name)
            for kind, caption in (("pixels", "pixels"), ("codes", "code")):
                row = NeighbourRow(caption)
                row.setObjectName(f"nearest_{kind}_{model.run}")
                row.setAccessibleName(f"Training images nearest to what {model.label} decodes, by {caption}")
                self._rows[model.run, kind] = row
                self._models_room.addWidget(row)
        self._show_parts()

    def show_rows(self, run: str, pixels: NearestRow | None, codes: NearestRow | None) -> None:
        """Show what is nearest by pixels and by code; a model that is not here is passed over."""
        for kind, found in (("pixels", pixels), ("codes", codes)):
            row = self._rows.get((run, kind))
            if row is not None:
                row.show_neighbours(found.query_CHW if found else None, found.neighbours if found else ())

    def show_image_row(self, found: NearestRow | None) -> None:
        """Show what is nearest to the selected image by pixels."""
        self._image_row.show_neighbours(found.query_CHW if found else None, found.neighbours if found else ())

    def set_asked(self, *, asked: bool) -> None:
        """Say whether there is a place or an image to ask about, or how to give one."""
        self._hint.setVisible(not asked)

    def show_usual(self, distance: float | None) -> None:
        """Show how far new images lie from the nearest training image, to compare with."""
        text = "" if distance is None else f"For comparison: held-out images are {distance:.2f} away (median, pixels)."
        self._usual.setText(text)

    def _choose(self) -> None:
        chosen: Subject = "place" if self._choices["place"].isChecked() else "image"
        if chosen != self._subject:
            self._subject = chosen
            self._hint.setText(HINTS[chosen])
            self._show_parts()
            self.subject_changed.emit(chosen)

    def _show_parts(self) -> None:
        self._image_row.setVisible(self._subject == "image")
        for (_, kind), row in self._rows.items():
            row.setVisible(kind == "codes" or self._subject == "place")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
