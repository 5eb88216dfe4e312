"""Files from the network: checked, cancellable, and never there by half.

A file is fetched under a name of its own, compared with its checksum, unpacked, and only then renamed to where the
readers look. Whatever ends a download, even the power, leaves whole files or none.
"""

import gzip
import hashlib
import http.client
import os
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal
from urllib.parse import urlsplit

from trainers.datasets.loading_job import LoadingJob
from trainers.errors import DatasetError

TIMEOUT_SECONDS = 10.0
_CHUNK = 1 << 18
_ABANDONED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A file on the network, and the files that it holds.

    Attributes:
        urls: Where it can be had; each is tried in turn.
        md5: Its checksum, in hexadecimal.
        packing: One file, one compressed file, a zip file of compressed files, or a compressed tar file.
        files: From each file's place below the folder of all sets, as a/b/c, to its name in the archive; the name
            means nothing for the first two packings.
    """

    urls: tuple[str, ...]
    md5: str
    packing: Literal["plain", "gzip", "zip of gzip", "tar.gz"]
    files: Mapping[str, str]

    def is_unpacked(self, folder: Path) -> bool:
        """Whether all its files are in place."""
        return all((folder / place).is_file() for place in self.files)


def download(archives: Sequence[Archive], folder: Path, megabytes: float, job: LoadingJob) -> None:
    """Fetch and unpack each archive whose files are not in `folder` yet.

    Args:
        archives: What is wanted.
        folder: The folder of all sets; made if missing.
        megabytes: Size of all archives together, for the progress.
        job: Who is told and may end it: within 10 s at worst, when the network has gone silent.

    Raises:
        DatasetError: No address gave the right file, or the folder cannot be written.
        Cancelled: The job was.
    """
    counter = _Counter(megabytes * 1e6, job)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for archive in archives:
            if archive.is_unpacked(folder):
                continue
            for place in {folder, *((folder / name).parent for name in archive.files)}:
                _clear_abandoned(place)
            with _temporary(folder) as fetched:
                _fetch(archive, fetched, counter)
                job.report(f"Unpacking {job.label}")
                _unpack(archive, fetched, folder, job)
    except OSError as error:  # what comes from the network was turned into DatasetError below
        raise DatasetError(
            f"{job.label} cannot be stored in {folder} ({error.strerror or error}); let LATENT_EXPLORER_DATA"
            " name a folder with room that you may write to."
        ) from error


class _Counter:
    """Counts the bytes of all archives for one bar of progress."""

    def __init__(self, expected: float, job: LoadingJob) -> None:
        self.received = 0
        self.job = job
        self._expected = expected

    def add(self, count: int) -> None:
        self.received += count
        self.job.report(f"Downloading {self.job.label}", self.received / self._expected if self._expected else None)


def _fetch(archive: Archive, path: Path, counter: _Counter) -> None:
    """Fetch an archive from the first address that gives the right file."""
    failures: list[str] = []
    for url in archive.urls:
        before = counter.received
        counter.add(0)  # an end may have been asked for while the last address was failing
        with path.open("wb") as file:
            failure = _fetch_from(url, archive.md5, file, counter)
        if failure is None:
            return
        failures.append(f"{urlsplit(url).hostname} {failure}")
        counter.received = before
    raise DatasetError(
        f"{counter.job.label} could not be downloaded: {'; '.join(failures)}. Check the connection and try again later,"
        " or let LATENT_EXPLORER_DATA name a folder that has the set in torchvision's layout."
    )


def _fetch_from(url: str, md5: str, file: IO[bytes], counter: _Counter) -> str | None:
    """Write what `url` gives; returns why it cannot be used, or None."""
    checksum = hashlib.md5(usedforsecurity=False)
    received = 0
    request = urllib.request.Request(url, headers={"User-Agent": "latent-explorer"})
    opener = urllib.request.build_opener()  # and not a shared one, which would keep the proxies of its first use
    try:
        response = opener.open(request, timeout=TIMEOUT_SECONDS)
    except (OSError, http.client.HTTPException) as error:
        return _network_failure(error)
    with response:
        while True:
            try:
                chunk = response.read1(_CHUNK)  # what has arrived, so that a slow line can still be cancelled
            except (OSError, http.client.HTTPException) as error:
                return _network_failure(error)
            if not chunk:
                break
            checksum.update(chunk)
            file.write(chunk)
            received += len(chunk)
            counter.add(len(chunk))
        promised = response.headers.get("Content-Length", "")
    if promised.isdecimal() and received < int(promised):
        return f"broke off after {received / 1e6:.1f} of {int(promised) / 1e6:.1f} MB"
    if checksum.hexdigest() != md5:
        return "gave a file with the wrong checksum"
    return None


def _network_failure(error: OSError | http.client.HTTPException) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"answered {error.code} {error.reason}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(reason, TimeoutError):
        return f"was silent for {TIMEOUT_SECONDS:g} s"
    return f"failed ({getattr(reason, 'strerror', None) or str(reason) or type(reason).__name__})"


def _unpack(archive: Archive, fetched: Path, folder: Path, job: LoadingJob) -> None:
    """Put the files of an archive in their places, each at once and whole.

    Only names that the archive's description lists are looked up, and none decides where a file is written.
    """
    try:
        if archive.packing == "zip of gzip":
            with zipfile.ZipFile(fetched) as packed:
                for place, name in archive.files.items():
                    with packed.open(name) as member, gzip.open(member) as content:
                        _place(content, folder / place, job)
        elif archive.packing == "tar.gz":
            with tarfile.open(fetched, "r:gz") as packed:
                for place, name in archive.files.items():
                    content = packed.extractfile(name)
                    if content is None:
                        raise tarfile.ReadError(f"{name} is no file")
                    with content:
                        _place(content, folder / place, job)
        else:
            (place,) = archive.files
            with gzip.open(fetched) if archive.packing == "gzip" else fetched.open("rb") as content:
                _place(content, folder / place, job)
    except (tarfile.TarError, zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, KeyError) as error:
        raise DatasetError(
            f"{job.label} cannot be unpacked ({error}): it is packed in another way than expected; report this, please."
        ) from error


def _place(content: IO[bytes] | gzip.GzipFile, path: Path, job: LoadingJob) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(path.parent) as unpacked:
        with unpacked.open("wb") as file:
            while chunk := content.read(_CHUNK):
                job.check()
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unpacked, path)


@contextmanager
def _temporary(folder: Path) -> Generator[Path]:
    """The path of a new file in `folder` that is gone afterwards, unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=".download-", suffix=".part", dir=folder)
    os.close(handle)
    path = Path(name)
    # mkstemp lets nobody else read: a folder of sets may be shared by a class.
    path.chmod(0o644)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _clear_abandoned(folder: Path) -> None:
    """Delete what killed downloads left behind; another program's running download is younger."""
    for path in folder.glob(".download-*.part"):
        with suppress(OSError):  # somebody else was quicker
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()
