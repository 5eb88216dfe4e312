"""The menu that says where models compute."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from explorer.disk import remember
from trainers.device import DEVICES

NAMES = {"auto": "Automatic", "cuda": "CUDA", "mps": "Apple GPU", "cpu": "CPU"}


class DeviceMenu(QMenu):
    """Offers the devices of this computer, once they are known; the choice is kept for the next time.

    Signals:
        device_chosen(str): An entry of `DEVICES`.
    """

    device_chosen = Signal(str)

    def __init__(self, chosen: str, parent: QWidget) -> None:
        super().__init__("&Device", parent)
        self.setObjectName("device-menu")
        self.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        for device, summary in DEVICES.items():
            action = QAction(NAMES[device], self, checkable=True, checked=device == chosen)
            action.setObjectName(f"device-{device}")
            action.setData(device)
            action.setToolTip(summary)
            action.setEnabled(device == "auto")
            action.triggered.connect(partial(self._choose, device))
            self._group.addAction(action)
            self.addAction(action)

    def offer(self, available: tuple[str, ...]) -> None:
        """Let the person choose among these; what this computer lacks stays grey, and says so."""
        for action in self._group.actions():
            device = action.data()
            if device != "auto":
                action.setEnabled(device in available)
                if device not in available:
                    action.setToolTip(f"{DEVICES[device]} This computer has none that torch can use.")

    def _choose(self, device: str, _checked: bool = True) -> None:
        remember("device", device)
        self.device_chosen.emit(device)
