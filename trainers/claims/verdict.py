"""What becomes of a claim when it is held against the open models."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from trainers.comparison.json_document import figure_document
from trainers.metrics.figure import Figure

Ruling = Literal["holds", "fails", "undecided", "untested"]

WORDS: dict[Ruling, str] = {
    "holds": "holds here",
    "fails": "does not hold here",
    "undecided": "undecided",
    "untested": "not tested",
}

SIGNS: dict[Ruling, str] = {"holds": "✓", "fails": "✗", "undecided": "?", "untested": "–"}
"""For those who cannot tell the colours of rulings apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecidingFigure:
    """A number that a verdict rests on, or that is to be read beside it.

    Attributes:
        model: Label of the model.
        name: What was measured, in a few words.
        figure: The number, with its spread.
        line: Where the claim begins to hold or to fail, such as "above 10"; empty where the number decides nothing.
    """

    model: str
    name: str
    figure: Figure
    line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Verdict:
    """A ruling, and what it rests on.

    Attributes:
        ruling: Whether the claim holds for these models and images; it follows the figures with their spread.
        sentence: What was found, for a person.
        figures: The numbers behind it.
        picture_HW3: What they mean, to be seen at one look, uint8; None where nothing was tested.
        needs: Which models or images would be wanted, where the claim was not tested.
    """

    ruling: Ruling
    sentence: str
    figures: tuple[DecidingFigure, ...] = ()
    picture_HW3: npt.NDArray[np.uint8] | None = None
    needs: str = ""

    @property
    def words(self) -> str:
        """The ruling in words, such as "holds here" or "needs an AE and a VAE"."""
        return f"needs {self.needs}" if self.needs else WORDS[self.ruling]


def untested(needs: str) -> Verdict:
    """A verdict on nothing, for want of models or images."""
    return Verdict(ruling="untested", sentence=f"To see, open {needs}.", needs=needs)


def verdict_document(name: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict for JSON, as `trainers.comparison.json_document` describes it, but for the claim's own words."""
    return {
        "name": name,
        "ruling": verdict.ruling,
        "words": verdict.words,
        "sentence": verdict.sentence,
        "figures": [
            {"model": entry.model, "name": entry.name, "line": entry.line, "figure": figure_document(entry.figure)}
            for entry in verdict.figures
        ],
    }
