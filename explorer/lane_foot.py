"""The foot of a lane: what the pointer decodes, how far that can be trusted, and samples or the film of a path."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.elided_label import ElidedLabel
from explorer.views.image_view import ImageView
from explorer.views.path_film import PathFilm
from explorer.views.sample_strip import SampleStrip

POINTER_SIDE = 76
_GAP = 8


class LaneFoot(QWidget):
    """Holds a lane's small images.

    Attributes:
        pointer_image: What the model decodes at the pointer, or at the pinned place.
        samples: Samples of the prior, while there is no path.
        film: Images along a path.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("lane-foot")
        self.pointer_image = ImageView(parent=self)
        self.pointer_image.setObjectName("lane-pointer")
        self.pointer_image.setAccessibleName("Decoded image")
        self.pointer_image.setToolTip("What this model decodes at the pointer, or at the pinned place")
        self.pointer_image.setFixedSize(POINTER_SIDE, POINTER_SIDE)
        self.samples = SampleStrip("", self)
        self.samples.setObjectName("lane-samples")
        self._samples_text = ElidedLabel(self)
        self._samples_text.setObjectName("lane-samples-text")
        set_role(self._samples_text, "muted")
        self._trust = ElidedLabel(self)
        self._trust.setObjectName("lane-trust")
        self._trust.setToolTip(
            "How far the image at the pointer can be trusted, from 0 to 1: whether codes of held-out images lie as\n"
            "densely there as around three quarters of them, times whether the decoder changes the image no faster\n"
            "than it does at nine tenths of them. From 0.5: well supported; below: sparse, or unsteady where only the\n"
            "decoder is at fault; below 0.1: made up."
        )
        self._trust.hide()
        self.film = PathFilm(self)
        self.film.setObjectName("lane-film")
        self.film.hide()

        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self._trust)
        beside.addWidget(self._samples_text)
        beside.addWidget(self.samples, 1)
        beside.addWidget(self.film)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self.pointer_image)
        layout.addLayout(beside, 1)

    def name_samples(self, source: str) -> None:
        """Say what the samples are drawn from."""
        self._samples_text.setText(f"Samples of {source}")
        self.samples.setToolTip(
            f"Decoded samples of {source}, drawn from the same noise in every lane. Click one to go to its place."
        )

    def show_trust(self, words: str | None) -> None:
        """Say how far the pointer's image can be trusted, in place of what the samples are; None when nobody asks."""
        full = f"Trust: {words or '–'}" if words is not None else ""
        has_room = self._trust.fontMetrics().horizontalAdvance(full) <= self.width() - POINTER_SIDE - _GAP
        self._trust.setText(full if has_room else words or "")
        self._trust.setVisible(words is not None)
        self._name_what_is_shown()

    def show_film(self, shown: bool) -> None:
        """Let the film of a path stand where the samples stand otherwise."""
        self.samples.setVisible(not shown)
        self.film.setVisible(shown)
        self._name_what_is_shown()

    def _name_what_is_shown(self) -> None:
        """One line for both: lanes are narrow, and a line more would move the cloud."""
        self._samples_text.setVisible(not self.film.isVisibleTo(self) and not self._trust.isVisibleTo(self))
