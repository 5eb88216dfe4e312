"""Claims that are to be held against copies of the open models, one after the other, as a job of the metric thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from explorer.metric_thread import ALL_IMAGES
from trainers.claims import CLAIMS
from trainers.errors import Cancelled, LatentExplorerError
from trainers.images import ImageSet

if TYPE_CHECKING:
    from trainers.claims.verdict import Verdict
    from trainers.comparison.contender import Contender
    from trainers.frozen_model import FrozenModel

KEY: Final = "claims"
"""Names the job where others have the name of their run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModel:
    """A model as it was when claims were held against it: its run, what a person called it, and how far it was."""

    run: str
    label: str
    epoch: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When, and on what.

    Attributes:
        models: Those that took part.
        dataset: Name of the images.
        left_out: One sentence for each model that was open and did not take part.
        bystanders: Runs of these.
    """

    models: tuple[CheckedModel, ...]
    dataset: str
    left_out: tuple[str, ...] = ()
    bystanders: frozenset[str] = frozenset()


FigureWords = tuple[str, str, str, str]
"""One figure behind a verdict, in words: whose, of what, how much with its spread, and where the claim would hold."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckedClaim:
    """What came of one claim.

    Attributes:
        name: An entry of `CLAIMS`.
        moment: When, and of which models.
        verdict: The verdict; None where something went wrong.
        problem: One sentence on what did.
        deciding: The figures that decide, as a sentence.
        figures: All figures.
        held_out: Held-out images that were used.
    """

    name: str
    moment: Moment
    verdict: "Verdict | None" = None
    problem: str = ""
    deciding: str = ""
    figures: tuple[FigureWords, ...] = ()
    held_out: int = 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClaimsJob:
    """Some claims, and copies of the models that they are held against.

    Attributes:
        moment: Which models, and when.
        copies: Their copies, in the same order.
        images: The set that all of them share.
        names: Entries of `CLAIMS`, in the order in which they are wanted.
        limit: The most images of each kind to take.
        begun: Called with the name of each claim when its turn comes.
        checked: Called with what came of it.
    """

    moment: Moment
    copies: tuple["FrozenModel", ...]
    images: ImageSet
    names: tuple[str, ...] = tuple(CLAIMS)
    limit: int = ALL_IMAGES
    begun: Callable[[str], None]
    checked: Callable[[CheckedClaim], None]

    @property
    def key(self) -> tuple[bool, str]:
        """A person waits for it."""
        return True, KEY

    def work(self, pulse: Callable[[], None]) -> None:
        """Check one claim after the other; models keep what was computed of them for the next.

        Raises:
            Cancelled: When `pulse` said so.
        """
        try:
            contenders = self._contenders(pulse)
        except LatentExplorerError as error:
            for name in self.names:
                self.checked(CheckedClaim(name=name, moment=self.moment, problem=str(error)))
            return
        for name in self.names:
            pulse()
            self.begun(name)
            self.checked(self._checked(name, contenders, pulse))

    def _contenders(self, pulse: Callable[[], None]) -> "tuple[Contender, ...]":
        from trainers.comparison.contender import Contender, distinct_labels
        from trainers.metrics.evidence import Evidence

        labels = distinct_labels(tuple(model.label for model in self.moment.models))
        return tuple(
            Contender(label=label, evidences=(Evidence(copy.family, self.images, limit=self.limit, pulse=pulse),))
            for label, copy in zip(labels, self.copies, strict=True)
        )

    def _checked(self, name: str, contenders: "tuple[Contender, ...]", pulse: Callable[[], None]) -> CheckedClaim:
        from trainers.claims.checking import check_claims
        from trainers.claims.wording import deciding_words, line_words
        from trainers.comparison.number_text import figure_text

        try:
            verdict = check_claims(contenders, (name,), pulse=pulse)[name]
            figures = tuple(
                (entry.model, entry.name, figure_text(entry.figure), line_words(entry)) for entry in verdict.figures
            )
            deciding = deciding_words(verdict)
        except Cancelled:
            raise
        except MemoryError:
            problem = "There is not enough memory to check this; close other programs, and try again."
        except Exception as error:  # noqa: BLE001 - becomes a sentence in its card, and the other claims go on
            problem = f"This could not be checked ({type(error).__name__}: {error})."
        else:
            return CheckedClaim(
                name=name,
                moment=self.moment,
                verdict=verdict,
                deciding=deciding,
                figures=figures,
                held_out=contenders[0].evidence.count,
            )
        return CheckedClaim(name=name, moment=self.moment, problem=problem)
