"""What came out of a comparison: a table of figures, and which of them is better beyond chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trainers.metrics import METRICS
from trainers.metrics.figure import Figure, is_better
from trainers.recipe import Recipe

Standing = Literal["best", "leading", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedModel:
    """A column of the table.

    Attributes:
        label: What a person calls the model, different for each.
        recipe: How it was trained; that of the first where there are several seeds.
        seeds: Seed of each model that the figures are the mean of.
        images_seen: Training images that the first of them has seen; 0 where nobody knows.
    """

    label: str
    recipe: Recipe
    seeds: tuple[int, ...]
    images_seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Models × metrics: a figure in each cell, or one sentence on why there is none.

    Attributes:
        dataset: The set of images.
        held_out: How many of its held-out images were used.
        models: The columns.
        cells: From the name of a metric, an entry of `METRICS`, to its cells, one a model.
        features: The network in whose features images were compared; empty where no metric asked for one.
        features_reason: Why that one, in one sentence.
        unmarked: Metrics whose figures are not to be compared, being of different moments or on other images.
        remarks: Further sentences that a reader must know.
    """

    dataset: str
    held_out: int
    models: tuple[ComparedModel, ...]
    cells: Mapping[str, tuple[Figure | str, ...]]
    features: str = ""
    features_reason: str = ""
    unmarked: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()

    @property
    def metrics(self) -> tuple[str, ...]:
        """The rows, in the order of the table of metrics."""
        return tuple(self.cells)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """From each entry of `GROUPS` that has rows to these."""
        groups: dict[str, list[str]] = {}
        for metric in self.cells:
            groups.setdefault(METRICS[metric].group, []).append(metric)
        return {group: tuple(metrics) for group, metrics in groups.items()}

    def figure(self, metric: str, model: int) -> Figure | None:
        """The figure of a cell, None where there is none."""
        cell = self.cells[metric][model]
        return cell if isinstance(cell, Figure) else None

    def standing(self, metric: str, model: int) -> Standing:
        """How a model stands among the others by one metric; see `standings`."""
        return self.standings(metric)[model]

    def standings(self, metric: str) -> tuple[Standing, ...]:
        """How each model stands by one metric, as far as the spread allows.

        "best" is better than every other model that has a figure; "leading" is better than some and worse than none,
        which several models can be at once. A model that beats nobody is neither: its own spread may be all that
        shields it.
        """
        cells, better = self.cells[metric], METRICS[metric].better
        if metric in self.unmarked:
            return ("",) * len(cells)

        def beats(one: Figure | str, other: Figure | str) -> bool:
            return isinstance(one, Figure) and isinstance(other, Figure) and is_better(one, other, better)

        standings: list[Standing] = []
        for index, cell in enumerate(cells):
            others = [other for place, other in enumerate(cells) if place != index and isinstance(other, Figure)]
            beaten = sum(beats(cell, other) for other in others)
            if beaten == 0 or any(beats(other, cell) for other in others):
                standings.append("")
            else:
                standings.append("best" if beaten == len(others) else "leading")
        return tuple(standings)

    def notes(self, metric: str) -> tuple[str, ...]:
        """What the figures of a row depend on besides models and images, each note once."""
        cells = self.cells[metric]
        return tuple(dict.fromkeys(cell.note for cell in cells if isinstance(cell, Figure) and cell.note))

    @property
    def spread(self) -> str:
        """What the intervals are, in one sentence."""
        counts = {len(model.seeds) for model in self.models}
        if counts == {1}:
            return (
                "± is half of the 95 % interval over images: what other images of this kind would change, not what"
                " another seed would."
            )
        if 1 not in counts:
            return "± is half of the 95 % interval of the mean over seeds (Student's t)."
        return (
            "± is half of the 95 % interval: of the mean over seeds (Student's t) where a model has several, else over"
            " images."
        )
