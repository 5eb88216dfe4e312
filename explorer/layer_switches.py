"""Which layers lie over the clouds, and whether paths are drawn: switched by commands, the same in all lanes."""

from functools import partial

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction

from explorer.disk import remember
from explorer.lane_layers import LAYERS
from explorer.lane_row import LaneRow
from explorer.training_thread import TrainingThread
from explorer.workbench import Workbench


class LayerSwitches(QObject):
    """Makes switches of the layers' commands and of the path tool; models are copied only while one of them is on.

    The tool is put down at the end; layers are kept.
    """

    def __init__(
        self, actions: dict[str, QAction], bench: Workbench, row: LaneRow, training: TrainingThread, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bench, self._path = bench, actions["path"]
        self._path.setCheckable(True)
        self._path.toggled.connect(self._take_tool)
        self._actions = {name: actions[name] for name in LAYERS}
        self._row, self._training = row, training
        self._carries: dict[str, bool] = {}
        for name, action in self._actions.items():
            action.setCheckable(True)
            action.setChecked(str(QSettings().value(f"layer-{name}", False)).lower() == "true")
            action.toggled.connect(partial(remember, f"layer-{name}"))
            action.toggled.connect(self._show)
        self._show()

    def _show(self) -> None:
        shown = frozenset(name for name, action in self._actions.items() if action.isChecked())
        self._row.set_layers_on(shown)
        self._carry("layers", needed=bool(shown))

    def _take_tool(self, in_hand: bool) -> None:
        self._row.set_path_tool(in_hand)
        if not in_hand:
            self._bench.set_route(None)
        self._carry("paths", needed=in_hand)

    def _carry(self, wanted_by: str, *, needed: bool) -> None:
        """Each asks for itself: who begins to look gets copies at once, also of paused models that others look at."""
        if needed != self._carries.get(wanted_by, False):
            self._carries[wanted_by] = needed
            self._training.carry_models(needed, wanted_by)
