r"""A comparison as a LaTeX table: `tabular` and `\hline`, so that no package is needed."""

from trainers.comparison.comparison import Comparison
from trainers.comparison.number_text import figure_text
from trainers.comparison.wording import MARKS, caption
from trainers.metrics import METRICS
from trainers.metrics.figure import Figure

_ARROWS = {"higher": r" $\uparrow$", "lower": r" $\downarrow$", "near 1": r" $\to 1$", "": ""}
_WORDS = {"best": r"\textbf", "leading": r"\textit", "": ""}
_SIGNS = {
    "\\": r"\textbackslash{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "−": "$-$", "±": r"$\pm$", "²": "$^2$", "₂": "$_2$", "σ": r"$\sigma$", "β": r"$\beta$", "×": r"$\times$",
    "é": r"\'e", "ń": r"\'n", "ä": r"\"a", "–": "--", "…": r"\dots{}", "’": "'", "√": r"$\surd$", "₁": "$_1$",
}  # fmt: skip
"""Signs that LaTeX reads as something else, or that older engines lack."""


def to_latex(comparison: Comparison) -> str:
    """A `tabular` environment, with comments above it that say what it shows."""
    lines = [f"% {sentence}" for sentence in caption(comparison)]
    lines += [f"% {word}: {meaning}." for word, meaning in zip(("Bold", "Italics"), MARKS, strict=True)]
    lines += [rf"\begin{{tabular}}{{l{'r' * len(comparison.models)}}}", r"\hline"]
    lines.append(rf" & {' & '.join(escaped(model.label) for model in comparison.models)} \\")
    for metrics in comparison.groups.values():
        lines.append(r"\hline")
        for metric in metrics:
            listing = METRICS[metric]
            unit = f", {listing.unit}" if listing.unit else ""
            name = f"{escaped(listing.label)}{_ARROWS[listing.better]}{escaped(unit)}"
            lines.append(rf"{name} & {' & '.join(_cells(comparison, metric))} \\")
    return "\n".join([*lines, r"\hline", r"\end{tabular}", ""])


def escaped(text: str) -> str:
    """Text with every sign that LaTeX reads as something else written so that it is printed."""
    return "".join(_SIGNS.get(character, character) for character in " ".join(text.split()))


def _cells(comparison: Comparison, metric: str) -> list[str]:
    cells: list[str] = []
    for cell, mark in zip(comparison.cells[metric], comparison.standings(metric), strict=True):
        text = escaped(figure_text(cell)) if isinstance(cell, Figure) else "--"
        cells.append(f"{_WORDS[mark]}{{{text}}}" if mark else text)
    return cells
