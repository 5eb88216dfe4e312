"""The metrics: one file each, one line here.

Map: `evidence` is what all metrics of one model share; `figure` a number with its spread, and which of two is better;
`resampling` where spreads come from.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.metrics.evidence import Evidence
    from trainers.metrics.figure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricListing(Listing):
    """A metric; its target is a function from `Evidence` to a `Figure`, or None where `needs` is not met.

    Attributes:
        group: Which side of a model it looks at; an entry of `GROUPS`.
        unit: What it counts in, such as "nats per image"; empty for plain numbers.
        better: Whether a "higher" or a "lower" value is better; empty where neither is.
        needs: What a model or a set of images must have for it, such as "a posterior"; empty when any will do.
        dear: Whether it takes too long to be had every epoch while training.
        paper: Where it was described.
    """

    group: str
    unit: str = ""
    better: Literal["higher", "lower", ""]
    needs: str = ""
    dear: bool = False
    paper: str = ""

    if TYPE_CHECKING:

        def load(self) -> Callable[[Evidence], Figure | None]:
            """Import and return the function of the metric."""
            ...


GROUPS: dict[str, str] = {
    "reconstruction": "What comes back of an image",
    "likelihood": "How probable held-out images are",
    "generation": "What new images are like",
    "latent": "How the codes lie",
}

POSTERIOR = "a posterior"
LABELS = "labels"

METRICS: dict[str, MetricListing] = {}
