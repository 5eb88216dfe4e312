"""The window as a picture."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QWidget

from explorer.views.latent_canvas import LatentCanvas
from explorer.views.turn_layout import TurnLayout
from trainers.atomic_write import write_atomically


def save_picture(widget: QWidget, path: Path) -> str:
    """Write what a widget shows as a PNG file.

    Returns:
        Empty, or one sentence on why there is no file.
    """
    for layout in widget.findChildren(TurnLayout):
        layout.give_all_turns()  # what waits to be painted would be missing
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture = widget.grab()
    for cloud in widget.findChildren(LatentCanvas):
        cloud.update()  # it takes what it has painted here for what is on the screen
    if not picture.save(buffer, "PNG"):
        return "The picture could not be made; try a smaller window."
    try:
        write_atomically(path, bytes(buffer.data().data()))
    except OSError as error:
        return f"{path} cannot be written ({error.strerror or error}); choose another place."
    return ""
