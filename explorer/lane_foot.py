"""The foot of a lane: what the pointer decodes, a line of words, and samples or the film of a path."""

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
        self._has_point = False
        self._trust = ElidedLabel(self)
        self._trust.setObjectName("lane-trust")
        self._trust.setToolTip(
            "How far the image at the pointer can be trusted, from 0 to 1: whether codes of held-out images lie as\n"
            "densely there as around three quarters of them, times whether the decoder changes the image no faster\n"
            "than it does at nine tenths of them. From 0.5: well supported; below: sparse, or unsteady where only the\n"
            "decoder is at fault; below 0.1: made up."
        )
        self._trust.hide()
        self._holes = ElidedLabel(self)
        self._holes.setObjectName("lane-holes")
        self._holes.setToolTip(
            "Which share of the prior is not covered by codes of images: prior minus codes, summed where the prior is\n"
            "the denser of the two. 0%: the codes fill the prior as it asks; 100%: all of them lie elsewhere."
        )
        self._holes.hide()
        self.film = PathFilm(self)
        self.film.setObjectName("lane-film")
        self.film.hide()

        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self._trust)
        beside.addWidget(self._holes)
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
        self._has_point = bool(words)
        self._trust.setText(self._fitting(f"Trust: {words or '–'}", words or "–") if words is not None else "")
        self._show_one_line()

    def show_holes(self, missing: float | None) -> None:
        """Say which share of the prior the codes leave empty, in place of what the samples are; None when unasked."""
        self._holes.setText(
            self._fitting(f"{missing:.0%} of the prior lacks codes", f"{missing:.0%} lacks codes")
            if missing is not None
            else ""
        )
        self._show_one_line()

    def show_film(self, shown: bool) -> None:
        """Let the film of a path stand where the samples stand otherwise."""
        goes, comes = (self.samples, self.film) if shown else (self.film, self.samples)
        goes.hide()  # first, since Qt lays out at once when something comes, and both together would be too high
        self._trust.hide()
        comes.show()
        self._show_one_line()

    def _fitting(self, words: str, fewer: str) -> str:
        """What a lane of this width has room for beside the pointer's image."""
        has_room = self.fontMetrics().horizontalAdvance(words) <= self.width() - POINTER_SIDE - _GAP
        return words if has_room else fewer

    def _show_one_line(self) -> None:
        """One line for all: lanes are narrow, and a line more would move the cloud."""
        has_film, has_holes = self.film.isVisibleTo(self), bool(self._holes.text())
        # The pointer's trust goes first; while nothing is pointed at, there is room for what is true of all.
        has_trust = bool(self._trust.text()) and (self._has_point or not has_holes or has_film)
        self._trust.setVisible(has_trust)
        self._holes.setVisible(has_holes and not has_trust and not has_film)
        self._samples_text.setVisible(not has_trust and not has_holes and not has_film)
