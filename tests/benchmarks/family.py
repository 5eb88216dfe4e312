"""Families of rows, measured in a process of their own: what is found goes to stdout, a JSON object a line.

Each line says that a family begins, or holds a row, or a note.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from tests.benchmarks import FAMILIES_OF_ROWS, IN_ONE_WINDOW
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Row

Measure = Callable[..., Iterable[Row | str]]
"""Is given the plan, and before it the open window by those that look at one. Gives rows as they are measured; a text
says in one sentence what was left out, and why."""


def groups_of(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Which families share a process: those that look at the same window, in their order; any other has its own."""
    asked = tuple(names)
    together = tuple(name for name in IN_ONE_WINDOW if name in asked)
    groups = [together if name in together else (name,) for name in asked]
    return list(dict.fromkeys(groups))


def words_for(names: Sequence[str], plan: Plan) -> list[str]:
    """The command line that measures the families of a group."""
    flags = ["--quick"] if plan.quick else []
    numbers = ["--minutes", str(plan.minutes), "--threads", str(plan.threads)]
    return ["-m", __name__, *names, *numbers, "--images", plan.images, *flags]


def findings(names: Sequence[str], plan: Plan) -> Iterator[dict[str, Any]]:
    """What is told of one family after the other."""
    if names[0] not in IN_ONE_WINDOW:
        yield from _of_families(names, plan)
        return
    from tests.benchmarks.opened_window import OpenedWindow, usual_models

    with OpenedWindow(usual_models(), compiles=plan.compiles) as window:
        yield from _of_families(names, window, plan)


def _of_families(names: Sequence[str], *given: object) -> Iterator[dict[str, Any]]:
    for name in names:
        yield {"family": name}
        measure: Measure = import_module(f"tests.benchmarks.{name}").rows
        for found in measure(*given):
            yield {"note": found} if isinstance(found, str) else {"row": found.as_json()}


def main() -> None:
    """Measure the families that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="+", choices=FAMILIES_OF_ROWS)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    # What libraries print must not come between the rows.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    plan = Plan(quick=asked.quick, minutes=asked.minutes, threads=asked.threads, images=asked.images)
    for answer in findings(asked.names, plan):
        print(json.dumps(answer, allow_nan=False), file=answers, flush=True)
    answers.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
