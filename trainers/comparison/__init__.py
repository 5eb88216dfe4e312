"""Several models on the same images and the same noise, metric beside metric, and how such a table is written down.

Map: `contender` is one model that takes part, or several that differ by their seed; `choosing` finds metrics by name or
group; `comparing` measures them; `comparison` is the table that comes out, and says which model is best where the
spread allows. `number_text` writes one figure, `wording` has the words around it; `markdown`, `latex`,
`comma_separated` and `json_document` write all of it. What comes out, and its forms, need no torch.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.comparison.comparison import Comparison


class FormatListing(Listing):
    """A form in which a comparison can be copied or printed; its target makes text of it."""

    if TYPE_CHECKING:

        def load(self) -> Callable[[Comparison], str]:
            """Import and return the function that writes it."""
            ...


FORMATS: dict[str, FormatListing] = {
    "markdown": FormatListing(
        label="Markdown",
        title="Markdown table",
        summary="A table for README files and notes, with the best in bold.",
        target="trainers.comparison.markdown:to_markdown",
    ),
    "csv": FormatListing(
        label="CSV",
        title="Comma-separated values",
        summary="One line for each figure, with its interval, for spreadsheets and scripts.",
        target="trainers.comparison.comma_separated:to_csv",
    ),
    "latex": FormatListing(
        label="LaTeX",
        title="LaTeX table",
        summary="A tabular environment that needs no package.",
        target="trainers.comparison.latex:to_latex",
    ),
    "json": FormatListing(
        label="JSON",
        title="JSON document",
        summary="Everything, for programs.",
        target="trainers.comparison.json_document:to_json",
    ),
}
