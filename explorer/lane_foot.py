"""The foot of a lane: what the pointer decodes, how far that can be trusted, and samples or the film of a path."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.image_view import ImageView
from explorer.views.path_film import PathFilm
from explorer.views.sample_strip import SampleStrip

POINTER_SIDE = 76


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
        self.samples.setToolTip(
            "Decoded samples, drawn from the same noise in every lane. Click one to go to its place."
        )
        self._samples_text = QLabel(self)
        self._samples_text.setObjectName("lane-samples-text")
        set_role(self._samples_text, "muted")
        self._trust = QLabel(self)
        self._trust.setObjectName("lane-trust")
        self._trust.setToolTip(
            "How far the image at the pointer can be trusted, from 0 to 1: whether codes of held-out images lie as\n"
            "densely there as around three quarters of them, times whether the decoder changes the image no faster\n"
            "than it does at nine tenths of them. From 0.5: well supported; below: sparse, or unsteady where only the\n"
            "decoder is at fault; below 0.1: made up."
        )
        # Words give way, never the cloud: a long name must not make its lane wider than the others.
        for label in (self._samples_text, self._trust):
            label.setMinimumWidth(1)
        self._trust.hide()
        self.film = PathFilm(self)
        self.film.setObjectName("lane-film")
        self.film.hide()

        above = QHBoxLayout()
        above.setSpacing(8)
        above.addWidget(self._samples_text, 1)
        above.addWidget(self._trust)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addLayout(above)
        beside.addWidget(self.samples, 1)
        beside.addWidget(self.film)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.pointer_image)
        layout.addLayout(beside, 1)

    def name_samples(self, source: str) -> None:
        """Say what the samples are drawn from."""
        self._samples_text.setText(f"Samples of {source}")

    def show_trust(self, words: str | None) -> None:
        """Say how far the pointer's image can be trusted, or leave no room for it when None."""
        self._trust.setText(words or "")
        self._trust.setVisible(words is not None)

    def show_film(self, shown: bool) -> None:
        """Let the film of a path stand where the samples stand otherwise."""
        self.samples.setVisible(not shown)
        self._samples_text.setVisible(not shown)
        self.film.setVisible(shown)
