"""A recipe in a word of the command line: a family, and settings that differ from the defaults."""

from collections.abc import Mapping

from trainers.commands.command_line import UsageError
from trainers.models import FAMILIES
from trainers.recipe import KINDS, SETTINGS, Recipe, fitting_defaults, settings_of


def recipe_of_words(word: str, shared: Mapping[str, object]) -> Recipe:
    """The recipe behind a word such as "vae:likelihood=gaussian,beta=2".

    Args:
        word: What was typed.
        shared: Settings of all recipes, by the name of the field.

    Raises:
        UsageError: When the word names a setting that there is not, that is given otherwise, or that the family does
            not read.
        RecipeError: When a value cannot be used.
    """
    family, changes = _parts(word)
    values: dict[str, object] = dict(shared)
    for name, text in changes.items():
        if name not in SETTINGS or SETTINGS[name].is_drawing:
            names = ", ".join(name for name in settings_of(family) if not SETTINGS[name].is_drawing)
            raise UsageError(f"{word!r} sets {name!r}, which is no setting; the {family} has {names}.")
        if name in ("family", "dataset", "seed"):
            raise UsageError(f"{word!r} sets {name!r}, which all models here share; leave it out.")
        if name not in settings_of(family):
            raise UsageError(f"{word!r} sets {name!r}, which a model of the family {family!r} does not use.")
        try:
            values[name] = KINDS[name](text)
        except ValueError:
            values[name] = text  # the recipe refuses it in its own words
    values = {**fitting_defaults({"family": family, **values}), **values}
    return Recipe(family=family, **values)  # pyright: ignore[reportArgumentType] - checked at run time


def described(word: str) -> str:
    """A label for such a recipe: "VAE", or "VAE, gaussian" with the values that were given."""
    family, changes = _parts(word)
    label = FAMILIES[family].label if family in FAMILIES else family
    return ", ".join([label, *(_value_text(name, text) for name, text in changes.items())])


def _value_text(name: str, text: str) -> str:
    """A choice speaks for itself; a number is told with the setting's name."""
    return text if KINDS.get(name) is str else f"{SETTINGS[name].label} {text}" if name in SETTINGS else text


def _parts(word: str) -> tuple[str, dict[str, str]]:
    family, colon, rest = word.partition(":")
    changes: dict[str, str] = {}
    for part in rest.split(",") if colon else ():
        name, equals, value = part.partition("=")
        if not equals:
            raise UsageError(f"{word!r} is no model; write a family and its settings, as in vae:likelihood=gaussian.")
        changes[name.strip().replace("-", "_")] = value.strip()
    if family not in FAMILIES:
        raise UsageError(f"There is no family {family!r}; choose of {', '.join(FAMILIES)}.")
    return family, changes
