"""What is known of the open models, as a table to be written down, with what a reader must know of its figures."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from explorer.figure_board import FigureBoard, why_none
from explorer.metric_thread import Measured
from explorer.workbench import Model
from trainers.metrics import METRICS

if TYPE_CHECKING:
    from trainers.comparison.comparison import Comparison
    from trainers.metrics.figure import Figure

Results = Mapping[str, tuple[Measured | None, ...]]
"""From a metric to what came of it, one a model."""


def written_comparison(board: FigureBoard, models: tuple[Model, ...]) -> "Comparison | None":
    """All figures that are known; None while there are none.

    Remarks below the table say at which epoch the figures were taken, which are on fewer images, and which rows are
    not compared.
    """
    from trainers.comparison.comparison import ComparedModel, Comparison
    from trainers.comparison.contender import distinct_labels

    everything = {name: tuple(board.newest(model.run, name) for model in models) for name in METRICS}
    results = {name: row for name, row in everything.items() if _known(row)}
    known = [result for row in results.values() for result in _known(row)]
    if not known:
        return None
    described = next((result for result in known if result.features), known[0])
    held_out = max(result.held_out for result in known)
    unmarked = frozenset(name for name, row in results.items() if not board.is_fair(row))
    return Comparison(
        dataset=known[0].occasion.images.name,
        held_out=held_out,
        models=tuple(
            ComparedModel(label=label, recipe=model.recipe, seeds=(model.recipe.seed,))
            for label, model in zip(distinct_labels(tuple(m.name for m in models)), models, strict=True)
        ),
        cells={name: tuple(_cell(name, result) for result in row) for name, row in results.items()},
        features=described.features,
        features_reason=described.features_reason,
        unmarked=unmarked,
        remarks=(_moments(results), *_fewer_images(results, held_out), *_not_compared(unmarked)),
    )


def _cell(name: str, result: Measured | None) -> "Figure | str":
    if result is None:
        return "It has not been measured."
    return result.figure or why_none(name, result)


def _known(row: tuple[Measured | None, ...]) -> list[Measured]:
    return [result for result in row if result is not None and result.figure is not None]


def _moments(results: Results) -> str:
    """At which epoch most rows were taken, and which were at others."""
    rows_at: dict[str, list[str]] = {}
    for name, row in results.items():
        epochs = sorted(result.occasion.epoch for result in _known(row))
        first, last = f"{epochs[0]:.1f}", f"{epochs[-1]:.1f}"
        rows_at.setdefault(first if first == last else f"{first} to {last}", []).append(METRICS[name].label)
    usual = max(rows_at, key=lambda moment: len(rows_at[moment]))
    others = "".join(f"; {', '.join(rows)}: epoch {at}" for at, rows in rows_at.items() if at != usual)
    return f"Trained to epoch {usual}{others}."


def _fewer_images(results: Results, held_out: int) -> tuple[str, ...]:
    rows_on: dict[int, list[str]] = {}
    for name, row in results.items():
        rows_on.setdefault(min(result.held_out for result in _known(row)), []).append(METRICS[name].label)
    return tuple(f"On {count:,} of these images: {', '.join(rows_on[count])}." for count in rows_on if count < held_out)


def _not_compared(unmarked: frozenset[str]) -> tuple[str, ...]:
    if not unmarked:
        return ()
    labels = ", ".join(METRICS[name].label for name in METRICS if name in unmarked)
    return (f"Not compared, being of different moments or on other images: {labels}.",)
