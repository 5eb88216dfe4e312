"""`main.py train`: what is asked for, checked before anything takes time."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainers.atomic_write import check_writable
from trainers.commands.command_line import CommandLine, UsageError, path_argument, whole_number
from trainers.commands.failures import say
from trainers.commands.interruption import Interruption
from trainers.commands.recipe_flags import add_recipe_flags, flag_of, given_settings, unused_flags
from trainers.device import DEVICES
from trainers.recipe import SETTINGS, Recipe, fitting_defaults

_EPILOG = (
    "The last line on stdout is one JSON object: the recipe, images per second, and figures on held-out images"
    ' ("test"). Ctrl+C saves the model and ends; --resume goes on from there. A long training is also saved every ten'
    " seconds."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """What to train, and where to put it.

    Attributes:
        recipe: Of a new model; None where one is resumed.
        resume: A model to go on with, or None.
        changes: Settings of a resumed model that are to change.
        out: File to write.
        device: An entry of `DEVICES`.
        threads: Threads of the processor that torch may use; None for one less than there are cores.
        download: Whether images may be downloaded.
        compiles: Whether the step is compiled before the training begins.
    """

    recipe: Recipe | None
    resume: Path | None
    changes: dict[str, object]
    out: Path
    device: str
    threads: int | None
    download: bool
    compiles: bool


def run(arguments: Sequence[str]) -> int:
    """Train as the words after `main.py train` say; gives the exit code."""
    order = read_order(arguments)
    with Interruption() as interruption:
        from trainers.commands.training import train  # brings torch, which takes seconds

        return train(order, interruption)


def read_order(arguments: Sequence[str]) -> TrainingOrder:
    """What the words of the command line ask for.

    Raises:
        UsageError, RecipeError: When that cannot be done.
    """
    options = _command_line().read(arguments)
    given = given_settings(options)
    out = options.out or options.resume
    if out is None:
        raise UsageError("Say where to write the model, such as --out model.safetensors.")
    if options.device not in DEVICES:
        raise UsageError(f"--device is {options.device!r}; choose one of {', '.join(DEVICES)}.")
    if options.resume is not None:
        fixed = [flag_of(name) for name in given if not SETTINGS[name].live]
        if fixed:
            raise UsageError(f"{fixed[0]} is fixed in the model that --resume goes on with; leave it out.")
        if not options.resume.is_file():
            raise UsageError(f"There is no file {options.resume} to go on with; check its name.")
        recipe = None
    else:
        settings = {**fitting_defaults(given), **given}
        recipe = Recipe(**settings)  # pyright: ignore[reportArgumentType] - checked at run time
        unused = unused_flags(recipe, given)
        if unused:
            say(f"{' and '.join(unused)} has no effect: a model of the family {recipe.family!r} does not use it.")
    try:
        check_writable(out)
    except OSError as error:
        raise UsageError(f"--out {out} cannot be written ({error.strerror}); choose another place.") from error
    return TrainingOrder(
        recipe=recipe,
        resume=options.resume,
        changes=given if recipe is None else {},
        out=out,
        device=options.device,
        threads=options.threads,
        download=options.download,
        compiles=options.compile,
    )


def _command_line() -> CommandLine:
    parser = CommandLine("main.py train", "Train a model and write it to a file.", _EPILOG)
    live = [flag_of(name) for name, setting in SETTINGS.items() if setting.live]
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=path_argument,
        help="File to write, such as vae.safetensors; an older one is replaced at the first save. With --resume it may"
        " be left out.",
    )
    parser.add_argument(
        "--resume",
        metavar="FILE",
        type=path_argument,
        help=f"Go on with the training of this model. {' and '.join(live)} may be given; --epochs is the new total.",
    )
    devices = "\n".join(f"  {name}: {sentence}" for name, sentence in DEVICES.items())
    parser.add_argument(
        "--device", metavar="NAME", default="auto", help=f"Where to compute.\n{devices}\nDefault: auto."
    )
    parser.add_argument(
        "--threads",
        metavar="N",
        type=whole_number(1, os.cpu_count() or 1),
        help="Threads of the processor to use; by default one less than there are cores.",
    )
    parser.add_argument(
        "--compile",
        action="store_true",
        help="Compile the step first, which takes some ten seconds, once for each kind of model: fully connected ones"
        " then train a tenth to a third faster on a processor. Losses differ by rounding from those without.",
    )
    parser.add_argument("--download", action="store_true", help="Download the images if they are not here yet.")
    parser.add_argument("--debug", action="store_true", help="Show the traceback of an error.")
    add_recipe_flags(parser)
    return parser
