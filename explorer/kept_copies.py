"""Copies of trained models in the session's folder, against a crash and a forgotten save."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from trainers.model_files import MODEL_SUFFIX

if TYPE_CHECKING:
    from trainers.run import TrainingRun


class KeptCopies:
    """Writes copies when there is something new; used by the thread that owns the models.

    Args:
        folder: Where to keep them, or None to keep none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept_at: dict[str, int] = {}
        self._problem = ""

    def opened(self, name: str, run: "TrainingRun") -> None:
        """Note that a model came from a file, where it is safe as it is."""
        self._kept_at[name] = run.images_seen

    def forget(self, name: str) -> None:
        """Drop what is known of a run."""
        self._kept_at.pop(name, None)

    def keep(self, runs: Mapping[str, "TrainingRun"]) -> str:
        """Once any of these has been trained since the last time, bring all their copies up to date.

        Returns:
            One sentence on why that cannot be done, the first time that it is so; else nothing.
        """
        if self._folder is None or all(run.images_seen == self._kept_at.get(name, 0) for name, run in runs.items()):
            return ""
        problem = ""
        for name, run in runs.items():
            try:
                self._keep(self._folder, name, run)
            except Exception as error:  # noqa: BLE001 - a copy that fails is no reason to stop any model
                problem = problem or str(error)
        told, self._problem = self._problem, problem
        return problem if problem != told else ""

    def _keep(self, folder: Path, name: str, run: "TrainingRun") -> None:
        from trainers.checkpoint import save

        path = folder / f"{name}{MODEL_SUFFIX}"
        # A model from a file is not kept while only looked at; beside trained ones it is, to come back with them.
        if run.images_seen and (run.images_seen != self._kept_at.get(name) or not path.exists()):
            folder.mkdir(parents=True, exist_ok=True)
            save(run, path)
            self._kept_at[name] = run.images_seen
