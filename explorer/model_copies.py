"""The newest whole copy of each model, made for panels only while one of them needs it."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from explorer.lane_row import LaneRow
from explorer.training_thread import TrainingThread
from trainers.messages import Snapshot

ASKED_BY: Final = "panels"


class ModelCopies(QObject):
    """Remembers, of all lanes, the last snapshot that carried a copy of its model.

    Signals:
        copied(str): There is a newer one of this run.
        gone(str): There is no such run any more.
    """

    copied = Signal(str)
    gone = Signal(str)

    def __init__(self, row: LaneRow, training: TrainingThread, parent: QObject) -> None:
        super().__init__(parent)
        self._training = training
        self._newest: dict[str, Snapshot] = {}
        self._wanted_by: set[str] = set()
        row.snapshot_shown.connect(self._take)
        row.lane_gone.connect(self._forget)

    def want(self, panel: str, *, wanted: bool) -> None:
        """Say whether a panel needs copies from now on."""
        before = bool(self._wanted_by)
        (self._wanted_by.add if wanted else self._wanted_by.discard)(panel)
        if bool(self._wanted_by) != before:
            self._training.carry_models(not before, ASKED_BY)

    def newest(self, run: str) -> Snapshot | None:
        """The last snapshot of a run that carries its model, if there was one."""
        return self._newest.get(run)

    def _take(self, snapshot: Snapshot) -> None:
        if snapshot.model is not None:
            self._newest[snapshot.run] = snapshot
            self.copied.emit(snapshot.run)

    def _forget(self, run: str) -> None:
        self._newest.pop(run, None)
        self.gone.emit(run)
