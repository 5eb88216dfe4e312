"""How much is measured: enough for figures that hold, or just enough to see that it runs."""

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every family of rows is given.

    Attributes:
        quick: Whether to do a little of everything; such figures say nothing.
        minutes: How long the window trains while its memory is watched.
        threads: Of every training loop that is measured without the window; 0 for all cores.
        images: What the images are, for the descriptions of the work.
    """

    quick: bool = False
    minutes: float = 10.0
    threads: int = 0
    images: str = "MNIST"

    @property
    def compiles(self) -> bool:
        """Whether our steps are compiled, which takes some ten seconds for each kind."""
        return not self.quick

    @property
    def loop_threads(self) -> int:
        """Threads of such a loop."""
        return self.threads or os.cpu_count() or 1

    def amount(self, usual: float, quick: float) -> float:
        """The usual amount of something, such as seconds, or that of a quick run."""
        return quick if self.quick else usual

    def count(self, usual: int, quick: int) -> int:
        """The same for whole numbers."""
        return quick if self.quick else usual
