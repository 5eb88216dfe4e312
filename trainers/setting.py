"""One field of a recipe as a person meets it: what it is called, what it may be, and why a value cannot be used."""

import math
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How one field of the recipe is asked for, in the editor, on the command line and in an error.

    Attributes:
        label: Its name in the window.
        help: One sentence that says what it does.
        group: Heading under which it stands.
        choices: From each allowed value to one sentence about it; empty for numbers and free text.
        choice_labels: What a list shows for a value; the others are shown by `choice_label` as they are written.
        minimum: Smallest allowed number.
        maximum: Largest allowed number.
        step: What one step up adds, where steps are sums.
        zero: What the number 0 stands for, where it is more than a number.
        logarithmic: Whether its steps are factors rather than sums.
        live: Whether it can be changed while the model trains.
        free_text: Whether other values than the choices are allowed, such as a path.
        files: Patterns of the files that such a path may name, such as "*.npz".
        is_drawing: Whether the text holds a picture: it is drawn, or taken from a file, rather than typed.
        check: From a text to one sentence on why it cannot be used, or None; in place of every other check of texts.
    """

    label: str
    help: str
    group: str
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    choice_labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    minimum: float = -math.inf
    maximum: float = math.inf
    step: float = 1.0
    zero: str = ""
    logarithmic: bool = False
    live: bool = False
    free_text: bool = False
    files: tuple[str, ...] = ()
    is_drawing: bool = False
    check: Callable[[str], str | None] | None = None

    def choice_label(self, value: str) -> str:
        """What a list shows for one of the choices."""
        return self.choice_labels.get(value) or value.replace("-", " ").capitalize()

    def problem(self, value: object, kind: type) -> str | None:
        """One sentence on why `value` cannot be used where a `kind` belongs, or None."""
        if kind is str:
            return self._text_problem(value)
        if not isinstance(value, int | float) or isinstance(value, bool) or (kind is int and isinstance(value, float)):
            return f"{self.label} is {shortened(value)}; give a {'whole ' if kind is int else ''}number."
        if not self.minimum <= value <= self.maximum:  # also refuses NaN
            return f"{self.label} is {shortened(value)}; choose from {self.minimum:.15g} to {self.maximum:.15g}."
        return None

    def _text_problem(self, value: object) -> str | None:
        if not isinstance(value, str):
            return f"{self.label} is {shortened(value)}; give text."
        if self.check is not None:
            return self.check(value)
        if not self.free_text and self.choices and value not in self.choices:
            return f"{self.label} is {shortened(value)}; choose one of {', '.join(self.choices)}."
        if not value.strip():
            return f"{self.label} is empty; give a name or a path."
        if "\0" in value:
            return f"{self.label} is {shortened(value)}, which holds a null character; give a name or a path."
        return None


def shortened(value: object) -> str:
    """A value as a person would write it, and never longer than a few words: for sentences about wrong values."""
    if isinstance(value, int) and abs(value) >= 10**15:
        return "too large" if value > 0 else "too small"
    return reprlib.repr(value)
