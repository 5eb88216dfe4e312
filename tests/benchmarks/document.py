"""The last table in `docs/performance.md`, put there by the run itself, so that nobody copies figures by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.row import RowJson
from tests.benchmarks.table import as_markdown, summary

DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
HEADING = "## The last run\n"


def with_last_run(text: str, machine: Mapping[str, Any], rows: Sequence[RowJson]) -> str:
    """The document with this run as the last; it ends with the table."""
    before, heading, _ = text.partition(HEADING)
    assert heading, f"the document has no {HEADING.strip()!r}"
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items() if version)
    where = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB; {machine['system']}; Python"
        f" {machine['python']}, {packages}; window {machine['display']}; load at the start {machine['load_at_start']};"
        f" {machine['minutes']} minutes."
    )
    notes = "".join(f"\n\n{note}" for note in machine["notes"])
    return f"{before}{HEADING}\n{where}{notes}\n\n{summary(rows)}\n\n{as_markdown(rows)}\n"
