"""What a person reads of checked claims: on which models, how these have changed since, and how many hold."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from explorer.claims_job import CheckedClaim, Moment
from explorer.figure_board import SAME_EPOCH
from explorer.views.claim_card import Finding
from explorer.workbench import Model
from trainers.comparison.wording import dataset_label, listed


def finding_of(checked: CheckedClaim) -> Finding:
    """What a card shows of it."""
    verdict = checked.verdict
    if verdict is None:
        return Finding(ruling=None, words="could not be checked", sentence=checked.problem, basis=basis_of(checked))
    is_tested = verdict.ruling != "untested"
    return Finding(
        ruling=verdict.ruling,
        words=verdict.words if is_tested else "not tested",
        sentence=verdict.sentence,
        deciding=checked.deciding,
        figures=checked.figures,
        picture_HW3=verdict.picture_HW3,
        basis=basis_of(checked),
    )


def basis_of(checked: CheckedClaim) -> str:
    """Which models were open and how far they were, and on what they were measured."""
    by_epoch = groupby(checked.moment.models, lambda model: model.epoch)
    models = [f"{listed([model.label for model in group])} {_progress(epoch)}" for epoch, group in by_epoch]
    on = dataset_label(checked.moment.dataset)
    images = f"{checked.held_out:,} held-out images of {on}" if checked.held_out else on
    return " ".join((f"Open: {listed(models)}, on {images}.", *checked.moment.left_out))


def age_of(moment: Moment, models: Sequence[Model], epochs: Mapping[str, float]) -> str:
    """How the open models differ from those of then; nothing where they do not.

    Args:
        moment: Then.
        models: The open models.
        epochs: How far each run is by now.
    """
    open_runs = {model.run for model in models}
    known = {model.run for model in moment.models} | moment.bystanders
    gone = [model.label for model in moment.models if model.run not in open_runs]
    new = [model.name for model in models if model.run not in known]
    anew = [name for name in gone if name in new]
    learned = [
        model.label
        for model in moment.models
        if model.run in open_runs and epochs.get(model.run, model.epoch) - model.epoch > SAME_EPOCH
    ]
    changes = (
        (learned, "learned on since"),
        (anew, "begun anew since"),
        ([name for name in gone if name not in anew], "been closed since"),
        ([name for name in new if name not in anew], "been opened since"),
    )
    parts = [f"{listed(names)} {'has' if len(names) == 1 else 'have'} {what}" for names, what in changes if names]
    return f"Of an earlier moment: {'; '.join(parts)}." if parts else ""


def summary_of(found: Sequence[CheckedClaim]) -> str:
    """How many claims hold, how many do not."""
    rulings = [checked.verdict.ruling if checked.verdict is not None else "failed" for checked in found]
    words = {
        "holds": ("holds", "hold"),
        "fails": ("does not hold", "do not hold"),
        "undecided": ("is undecided", "are undecided"),
        "untested": ("needs other models", "need other models"),
        "failed": ("could not be checked", "could not be checked"),
    }
    counts = {ruling: rulings.count(ruling) for ruling in words}
    parts = [f"{count} {words[ruling][count > 1]}" for ruling, count in counts.items() if count]
    return f"Here {listed(parts)}." if parts else ""


def _progress(epoch: float) -> str:
    return f"at epoch {epoch:.1f}" if epoch > 0 else "before any training"
