"""The film of a path: images along the straight line, and images along the shortest way, each with its length."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.elided_label import ElidedLabel
from explorer.views.pixel_image import Pixels
from explorer.views.sample_strip import SampleStrip

STRIP_HEIGHT = 34
LEAST_FRAMES, MOST_FRAMES = 5, 14

_LENGTH = "Length is the distance between images over their pixels, from 0 to 1, summed along the way."
_ENDS = (
    "In the lane where it was drawn, the path runs between the places that were chosen; in the other lanes, between\n"
    "the codes of the two held-out images nearest to those places: all models go between the same two images."
)


class PathFilm(QWidget):
    """Two strips of images; see `show_straight` and `show_shortest`.

    Signals:
        straight_picked(int): An image of the straight line was clicked.
        shortest_picked(int): An image of the shortest way was clicked.
    """

    straight_picked = Signal(int)
    shortest_picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        self._straight_length: float | None = None
        self._shortest_length: float | None = None
        self._texts: list[ElidedLabel] = []
        self._strips: list[SampleStrip] = []
        for name, placeholder, meaning in (
            ("straight", "Drag in a cloud to draw a path", "Equal steps along a straight line through latent space."),
            (
                "shortest",
                "",
                "The geodesic: the way along which the images change least in all, shown at equal changes\n"
                "(under the decoder's pull-back metric, by gradient descent from the straight line).",
            ),
        ):
            text = ElidedLabel(self)
            text.setObjectName(f"path-{name}-text")
            text.setToolTip(f"{meaning}\n{_LENGTH}\n{_ENDS}")
            set_role(text, "muted")
            strip = SampleStrip(placeholder, self)
            strip.setObjectName(f"path-{name}-strip")
            strip.setAccessibleName(f"Images along the {name} way")
            strip.setToolTip(f"{meaning}\nClick an image to go to its place.\n{_ENDS}")
            strip.setFixedHeight(STRIP_HEIGHT)
            layout.addWidget(text)
            layout.addWidget(strip)
            self._texts.append(text)
            self._strips.append(strip)
        self._strips[0].sample_picked.connect(self.straight_picked)
        self._strips[1].sample_picked.connect(self.shortest_picked)
        self._show_texts()

    def frames(self) -> int:
        """How many images a strip has room for."""
        return max(LEAST_FRAMES, min(MOST_FRAMES, self._strips[0].capacity()))

    def show_straight(self, length: float, frames_KCHW: Pixels) -> None:
        """Show the straight line's images, uint8 (K, C, H, W)."""
        self._straight_length = length
        self._strips[0].show_images(frames_KCHW)
        self._show_texts()

    def show_shortest(self, length: float, frames_KCHW: Pixels) -> None:
        """Show the shortest way's images, uint8 (K, C, H, W)."""
        self._shortest_length = length
        self._strips[1].show_images(frames_KCHW)
        self._show_texts()

    def clear(self) -> None:
        """Show nothing; another path is meant from now on."""
        self._straight_length = self._shortest_length = None
        for strip in self._strips:
            strip.show_images(None)
        self._show_texts()

    def _show_texts(self) -> None:
        straight, shortest = self._straight_length, self._shortest_length
        less = ""
        if straight and shortest is not None:
            share = 100 * (1 - shortest / straight)
            less = f" (−{share:.0f} %)" if share >= 1 else f" (−{share:.1f} %)" if share >= 0.1 else " (no shorter)"
        for text, name, length, beside in zip(
            self._texts, ("Straight", "Shortest"), (straight, shortest), ("", less), strict=True
        ):
            if length is None:
                text.setText(name)
                continue
            # Narrow lanes keep the lengths; what they are is left to the tooltip, and how they differ to the eye.
            forms = (f"{name} · length {length:.1f}{beside}", f"{name} {length:.1f}{beside}", f"{name} {length:.1f}")
            metrics, room = text.fontMetrics(), text.width()
            text.setText(next((words for words in forms if metrics.horizontalAdvance(words) <= room), forms[-1]))
