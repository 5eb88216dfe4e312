"""Which models are in training, and whose turn it is: they go in lockstep, by the images that each has seen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trainers.messages import RunFailed

if TYPE_CHECKING:
    from trainers.run import TrainingRun


class Lockstep:
    """The models that the training thread owns; that thread alone uses it.

    Attributes:
        runs: All models, by name, also such as wait in case that they come back.
        shown: Names of those on the bench; they may come before their models.
        without_images: Names of those whose images will not come.
        failures: What went wrong with those that failed; they are not trained any more.
    """

    def __init__(self) -> None:
        self.runs: dict[str, TrainingRun] = {}
        self.shown: tuple[str, ...] = ()
        self.without_images: frozenset[str] = frozenset()
        self.failures: dict[str, RunFailed] = {}
        self._limit: int | None = None

    @property
    def healthy(self) -> Mapping[str, "TrainingRun"]:
        """Those on the bench that are there and have not failed."""
        return {name: self.runs[name] for name in self.shown if name in self.runs and name not in self.failures}

    @property
    def ready(self) -> Mapping[str, "TrainingRun"]:
        """Those of them that have images, and epochs left to train."""
        return {name: run for name, run in self.healthy.items() if run.has_images and not run.finished}

    @property
    def awaits_models(self) -> bool:
        """Whether a model on the bench will be ready that is not yet."""
        return any(map(self._is_on_its_way, self.shown))

    @property
    def is_stepping(self) -> bool:
        """Whether one step is to be trained, and not all epochs."""
        return self._limit is not None

    @property
    def remaining_images(self) -> int:
        """Images still to see until all that are ready are finished."""
        return sum(run.remaining_images for run in self.ready.values())

    def begin(self) -> None:
        """Train all epochs from now on."""
        self._limit = None

    def begin_step(self) -> None:
        """Train one step: one of the largest batch, of which the others take as many as that makes."""
        ready = self.ready.values()
        largest = max((run.recipe.batch_size for run in ready), default=0)
        self._limit = min((run.images_seen for run in ready), default=0) + largest

    def next(self) -> str | None:
        """The model that has seen the fewest images, of those that are to be trained; None where there is none."""
        name, run = min(self.ready.items(), key=lambda item: item[1].images_seen, default=(None, None))
        is_over = run is not None and self._limit is not None and run.images_seen >= self._limit
        return None if is_over else name

    def forget(self, names: tuple[str, ...]) -> None:
        """Drop models for good."""
        for name in names:
            self.runs.pop(name, None)
            self.failures.pop(name, None)

    def _is_on_its_way(self, name: str) -> bool:
        run = self.runs.get(name)
        has_images = run is not None and run.has_images
        return not has_images and name not in self.failures and name not in self.without_images
