"""One row of a table: what a thing is called, and where its code is.

The tables of families, priors and datasets are read by the window's first frame and by `--help`, long before torch is
imported. A row therefore names its class and imports it only when asked.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One entry of a table.

    Attributes:
        label: What a button or a column shows, such as "VAE".
        title: The full name.
        summary: One sentence for a tooltip.
        target: "module:name" of the class or function behind the entry.
    """

    label: str
    title: str
    summary: str
    target: str

    def load(self) -> Any:  # noqa: ANN401 - each table narrows this to its own type
        """Import and return the class or function behind the entry."""
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)
