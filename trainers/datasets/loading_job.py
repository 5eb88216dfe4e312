"""One request for images: what is wanted, who is told how far it is, and who may end it."""

from collections.abc import Callable
from dataclasses import dataclass

from trainers.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something long is.

    Attributes:
        activity: What is done now, such as "Downloading MNIST".
        fraction: How much of it is done, from 0 to 1, or None where nobody knows.
    """

    activity: str
    fraction: float | None = None


def ignore(progress: Progress) -> None:
    """Tell nobody."""
    del progress


def never() -> bool:
    """Never ask for an end."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadingJob:
    """What every source is given besides its name.

    Attributes:
        label: What a person calls the set, for progress and errors.
        image_size: Wanted side of the images in pixels; 0 leaves it to the source.
        download: Whether the network may be used.
        progress: Told how far it is, from the thread that loads.
        cancelled: Asked often; the loading ends with `Cancelled` once it says yes.
    """

    label: str
    image_size: int = 0
    download: bool = False
    progress: Callable[[Progress], None] = ignore
    cancelled: Callable[[], bool] = never

    def check(self) -> None:
        """Raise `Cancelled` if an end was asked for."""
        if self.cancelled():
            raise Cancelled(f"Loading {self.label} was cancelled.")

    def report(self, activity: str, fraction: float | None = None) -> None:
        """Tell how far `activity` is, and raise `Cancelled` if an end was asked for."""
        self.check()
        self.progress(Progress(activity, fraction if fraction is None else min(1.0, max(0.0, fraction))))
