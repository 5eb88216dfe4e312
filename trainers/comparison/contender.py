"""A model that takes part in a comparison, or several that differ by their seed alone."""

from dataclasses import dataclass

from trainers.metrics.evidence import Evidence
from trainers.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contender:
    """One column of a comparison, as it takes part.

    Attributes:
        label: What a person calls it.
        evidences: What is measured, one for each seed; at least one, all on the same images.
        seeds: Seed of each; that of its recipe where left out.
        images_seen: Training images that the first has seen; 0 where nobody knows.
    """

    label: str
    evidences: tuple[Evidence, ...]
    seeds: tuple[int, ...] = ()
    images_seen: int = 0

    def __post_init__(self) -> None:
        assert self.evidences, self.label
        if not self.seeds:
            object.__setattr__(self, "seeds", tuple(evidence.model.recipe.seed for evidence in self.evidences))
        assert len(self.seeds) == len(self.evidences), (self.seeds, len(self.evidences))

    @property
    def recipe(self) -> Recipe:
        """How the first was trained."""
        return self.evidences[0].model.recipe

    @property
    def evidence(self) -> Evidence:
        """Of the first seed, for pictures."""
        return self.evidences[0]


def distinct_labels(labels: tuple[str, ...]) -> tuple[str, ...]:
    """The labels, with a number after each that occurs before: "VAE", "VAE 2"."""
    found: list[str] = []
    for label in labels:
        count, name = 1, label
        while name in found:
            count += 1
            name = f"{label} {count}"
        found.append(name)
    return tuple(found)
