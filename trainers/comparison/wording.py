"""Words around a table of figures that all its forms share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from trainers.datasets import DATASETS
from trainers.metrics import METRICS

if TYPE_CHECKING:
    from trainers.comparison.comparison import Comparison  # brings SciPy, which a window's first frame can do without

ARROWS: dict[str, str] = {"higher": "↑", "lower": "↓", "near 1": "→ 1", "": ""}
BETTER: dict[str, str] = {
    "higher": "higher is better",
    "lower": "lower is better",
    "near 1": "nearer to 1 is better",
    "": "neither is better",
}
MARKS = (
    "better than every other model, beyond chance",
    "better than some models and worse than none",
)
"""What the marks of `Comparison.standings` mean: "best", "leading"."""


def listed(words: Sequence[str]) -> str:
    """Words as a list: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def seeds_text(seeds: tuple[int, ...]) -> str:
    """Which seeds, such as "seed 0" or "seeds 0 to 2"."""
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    if seeds == tuple(range(seeds[0], seeds[0] + len(seeds))):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"seeds {', '.join(map(str, seeds))}"


def direction_text(metric: str) -> str:
    """Which values of a metric are better, and what it counts in."""
    listing = METRICS[metric]
    return f"{listing.unit}; {BETTER[listing.better]}" if listing.unit else BETTER[listing.better]


def dataset_label(name: str) -> str:
    """What a person calls a set of images: its label, or the last part of its path."""
    return DATASETS[name].label if name in DATASETS else Path(name).name or name


def caption(comparison: "Comparison") -> tuple[str, ...]:
    """What stands under the table: images, features and spread, one sentence each."""
    sentences = [f"On {comparison.held_out:,} held-out images of {dataset_label(comparison.dataset)}."]
    if comparison.features:
        sentences.append(f"Features of images: {comparison.features}. {comparison.features_reason}")
    sentences += [comparison.spread, *comparison.remarks]
    return tuple(sentences)
