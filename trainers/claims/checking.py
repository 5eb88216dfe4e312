"""Asking some or all of the claims."""

from collections.abc import Callable, Sequence

from trainers.claims import CLAIMS
from trainers.claims.verdict import Verdict
from trainers.comparison.contender import Contender
from trainers.datasets.loading_job import Progress, ignore
from trainers.errors import Cancelled, LatentExplorerError


def check_claims(
    contenders: Sequence[Contender],
    claims: Sequence[str] = tuple(CLAIMS),
    *,
    progress: Callable[[Progress], None] = ignore,
    pulse: Callable[[], None] = lambda: None,
) -> dict[str, Verdict]:
    """A verdict on each claim; what cannot be measured becomes "undecided", with the reason.

    Args:
        contenders: The open models, on one set of images.
        claims: Entries of `CLAIMS`.
        progress: Told how much is done, before each claim.
        pulse: Called between claims; an evidence calls its own within them. It may raise `Cancelled`.

    Raises:
        Cancelled: When `pulse` said so.
    """
    verdicts: dict[str, Verdict] = {}
    for done, name in enumerate(claims):
        pulse()
        progress(Progress(f"Claim: {CLAIMS[name].label}", done / len(claims)))
        try:
            verdicts[name] = CLAIMS[name].load()(contenders)
        except Cancelled:
            raise
        except LatentExplorerError as error:
            verdicts[name] = Verdict(ruling="undecided", sentence=str(error))
    progress(Progress("Checked", 1.0))
    return verdicts
