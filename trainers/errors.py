"""What can go wrong, said in one sentence each: what happened, why, and what to do.

LatentExplorerError
├── RecipeError       a setting has no valid value
├── DatasetError      images cannot be had
├── CheckpointError   a file is not a model, or cannot be written
├── TrainingError     a model cannot go on
└── Cancelled         somebody asked for an end
"""


class LatentExplorerError(Exception):
    """Root of all errors meant for people; `str(error)` is the sentence to show."""


class RecipeError(LatentExplorerError, ValueError):
    """A recipe has invalid settings.

    Attributes:
        problems: From the name of the recipe's field to one sentence on what is wrong with it.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class DatasetError(LatentExplorerError):
    """Images cannot be had: missing, unreadable, of an unusable shape, or not downloaded."""


class CheckpointError(LatentExplorerError):
    """A file is not a model of ours, is damaged, or cannot be written."""


class TrainingError(LatentExplorerError):
    """A model cannot go on: its numbers are no longer finite, or the device refuses."""


class Cancelled(LatentExplorerError):  # noqa: N818 - a wish, not a fault
    """Somebody asked for an end."""
