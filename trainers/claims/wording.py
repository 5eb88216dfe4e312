"""The figures behind a verdict in words."""

from trainers.claims.verdict import DecidingFigure, Verdict
from trainers.comparison.number_text import figure_text

_LINES = ("above", "below", "outside")


def line_words(entry: DecidingFigure) -> str:
    """Where the claim holds, such as "holds above 10", or which figures are better; empty where nothing is decided."""
    return f"holds {entry.line}" if entry.line.startswith(_LINES) else entry.line


def deciding_words(verdict: Verdict) -> str:
    """The figures that decide, with half of their 95 % intervals and the line: one sentence for each thing measured."""
    measured: dict[tuple[str, str], list[str]] = {}
    for entry in verdict.figures:
        if entry.line:
            words = f"{figure_text(entry.figure)} ({entry.model})"
            measured.setdefault((entry.name, line_words(entry)), []).append(words)
    return " ".join(
        f"{name[:1].upper()}{name[1:]}: {', '.join(figures)}; {line}." for (name, line), figures in measured.items()
    )
