"""How much is measured: enough for figures that hold, or just enough to see that it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every family of rows is given.

    Attributes:
        quick: Whether to do a little of everything; such figures say nothing.
        minutes: How long the window trains while its memory is watched.
        images: What the images are, for the descriptions of the work.
    """

    quick: bool = False
    minutes: float = 6.0
    images: str = "MNIST"

    def amount(self, usual: float, quick: float) -> float:
        """The usual amount of something, such as seconds, or that of a quick run."""
        return quick if self.quick else usual

    def count(self, usual: int, quick: int) -> int:
        """The same for whole numbers."""
        return quick if self.quick else usual
