"""Where no window can be shown, that is said before Qt aborts; where one can be, Qt starts."""

import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")

ROOT = Path(__file__).parents[2]
NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_RUNTIME_DIR", "LD_LIBRARY_PATH")
PREPARE = """
import os, sys
from explorer.display import DisplayError, prepare_display
try:
    prepare_display(os.environ, offscreen="offscreen" in sys.argv)
except DisplayError as error:
    print(error)
else:
    print("ready", os.environ.get("QT_QPA_PLATFORM"))
assert "PySide6" not in sys.modules
"""
OPEN = """
from PySide6.QtWidgets import QApplication
print("opened", QApplication([]).platformName())
"""

PAINT = """
import os
from PySide6.QtGui import QGuiApplication, QImage, QPainter
application = QGuiApplication([])
picture, canvas = (QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied) for side in (500, 2000))
for image in (picture, canvas):
    image.fill(0x80808080)
painter = QPainter(canvas)
painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
painter.drawImage(canvas.rect(), picture)
painter.end()
names = [open(f"/proc/self/task/{thread}/comm").read() for thread in os.listdir("/proc/self/task")]
print("helpers", sum(name.startswith("Thread (pooled)") for name in names))
"""


def answer(*words: str, program: str = PREPARE, heard: str = "", **changes: str) -> str:
    """What a process of its own says, in an environment that has of `NAMES` only what `changes` gives."""
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    result = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT,
        env={**environment, **changes},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, heard)
    return result.stdout


@contextmanager
def x_server(reply: bytes) -> Generator[str]:
    """A display that gives one reply to each who connects; gives its name."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        assert port >= 6000, port

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return  # closed below
                with client:
                    if client.recv(4096):
                        client.sendall(reply)
                        client.recv(4096)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{port - 6000}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()


WELCOME = struct.pack("<BBHHH", 1, 0, 11, 0, 8) + bytes(32)
"""An X server's reply to a client that it lets in: version 11.0, and eight words on itself, here all zero."""
REFUSAL = struct.pack("<BBHHH", 0, 4, 11, 0, 1) + b"nope"


def test_qt_paints_without_helpers() -> None:
    assert "helpers 0" in answer("offscreen", program=PREPARE + PAINT)
    assert "helpers 0" not in answer(program=PAINT, QT_QPA_PLATFORM="offscreen")


def test_no_display_at_all() -> None:
    told = answer()
    assert told.startswith("No window can be opened: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).")
    for words in ("ssh -X", "--screenshot", "main.py train"):
        assert words in told


@pytest.mark.parametrize("name", [":987", "127.0.0.1:54321", "nonsense", "unix:987", "[::1]:999999"])
def test_a_display_that_nobody_answers(name: str) -> None:
    assert f"the display {name} does not answer" in answer(DISPLAY=name)
    assert f"the display {name} does not answer" in answer(DISPLAY=name, QT_QPA_PLATFORM="xcb")


def test_a_display_that_refuses() -> None:
    with x_server(REFUSAL) as name:
        # The reason that the server gives is shown by xcb itself.
        assert f"the display {name} does not answer, or does not let" in answer(DISPLAY=name, heard="nope\n")


def is_here(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


needs_xcb = pytest.mark.skipif(
    not all(map(is_here, ("libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0", "libxcb-keysyms.so.1"))),
    reason="Qt's libraries for X are not here",
)


@needs_xcb
def test_a_display_that_answers() -> None:
    with x_server(WELCOME) as name:
        assert answer(DISPLAY=name) == "ready xcb\n"
        assert answer("offscreen", DISPLAY=name) == "ready xcb\n"
        assert answer(DISPLAY=name, WAYLAND_DISPLAY="gone", XDG_RUNTIME_DIR="/nowhere") == "ready xcb\n"
        assert answer(DISPLAY=name, QT_QPA_PLATFORM="xcb") == "ready xcb\n"


def test_wayland(tmp_path: Path) -> None:
    changes = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert "the display wayland-7 does not answer" in answer(**changes)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert answer(**changes) == "ready None\n"
        assert "neither DISPLAY nor" in answer(QT_QPA_PLATFORM="xcb", **changes)


@pytest.mark.parametrize("changes", [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "gone"}])
def test_a_picture_needs_no_display(changes: dict[str, str]) -> None:
    assert answer("offscreen", **changes) == "ready offscreen\n"


def test_a_platform_of_the_persons_choice_is_kept() -> None:
    assert answer(QT_QPA_PLATFORM="offscreen") == "ready offscreen\n"
    assert answer(QT_QPA_PLATFORM="minimal:enable_fonts") == "ready minimal:enable_fonts\n"


def test_a_library_that_cannot_be_loaded_is_named_with_its_package(tmp_path: Path) -> None:
    (tmp_path / "libxcb-cursor.so.0").write_bytes(b"")
    with x_server(WELCOME) as name:
        told = answer(DISPLAY=name, LD_LIBRARY_PATH=str(tmp_path))
    assert told.startswith("Qt cannot start here: the library libxcb-cursor.so.0 is damaged")
    assert "sudo apt install libxcb-cursor0" in told


def test_a_library_that_is_missing_is_named_with_its_package() -> None:
    program = """
from explorer.display import _missing_sentence
print(_missing_sentence("libxcb-cursor.so.0: cannot open shared object file: No such file or directory"))
print(_missing_sentence("libunheard.so.3: cannot open shared object file: No such file or directory"))
print(_missing_sentence("something else."))
"""
    known, unknown, other = answer(program=program).splitlines()
    assert "libxcb-cursor.so.0" in known
    assert "sudo apt install libxcb-cursor0" in known
    assert "libunheard.so.3" in unknown
    assert other == "Qt cannot start here: something else."


def test_qt_starts_where_we_are_ready() -> None:
    assert answer("offscreen", program=PREPARE.replace("assert", "pass #") + OPEN) == (
        "ready offscreen\nopened offscreen\n"
    )


@needs_xcb
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb to open a display with")
def test_qt_starts_on_a_real_display() -> None:
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "320x240x24"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        name = f":{server.stdout.readline().decode().strip()}"
        try:
            told = answer(program=PREPARE.replace("assert", "pass #") + OPEN, DISPLAY=name)
        finally:
            server.terminate()
    assert told == "ready xcb\nopened xcb\n"
