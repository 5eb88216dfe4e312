"""What is kept of a session, so that neither a crash nor a forgotten save loses a trained model.

Each session has a folder of its own in the person's state folder: the training thread writes copies of trained models
to it, and `bench.json` says which stood where. The last few sessions are kept.
"""

import json
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Self

from platformdirs import user_state_path
from PySide6.QtCore import QLockFile

from explorer.disk import finish_writing, write_behind
from explorer.workbench import Model
from trainers.atomic_write import write_atomically
from trainers.model_files import MODEL_SUFFIX

KEPT_SESSIONS: Final = 5
BENCH: Final = "bench.json"
LOCK: Final = "in-use.lock"


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model of an earlier session: the copy of it, and what its lane was called."""

    path: Path
    name: str


class Session:
    """The folder of this session; locked as long as it lives, so that no other window takes it for a past one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = QLockFile(str(folder / LOCK))
        self._lock.setStaleLockTime(0)
        self._lock.tryLock(0)

    @classmethod
    def begin(cls) -> Self:
        """Start a session, and clear away the oldest ones.

        Raises:
            OSError: When the state folder cannot be written to.
        """
        home = sessions_folder()
        home.mkdir(parents=True, exist_ok=True)
        folders = _folders()
        if len(folders) > KEPT_SESSIONS:
            for folder in [folder for folder in folders if _is_past(folder)][KEPT_SESSIONS:]:
                shutil.rmtree(folder, ignore_errors=True)
        # Time in nanoseconds: names sort by age, and no two are alike.
        return cls(home / f"{time.time_ns():020d}")

    def note(self, models: tuple[Model, ...]) -> None:
        """Have it written down which models stand where."""
        rows = [{"run": model.run, "name": model.name} for model in models]
        write_behind(partial(self._write, json.dumps({"models": rows}).encode()))

    def end(self) -> None:
        """Let go of the folder, with everything written; one in which no model was kept is removed."""
        finish_writing()
        self._lock.unlock()
        if not any(self.folder.glob(f"*{MODEL_SUFFIX}")):
            shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, content: bytes) -> None:
        with suppress(OSError):  # the models count for more than their order
            write_atomically(self.folder / BENCH, content)


def sessions_folder() -> Path:
    """Where sessions are kept."""
    return user_state_path("latent-explorer", appauthor=False) / "sessions"


def last_session() -> tuple[KeptModel, ...]:
    """The models of the newest past session that has any, from left to right; empty when there is none."""
    for folder in _folders():
        models = _kept_models(folder)
        if models and _is_past(folder):
            return models
    return ()


def _folders() -> list[Path]:
    """Folders of all sessions, newest first."""
    home = sessions_folder()
    return sorted((folder for folder in home.glob("*") if folder.is_dir()), reverse=True) if home.is_dir() else []


def _is_past(folder: Path) -> bool:
    """Whether no window is using it; to find out is a write to the disk, some hundredths of a second."""
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)
    free = lock.tryLock(0)
    lock.unlock()
    return free


def _kept_models(folder: Path) -> tuple[KeptModel, ...]:
    copies = {path.stem: path for path in sorted(folder.glob(f"*{MODEL_SUFFIX}"))}
    try:
        rows = json.loads((folder / BENCH).read_text("utf-8"))["models"]
        kept = tuple(KeptModel(copies[row["run"]], str(row["name"])) for row in rows if row["run"] in copies)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        kept = ()
    # Whatever happened to the list, the models are worth more than their order.
    return kept or tuple(KeptModel(path, name) for name, path in copies.items())
