"""The panels below the lanes that compare the models, and what brings them up."""

from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from explorer.claims_panel import ClaimsPanel
from explorer.comparison_panel import ComparisonPanel
from explorer.panel_layout import PanelLayout, TitledPanels
from explorer.training_thread import TrainingThread
from explorer.workbench import Workbench
from trainers.messages import Snapshot

TABLE_HEIGHT: Final = 280
"""Pixels that the table needs to show its header and a group of metrics."""
CARD_HEIGHT: Final = 300
"""Pixels that a panel of cards needs to show one of them whole."""


class ComparePanels(QObject):
    """Makes the panels, and wires them to bench and commands.

    Attributes:
        comparison: Metric × model.
        claims: What is said of such models, and what becomes of it.
    """

    def __init__(
        self,
        bench: Workbench,
        training: TrainingThread,
        actions: dict[str, QAction],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.comparison = ComparisonPanel(bench, training, actions, parent)
        self.claims = ClaimsPanel(bench, training, self.comparison.thread_of_metrics, actions, parent)

    @property
    def titled(self) -> TitledPanels:
        """The panels with their titles, in order."""
        return (("Comparison", self.comparison), ("Claims", self.claims))

    def connect_to(self, actions: dict[str, QAction], panels: PanelLayout) -> None:
        """Let commands bring panels up, and panels know whether they are seen."""
        actions["comparison"].triggered.connect(partial(_bring_up, panels, self.comparison, self.comparison.view))
        actions["claims"].triggered.connect(partial(_bring_up, panels, self.claims, self.claims.view))
        panels.dock(self.claims).visibilityChanged.connect(partial(_give_room, panels, self.claims, CARD_HEIGHT))
        panels.dock(self.comparison).visibilityChanged.connect(
            partial(_give_room, panels, self.comparison, TABLE_HEIGHT)
        )
        panels.dock(self.comparison).visibilityChanged.connect(self.comparison.set_in_front)

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """A lane shows this snapshot."""
        self.comparison.note_snapshot(snapshot)
        self.claims.note_snapshot(snapshot)

    def end(self) -> None:
        """Measure nothing any more; returns when what was in hand has ended."""
        self.comparison.end()


def _give_room(panels: PanelLayout, panel: QWidget, height: int, shown: bool) -> None:
    """Tables and cards are higher than the curves that they share their place with."""
    if shown:
        panels.give_room(panel, height)


def _bring_up(panels: PanelLayout, panel: QWidget, keyboard: QWidget, *_: object) -> None:
    """Without the "checked" that Qt sends."""
    panels.bring_up(panel)
    keyboard.setFocus()
