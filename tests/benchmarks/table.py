"""Rows for a person to read."""

from collections.abc import Sequence

from tests.benchmarks.row import Number, RowJson

HEADINGS = ("name", "ours", "theirs", "unit", "ratio", "bar", "")
NUMBERS = ("ours", "theirs", "ratio")
MARKS = {True: "reached", False: "MISSED", None: ""}


def cells(row: RowJson) -> tuple[str, ...]:
    """What stands in each column."""
    return (
        row["name"],
        figure(row["ours"]),
        figure(row["theirs"]),
        row["unit"],
        "–" if row["ratio"] is None else f"{figure(row['ratio'])}×",
        row["bar"] or "",
        "not measured" if row["bar"] and row["reached"] is None else MARKS[row["reached"]],
    )


def figure(value: Number) -> str:
    """Three figures, or all of those before the point."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def as_text(rows: Sequence[RowJson]) -> str:
    """Columns for a terminal; what was done is in the file and in the document."""
    lines = [HEADINGS, *map(cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    texts: list[str] = []
    for line in lines:
        aligned = [
            cell.rjust(wide) if heading in NUMBERS else cell.ljust(wide)
            for heading, cell, wide in zip(HEADINGS, line, widths, strict=True)
        ]
        texts.append("  ".join(aligned).rstrip())
    return "\n".join(texts)


def as_markdown(rows: Sequence[RowJson]) -> str:
    """The same as a table for a document, with what was done."""
    head = ("name", "work", "ours", "theirs", "unit", "ratio", "bar", "reached")
    lines = [f"| {' | '.join(head)} |", "|---|---|--:|--:|---|--:|---|---|"]
    for row in rows:
        name, ours, theirs, unit, ratio, bar, mark = cells(row)
        lines.append(f"| {' | '.join((name, row['work'], ours, theirs, unit, ratio, bar, mark))} |")
    return "\n".join(lines)


def summary(rows: Sequence[RowJson]) -> str:
    """How many bars are reached, and which are not."""
    barred = [row for row in rows if row["bar"]]
    missed = [row["name"] for row in barred if not row["reached"]]
    text = f"{len(barred) - len(missed)} of {len(barred)} bars reached."
    return f"{text} Not: {', '.join(missed)}." if missed else text
