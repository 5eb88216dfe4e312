"""Downloads, against a real server on this computer: whole, broken, cancelled, and from the next address."""

import gzip
import hashlib
import io
import os
import tarfile
import threading
import zipfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from tests.trainers.tiny_sets import idx_bytes, random_part
from trainers.datasets.downloading import Archive, download
from trainers.datasets.loading import Progress, load_images
from trainers.datasets.loading_job import LoadingJob
from trainers.errors import Cancelled, DatasetError
from trainers.folders import datasets_folder

CONTENT = np.random.default_rng(0).integers(0, 256, 3_000_000, dtype=np.uint8).tobytes()


class Server:
    """Files by path, and ways to fail: `/missing` is not there, `/broken/…` ends early, `/silent` never answers.

    Attributes:
        address: Such as http://127.0.0.1:4711.
        files: Content by path, without the leading slash.
        asked: Paths in the order in which they were asked for.
        ending: Set when the server ends.
    """

    def __init__(self, address: str, files: dict[str, bytes]) -> None:
        self.address = address
        self.files = files
        self.asked: list[str] = []
        self.ending = threading.Event()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[Server]:
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        yield running


@contextmanager
def serving() -> Generator[Server]:
    told = Server("", {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            told.asked.append(name)
            if name == "silent":
                told.ending.wait()
                return
            content = told.files.get(name.removeprefix("broken/"))
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(OSError):  # a client that was cancelled is gone
                self.wfile.write(content[: len(content) // 2] if name.startswith("broken/") else content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
            del format, args

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = False
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    told.address = f"http://127.0.0.1:{running.server_address[1]}"
    try:
        yield told
    finally:
        told.ending.set()
        running.shutdown()
        thread.join()
        running.server_close()


def archive_of(
    server: Server,
    *paths: str,
    packed: bytes = CONTENT,
    packing: Literal["plain", "gzip", "zip of gzip", "tar.gz"] = "plain",
    files: dict[str, str] | None = None,
) -> Archive:
    return Archive(
        urls=tuple(f"{server.address}/{path}" for path in paths),
        md5=hashlib.md5(packed, usedforsecurity=False).hexdigest(),
        packing=packing,
        files=files or {"set/raw/file": ""},
    )


def all_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def job(told: list[Progress] | None = None) -> LoadingJob:
    return LoadingJob(label="Tiny", download=True, progress=(told if told is not None else []).append)


def test_a_file_arrives_whole_and_in_its_place(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    told: list[Progress] = []
    download([archive_of(server, "file")], tmp_path / "sets", 3.0, job(told))
    assert all_files(tmp_path) == ["sets/set/raw/file"]
    assert (tmp_path / "sets" / "set" / "raw" / "file").read_bytes() == CONTENT
    fractions = [step.fraction for step in told if step.activity == "Downloading Tiny"]
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert fractions == sorted(fraction for fraction in fractions if fraction is not None)
    assert told[-1].activity == "Unpacking Tiny"


def test_what_is_there_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    server.files["one"] = server.files["two"] = CONTENT
    archives = [archive_of(server, "one", files={"one": ""}), archive_of(server, "two", files={"two": ""})]
    (tmp_path / "one").write_bytes(b"already here")
    download(archives, tmp_path, 6.0, job())
    assert server.asked == ["two"]
    assert (tmp_path / "one").read_bytes() == b"already here"


def test_a_compressed_file_is_unpacked(server: Server, tmp_path: Path) -> None:
    server.files["file.gz"] = packed = gzip.compress(CONTENT, 1)
    download([archive_of(server, "file.gz", packed=packed, packing="gzip")], tmp_path, 3.0, job())
    assert (tmp_path / "set" / "raw" / "file").read_bytes() == CONTENT


def test_only_the_named_files_of_a_zip_are_unpacked(server: Server, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("gzip/letters.gz", gzip.compress(b"letters"))
        packed.writestr("gzip/others.gz", gzip.compress(b"others"))
        packed.writestr("../outside.gz", gzip.compress(b"evil"))
    server.files["all.zip"] = buffer.getvalue()
    archive = archive_of(
        server,
        "all.zip",
        packed=buffer.getvalue(),
        packing="zip of gzip",
        files={"EMNIST/raw/letters": "gzip/letters.gz"},
    )
    download([archive], tmp_path / "sets", 1.0, job())
    assert all_files(tmp_path) == ["sets/EMNIST/raw/letters"]
    assert (tmp_path / "sets" / "EMNIST" / "raw" / "letters").read_bytes() == b"letters"


def _tar(members: dict[str, bytes], links: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
        for name, target in links.items():
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = tarfile.SYMTYPE, target
            packed.addfile(entry)
    return buffer.getvalue()


def test_a_tar_writes_nowhere_else(server: Server, tmp_path: Path) -> None:
    packed = _tar({"../outside": b"evil", "batches/one.bin": b"one", "/absolute": b"evil"}, {})
    server.files["set.tar.gz"] = packed
    archive = archive_of(
        server, "set.tar.gz", packed=packed, packing="tar.gz", files={"batches/one.bin": "batches/one.bin"}
    )
    download([archive], tmp_path / "sets", 1.0, job())
    assert all_files(tmp_path) == ["sets/batches/one.bin"]


@pytest.mark.parametrize(
    ("packing", "packed"),
    [
        ("tar.gz", _tar({"other": b"x"}, {})),
        ("tar.gz", _tar({}, {"file": "/etc/hostname"})),
        ("tar.gz", CONTENT[:1000]),
        ("gzip", CONTENT[:1000]),
        ("gzip", gzip.compress(CONTENT, 1)[:-100]),
        ("zip of gzip", CONTENT[:1000]),
    ],
)
def test_an_archive_of_another_make_is_one_sentence(
    server: Server, tmp_path: Path, packing: Literal["gzip", "zip of gzip", "tar.gz"], packed: bytes
) -> None:
    server.files["set"] = packed
    archive = archive_of(server, "set", packed=packed, packing=packing, files={"file": "file"})
    with pytest.raises(DatasetError, match="Tiny cannot be unpacked"):
        download([archive], tmp_path, 1.0, job())
    assert all_files(tmp_path) == []


def test_cancelling_midway_leaves_nothing(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    told: list[Progress] = []

    def enough() -> bool:
        return bool(told) and (told[-1].fraction or 0) > 0.3

    with pytest.raises(Cancelled):
        download(
            [archive_of(server, "file")],
            tmp_path,
            3.0,
            LoadingJob(label="Tiny", progress=told.append, cancelled=enough),
        )
    assert 0.3 < (told[-1].fraction or 0) < 1
    assert all_files(tmp_path) == []


def test_a_download_after_a_cancelled_one_is_whole(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    asked = iter([False] * 3)
    with pytest.raises(Cancelled):
        download(
            [archive_of(server, "file")],
            tmp_path,
            3.0,
            LoadingJob(label="Tiny", cancelled=lambda: next(asked, True)),
        )
    download([archive_of(server, "file")], tmp_path, 3.0, job())
    assert (tmp_path / "set" / "raw" / "file").read_bytes() == CONTENT


def test_a_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    server.files["file"] = b"Please log in to the network."
    with pytest.raises(DatasetError, match=r"127\.0\.0\.1 gave a file with the wrong checksum.*try again") as caught:
        download([archive_of(server, "file")], tmp_path, 3.0, job())
    assert "LATENT_EXPLORER_DATA" in str(caught.value)
    assert all_files(tmp_path) == []


def test_the_next_address_is_tried(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    server.files["wrong"] = b"wrong"
    told: list[Progress] = []
    download([archive_of(server, "missing", "wrong", "broken/file", "file")], tmp_path, 3.0, job(told))
    assert server.asked == ["missing", "wrong", "broken/file", "file"]
    assert (tmp_path / "set" / "raw" / "file").read_bytes() == CONTENT
    assert max(step.fraction or 0 for step in told) == 1


def test_every_failure_is_told(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    with serving() as gone:
        nowhere = gone.address
    archive = archive_of(server, "missing", "broken/file")
    archive = Archive(urls=(*archive.urls, f"{nowhere}/file"), md5=archive.md5, packing="plain", files=archive.files)
    with pytest.raises(DatasetError) as caught:
        download([archive], tmp_path, 3.0, job())
    sentence = str(caught.value)
    assert "answered 404" in sentence
    assert "broke off after 1.5 of 3.0 MB" in sentence
    assert "failed (" in sentence
    assert "refused" in sentence
    assert all_files(tmp_path) == []


def test_a_silent_server_is_given_up(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainers.datasets.downloading.TIMEOUT_SECONDS", 0.1)
    with pytest.raises(DatasetError, match=r"127\.0\.0\.1 was silent for 0\.1 s"):
        download([archive_of(server, "silent")], tmp_path, 3.0, job())


def test_a_folder_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "sets").write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match=r"cannot be stored in .*LATENT_EXPLORER_DATA"):
        download([archive_of(server, "file")], tmp_path / "sets", 3.0, job())
    assert server.asked == []


def test_what_a_killed_download_left_is_cleared_but_not_a_running_one(server: Server, tmp_path: Path) -> None:
    server.files["file"] = CONTENT
    raw = tmp_path / "set" / "raw"
    raw.mkdir(parents=True)
    for old in (tmp_path / ".download-dead.part", raw / ".download-dead.part"):
        old.write_bytes(b"half")
        os.utime(old, (1, 1))
    (tmp_path / ".download-alive.part").write_bytes(b"half")
    download([archive_of(server, "file")], tmp_path, 3.0, job())
    assert all_files(tmp_path) == [".download-alive.part", "set/raw/file"]


def test_a_real_set_is_asked_for_where_it_lies(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a proxy, the server is asked for Fashion-MNIST itself; a true file can only be known by its checksum."""
    for scheme in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(scheme, server.address)
    told: list[Progress] = []
    with pytest.raises(DatasetError, match=r"Fashion-MNIST could not be downloaded: .*answered 404"):
        load_images("fashion-mnist", download=True, progress=told.append)
    assert len(server.asked) == 1
    assert server.asked[0].startswith("http://")
    assert server.asked[0].endswith("train-images-idx3-ubyte.gz")
    assert told[0] == Progress("Downloading Fashion-MNIST", 0.0)
    assert all_files(datasets_folder()) == []


def test_nothing_is_asked_for_when_all_is_there(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    for part, count in (("train", 20), ("t10k", 10)):
        images, labels = random_part(count, 10, 1, 28, 0)
        stem = datasets_folder() / "FashionMNIST" / "raw"
        stem.mkdir(parents=True, exist_ok=True)
        (stem / f"{part}-images-idx3-ubyte").write_bytes(idx_bytes(images[:, 0]))
        (stem / f"{part}-labels-idx1-ubyte").write_bytes(idx_bytes(labels.astype(np.uint8)))
    assert len(load_images("fashion-mnist", download=True).train_NCHW) == 20
    assert server.asked == []
