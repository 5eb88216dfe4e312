"""The table of figures, a part of the page for each group of metrics."""

import math

from trainers.comparison.comparison import Comparison
from trainers.comparison.number_text import figure_text, interval_text
from trainers.comparison.wording import ARROWS, direction_text, seeds_text
from trainers.metrics import GROUPS, METRICS
from trainers.metrics.figure import Figure
from trainers.report.markup import escape, tag
from trainers.report.plots import interval_strip

_MARKS = {"best": "best", "leading": "leads", "": ""}


def figure_table(comparison: Comparison) -> str:
    """All figures, with their intervals drawn on one scale a row."""
    heads = "".join(
        tag(
            "th",
            f"{escape(model.label)}{tag('small', escape(seeds_text(model.seeds)))}",
            f"model-{index % 4}",
            scope="col",
        )
        for index, model in enumerate(comparison.models)
    )
    bodies = [tag("thead", tag("tr", f"{tag('td', '')}{heads}"))]
    for group, metrics in comparison.groups.items():
        title = tag("th", escape(GROUPS[group]), "group", scope="rowgroup", colspan=str(len(comparison.models) + 1))
        bodies.append(tag("tbody", tag("tr", title) + "".join(_row(comparison, metric) for metric in metrics)))
    return tag("div", tag("table", "".join(bodies), "figures"), "wide")


def _row(comparison: Comparison, metric: str) -> str:
    listing, cells = METRICS[metric], comparison.cells[metric]
    notes = "; ".join(comparison.notes(metric))
    about = f"{listing.summary} {listing.paper}" if listing.paper else listing.summary
    name = f"{escape(listing.title)} {tag('span', ARROWS[listing.better], 'arrow')}"
    more = tag("small", escape(direction_text(metric)) + (f"<br>{escape(notes)}" if notes else ""))
    figures = [cell for cell in cells if isinstance(cell, Figure)]
    low = min((figure.low for figure in figures), default=0.0)
    high = max((figure.high for figure in figures), default=1.0)
    shown = "".join(
        _cell(cell, mark, low, high) for cell, mark in zip(cells, comparison.standings(metric), strict=True)
    )
    return tag("tr", tag("th", name + more, scope="row", title=about) + shown)


def _cell(cell: Figure | str, mark: str, low: float, high: float) -> str:
    if isinstance(cell, str):
        return tag("td", tag("span", "–", "none", title=cell))
    value, _, half = figure_text(cell).partition(" ± ")
    text = f"{tag('b' if mark == 'best' else 'span', value, 'value')} {tag('span', f'± {half}', 'half')}"
    badge = tag("span", _MARKS[mark], f"badge {mark}") if mark else ""
    strip = interval_strip(cell, low, high) if math.isfinite(high - low) else ""
    return tag("td", f"{badge}{text}{strip}", mark, title=f"95 % interval: {interval_text(cell)}")
