"""The small card beside a point that the mouse rests on: its image and its class."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from explorer.theme import set_role
from explorer.views.image_view import ImageView
from trainers.messages import Pixels

SIDE = 84
DISTANCE = QPoint(18, 18)


class ImageCard(QFrame):
    """Floats over everything, and lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        self.setObjectName("image-card")
        self.setAccessibleName("Image under the pointer")
        set_role(self, "panel")
        self._image = ImageView(parent=self)
        self._image.setFixedSize(SIDE, SIDE)
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 4)
        layout.setSpacing(2)
        layout.addWidget(self._image)
        layout.addWidget(self._text)

    def show_image(self, pixels_CHW: Pixels, text: str, place: QPoint) -> None:
        """Show an image beside a place on the screen, and never beyond its edge."""
        self._image.show_pixels(pixels_CHW)
        self._text.setText(text)
        self.adjustSize()
        corner = place + DISTANCE
        room = self.screen().availableGeometry()
        if corner.x() + self.width() > room.right():
            corner.setX(place.x() - DISTANCE.x() - self.width())
        if corner.y() + self.height() > room.bottom():
            corner.setY(place.y() - DISTANCE.y() - self.height())
        self.move(corner)
        self.show()
