"""Whether a window can be shown at all, found out before Qt tries and aborts.

Qt ends the whole program with a core dump when it finds no display, or when a library that its platform plugin needs is
missing. On Linux both are common: a server, a container, a bare desktop. So this looks first, without Qt.
"""

import ctypes
import importlib.util
import os
import re
import socket
import sys
from collections.abc import MutableMapping
from pathlib import Path

from trainers.errors import LatentExplorerError

PATIENCE_SECONDS = 5.0
PACKAGES: dict[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""Libraries that Qt needs from the system, and the package of Debian and Ubuntu that has each."""

_NONE_NAMED = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
_WAYS_ON = "Run it in a desktop session, log in with ssh -X, take a picture with --screenshot, or use main.py train."


class DisplayError(LatentExplorerError):
    """No window can be shown here."""


def prepare_display(environment: MutableMapping[str, str], *, offscreen: bool = False) -> None:
    """Make sure that Qt will start, and paint without helpers; to be called before any part of Qt is imported.

    Args:
        environment: `os.environ`, where Qt reads how to paint and which platform to use; `QT_QPA_PLATFORM` is set if
            Qt might choose one that does not work.
        offscreen: Whether a window that nobody sees will do where there is no display.

    Raises:
        DisplayError: With one sentence on why no window can be shown, and how to go on.
    """
    # Qt shares out what it fills among threads of its own, and waits for the last of them to find a core: while models
    # train, that takes longer than to fill it alone.
    environment.setdefault("QT_NO_GUI_THREADPOOL", "1")
    if not sys.platform.startswith("linux"):
        return
    chosen = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen not in ("", "xcb", "wayland", "wayland-egl"):
        _check_plugin(chosen)
        return
    problems = {"xcb": _x11_problem(environment), "wayland": _wayland_problem(environment)}
    wanted = [chosen.removesuffix("-egl")] if chosen else ["wayland", "xcb"]
    working = [platform for platform in wanted if problems[platform] is None]
    if not working:
        if not offscreen:
            reasons = [reason for platform in wanted if (reason := problems[platform])]
            # A display that was named and does not answer says more than one that was not named.
            reason = next((reason for reason in reasons[::-1] if reason != _NONE_NAMED), _NONE_NAMED)
            raise DisplayError(f"No window can be opened: {reason}. {_WAYS_ON}")
        environment["QT_QPA_PLATFORM"] = "offscreen"
        _check_plugin("offscreen")
        return
    for index, platform in enumerate(working):
        try:
            _check_plugin(platform)
        except DisplayError:
            if index == len(working) - 1:
                raise
        else:
            if len(wanted) > 1 and platform == "xcb":
                environment["QT_QPA_PLATFORM"] = platform
            return


def _x11_problem(environment: MutableMapping[str, str]) -> str | None:
    """Why the X server cannot be used, or None."""
    name = environment.get("DISPLAY", "")
    if not name:
        return _NONE_NAMED
    silent = f"the display {name} does not answer, or does not let this program in"
    host, _, rest = name.rpartition(":")
    number = rest.partition(".")[0]
    if host and not host.startswith("/") and host != "unix" and number.isdecimal():
        # Connecting to a computer that is not there would take xcb minutes.
        try:
            socket.create_connection((host.strip("[]"), 6000 + int(number)), timeout=PATIENCE_SECONDS).close()
        except (OSError, OverflowError):
            return silent
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None  # the plugin will not load either, and its message names what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = (ctypes.c_void_p,)
    xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(os.fsencode(name), None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return silent if failed else None


def _wayland_problem(environment: MutableMapping[str, str]) -> str | None:
    """Why the Wayland compositor cannot be used, or None."""
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return _NONE_NAMED
    path = Path(environment.get("XDG_RUNTIME_DIR", "/nowhere"), name)
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE_SECONDS)
        try:
            client.connect(str(path))
        except (OSError, ValueError):
            return f"the display {name} does not answer"
    return None


def _check_plugin(platform: str) -> None:
    """Load the plugin as Qt will, to see whether all that it needs is here."""
    package = importlib.util.find_spec("PySide6")
    for folder in (package and package.submodule_search_locations) or ():
        path = Path(folder, "Qt", "plugins", "platforms", f"libq{platform}.so")
        if not path.is_file():
            continue  # installed by other means than a wheel: Qt knows best
        try:
            ctypes.CDLL(str(path))
        except OSError as error:
            raise DisplayError(_missing_sentence(str(error))) from error


def _missing_sentence(message: str) -> str:
    """What to install, from the loader's message, which names only the first library that it misses."""
    match = re.search(r"([\w.+-]+\.so[.\d]*): (.*)", message)
    if not match:
        return f"Qt cannot start here: {message.rstrip('.')}."
    missing = [match[1], *(name for name in PACKAGES if name != match[1] and not _is_here(name))]
    packages = [PACKAGES[name] for name in missing if name in PACKAGES]
    how = f"on Debian or Ubuntu: sudo apt install {' '.join(packages)}" if packages else "ask your system's packages"
    if "No such file" not in match[2]:
        return f"Qt cannot start here: the library {match[1]} is damaged ({match[2]}); install it anew ({how})."
    libraries = "library" if len(missing) == 1 else "libraries"
    return (
        f"Qt cannot start here: the {libraries} {', '.join(missing)} cannot be found; install what is missing ({how})."
    )


def _is_here(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
