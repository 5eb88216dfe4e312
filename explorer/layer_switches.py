"""Which layers lie over the clouds: switched by commands, the same in all lanes, and kept for the next time."""

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction

from explorer.lane_layers import LAYERS
from explorer.lane_row import LaneRow
from explorer.training_thread import TrainingThread


class LayerSwitches(QObject):
    """Makes the commands of the layers switches; copies of models are made only while something needs them."""

    def __init__(self, actions: dict[str, QAction], row: LaneRow, training: TrainingThread, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = {name: actions[name] for name in LAYERS}
        self._row, self._training = row, training
        self._carries = False
        for name, action in self._actions.items():
            action.setCheckable(True)
            action.setChecked(str(QSettings().value(f"layer-{name}", False)).lower() == "true")
            action.toggled.connect(self._switch)
        self._switch()

    def _switch(self) -> None:
        shown = frozenset(name for name, action in self._actions.items() if action.isChecked())
        for name in LAYERS:
            QSettings().setValue(f"layer-{name}", name in shown)
        self._row.set_layers_on(shown)
        if bool(shown) != self._carries:
            self._carries = bool(shown)
            self._training.carry_models(self._carries)
