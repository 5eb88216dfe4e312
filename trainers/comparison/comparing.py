"""Measuring several models by several metrics, on the same images and the same noise."""

from collections.abc import Callable, Sequence

from trainers.comparison.comparison import ComparedModel, Comparison
from trainers.comparison.contender import Contender
from trainers.datasets.loading_job import Progress, ignore
from trainers.errors import Cancelled, DatasetError, LatentExplorerError
from trainers.metrics import METRICS
from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import Figure, over_seeds

Cell = Figure | str


def compare(
    contenders: Sequence[Contender],
    metrics: Sequence[str] = tuple(METRICS),
    *,
    progress: Callable[[Progress], None] = ignore,
    pulse: Callable[[], None] = lambda: None,
) -> Comparison:
    """Measure all models by all metrics.

    What goes wrong with one model, or cannot be had of it, becomes a sentence in its cell, and the others go on.

    Args:
        contenders: The models, at least one, on one set of images; they are not changed.
        metrics: Entries of `METRICS`.
        progress: Told how much is done, before each figure.
        pulse: Called between figures; an evidence calls its own within them. It may raise `Cancelled`.

    Raises:
        DatasetError: When the models are not on the same held-out images.
        Cancelled: When `pulse` said so.
    """
    _check_images(contenders)
    total = len(metrics) * sum(len(contender.evidences) for contender in contenders)
    done = 0
    columns: list[dict[str, Cell]] = []
    for contender in contenders:
        of_seeds: list[dict[str, Cell]] = []
        for evidence in contender.evidences:
            of_seeds.append({})
            for metric in metrics:
                pulse()
                progress(Progress(f"{contender.label}: {METRICS[metric].title}", done / total))
                of_seeds[-1][metric] = measured(metric, evidence)
                done += 1
        columns.append({metric: joined([seed[metric] for seed in of_seeds]) for metric in metrics})
    progress(Progress("Compared", 1.0))
    first = contenders[0].evidence
    extractor = _extractor_of(first, metrics)
    return Comparison(
        dataset=first.images.name,
        held_out=first.count,
        models=tuple(
            ComparedModel(
                label=contender.label,
                recipe=contender.recipe,
                seeds=contender.seeds,
                images_seen=contender.images_seen,
            )
            for contender in contenders
        ),
        cells={metric: tuple(column[metric] for column in columns) for metric in metrics},
        features=extractor[0],
        features_reason=extractor[1],
    )


def measured(metric: str, evidence: Evidence) -> Cell:
    """One figure, or one sentence on why there is none.

    Raises:
        Cancelled: When the pulse of the evidence said so.
    """
    try:
        figure = METRICS[metric].load()(evidence)
    except Cancelled:
        raise
    except LatentExplorerError as error:
        return str(error)
    needs = METRICS[metric].needs
    return figure or (f"It needs {needs}." if needs else "These images do not allow it.")


def joined(cells: Sequence[Cell]) -> Cell:
    """One cell of models that differ by their seed: their mean, or why one of them has no figure."""
    figures: list[Figure] = []
    for cell in cells:
        if isinstance(cell, str):
            return cell
        figures.append(cell)
    return over_seeds(figures)


def _check_images(contenders: Sequence[Contender]) -> None:
    assert contenders, "nothing to compare"
    first = contenders[0].evidence
    for contender in contenders:
        for evidence in contender.evidences:
            if evidence.images is not first.images or evidence.count != first.count:
                raise DatasetError(
                    f"{contenders[0].label} is measured on {first.count} images of {first.images.name} and"
                    f" {contender.label} on {evidence.count} of {evidence.images.name}; compare models on the same"
                    " images."
                )


def _extractor_of(evidence: Evidence, metrics: Sequence[str]) -> tuple[str, str]:
    if not any(METRICS[metric].group == "generation" and METRICS[metric].dear for metric in metrics):
        return "", ""
    try:
        extractor = features_of(evidence).extractor
    except Cancelled:
        raise
    except LatentExplorerError as error:
        return "", str(error)
    return extractor.name, extractor.reason
