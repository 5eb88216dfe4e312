"""The comparison of all models: measured by itself while they train, and all of it on request."""

from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from explorer.asked_measuring import AskedMeasuring
from explorer.comparison_bar import ComparisonBar
from explorer.figure_board import FigureBoard
from explorer.live_rounds import LiveRounds
from explorer.messages import ModelCopied, Pace
from explorer.metric_thread import ALL_IMAGES, LIVE_IMAGES, Job, Measured, MetricJob, MetricThread, Occasion
from explorer.rows_in_step import RowsInStep
from explorer.training_thread import TrainingThread
from explorer.views.comparison_view import ComparisonView
from explorer.workbench import Workbench
from explorer.written_comparison import written_comparison
from trainers.comparison import FORMATS
from trainers.messages import Snapshot
from trainers.metrics import METRICS

LIVE: Final = "figures"
ASKED: Final = "all figures"
"""What copies of models are made for."""
QUICK: Final = tuple(name for name, listing in METRICS.items() if not listing.dear)
BETWEEN_ROWS_MS: Final = 60


class ComparisonPanel(QWidget):
    """Asks for copies of the models, has them measured, and shows what is known of them.

    While models train, a round of quick metrics follows the first whole epoch after the round before; when they rest,
    what is shown is brought up to date. Each round takes all models at the same moment.

    Args:
        bench: The models.
        training: Makes the copies.
        actions: Commands by name, as `ComparisonBar` takes them.
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
        self._rounds = LiveRounds()
        self._live_rows, self._asked_rows = RowsInStep(), RowsInStep()
        self._asked_jobs: dict[str, MetricJob] = {}
        self._changed: set[str] = set()
        self.view = ComparisonView(self)
        self.bar = ComparisonBar(actions, self)
        self.view.addActions(self.bar.commands)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(BETWEEN_ROWS_MS)
        self._redraw.timeout.connect(self._show_changes)
        self._wire(actions)
        self._show_models()

    def end(self) -> None:
        """Measure nothing any more; returns when the thread has ended."""
        self._ended = True
        self.thread_of_metrics.stop()

    def set_in_front(self, in_front: bool) -> None:
        """Say whether a person sees it, and no other panel lies before it.

        Then it shows what is measured, and is kept up to date also while models rest.
        """
        self._in_front = in_front
        if in_front:
            self._show_soon(*METRICS)
        else:
            self._redraw.stop()
        self._seek()

    def note_snapshot(self, snapshot: Snapshot) -> None:
        """See how far a model is."""
        self._rounds.note_epoch(snapshot.run, snapshot.epoch)
        if self.board.note_epoch(snapshot.run, snapshot.epoch):
            self._show_soon(*METRICS)  # figures have grown old
        self._seek()

    def _wire(self, actions: dict[str, QAction]) -> None:
        bench, training, thread = self._bench, self._training, self.thread_of_metrics
        training.ready.connect(thread.start)  # torch is imported by then
        bench.models_changed.connect(self._show_models)
        bench.runs_dropped.connect(self._drop)
        training.model_copied.connect(self._take_copy)
        training.pace_changed.connect(self._show_pace)
        thread.begun.connect(self._begin)
        thread.measured.connect(self._take)
        thread.ended.connect(self._end_job)
        actions["measure"].triggered.connect(lambda: self.measure_all())
        self.bar.live.toggled.connect(self._switch_live)
        self.bar.cancelled.connect(self.cancel)
        self.bar.copy_wanted.connect(self.copy)
        self.view.copy_wanted.connect(lambda: self.copy("markdown"))

    # What a person asks for

    def measure_all(self) -> None:
        """Take every figure of every model as it is now."""
        runs = tuple(model.run for model in self._bench.models)
        if not runs or self.bar.is_working:
            return
        self._activity = "Copying the models"
        self._asked.ask(runs, tuple(METRICS))
        self._show_figures(self._asked_rows.begin(runs))
        self.bar.begin(lambda: (self._asked.fraction, self._activity))
        self._show_able()
        for run in runs:
            self._training.copy_model(run, ASKED)

    def cancel(self) -> None:
        """Give up what was asked for; what is measured already stays."""
        self._asked.ask((), ())
        self._asked_jobs.clear()
        self.thread_of_metrics.cancel_asked()
        self._show_figures(self._asked_rows.begin(()))
        self._rest("Cancelled.")

    def copy(self, form: str) -> None:
        """Put all figures on the clipboard, in a form of `FORMATS`."""
        comparison = written_comparison(self.board, self._bench.models)
        if comparison is None:
            self.bar.say("There is nothing to copy yet: choose “Measure all”.")
            return
        QGuiApplication.clipboard().setText(FORMATS[form].load()(comparison))
        self.bar.say(f"Copied as {FORMATS[form].label}.")

    def _switch_live(self, on: bool) -> None:
        if not on:
            for run in tuple(self._rounds.under_way):
                self.thread_of_metrics.forget_live(run)
                self._leave_round(run)
        self._seek()

    # Rounds

    def _seek(self) -> None:
        """Begin a round where one is due."""
        if self._ended or not self.bar.live.isChecked() or not self.isVisible():
            return
        runs = self._rounds.begin(
            (model.run for model in self._bench.models), at_rest=self._in_front and not self._playing
        )
        if runs:
            self._show_figures(self._live_rows.begin(runs))
        for run in runs:
            self._training.copy_model(run, LIVE)

    def _leave_round(self, run: str) -> None:
        """A model is not measured after all."""
        self._rounds.give_up(run)
        self._show_figures(self._live_rows.leave(run))

    # What bench and threads tell

    def _show_models(self) -> None:
        models = self._bench.models
        on_bench = {model.run for model in models}
        for run in set(self._rounds.runs) - on_bench:
            self.thread_of_metrics.forget(run)
            self._leave_round(run)
        for run in self._asked.runs - on_bench:
            self._finish(run, "Not measured: the models are others now.")
        self.view.show_all(self.board.columns(models), self.board.rows(models))
        self._show_able()
        self._seek()

    def _drop(self, runs: tuple[str, ...]) -> None:
        for run in runs:
            self.board.forget(run)
            self._rounds.forget(run)

    def _show_pace(self, pace: Pace) -> None:
        if pace.playing != self._playing:
            self._playing = pace.playing
            self.thread_of_metrics.set_training(pace.playing)
            self._seek()

    def _take_copy(self, copied: ModelCopied) -> None:
        if copied.purpose not in (LIVE, ASKED):
            return
        is_asked = copied.purpose == ASKED
        if copied.run not in (self._asked.runs if is_asked else self._rounds.under_way):
            return
        if copied.model is None or copied.images is None:
            self._miss(copied)
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
        if is_asked:
            self._asked_jobs[copied.run] = job
        else:
            self._rounds.note_copy(copied.run, copied.epoch)
        self.thread_of_metrics.submit(job)

    def _miss(self, copied: ModelCopied) -> None:
        """A model cannot be copied."""
        if copied.purpose == ASKED:
            model = self._bench.model(copied.run)
            self._finish(copied.run, f"{model.name}: {copied.problem}" if model is not None else copied.problem)
        else:
            self._rounds.forget(copied.run)  # until it is heard of again: its images may be on their way
            self._show_figures(self._live_rows.leave(copied.run))

    def _begin(self, job: MetricJob, name: str) -> None:
        if job.occasion.is_asked:
            model = self._bench.model(job.occasion.run)
            self._activity = f"{model.name if model is not None else ''}: {METRICS[name].label}"
            self._asked.begin(job.occasion.run, name)
            self.bar.refresh()

    def _take(self, measured: Measured) -> None:
        run, name = measured.occasion.run, measured.name
        if measured.occasion.is_asked:
            self._asked.note_done(run, name)
            self.bar.refresh()
        rows = self._asked_rows if measured.occasion.is_asked else self._live_rows
        self._show_figures(rows.take(measured, at_once=self.board.newest(run, name) is None))

    def _show_figures(self, results: tuple[Measured, ...]) -> None:
        for measured in results:
            if self._rounds.knows(measured.occasion.run):  # else no undo can bring it back
                self.board.take(measured)
                self._show_soon(measured.name)
        if results:
            self._show_able()  # also behind another panel: menus copy what it would show

    def _end_job(self, job: Job) -> None:
        if not isinstance(job, MetricJob):
            return
        run = job.occasion.run
        if job.occasion.is_asked:
            if self._asked_jobs.get(run) is job:
                self._finish(run, "Measured.")
        else:
            self._rounds.finish(run)
            self._show_figures(self._live_rows.leave(run))
            self._seek()

    def _finish(self, run: str, sentence: str) -> None:
        """One of the models that were asked for is done; the last of them leaves the sentence."""
        self._asked.drop(run)
        self._asked_jobs.pop(run, None)
        self._show_figures(self._asked_rows.leave(run))
        if not self._asked.runs and self.bar.is_working:
            self._rest(sentence)

    def _rest(self, sentence: str) -> None:
        self.bar.finish(sentence)
        self._show_able()

    # Showing

    def _show_soon(self, *names: str) -> None:
        self._changed.update(names)
        if self._in_front and not self._redraw.isActive():
            self._redraw.start()

    def _show_changes(self) -> None:
        models, changed = self._bench.models, self._changed
        self._changed = set()
        if set(METRICS) <= changed or any(METRICS[name].dear for name in changed):
            # The headings name the features that dear figures were taken in.
            self.view.show_rows(tuple(row for row in self.board.rows(models) if row.is_heading or row.name in changed))
        else:
            self.view.show_rows(tuple(self.board.row(name, models) for name in changed))
        self._show_able()

    def _show_able(self) -> None:
        models = self._bench.models
        self.bar.show_able(has_models=bool(models), has_figures=self.board.has_figures(models))
