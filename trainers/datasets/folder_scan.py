"""What a folder of images means: which files belong to which class, and which are held out."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from trainers.datasets.loading_job import LoadingJob
from trainers.errors import DatasetError

UNLABELLED = "images"

_TRAINING = ("train", "training")
_HELD_OUT = ("test", "testing", "val", "valid", "validation")


@dataclass(frozen=True, slots=True)
class FolderScan:
    """Files of a folder that may be images; nothing has been opened yet.

    Attributes:
        class_names: In natural order, "2" before "10".
        train: Class and path of each file; all files where the folder does not say what is held out.
        test: Likewise for what the folder holds out, or None.
        notes: What was left aside, one sentence each.
    """

    class_names: tuple[str, ...]
    train: tuple[tuple[int, Path], ...]
    test: tuple[tuple[int, Path], ...] | None
    notes: tuple[str, ...]


def scan_folder(folder: Path, job: LoadingJob) -> FolderScan:
    """Find out what a folder of images means.

    `train` with `test` (or `val`) beside it are the split; in each of these, or else in the folder, every subfolder is
    a class with all that lies in it at any depth. Without subfolders there are no classes. Hidden files do not count.

    Raises:
        DatasetError: There are no files, or only one part of the split has classes.
        Cancelled: The job was.
    """
    job.report(f"Looking through {job.label}")
    try:
        return _scan(folder, job)
    except OSError as error:
        raise DatasetError(
            f"{error.filename or folder} cannot be opened ({error.strerror or error}); check who may read it."
        ) from error


def readable(path: Path) -> str:
    """A path as text that can be shown and stored, also where its name is in no encoding that this computer knows."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _scan(folder: Path, job: LoadingJob) -> FolderScan:
    names = {path.name.casefold(): path for path in _visible(folder) if os.path.isdir(path)}
    train = next((names[name] for name in _TRAINING if name in names), None)
    test = next((names[name] for name in _HELD_OUT if name in names), None)
    if train is None or test is None:
        by_class, notes = _classes(folder, job)
        class_names = tuple(by_class)
        return FolderScan(class_names, _labelled(by_class, class_names), None, notes)
    train_by_class, train_notes = _classes(train, job)
    test_by_class, test_notes = _classes(test, job)
    if (UNLABELLED in train_by_class) != (UNLABELLED in test_by_class):
        raise DatasetError(
            f"In {folder} only one of {train.name} and {test.name} has subfolders for classes; give both the same ones."
        )
    class_names = tuple(sorted({*train_by_class, *test_by_class}, key=_natural))
    others = [readable(Path(path.name)) for path in sorted(names.values()) if path not in (train, test)]
    notes = (f"Left out folders that are neither {train.name} nor {test.name}: {', '.join(others)}.",) if others else ()
    return FolderScan(
        class_names,
        _labelled(train_by_class, class_names),
        _labelled(test_by_class, class_names),
        notes + train_notes + test_notes,
    )


def _classes(folder: Path, job: LoadingJob) -> tuple[dict[str, list[Path]], tuple[str, ...]]:
    """Files by class, in natural order of the classes, and what was left aside."""
    beside: list[Path] = []
    by_class: dict[str, list[Path]] = {}
    for path in _visible(folder):
        if os.path.isdir(path):
            if files := _files_below(path, job):
                by_class[readable(Path(path.name))] = files
        elif os.path.isfile(path):
            beside.append(path)
    if by_class:
        left_out = f"Left out {len(beside)} files that lie in {folder.name} beside the folders of its classes."
        return by_class, (left_out,) if beside else ()
    if beside:
        return {UNLABELLED: beside}, ()
    raise DatasetError(f"{folder} holds no files; give a folder of images, or one with a subfolder of images a class.")


def _files_below(folder: Path, job: LoadingJob) -> list[Path]:
    """All visible files at any depth; a link back to a folder above is not followed twice."""
    files: list[Path] = []
    waiting, seen = [folder], set[str]()
    while waiting:
        job.check()
        current = waiting.pop()
        real = os.path.realpath(current)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = _visible(current)
        except OSError:
            continue  # a subfolder of somebody else's
        files += [path for path in entries if os.path.isfile(path)]  # opening a pipe would wait for ever
        waiting += [path for path in reversed(entries) if os.path.isdir(path)]
    return files


def _visible(folder: Path) -> list[Path]:
    """What lies in a folder, in natural order, without hidden entries and those of unpacked Macintosh archives."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith((".", "__MACOSX"))]
    return [folder / name for name in sorted(names, key=_natural)]


def _natural(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """A key that sorts numbers in names by value, and is never equal for two names."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts], name


def _labelled(by_class: dict[str, list[Path]], class_names: tuple[str, ...]) -> tuple[tuple[int, Path], ...]:
    return tuple((index, path) for index, name in enumerate(class_names) for path in by_class.get(name, ()))
