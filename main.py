"""Latent Explorer: opens the window, or trains and decodes without one. `main.py --help` says how."""

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from trainers.commands import COMMANDS
from trainers.commands.failures import exit_code_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words of the command line ask for; gives the exit code: 1 for a failure, 2 for wrong use."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a β that the terminal cannot show is no reason to fail
    return exit_code_of(lambda: _run(words), debug="--debug" in words)


def version() -> str:
    """The name and version of the program."""
    import tomllib

    project = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['name']} {project['version']}"


def _run(words: Sequence[str]) -> int:
    if words and words[0] in COMMANDS:
        return COMMANDS[words[0]].load()(words[1:])
    from explorer.launch import read_launch

    launch = read_launch(words, version())
    from explorer.display import prepare_display

    prepare_display(os.environ, offscreen=launch.screenshot is not None)
    from explorer.app import open_window

    return open_window(launch)


if __name__ == "__main__":
    sys.exit(main())
