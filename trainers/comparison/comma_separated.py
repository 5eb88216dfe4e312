"""A comparison as comma-separated values: one line a figure, numbers in full."""

import csv
import io

from trainers.comparison.comparison import Comparison
from trainers.metrics import METRICS
from trainers.metrics.figure import Figure

COLUMNS = (
    "metric",
    "title",
    "group",
    "unit",
    "better",
    "model",
    "value",
    "low",
    "high",
    "count",
    "seeds",
    "standing",
    "note",
)


def to_csv(comparison: Comparison) -> str:
    """A heading and one line for each cell; `note` holds the reason where a cell has no figure."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for metric, cells in comparison.cells.items():
        listing = METRICS[metric]
        standings = comparison.standings(metric)
        for model, cell, standing in zip(comparison.models, cells, standings, strict=True):
            about = (metric, listing.title, listing.group, listing.unit, listing.better, _unread(model.label))
            if isinstance(cell, Figure):
                numbers = (repr(cell.value), repr(cell.low), repr(cell.high), cell.count, cell.seeds)
                writer.writerow((*about, *numbers, standing, cell.note))
            else:
                writer.writerow((*about, "", "", "", "", len(model.seeds), "", cell))
    return text.getvalue()


def _unread(label: str) -> str:
    """A label that no spreadsheet takes for a formula."""
    return f"'{label}" if label[:1] in ("=", "+", "-", "@") else label
