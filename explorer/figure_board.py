"""The figures of all models, over training: state without widgets, from which the comparison table is made."""

from dataclasses import dataclass, field
from html import escape
from operator import is_not
from typing import TYPE_CHECKING, Final

from explorer.live_rounds import SAME_EPOCH
from explorer.metric_thread import Measured
from explorer.palette import lane_colour, lane_dash
from explorer.views.comparison_rows import Cell, CellState, Column, Row, bounds_of
from explorer.workbench import Model
from trainers.comparison.wording import ARROWS, BETTER
from trainers.metrics import GROUPS, METRICS, MetricListing

if TYPE_CHECKING:
    from trainers.metrics.figure import Figure

MOST_POINTS: Final = 120
"""Of a curve; from there on every second one is left out, and again."""
MARK_WORDS: Final = {
    "best": "Better than every other model, beyond chance.",
    "leading": "Better than some models and worse than none, beyond chance.",
    "": "",
}
UNFAIR: Final = "Not compared: the figures of this row are of different moments, or on other images."


@dataclass(slots=True)
class _Course:
    """One metric of one run over training: the newest result, and all values so far."""

    newest: Measured
    points: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def add(self, measured: Measured) -> None:
        """Take a result; of one and the same moment, the one that was taken on more images counts."""
        epoch, known = measured.occasion.epoch, self.newest.occasion
        if epoch < known.epoch - SAME_EPOCH or (
            abs(epoch - known.epoch) <= SAME_EPOCH and measured.occasion.limit < known.limit
        ):
            return
        self.newest = measured
        if measured.figure is not None:
            if self.points and abs(self.points[-1][0] - epoch) <= SAME_EPOCH:
                self.points.pop()
            self.points.append((epoch, measured.figure.value))
            if len(self.points) > MOST_POINTS:
                self.points = [*self.points[:-1:2], self.points[-1]]


class FigureBoard:
    """What is known of each run; a reset, another recipe or other images make another run, whose figures start anew."""

    def __init__(self) -> None:
        self._courses: dict[str, dict[str, _Course]] = {}
        self._epochs: dict[str, float] = {}
        self._marks: dict[str, tuple[tuple[Measured | None, ...], tuple[str, ...]]] = {}

    def take(self, measured: Measured) -> None:
        """Take a result."""
        of_run = self._courses.setdefault(measured.occasion.run, {})
        course = of_run.setdefault(measured.name, _Course(measured))
        course.add(measured)

    def note_epoch(self, run: str, epoch: float) -> bool:
        """Note how far a model is trained by now; gives whether it is in another epoch, and figures are older."""
        before = self._epochs.get(run, 0.0)
        self._epochs[run] = epoch
        return int(before) != int(epoch)

    def forget(self, run: str) -> None:
        """Forget a run for good."""
        self._courses.pop(run, None)
        self._epochs.pop(run, None)

    def course(self, run: str, metric: str) -> tuple[tuple[float, float], ...]:
        """Epochs and values of one metric of a run."""
        course = self._courses.get(run, {}).get(metric)
        return tuple(course.points) if course is not None else ()

    def newest(self, run: str, metric: str) -> Measured | None:
        """The newest result of one metric of a run."""
        course = self._courses.get(run, {}).get(metric)
        return course.newest if course is not None else None

    def has_figures(self, models: tuple[Model, ...]) -> bool:
        """Whether anything is known of these models."""
        courses = (course for model in models for course in self._courses.get(model.run, {}).values())
        return any(course.newest.figure is not None for course in courses)

    # The table

    def columns(self, models: tuple[Model, ...]) -> tuple[Column, ...]:
        """One column a model."""
        return tuple(
            Column(
                run=model.run,
                label=model.name,
                colour=lane_colour(model.colour),
                dash=lane_dash(model.colour),
                tip=_paragraphs(
                    f"<b>{escape(model.name)}</b>",
                    "Click to see first what this model does best, beside the others; again for the opposite; a third"
                    " time for the usual order.",
                ),
            )
            for model in models
        )

    def rows(self, models: tuple[Model, ...]) -> tuple[Row, ...]:
        """All metrics, under the headings of their groups."""
        rows: list[Row] = []
        for group, question in GROUPS.items():
            rows.append(
                Row(name=group, label=self._heading(group, question, models), tip=escape(question), is_heading=True)
            )
            rows += [self.row(name, models) for name, listing in METRICS.items() if listing.group == group]
        return tuple(rows)

    def row(self, name: str, models: tuple[Model, ...]) -> Row:
        """One metric."""
        listing, cells = METRICS[name], self._cells(name, models)
        return Row(
            name=name,
            label=listing.label,
            direction=ARROWS[listing.better],
            unit=listing.unit,
            tip=_row_tip(listing),
            cells=cells,
            bounds=bounds_of(cells),
        )

    def _heading(self, group: str, question: str, models: tuple[Model, ...]) -> str:
        results = (self.newest(model.run, name) for model in models for name in METRICS if METRICS[name].group == group)
        features = dict.fromkeys(result.features for result in results if result is not None and result.features)
        return f"{question} · compared in features of: {', '.join(features)}" if features else question

    def _cells(self, name: str, models: tuple[Model, ...]) -> tuple[Cell, ...]:
        results = tuple(self.newest(model.run, name) for model in models)
        marks = self._marks_of(name, results)
        fair = self.is_fair(results)
        return tuple(
            self._cell(name, model, result, mark, _standing(name, index, results) if fair else None, is_fair=fair)
            for index, (model, result, mark) in enumerate(zip(models, results, marks, strict=True))
        )

    def _cell(
        self, name: str, model: Model, result: Measured | None, mark: str, standing: float | None, *, is_fair: bool
    ) -> Cell:
        title = f"<b>{escape(METRICS[name].title)}, {escape(model.name)}</b>"
        if result is None:
            return Cell(tip=_paragraphs(title, _why_not_yet(METRICS[name])))
        curve = self.course(model.run, name)
        if result.figure is None:
            why = escape(why_none(name, result))
            failed = CellState.FAILED if result.problem else CellState.EMPTY
            return Cell(state=failed, value=result.problem or "–", tip=_paragraphs(title, why), curve=curve)
        from trainers.comparison.number_text import figure_text, interval_text, value_text

        figure = result.figure
        is_stale = self._is_stale(result)
        moment = f"at epoch {result.occasion.epoch:.1f}"
        if is_stale:
            moment += f"; the model is at epoch {self._epochs[model.run]:.1f} by now"
        about = f"On {figure.count:,} images, {moment}."
        note = f"With: {escape(figure.note)}." if figure.note else ""
        standing_words = MARK_WORDS[mark] if is_fair else UNFAIR
        return Cell(
            state=CellState.STALE if is_stale else CellState.FRESH,
            value=value_text(figure),
            spread=figure_text(figure).partition(" ± ")[2],
            is_best=mark == "best",
            is_leading=mark == "leading",
            standing=standing,
            tip=_paragraphs(title, f"95 % interval: {interval_text(figure)}.", about, note, standing_words),
            curve=curve,
        )

    def _is_stale(self, result: Measured) -> bool:
        return self._epochs.get(result.occasion.run, result.occasion.epoch) - result.occasion.epoch >= 1.0

    def _marks_of(self, name: str, results: tuple[Measured | None, ...]) -> tuple[str, ...]:
        """How each stands among the others; nobody does while they cannot be compared fairly."""
        if sum(result is not None and result.figure is not None for result in results) < 2 or not self.is_fair(results):
            return ("",) * len(results)
        known = self._marks.get(name)
        if known is None or len(known[0]) != len(results) or any(map(is_not, known[0], results)):
            from trainers.comparison.comparison import Comparison

            cells = tuple(result.figure or "" if result is not None else "" for result in results)
            table = Comparison(dataset="", held_out=0, models=(), cells={name: cells})
            self._marks[name] = known = (results, table.standings(name))
        return known[1]

    def is_fair(self, results: tuple[Measured | None, ...]) -> bool:
        """Whether the same images were used, as many, and all models were as far, or are still as they were."""
        measured = [result for result in results if result is not None and result.figure is not None]
        epochs = [result.occasion.epoch for result in measured]
        if len(measured) > 1 and max(epochs) - min(epochs) >= 1.0 and any(map(self._is_stale, measured)):
            return False
        return all(
            result.occasion.images is measured[0].occasion.images
            and result.occasion.limit == measured[0].occasion.limit
            for result in measured
        )


def _standing(name: str, index: int, results: tuple[Measured | None, ...]) -> float | None:
    """How far one model is ahead of the best other, in widths of their spreads; negative when behind."""
    better = METRICS[name].better
    figures = [result.figure if result is not None else None for result in results]
    own = figures[index]
    others = [figure for place, figure in enumerate(figures) if figure is not None and place != index]
    if own is None or not others or not better:
        return None

    def merit(figure: "Figure") -> float:
        return {"higher": figure.value, "lower": -figure.value}.get(better, -abs(figure.value - 1))

    rival = max(others, key=merit)
    width = (own.high - own.low + rival.high - rival.low) / 4
    return (merit(own) - merit(rival)) / (width or 1e-12)


def _row_tip(listing: MetricListing) -> str:
    direction = BETTER[listing.better].capitalize()
    unit = f"In {escape(listing.unit)}. " if listing.unit else ""
    needs = f"It needs {escape(listing.needs)}." if listing.needs else ""
    when = "Measured with “Measure all”." if listing.dear else "Measured while training, too."
    paper = f"<i>{escape(listing.paper)}</i>" if listing.paper else ""
    return _paragraphs(
        f"<b>{escape(listing.title)}</b>", escape(listing.summary), f"{unit}{direction}. {needs}", when, paper
    )


def _why_not_yet(listing: MetricListing) -> str:
    if listing.dear:
        return "Not measured: it takes some time. Choose “Measure all”."
    return "Not measured yet: it comes after the next whole epoch, or with “Measure all”."


def why_none(name: str, result: Measured) -> str:
    """Why a metric gave no figure, in one sentence."""
    if result.problem:
        return result.problem
    needs = METRICS[name].needs
    whose = "these images have none" if needs == "labels" else "this model has none"
    return f"It needs {needs}; {whose}." if needs else "These images do not allow it."


def _paragraphs(*parts: str) -> str:
    """A tooltip that Qt wraps."""
    return "".join(f"<p style='margin: 2px 0'>{part.strip()}</p>" for part in parts if part.strip())
