"""From what went wrong to one sentence on stderr and an exit code: 1 for a failure, 2 for wrong use."""

import os
import sys
import traceback
from collections.abc import Callable

from trainers.commands.command_line import UsageError
from trainers.errors import LatentExplorerError, RecipeError

FAILURE = 1
WRONG_USE = 2
INTERRUPTED = 130


def say(sentence: str) -> None:
    """Tell the person at the terminal one sentence, on stderr."""
    print(f"latent-explorer: {sentence}", file=sys.stderr)


def exit_code_of(action: Callable[[], int], *, debug: bool) -> int:
    """Run `action`, which gives an exit code, and turn whatever it raises into a sentence and an exit code.

    Args:
        action: What to do.
        debug: Whether to show the traceback as well.
    """
    try:
        code = action()
        _flush()
    except SystemExit as request:  # argparse asks for this after --help and --version
        code = request.code if isinstance(request.code, int) else 0
        try:
            _flush()
        except BrokenPipeError:
            _forget_stdout()
    except BrokenPipeError:  # whoever read our output has read enough, as `head` does
        _forget_stdout()
        code = 0
    except BaseException as error:  # noqa: BLE001 - the last place that can say it in a sentence
        if debug:
            traceback.print_exc()
        sentence, code = _told(error)
        say(sentence)
    return code


def _told(error: BaseException) -> tuple[str, int]:
    if isinstance(error, UsageError | RecipeError):
        return str(error), WRONG_USE
    if isinstance(error, LatentExplorerError):
        return str(error), FAILURE
    if isinstance(error, KeyboardInterrupt):
        return "Interrupted.", INTERRUPTED
    if _is_out_of_memory(error):
        return "Memory ran out; choose a smaller batch size, image size or set, or close other programs.", FAILURE
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is missing here; start with `uv run main.py`, which installs it.", FAILURE
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror}.", FAILURE
    lines = str(error).strip().splitlines()
    reason = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return f"Something unexpected happened ({reason}); run again with --debug to see where.", FAILURE


def _is_out_of_memory(error: BaseException) -> bool:
    # Torch has a class for the GPU's memory only, and need not be imported here.
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError)
        and (type(error).__name__ == "OutOfMemoryError" or "can't allocate memory" in str(error))
    )


def _flush() -> None:
    if sys.stdout is not None:  # pyright: ignore[reportUnnecessaryComparison] - None where there is no terminal
        sys.stdout.flush()


def _forget_stdout() -> None:
    """Lead stdout nowhere: the interpreter flushes it once more at its end, and would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
