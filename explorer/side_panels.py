"""The panels at the right beside the inspector, and what brings them up."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from explorer.arithmetic_panel import ArithmeticPanel
from explorer.drawing_panel import DrawingPanel
from explorer.lane_row import LaneRow
from explorer.layer_thread import LayerThread
from explorer.model_copies import ModelCopies
from explorer.model_supply import ModelSupply
from explorer.nearest_panel import NearestPanel
from explorer.panel_layout import PanelLayout, TitledPanels
from explorer.selection_panel import SelectionPanel
from explorer.training_thread import TrainingThread
from explorer.workbench import Workbench


class SidePanels(QObject):
    """Makes the panels, and lets commands and events bring them up.

    Signals:
        told(str): One sentence for the person.
        refused(str): One sentence on what could not be done.

    Attributes:
        copies: Copies of models that panels compute with.
        nearest: The training images nearest to what is pointed at.
        selection: What is chosen.
        drawing: An image of one's own.
        arithmetic: From one class to another.
    """

    told = Signal(str)
    refused = Signal(str)

    def __init__(
        self, bench: Workbench, row: LaneRow, training: TrainingThread, thread: LayerThread, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.copies = ModelCopies(row, training, self)
        self.nearest = NearestPanel(bench, row, self.copies, thread, parent)
        self.nearest.refused.connect(self.refused)
        self.drawing = DrawingPanel(bench, row, self.copies, thread, parent)
        self.drawing.refused.connect(self.refused)
        self.arithmetic = ArithmeticPanel(bench, row, thread, parent)
        self.arithmetic.refused.connect(self.refused)
        self.selection = SelectionPanel(bench, row, thread, parent)
        self.selection.told.connect(self.told)
        self.selection.refused.connect(self.refused)

    @property
    def titled(self) -> TitledPanels:
        """The panels with their titles, in order."""
        return (
            ("Nearest", self.nearest.view),
            ("Selection", self.selection.view),
            ("Drawing", self.drawing.view),
            ("Classes", self.arithmetic.view),
        )

    def connect_to(self, actions: dict[str, QAction], panels: PanelLayout, supply: ModelSupply) -> None:
        """Let commands bring panels up, and a new selection its own; panels compute only while they are seen."""
        for panel in (self.nearest, self.drawing):
            panel.take_images_from(supply)
            panels.dock(panel.view).visibilityChanged.connect(panel.set_seen)
        panels.dock(self.arithmetic.view).visibilityChanged.connect(self.arithmetic.set_seen)
        self.drawing.wanted.connect(partial(panels.bring_up, self.drawing.view))
        self.selection.begun.connect(partial(panels.bring_up, self.selection.view))
        for name, view in (
            ("nearest", self.nearest.view),
            ("selection", self.selection.view),
            ("drawing", self.drawing.view),
            ("arithmetic", self.arithmetic.view),
        ):
            actions[name].triggered.connect(partial(_bring_up, panels, view))
        actions["export_chosen"].triggered.connect(self.selection.export)


def _bring_up(panels: PanelLayout, view: QWidget, *_: object) -> None:
    """Without the "checked" that Qt sends."""
    panels.bring_up(view)
