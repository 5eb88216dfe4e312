"""The comparison of all models: measured by itself while they train, and all of it on request."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QToolButton, QVBoxLayout, QWidget

from explorer.asked_measuring import AskedMeasuring
from explorer.figure_board import SAME_EPOCH, FigureBoard
from explorer.measuring_bar import MeasuringBar
from explorer.messages import ModelCopied, Pace
from explorer.metric_thread import ALL_IMAGES, LIVE_IMAGES, Job, Measured, MetricJob, MetricThread, Occasion
from explorer.training_thread import TrainingThread
from explorer.views.comparison_view import ComparisonView
from explorer.workbench import Workbench
from trainers.comparison import FORMATS
from trainers.messages import Snapshot
from trainers.metrics import METRICS

LIVE: Final = "figures"
ASKED: Final = "all figures"
"""What copies of models are made for."""
QUICK: Final = tuple(name for name, listing in METRICS.items() if not listing.dear)
NEARLY_AN_EPOCH: Final = 0.5
"""Models that are so near to the next whole epoch are measured with those that have reached it."""
BETWEEN_ROWS_MS: Final = 60


class ComparisonPanel(QWidget):
    """Asks for copies of the models, has them measured, and shows what is known of them.

    While models train, a round of quick metrics follows the first whole epoch after the round before; when they rest,
    what is shown is brought up to date. Each round takes all models at the same moment.

    Args:
        bench: The models.
        training: Makes the copies.
        actions: Commands by name: "measure", "measure_live", and "copy_" with each entry of `FORMATS`.
        parent: The window.
    """

    def __init__(
        self, bench: Workbench, training: TrainingThread, actions: dict[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparison-panel")
        self._bench, self._training = bench, training
        self.board = FigureBoard()
        self.thread_of_metrics = MetricThread()
        self._asked = AskedMeasuring()
        self._activity = ""
        self._playing = False
        self._in_front = False
        self._ended = False
        self._epochs: dict[str, float] = {}
        self._measured_at: dict[str, float] = {}  # epoch of the last round
        self._in_round: set[str] = set()
        self._asked_jobs: dict[str, MetricJob] = {}
        self._changed: set[str] = set()
        self._measure, self._live = actions["measure"], actions["measure_live"]
        self._copies = {form: action for form in FORMATS if (action := actions.get(f"copy_{form}")) is not None}
        self.view = ComparisonView(self)
        self.bar = MeasuringBar("comparison", self)
        self._build()
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(BETWEEN_ROWS_MS)
        self._redraw.timeout.connect(self._show_changes)
        self._wire()
        self._show_models()

    def end(self) -> None:
        """Measure nothing any more; returns when the thread has ended."""
        self._ended = True
        self.thread_of_metrics.stop()

    def set_in_front(self, in_front: bool) -> None:
        """Say whether a person sees it: then it is kept up to date also while models rest."""
        self._in_front = in_front
        self._seek()

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """See how far a model is."""
        before = self._epochs.get(snapshot.run, 0.0)
        self._epochs[snapshot.run] = snapshot.epoch
        self.board.note_epoch(snapshot.run, snapshot.epoch)
        if int(before) != int(snapshot.epoch):
            self._show_soon(*METRICS)  # figures grow old
        self._seek()

    # Building

    def _build(self) -> None:
        self.bar.add_button(self._measure)
        copy = QToolButton(self)
        copy.setObjectName("comparison-copy")
        copy.setText("Copy")
        copy.setAccessibleName("Copy the table")
        copy.setToolTip("Copy all figures as a table for notes, papers or programs")
        copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(copy)
        menu.addActions(list(self._copies.values()))
        menu.setToolTipsVisible(True)
        copy.setMenu(menu)
        self.bar.add_control(self._live_box())
        self.bar.add_control(copy)
        self._copy_button = copy
        self.view.addActions([self._measure, *self._copies.values()])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)

    def _live_box(self) -> QCheckBox:
        self._live.setCheckable(True)
        self._live.setChecked(str(QSettings().value("measure-live", True)).lower() == "true")
        box = QCheckBox("While training", self)
        box.setObjectName("comparison-live")
        box.setAccessibleName(self._live.text())
        box.setToolTip(self._live.toolTip())
        box.setChecked(self._live.isChecked())
        box.toggled.connect(self._live.setChecked)
        self._live.toggled.connect(box.setChecked)
        return box

    def _wire(self) -> None:
        bench, training, thread = self._bench, self._training, self.thread_of_metrics
        bench.models_changed.connect(self._show_models)
        bench.runs_dropped.connect(self._drop)
        training.model_copied.connect(self._take_copy)
        training.pace_changed.connect(self._show_pace)
        thread.begun.connect(self._begin)
        thread.measured.connect(self._take)
        thread.ended.connect(self._end_job)
        self._measure.triggered.connect(lambda: self.measure_all())
        self._live.toggled.connect(self._switch_live)
        self.bar.cancelled.connect(self.cancel)
        self.view.copy_wanted.connect(lambda: self.copy("markdown"))
        for form, action in self._copies.items():
            action.triggered.connect(partial(self._copy_triggered, form))

    # What a person asks for

    def measure_all(self) -> None:
        """Take every figure of every model as it is now."""
        runs = tuple(model.run for model in self._bench.models)
        if not runs or self.bar.is_working:
            return
        self._measure.setEnabled(False)
        self._activity = "Copying the models"
        self._asked.ask(runs, tuple(METRICS))
        self.bar.begin(lambda: (self._asked.fraction, self._activity))
        for run in runs:
            self._training.copy_model(run, ASKED)

    def cancel(self) -> None:
        """Give up what was asked for; what is measured already stays."""
        self._asked.ask((), ())
        self._asked_jobs.clear()
        self.thread_of_metrics.cancel_asked()
        self._rest("Cancelled.")

    def copy(self, form: str) -> None:
        """Put all figures on the clipboard, in a form of `FORMATS`."""
        comparison = self.board.comparison(self._bench.models)
        if comparison is None:
            self.bar.say("There is nothing to copy yet: choose “Measure all”.")
            return
        QGuiApplication.clipboard().setText(FORMATS[form].load()(comparison))
        self.bar.say(f"Copied as {FORMATS[form].label}.")

    def _copy_triggered(self, form: str, *_: object) -> None:
        self.copy(form)

    def _switch_live(self, on: bool) -> None:
        QSettings().setValue("measure-live", on)
        if not on:
            for run in tuple(self._in_round):
                self.thread_of_metrics.forget_live(run)
        self._seek()

    # Rounds

    def _seek(self) -> None:
        """Begin a round where one is due."""
        if self._ended or self._in_round or not self._live.isChecked() or not self.isVisible():
            return
        due = [model.run for model in self._bench.models if self._is_due(model.run)]
        if not due:
            return
        for model in self._bench.models:
            if model.run in due or self._progress(model.run) >= NEARLY_AN_EPOCH:
                self._in_round.add(model.run)
                self._measured_at[model.run] = self._epochs[model.run]
                self._training.copy_model(model.run, LIVE)

    def _is_due(self, run: str) -> bool:
        has_passed_an_epoch = int(self._epochs.get(run, 0.0)) > int(self._measured_at.get(run, 0.0))
        return has_passed_an_epoch or (self._in_front and not self._playing and self._progress(run) > SAME_EPOCH)

    def _progress(self, run: str) -> float:
        """Epochs since the last round."""
        return self._epochs.get(run, 0.0) - self._measured_at.get(run, 0.0)

    # What bench and threads tell

    def _show_models(self) -> None:
        models = self._bench.models
        on_bench = {model.run for model in models}
        for run in [run for run in self._epochs if run not in on_bench]:
            self.thread_of_metrics.forget(run)
        for run in self._asked.runs - on_bench:
            self._finish(run)
        self.view.show_all(self.board.columns(models), self.board.rows(models))
        self._measure.setEnabled(bool(models) and not self.bar.is_working)
        self._show_copyable()

    def _drop(self, runs: tuple[str, ...]) -> None:
        for run in runs:
            self.board.forget(run)
            self._epochs.pop(run, None)
            self._measured_at.pop(run, None)

    def _show_pace(self, pace: Pace) -> None:
        if pace.playing != self._playing:
            self._playing = pace.playing
            self.thread_of_metrics.set_training(pace.playing)
            self._seek()

    def _take_copy(self, copied: ModelCopied) -> None:
        if copied.purpose not in (LIVE, ASKED):
            return
        is_asked = copied.purpose == ASKED
        model = self._bench.model(copied.run)
        is_wanted = model is not None and (copied.run in self._asked.runs if is_asked else copied.run in self._in_round)
        if not is_wanted or copied.model is None or copied.images is None:
            if is_wanted and is_asked and model is not None:
                self._finish(copied.run)
                self.bar.say(f"{model.name}: {copied.problem}")
            self._in_round.discard(copied.run)
            return
        occasion = Occasion(
            run=copied.run,
            epoch=copied.epoch,
            images=copied.images,
            limit=ALL_IMAGES if is_asked else LIVE_IMAGES,
            is_asked=is_asked,
        )
        names = tuple(METRICS) if is_asked else QUICK
        job = MetricJob(occasion=occasion, model=copied.model, names=names)
        self._epochs.setdefault(copied.run, copied.epoch)
        if is_asked:
            self._asked_jobs[copied.run] = job
        else:
            self._measured_at[copied.run] = copied.epoch
        self.thread_of_metrics.submit(job)

    def _begin(self, job: MetricJob, name: str) -> None:
        if job.occasion.is_asked:
            model = self._bench.model(job.occasion.run)
            self._activity = f"{model.name if model is not None else ''}: {METRICS[name].label}"
            self._asked.begin(job.occasion.run, name)
            self.bar.refresh()

    def _take(self, measured: Measured) -> None:
        if measured.occasion.run not in self._epochs:
            return  # no undo can bring it back
        self.board.take(measured)
        if measured.occasion.is_asked:
            self._asked.note_done(measured.occasion.run, measured.name)
            self.bar.refresh()
        self._show_soon(measured.name)

    def _end_job(self, job: Job) -> None:
        if not isinstance(job, MetricJob):
            return
        run = job.occasion.run
        if job.occasion.is_asked:
            if self._asked_jobs.get(run) is job:
                self._finish(run)
        else:
            self._in_round.discard(run)
            self._seek()

    def _finish(self, run: str) -> None:
        """One of the models that were asked for is done."""
        self._asked.drop(run)
        self._asked_jobs.pop(run, None)
        if not self._asked.runs and self.bar.is_working:
            self._rest("Measured.")

    def _rest(self, sentence: str) -> None:
        self.bar.finish(sentence)
        self._measure.setEnabled(bool(self._bench.models))

    # Showing

    def _show_soon(self, *names: str) -> None:
        self._changed.update(names)
        if self.isVisible() and not self._redraw.isActive():
            self._redraw.start()

    def _show_changes(self) -> None:
        models, changed = self._bench.models, self._changed
        self._changed = set()
        if set(METRICS) <= changed or any(METRICS[name].dear for name in changed):
            # The headings name the features that dear figures were taken in.
            self.view.show_rows(tuple(row for row in self.board.rows(models) if row.is_heading or row.name in changed))
        else:
            self.view.show_rows(tuple(self.board.row(name, models) for name in changed))
        self._show_copyable()

    def _show_copyable(self) -> None:
        has_figures = self.board.has_figures(self._bench.models)
        for action in self._copies.values():
            action.setEnabled(has_figures)
        self._copy_button.setEnabled(has_figures)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came while it was closed."""
        super().showEvent(event)
        self._show_soon(*METRICS)
        self._seek()
