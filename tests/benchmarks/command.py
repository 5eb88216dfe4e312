"""`python -m tests.benchmarks`: runs the families of rows one after the other, prints the table, writes JSON."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import FAMILIES_OF_ROWS
from tests.benchmarks.document import DOCUMENT, with_last_run
from tests.benchmarks.family import groups_of, words_for
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.mnist import mnist_in
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import RowJson
from tests.benchmarks.stolen_time import StolenTime
from tests.benchmarks.table import as_text, summary

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Findings:
    """All that was measured, and one sentence on each thing that was not."""

    rows: list[RowJson] = field(default_factory=list[RowJson])
    notes: list[str] = field(default_factory=list[str])
    failed: list[str] = field(default_factory=list[str])
    stolen: StolenTime = field(default_factory=StolenTime)

    def as_json(self, machine: Mapping[str, Any]) -> dict[str, Any]:
        """What is written to a file."""
        return {"machine": {**machine, "notes": self.notes}, "rows": self.rows}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; the exit code is 1 when a family could not be measured, 2 for wrong use."""
    asked = _command_line().parse_args(arguments)
    if asked.record and (asked.quick or asked.only):
        print("--record is for a whole run: leave --quick and --only away.", file=sys.stderr)  # noqa: T201
        return 2
    machine, findings, start = describe_machine(), Findings(), time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder, images = mnist_in(Path(scratch))
        minutes = 0.15 if asked.quick else asked.minutes
        plan = Plan(quick=asked.quick, minutes=minutes, threads=asked.threads, images=images)
        environment = environment_for(Path(scratch), folder)
        for names in groups_of(asked.only or FAMILIES_OF_ROWS):
            begun = time.monotonic()
            measure(names, plan, environment, findings)
            _tell(f"{', '.join(names)} took {time.monotonic() - begun:.0f} s.\n")
    machine["minutes"] = round((time.monotonic() - start) / 60, 1)
    if findings.stolen.shares:
        findings.notes.append(findings.stolen.sentence())
    found = findings.as_json(machine)
    _tell(as_text(findings.rows))
    _tell("\n".join((*findings.notes, summary(findings.rows))))
    if asked.json is not None:
        text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
        asked.json.write_text(text + "\n", encoding="utf-8")
    if asked.record:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(with_last_run(text, found["machine"], findings.rows), encoding="utf-8")
    if findings.failed:
        print(f"Could not be measured: {', '.join(findings.failed)}.", file=sys.stderr)  # noqa: T201
    return 1 if findings.failed else 0


def environment_for(scratch: Path, datasets: Path) -> dict[str, str]:
    """What the processes find: folders of their own instead of the person's, and the images.

    The window opens on the display where there is one, else where nobody sees it.
    """
    own = {name: str(scratch / name.lower()) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    chosen = {**own, "LATENT_EXPLORER_DATA": str(datasets)}
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        chosen["QT_QPA_PLATFORM"] = "offscreen"
    # Modules are compiled at the first import, as people have them, and not at every start.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | chosen


def measure(names: Sequence[str], plan: Plan, environment: Mapping[str, str], findings: Findings) -> None:
    """Measure the families of one process, and add what it gives; where it fails, other processes go on."""
    done = 0
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints,
        subprocess.Popen(
            [sys.executable, *words_for(names, plan)],
            cwd=ROOT,
            env=dict(environment),
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            answer: dict[str, Any] = json.loads(line)
            if "family" in answer:
                done = names.index(answer["family"])
                findings.stolen.turn_to(answer["family"])
                _tell(f"{answer['family']}: {FAMILIES_OF_ROWS[answer['family']]}")
            elif "row" in answer:
                findings.rows.append(answer["row"])
                _tell("  " + as_text([answer["row"]]).splitlines()[1])
            else:
                findings.notes.append(answer["note"])
                _tell("  " + answer["note"])
        findings.stolen.turn_to(None)
        if process.wait():
            findings.failed.extend(names[done:])
            complaints.seek(0)
            print(complaints.read()[-3000:], file=sys.stderr)  # noqa: T201


def _tell(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the answer of this command


def _command_line() -> argparse.ArgumentParser:
    families = "\n".join(f"  {name:10}{text}" for name, text in FAMILIES_OF_ROWS.items())
    parser = argparse.ArgumentParser(
        "python -m tests.benchmarks",
        description=f"Measure the program beside what people would use instead.\n\nFamilies of rows:\n{families}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=FAMILIES_OF_ROWS, help="Measure these families.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write machine and rows to this file.")
    parser.add_argument("--record", action="store_true", help="Put the table into docs/performance.md.")
    parser.add_argument("--minutes", type=float, default=Plan().minutes, help="How long to watch the memory.")
    parser.add_argument("--threads", type=int, default=0, help="Of training loops without a window; 0 for all cores.")
    parser.add_argument("--quick", action="store_true", help="See that it runs; the figures say nothing.")
    return parser
