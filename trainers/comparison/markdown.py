"""A comparison as a Markdown table."""

from trainers.comparison.comparison import Comparison
from trainers.comparison.number_text import figure_text
from trainers.comparison.wording import ARROWS, MARKS, caption
from trainers.metrics import METRICS
from trainers.metrics.figure import Figure

_MARKS = {"best": "**", "leading": "*", "": ""}


def to_markdown(comparison: Comparison) -> str:
    """The table, with the best in bold and those that lead in italics, and a paragraph that says so."""
    lines = [
        f"| | {' | '.join(_plain(model.label) for model in comparison.models)} |",
        f"|---|{'---:|' * len(comparison.models)}",
    ]
    for metric in comparison.metrics:
        listing = METRICS[metric]
        name = f"{listing.label} {ARROWS[listing.better]}".strip()
        unit = f", {listing.unit}" if listing.unit else ""
        lines.append(f"| {name}{unit} | {' | '.join(_cells(comparison, metric))} |")
    marked = [mark for metric in comparison.metrics for mark in comparison.standings(metric)]
    meanings = [
        f"{_MARKS[mark]}{name}{_MARKS[mark]}: {meaning}"
        for mark, name, meaning in (("best", "bold", MARKS[0]), ("leading", "italics", MARKS[1]))
        if mark in marked
    ]
    sentences = [*caption(comparison), *([f"{'; '.join(meanings)}."] if meanings else [])]
    return "\n".join([*lines, "", " ".join(sentences), ""])


def _cells(comparison: Comparison, metric: str) -> list[str]:
    cells = zip(comparison.cells[metric], comparison.standings(metric), strict=True)
    return [
        f"{_MARKS[mark]}{figure_text(cell)}{_MARKS[mark]}" if isinstance(cell, Figure) else "–" for cell, mark in cells
    ]


def _plain(text: str) -> str:
    """A name without what Markdown would read as something else."""
    for character in "\\`*_|[]<>":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
