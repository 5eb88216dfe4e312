"""The panels below the lanes that compare the models, and what brings them up."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from explorer.comparison_panel import ComparisonPanel
from explorer.lane_row import LaneRow
from explorer.panel_layout import PanelLayout, TitledPanels
from explorer.training_thread import TrainingThread
from explorer.workbench import Workbench


class ComparePanels(QObject):
    """Makes the panels, and wires them to bench, lanes and commands.

    Attributes:
        comparison: Metric × model.
    """

    def __init__(
        self,
        bench: Workbench,
        training: TrainingThread,
        row: LaneRow,
        actions: dict[str, QAction],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.comparison = ComparisonPanel(bench, training, actions, parent)
        row.snapshot_shown.connect(self.comparison.note_snapshot)

    @property
    def titled(self) -> TitledPanels:
        """The panels with their titles, in order."""
        return (("Comparison", self.comparison),)

    def connect_to(self, actions: dict[str, QAction], panels: PanelLayout) -> None:
        """Let commands bring panels up, and panels know whether they are seen."""
        actions["comparison"].triggered.connect(partial(_bring_up, panels, self.comparison, self.comparison.view))
        panels.dock(self.comparison).visibilityChanged.connect(self.comparison.set_in_front)

    def end(self) -> None:
        """Measure nothing any more; returns when what was in hand has ended."""
        self.comparison.end()


def _bring_up(panels: PanelLayout, panel: QWidget, keyboard: QWidget, *_: object) -> None:
    """Without the "checked" that Qt sends."""
    panels.bring_up(panel)
    keyboard.setFocus()
