"""The window as a picture."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QWidget

from explorer.views.latent_canvas import LatentCanvas
from explorer.views.turn_layout import TurnLayout
from trainers.atomic_write import write_atomically


def take_picture(widget: QWidget) -> QImage:
    """What a widget shows; to be called in the thread of the window."""
    for layout in widget.findChildren(TurnLayout):
        layout.give_all_turns()  # what waits to be painted would be missing
    picture = widget.grab().toImage()
    for cloud in widget.findChildren(LatentCanvas):
        cloud.update()  # it takes what it has painted here for what is on the screen
    return picture


def write_picture(picture: QImage, path: Path) -> str:
    """Write a picture as a PNG file, in any thread.

    Returns:
        Empty, or one sentence on why there is no file.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"PNG").write(picture):
        return "The picture could not be made; try a smaller window."
    try:
        write_atomically(path, bytes(buffer.data().data()))
    except OSError as error:
        return f"{path} cannot be written ({error.strerror or error}); choose another place."
    return ""
