"""Reading a command line, with every mistake told in one sentence."""

import argparse
import difflib
import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from trainers.errors import LatentExplorerError

_NEGATIVE = re.compile(r"-(\d|\.|inf|nan)", re.IGNORECASE)


class UsageError(LatentExplorerError):
    """The command line asks for something that there is not."""


class CommandLine(argparse.ArgumentParser):
    """Options and files of one command.

    Args:
        command: What is typed to call it, such as "main.py train".
        description: One sentence on what it does.
        epilog: What stands below the options.
    """

    def __init__(self, command: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=command,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            add_help=False,
            formatter_class=_HelpText,
        )
        self.add_argument("-h", "--help", action="help", help="Show this help and exit.")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """The options' values.

        Raises:
            UsageError: When there is no such option, or its value cannot be used.
        """
        options, unknown = self.parse_known_args(_with_negative_values_joined(arguments))
        if unknown:
            raise UsageError(self._sentence(f"{unknown[0]} is not known here{self._guess(unknown[0])}"))
        return options

    def error(self, message: str) -> NoReturn:
        """Refuse what was typed; argparse calls this."""
        raise UsageError(self._sentence(message))

    def _sentence(self, message: str) -> str:
        return f"{message[:1].upper()}{message[1:].rstrip('.')}; see {self.prog} --help."

    def _guess(self, word: str) -> str:
        options = [option for action in self._actions for option in action.option_strings]
        near = difflib.get_close_matches(word.partition("=")[0], options, n=1)
        return f", {near[0]} is" if near else ""


def path_argument(text: str) -> Path:
    """The path behind a word of the command line; `~` is the person's folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("give the name of a file")
    return Path(text).expanduser()


def whole_number(minimum: int, maximum: int) -> Any:  # noqa: ANN401 - what argparse takes as a type
    """A reader of whole numbers within bounds, for argparse."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = minimum - 1
        if not minimum <= number <= maximum:
            raise argparse.ArgumentTypeError(
                f"{textwrap.shorten(text, 20)!r} is no whole number from {minimum} to {maximum}"
            )
        return number

    return read


def _with_negative_values_joined(arguments: Sequence[str]) -> list[str]:
    """`--z -0.4,1.2` as `--z=-0.4,1.2`: argparse would take the value for an option."""
    joined: list[str] = []
    for word in arguments:
        previous = joined[-1] if joined else ""
        if _NEGATIVE.match(word) and previous.startswith("--") and "=" not in previous and len(previous) > 2:
            joined[-1] = f"{previous}={word}"
        else:
            joined.append(word)
    return joined


class _HelpText(argparse.HelpFormatter):
    """Keeps the lines of a help text apart, each wrapped with the indentation that it has."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return [line for part in text.splitlines() for line in _wrapped(part, width)]

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for part in text.splitlines() for line in _wrapped(part, width) or [""])


def _wrapped(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(line.strip(), width, initial_indent=indent, subsequent_indent=f"{indent}  " if indent else "")
