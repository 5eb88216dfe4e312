"""Metrics by name, by group, or by how long they take; needs no torch."""

from collections.abc import Sequence

from trainers.errors import LatentExplorerError
from trainers.metrics import GROUPS, METRICS

QUICK: tuple[str, ...] = tuple(name for name, listing in METRICS.items() if not listing.dear)
"""The metrics that take a second or so each."""


def chosen_metrics(words: Sequence[str]) -> tuple[str, ...]:
    """Names of metrics, in the order of their table, from names of metrics and of groups, "all" and "quick".

    Raises:
        LatentExplorerError: There is no such metric.
    """
    chosen: set[str] = set()
    for word in words:
        if word in METRICS:
            chosen.add(word)
        elif word in GROUPS:
            chosen |= {name for name, listing in METRICS.items() if listing.group == word}
        elif word in ("all", "quick"):
            chosen |= set(METRICS if word == "all" else QUICK)
        else:
            names = ", ".join(("all", "quick", *GROUPS, *METRICS))
            raise LatentExplorerError(f"There is no metric {word!r}; choose of {names}.")
    return tuple(name for name in METRICS if name in chosen)
