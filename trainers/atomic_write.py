"""Writing a file so that, whatever happens, its name holds either all of the old content or all of the new."""

import errno
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the file, make sure that it is on the disk, then take its place; a link keeps pointing there.

    Raises:
        OSError: When the folder cannot be written to, or the name belongs to something that is no file, such as a
            folder or a device; the old file is as it was.
    """
    path = _place(path)
    handle, name = _beside(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_writable(path: Path) -> None:
    """Try whether `write_atomically` could write there, and leave no trace: better known before hours of training.

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
