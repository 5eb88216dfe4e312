"""Comparing without a window: load or train, measure, check, and write it all down."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trainers.atomic_write import write_atomically
from trainers.checkpoint import load
from trainers.claims import CLAIMS
from trainers.claims.checking import check_claims
from trainers.claims.verdict import Verdict, verdict_document
from trainers.commands.command_line import UsageError
from trainers.commands.compare import ComparisonOrder
from trainers.commands.failures import FAILURE, say
from trainers.commands.interruption import Interruption
from trainers.commands.progress_bar import LoadingBar
from trainers.commands.seed_training import Candidate, SeedTraining
from trainers.commands.work_bar import WorkBar
from trainers.comparison import FORMATS
from trainers.comparison.comparing import compare
from trainers.comparison.comparison import Comparison
from trainers.comparison.contender import Contender, distinct_labels
from trainers.comparison.json_document import to_json
from trainers.datasets.loading import load_images
from trainers.datasets.loading_job import Progress
from trainers.device import choose_device, limit_threads
from trainers.errors import Cancelled, LatentExplorerError
from trainers.features.choosing import choose_features
from trainers.freed_memory import keep_freed_memory
from trainers.images import ImageSet
from trainers.messages import LossHistory
from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.report.report import Report, report_page
from trainers.run import TrainingRun


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """Everything that came out."""

    contenders: tuple[Contender, ...]
    comparison: Comparison
    verdicts: dict[str, Verdict]
    losses: tuple[LossHistory, ...]


def compare_models(order: ComparisonOrder, interruption: Interruption) -> int:
    """Compare, print the table and write the files; gives the exit code."""
    limit_threads(order.threads)
    keep_freed_memory()
    choose_device(order.device)  # a missing one is told before images are loaded
    training = SeedTraining(order, interruption)
    try:
        measured = _measured(order, interruption, training)
    except Cancelled:
        kept = f"; {training.kept} and the same command goes on with them" if training.kept else ""
        say(f"Interrupted before the comparison was done{kept}.")
        return interruption.exit_code or FAILURE
    _write(order, measured)
    return 0


def _measured(order: ComparisonOrder, interruption: Interruption, training: SeedTraining) -> _Measured:
    candidates = _candidates(order)
    images = _images(order, candidates, interruption)
    choose_features(images, order.features)  # unfit ones are told before anything takes time
    trained = training.trained(candidates, images)

    def pulse() -> None:
        if interruption.requested:
            raise Cancelled("The comparison was cancelled.")

    contenders = tuple(
        Contender(
            label=candidate.label,
            evidences=tuple(_evidence(run, order, pulse) for run in runs),
            images_seen=runs[0].images_seen,
        )
        for candidate, runs in zip(candidates, trained, strict=True)
    )
    losses = tuple(runs[0].losses() for runs in trained)
    with WorkBar(1.0) as bar:
        share = 0.75 if order.claims else 1.0

        def show(progress: Progress, start: float, width: float) -> None:
            bar.show(progress.activity, start + width * (progress.fraction or 0.0))

        comparison = compare(
            contenders, order.metrics, pulse=pulse, progress=lambda progress: show(progress, 0.0, share)
        )
        verdicts = (
            check_claims(contenders, pulse=pulse, progress=lambda progress: show(progress, share, 1 - share))
            if order.claims
            else {}
        )
        if order.html is not None:
            bar.show("Drawing the report", 1.0)
    return _Measured(contenders=contenders, comparison=comparison, verdicts=verdicts, losses=losses)


def _evidence(run: TrainingRun, order: ComparisonOrder, pulse: Callable[[], None]) -> Evidence:
    evidence = Evidence.of_run(run, limit=order.limit, pulse=pulse)
    features_of(evidence, order.features)
    return evidence


def _candidates(order: ComparisonOrder) -> tuple[Candidate, ...]:
    if not order.files:
        labels = distinct_labels(tuple(label for label, _ in order.recipes))
        return tuple(
            Candidate(label=label, recipe=recipe) for label, (_, recipe) in zip(labels, order.recipes, strict=True)
        )
    runs = [load(path, device=order.device) for path in order.files]
    labels = distinct_labels(tuple(path.stem for path in order.files))
    return tuple(Candidate(label=label, recipe=run.recipe, run=run) for label, run in zip(labels, runs, strict=True))


def _images(order: ComparisonOrder, candidates: tuple[Candidate, ...], interruption: Interruption) -> ImageSet:
    first = candidates[0]
    sets = {(candidate.recipe.dataset, candidate.recipe.image_size) for candidate in candidates}
    if order.dataset is None and len(sets) > 1:
        names = " and ".join(dict.fromkeys(name for name, _ in sorted(sets)))
        raise UsageError(
            f"The models were trained on different images ({names}); say by --dataset which to compare on."
        )
    with LoadingBar() as bar:
        images = load_images(
            order.dataset or first.recipe.dataset,
            image_size=first.recipe.image_size,
            download=order.download,
            progress=bar.show,
            cancelled=lambda: interruption.requested,
        )
    for note in images.notes:
        say(note)
    for candidate in candidates:
        if candidate.run is not None:
            candidate.run.give_images(images)
            if candidate.recipe.dataset != images.name:
                say(f"{candidate.label} was trained on {candidate.recipe.dataset}, and is compared on {images.name}.")
    return images


def _write(order: ComparisonOrder, measured: _Measured) -> None:
    comparison, verdicts = measured.comparison, measured.verdicts
    claims = [
        {
            **verdict_document(name, verdict),
            "title": CLAIMS[name].title,
            "statement": CLAIMS[name].statement,
            "source": CLAIMS[name].source,
        }
        for name, verdict in verdicts.items()
    ]
    if order.json is not None:
        _to_file(order.json, to_json(comparison, claims))
    if order.html is not None:
        page = report_page(
            Report(
                comparison=comparison,
                contenders=measured.contenders,
                verdicts=verdicts,
                losses=measured.losses,
                command=f"main.py {shlex.join(order.words)}",
            )
        )
        _to_file(order.html, page)
    if order.form == "json":
        print(to_json(comparison, claims), end="")
        return
    print(FORMATS[order.form].load()(comparison), end="")
    if order.form == "markdown":
        for name, verdict in verdicts.items():
            print(f"\n- {CLAIMS[name].title}: **{verdict.words}**. {verdict.sentence}", end="")
        if verdicts:
            print()


def _to_file(path: Path, text: str) -> None:
    try:
        write_atomically(path, text.encode("utf-8"))
    except OSError as error:
        raise LatentExplorerError(f"{path} cannot be written ({error.strerror}); make room there.") from error
