"""One row of the benchmark: the work, our figure, the alternative's of the same run, and whether the bar is reached."""

import math
from dataclasses import dataclass
from typing import Final, Literal, TypedDict

Number = float | None


class RowJson(TypedDict):
    """A row as it is written to files.

    `ratio` is how many times better we are; `reached` is None where there is no bar, or nothing could be measured.
    """

    name: str
    work: str
    ours: Number
    theirs: Number
    unit: str
    ratio: Number
    bar: str | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Bar:
    """What our figure, or its ratio to the alternative's, has to be."""

    of: Literal["ours", "ratio"]
    sense: Literal["≥", "≤"]
    value: float

    def __str__(self) -> str:
        return f"{self.of} {self.sense} {self.value:g}"

    def is_reached(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure >= self.value if self.sense == "≥" else figure <= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row.

    Attributes:
        name: Family of rows, what, and against whom: "points/update-70000".
        work: What was done, by whom, in one sentence.
        unit: Of both figures.
        ours: Our figure; None where it could not be measured.
        theirs: The alternative's, measured in the same run; None where there is none.
        better: Whether more or less of the unit is better.
        bar: What must be reached, if anything.
    """

    name: str
    work: str
    unit: str
    ours: Number
    theirs: Number = None
    better: Literal["more", "less"] = "more"
    bar: Bar | None = None

    @property
    def ratio(self) -> Number:
        """How many times better our figure is than the alternative's; above 1 we are ahead."""
        if self.ours is None or self.theirs is None:
            return None
        above, below = (self.ours, self.theirs) if self.better == "more" else (self.theirs, self.ours)
        return above / below if below else None

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None without a bar, or without the figure that it is about."""
        figure = None if self.bar is None else self.ours if self.bar.of == "ours" else self.ratio
        return None if self.bar is None or figure is None else self.bar.is_reached(figure)

    def as_json(self) -> RowJson:
        """The row for a file."""
        for figure in (self.ours, self.theirs, self.ratio):
            assert figure is None or math.isfinite(figure), self
        return RowJson(
            name=self.name,
            work=self.work,
            ours=self.ours,
            theirs=self.theirs,
            unit=self.unit,
            ratio=self.ratio,
            bar=str(self.bar) if self.bar is not None else None,
            reached=self.reached,
        )


KEYS: Final = tuple(RowJson.__annotations__)
