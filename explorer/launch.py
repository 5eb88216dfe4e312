"""What the window is opened with, read from the command line."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainers.atomic_write import check_writable
from trainers.commands import COMMANDS
from trainers.commands.command_line import CommandLine, UsageError, path_argument
from trainers.device import DEVICES

THEMES: dict[str, str] = {
    "system": "As the desktop.",
    "light": "Dark on light.",
    "dark": "Light on dark.",
}
DEFAULT_SECONDS = 20.0
LONGEST_SECONDS = 86_400.0
SMALLEST_SIDE, LARGEST_SIDE = 200, 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to open the window.

    Attributes:
        files: Models and image sets to open.
        screenshot: PNG file for a picture of the window, which then closes by itself; None lets it stay.
        seconds: How long to train before the picture is taken.
        theme: An entry of `THEMES`.
        size: Width and height of the window in pixels, or None for what it was last.
        device: An entry of `DEVICES`.
        compiles: Whether steps of longer trainings are compiled.
    """

    files: tuple[Path, ...] = ()
    screenshot: Path | None = None
    seconds: float = DEFAULT_SECONDS
    theme: str = "system"
    size: tuple[int, int] | None = None
    device: str = "auto"
    compiles: bool = True


def read_launch(arguments: Sequence[str], version: str) -> Launch:
    """How the words of the command line want the window.

    Raises:
        UsageError: When that cannot be done.
    """
    options = _command_line(version).read(arguments)
    for file in options.files:
        if not file.exists():
            hint = " a command comes first;" if file.name in COMMANDS else ""
            raise UsageError(f"There is no file {file};{hint} see main.py --help.")
    for name, table in (("theme", THEMES), ("device", DEVICES)):
        value = getattr(options, name)
        if value not in table:
            raise UsageError(f"--{name} is {value!r}; choose one of {', '.join(table)}.")
    screenshot: Path | None = options.screenshot
    if screenshot is None and options.seconds is not None:
        raise UsageError("--seconds says when the picture of --screenshot is taken; give both.")
    if screenshot is not None:
        if screenshot.suffix.lower() != ".png":
            raise UsageError(f"--screenshot is {screenshot.name}; give a name that ends in .png.")
        try:
            check_writable(screenshot)
        except OSError as error:
            raise UsageError(
                f"--screenshot {screenshot} cannot be written ({error.strerror}); choose another place."
            ) from error
    return Launch(
        files=tuple(options.files),
        screenshot=screenshot,
        seconds=DEFAULT_SECONDS if options.seconds is None else options.seconds,
        theme=options.theme,
        size=options.size,
        device=options.device,
        compiles=not options.no_compile,
    )


def _command_line(version: str) -> CommandLine:
    commands = "\n".join(f"  main.py {name:8}{command.summary}" for name, command in COMMANDS.items())
    parser = CommandLine(
        "main.py",
        "See what a latent space is: train autoencoders side by side and click any point to decode it.",
        f"Without the window:\n{commands}\nEach explains itself with --help. A file of such a name is opened as"
        f" ./{next(iter(COMMANDS))}.",
    )
    parser.add_argument("--version", action="version", version=version, help="Show the version and exit.")
    parser.add_argument(
        "files", metavar="FILE", nargs="*", type=path_argument, help="Models and image sets to open in the window."
    )
    parser.add_argument("--theme", metavar="NAME", default="system", help=f"One of {', '.join(THEMES)}.")
    parser.add_argument("--size", metavar="WxH", type=_size, help="Size of the window in pixels, such as 1280x720.")
    parser.add_argument("--device", metavar="NAME", default="auto", help=f"Where to compute: {', '.join(DEVICES)}.")
    parser.add_argument(
        "--no-compile",
        action="store_true",
        help="Do not compile steps of long trainings: slower, but equal seeds then give losses equal to the last bit.",
    )
    parser.add_argument(
        "--screenshot",
        metavar="FILE",
        type=path_argument,
        help="Train for some seconds, write a picture of the window to this PNG file, and exit; needs no display.",
    )
    parser.add_argument(
        "--seconds",
        metavar="S",
        type=_seconds,
        help=f"How long to train before the picture; {DEFAULT_SECONDS:g} by default.",
    )
    parser.add_argument("--debug", action="store_true", help="Show the traceback of an error.")
    return parser


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,6})[xX×](\d{1,6})", text)
    if not match or not all(SMALLEST_SIDE <= int(side) <= LARGEST_SIDE for side in match.groups()):
        raise argparse.ArgumentTypeError(
            f"{text[:20]!r} is no size such as 1280x720, with sides from {SMALLEST_SIDE} to {LARGEST_SIDE}"
        )
    return int(match[1]), int(match[2])


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no time from 0 to {LONGEST_SECONDS:g} seconds")
    return seconds
