"""What the comparison table is given to draw: columns, rows and cells, as words and curves."""

import math
from dataclasses import dataclass
from enum import Enum

from explorer.palette import Rgb

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A model.

    Attributes:
        run: Its run.
        label: Its name.
        colour: Its colour.
        dash: Dashes and gaps of its curves, in pen widths.
        tip: What the header's tooltip says.
    """

    run: str
    label: str
    colour: Rgb
    dash: tuple[float, ...] = ()
    tip: str = ""


class CellState(Enum):
    """How a cell is to be taken."""

    EMPTY = "nothing has been measured"
    FAILED = "could not be measured"
    FRESH = "of the model as it is"
    STALE = "of the model as it was an epoch or more ago"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a metric says of a model.

    Attributes:
        state: How it is to be taken.
        value: The figure in words, or a sentence where it failed.
        spread: Half of its interval in words, without the sign.
        is_best: Whether it is better than those of all other models, beyond chance.
        is_leading: Whether it is better than those of some models and worse than none, beyond chance.
        standing: How far it is ahead of the best other model, in widths of their spreads; None where none is ahead.
        tip: What the tooltip says.
        curve: Epochs and values over training, ascending.
    """

    state: CellState = CellState.EMPTY
    value: str = "–"
    spread: str = ""
    is_best: bool = False
    is_leading: bool = False
    standing: float | None = None
    tip: str = ""
    curve: tuple[tuple[float, float], ...] = ()

    def words(self) -> str:
        """The cell as it is read out."""
        if self.state is CellState.EMPTY:
            return "not measured"
        spread = f" ± {self.spread}" if self.spread else ""
        best = ", best" if self.is_best else ", leading" if self.is_leading else ""
        earlier = ", of an earlier epoch" if self.state is CellState.STALE else ""
        return f"{self.value}{spread}{best}{earlier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A metric, or the heading of a group of them, which has no cells.

    Attributes:
        name: The metric; of a heading, the group.
        label: What the first column shows.
        direction: Which way is better, as a sign: "↑", "↓", "→ 1" or nothing.
        unit: What it counts in.
        tip: What the tooltip says.
        cells: One a column.
        bounds: What the curves of its cells are drawn between; see `bounds_of`.
        is_heading: Whether it only names the rows below it.
    """

    name: str
    label: str
    direction: str = ""
    unit: str = ""
    tip: str = ""
    cells: tuple[Cell, ...] = ()
    bounds: Bounds = (0.0, 0.0, 0.0, 0.0)
    is_heading: bool = False


def bounds_of(cells: tuple[Cell, ...]) -> Bounds:
    """First and last epoch, least and greatest value of all curves of a row, so that these can be compared by eye."""
    points = [point for cell in cells for point in cell.curve if math.isfinite(point[1])] or [(0.0, 0.0)]
    epochs, values = [epoch for epoch, _ in points], [value for _, value in points]
    return min(epochs), max(epochs), min(values), max(values)


def sorted_rows(rows: tuple[Row, ...], column: int, *, best_first: bool) -> tuple[Row, ...]:
    """Rows without headings, by how far one model is ahead in them; those where nobody is stay last, in their order."""
    told = [row for row in rows if not row.is_heading]
    sign = -1.0 if best_first else 1.0
    ranked = [(sign * standing, row) for row in told if (standing := row.cells[column].standing) is not None]
    rest = [row for row in told if row.cells[column].standing is None]
    return (*(row for _, row in sorted(ranked, key=lambda pair: pair[0])), *rest)
