"""Writing a file so that, whatever happens, its name holds either all of the old content or all of the new."""

import errno
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced_atomically(path: Path) -> Generator[Path]:
    """A file beside that is to be written; then make sure that it is on the disk, and let it take the other's place.

    A link keeps pointing there. Unless all goes well, the old file is as it was.

    Raises:
        OSError: When the folder cannot be written to, or the name belongs to something that is no file, such as a
            folder or a device.
    """
    path = _place(path)
    handle, name = _beside(path)
    os.close(handle)
    try:
        yield Path(name)
        with Path(name).open("rb+") as file:
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there.

    Raises:
        OSError: As of `replaced_atomically`.
    """
    with replaced_atomically(path) as beside:
        beside.write_bytes(content)


def check_writable(path: Path) -> None:
    """Try whether a file could be written there, and leave no trace: better known before hours of training.

    Raises:
        OSError: When it could not.
    """
    handle, name = _beside(_place(path))
    os.close(handle)
    Path(name).unlink()


def _place(path: Path) -> Path:
    path = Path(os.path.realpath(path))
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is no ordinary file", str(path))
    return path


def _beside(path: Path) -> tuple[int, str]:
    return tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
