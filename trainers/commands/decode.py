"""`main.py decode`: what a trained model makes of given codes, as a picture."""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from trainers.atomic_write import check_writable
from trainers.commands.command_line import CommandLine, UsageError, path_argument, whole_number
from trainers.setting import shortened

DEFAULT_SIDE = 256
LARGEST_NUMBER = 1e38
"""Beyond what float32 holds, a number would become infinite."""
LARGEST_SCALE = 64
MOST_CODES = 256


def run(arguments: Sequence[str]) -> int:
    """Decode as the words after `main.py decode` say; gives the exit code."""
    options = _command_line().read(arguments)
    codes: list[tuple[float, ...]] = options.z
    out: Path = options.out
    if len(codes) > MOST_CODES:
        raise UsageError(f"{len(codes)} codes were given; {MOST_CODES} fit into one row.")
    if out.suffix.lower() != ".png":
        raise UsageError(f"--out is {out.name}; the picture is a PNG file, so give a name that ends in .png.")
    if not options.model.exists():
        raise UsageError(f"There is no file {options.model}; check its name.")
    try:
        check_writable(out)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written ({error.strerror}); choose another place.") from error

    from trainers.commands.decoding import decode_to_file  # brings torch, which takes seconds

    decode_to_file(options.model, codes, out, options.scale)
    return 0


def _command_line() -> CommandLine:
    parser = CommandLine(
        "main.py decode",
        "Draw what a trained model makes of given codes.",
        "For example: main.py decode vae.safetensors --z 0.4,-1.2 --z 0.5,-1.2 --out z.png",
    )
    parser.add_argument("model", metavar="MODEL", type=path_argument, help="A model written by main.py train.")
    parser.add_argument(
        "--z",
        metavar="X,Y,…",
        type=_code,
        action="append",
        required=True,
        help="A code: as many numbers as the model has latent dimensions. Several of them give a row of images.",
    )
    parser.add_argument("--out", metavar="FILE", type=path_argument, required=True, help="PNG file to write.")
    parser.add_argument(
        "--scale",
        metavar="N",
        type=whole_number(1, LARGEST_SCALE),
        help=f"Width of one pixel of an image in the picture; by default an image is about {DEFAULT_SIDE} wide.",
    )
    parser.add_argument("--debug", action="store_true", help="Show the traceback of an error.")
    return parser


def _code(text: str) -> tuple[float, ...]:
    try:
        code = tuple(float(word) for word in text.split(","))
    except ValueError:
        code = (math.nan,)
    if not all(abs(number) <= LARGEST_NUMBER for number in code):  # also refuses NaN
        raise argparse.ArgumentTypeError(f"{shortened(text)} is no code; give numbers with commas, such as 0.4,-1.2")
    return code
