"""What is said of these models, held against the open ones: asks for copies, has claims checked, shows verdicts."""

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.claim_wording import age_of, finding_of, summary_of
from explorer.claims_job import KEY, CheckedClaim, CheckedModel, ClaimsJob, Moment
from explorer.measuring_bar import MeasuringBar
from explorer.messages import ModelCopied
from explorer.metric_thread import Job, MetricThread
from explorer.training_thread import TrainingThread
from explorer.views.claim_card import ClaimText
from explorer.views.claims_view import ClaimsView
from explorer.workbench import Workbench
from trainers.claims import CLAIMS
from trainers.messages import Snapshot

PURPOSE: Final = "claims"
"""What copies of models are made for."""


@dataclass(slots=True)
class _Round:
    """What was asked for: whose copies are awaited and which are there, who is left out, what is checked by now."""

    awaited: dict[str, str]
    bystanders: dict[str, str]
    copies: list[tuple[str, ModelCopied]] = field(default_factory=list[tuple[str, ModelCopied]])
    job: ClaimsJob | None = None
    activity: str = "Copying the models"
    checked: list[CheckedClaim] = field(default_factory=list[CheckedClaim])

    @property
    def fraction(self) -> float:
        """How much is done, from 0 to 1."""
        return len(self.checked) / len(CLAIMS)


class ClaimsPanel(QWidget):
    """Cards of claims, and a button that has all of them checked on the models as they then are.

    Only models on the same images can be held against each other: where some differ, those with the images that most
    models have take part.

    Signals:
        begun(str): A claim is in hand.
        checked(object): `CheckedClaim`.

    Args:
        bench: The models.
        training: Makes the copies.
        thread: Checks.
        actions: Commands by name: "check_claims".
        parent: The window.
    """

    begun = Signal(str)
    checked = Signal(object)

    def __init__(
        self,
        bench: Workbench,
        training: TrainingThread,
        thread: MetricThread,
        actions: dict[str, QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("claims-panel")
        self._bench, self._training, self._thread = bench, training, thread
        self._check = actions["check_claims"]
        self._epochs: dict[str, float] = {}
        self._round: _Round | None = None
        self._found: dict[str, CheckedClaim] = {}
        self.view = ClaimsView(
            tuple(
                ClaimText(
                    name=name,
                    title=claim.title,
                    statement=claim.statement,
                    source=claim.source,
                    measure=claim.summary,
                )
                for name, claim in CLAIMS.items()
            ),
            self,
        )
        self.bar = MeasuringBar("claims", self)
        self.bar.add_button(self._check)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        bench.models_changed.connect(self._show_models)
        bench.runs_dropped.connect(self._drop)
        training.model_copied.connect(self._take_copy)
        thread.ended.connect(self._end_job)
        self.begun.connect(self._begin)
        self.checked.connect(self._take)
        self._check.triggered.connect(lambda: self.check_all())
        self.bar.cancelled.connect(self.cancel)
        self._show_models()

    def check_all(self) -> None:
        """Hold every claim against the models as they are now."""
        models = self._bench.models
        if not models or self._round is not None:
            return
        keys = [model.images_key for model in models]
        key = max(keys, key=keys.count)
        self._round = asked = _Round(
            awaited={model.run: model.name for model in models if model.images_key == key},
            bystanders={model.run: model.name for model in models if model.images_key != key},
        )
        self._check.setEnabled(False)
        self.bar.begin(lambda: (asked.fraction, asked.activity))
        for run in tuple(asked.awaited):
            self._training.copy_model(run, PURPOSE)

    def cancel(self) -> None:
        """Check no more; what is checked already stays."""
        self._thread.forget(KEY)
        self._rest("Cancelled.")

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """See how far a model is."""
        if self._epochs.get(snapshot.run) != snapshot.epoch:
            self._epochs[snapshot.run] = snapshot.epoch
            self._show_ages()

    # What bench and threads tell

    def _show_models(self) -> None:
        self._check.setEnabled(bool(self._bench.models) and self._round is None)
        self._show_ages()

    def _drop(self, runs: tuple[str, ...]) -> None:
        for run in runs:
            self._epochs.pop(run, None)

    def _take_copy(self, copied: ModelCopied) -> None:
        asked = self._round
        if copied.purpose != PURPOSE or asked is None or copied.run not in asked.awaited:
            return
        asked.copies.append((asked.awaited.pop(copied.run), copied))
        if not asked.awaited:
            self._submit(asked)

    def _submit(self, asked: _Round) -> None:
        """All copies are there, or will not come."""
        made = [(name, copied, copied.model) for name, copied in asked.copies if copied.model is not None]
        problems = {copied.run: f"{name}: {copied.problem}" for name, copied in asked.copies if copied.model is None}
        images = made[0][1].images if made else None
        if images is None:
            self._rest(next(iter(problems.values())))
            return
        others = [f"{name} has other images, and was left out." for name in asked.bystanders.values()]
        asked.job = ClaimsJob(
            moment=Moment(
                models=tuple(CheckedModel(run=copied.run, label=name, epoch=copied.epoch) for name, copied, _ in made),
                dataset=images.name,
                left_out=(*others, *problems.values()),
                bystanders=frozenset((*asked.bystanders, *problems)),
            ),
            copies=tuple(model for _, _, model in made),
            images=images,
            begun=self.begun.emit,
            checked=self.checked.emit,
        )
        self._thread.submit(asked.job)

    def _begin(self, name: str) -> None:
        if self._round is not None:
            self._round.activity = f"Claim {len(self._round.checked) + 1} of {len(CLAIMS)}: {CLAIMS[name].label}"
            self.bar.refresh()

    def _take(self, checked: CheckedClaim) -> None:
        self._found[checked.name] = checked
        self.view.show_finding(checked.name, finding_of(checked))
        self._show_age(checked)
        if self._round is not None:
            self._round.checked.append(checked)
            self.bar.refresh()

    def _end_job(self, job: Job) -> None:
        if self._round is not None and job is self._round.job:
            self._rest(summary_of(self._round.checked))

    def _rest(self, sentence: str) -> None:
        self._round = None
        self.bar.finish(sentence)
        self._check.setEnabled(bool(self._bench.models))

    # Showing

    def _show_ages(self) -> None:
        if self.isVisible():
            for checked in self._found.values():
                self._show_age(checked)

    def _show_age(self, checked: CheckedClaim) -> None:
        self.view.show_age(checked.name, age_of(checked.moment, self._bench.models, self._epochs))

    def showEvent(self, event: QShowEvent) -> None:
        """Say what has changed while it was closed."""
        super().showEvent(event)
        self._show_ages()
