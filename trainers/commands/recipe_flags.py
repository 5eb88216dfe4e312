"""The recipe's fields as options of a command line, generated from the recipe itself."""

import argparse
import dataclasses
from collections.abc import Mapping
from pathlib import Path

from trainers.commands.command_line import CommandLine, UsageError
from trainers.errors import DatasetError
from trainers.models import FAMILIES
from trainers.recipe import KINDS, SETTINGS, Recipe, settings_of


def flag_of(name: str) -> str:
    """The option of a recipe's field, such as "--learning-rate"."""
    return f"--{name.replace('_', '-')}"


def add_recipe_flags(parser: CommandLine) -> None:
    """Give the parser one option for each field, under the headings that the editor has."""
    defaults = dataclasses.asdict(Recipe())
    headings = dict.fromkeys(setting.group for setting in SETTINGS.values())
    groups = {heading: parser.add_argument_group(heading.lower()) for heading in headings}
    for name, setting in SETTINGS.items():
        lines = [setting.help, *(f"  {choice}: {sentence}" for choice, sentence in setting.choices.items())]
        if setting.is_drawing:
            lines.append("Taken from a picture, such as a PNG file. Without one, a heart.")
        elif not setting.choices:
            lines.append(f"From {setting.minimum:.15g} to {setting.maximum:.15g}.")
        users = [family.label for family in FAMILIES.values() if name in family.settings]
        if users:
            lines.append(f"Used by the {' and '.join(users)}.")
        if not setting.is_drawing:
            lines.append(f"Default: {defaults[name]}.")
        groups[setting.group].add_argument(
            flag_of(name), dest=name, metavar=_metavar(name), help="\n".join(lines).replace("%", "%%")
        )
        if setting.is_drawing:
            groups[setting.group].add_argument(
                f"{flag_of(name)}-inverted",
                dest=f"{name}_inverted",
                action="store_true",
                help="Let light places of that picture be dense, in place of dark ones.",
            )


def given_settings(options: argparse.Namespace) -> dict[str, object]:
    """From the name of each field that was given to its value, a number where one belongs.

    A text that is no number stays a text: the recipe refuses it in its own words. A drawing is read from its file.

    Raises:
        UsageError: When that cannot be done.
    """
    from trainers.drawing_file import read_drawing  # need numpy, which explanations come without
    from trainers.priors.drawing import encode_drawing

    given: dict[str, object] = {}
    for name, kind in KINDS.items():
        text = getattr(options, name)
        if text is not None and SETTINGS[name].is_drawing:
            try:
                drawing = read_drawing(Path(text).expanduser(), inverted=getattr(options, f"{name}_inverted"))
            except DatasetError as error:
                raise UsageError(f"{flag_of(name)}: {error}") from error
            given[name] = encode_drawing(drawing)
        elif text is not None:
            try:
                given[name] = kind(text)
            except ValueError:
                given[name] = text
    return given


def unused_flags(recipe: Recipe, given: Mapping[str, object]) -> tuple[str, ...]:
    """The options that were given but that a model of the recipe's family does not read."""
    used = settings_of(recipe.family, recipe.prior)
    return tuple(flag_of(name) for name in given if name not in used)


def _metavar(name: str) -> str:
    if SETTINGS[name].is_drawing:
        return "FILE"
    if SETTINGS[name].free_text:
        return "NAME|PATH"
    return "NAME" if KINDS[name] is str else "N" if KINDS[name] is int else "X"
