"""One family of rows, measured in a process of its own: rows and notes go to stdout, a JSON object a line."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module

from tests.benchmarks import FAMILIES_OF_ROWS
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Row

Measure = Callable[[Plan], Iterable[Row | str]]
"""Gives rows as they are measured; a text says in one sentence what was left out, and why."""


def words_for(name: str, plan: Plan) -> list[str]:
    """The command line that measures a family."""
    flags = ["--quick"] if plan.quick else []
    numbers = ["--minutes", str(plan.minutes), "--threads", str(plan.threads)]
    return ["-m", __name__, name, *numbers, "--images", plan.images, *flags]


def main() -> None:
    """Measure the family that the command line names."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=FAMILIES_OF_ROWS)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    # What libraries print must not come between the rows.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    measure: Measure = import_module(f"tests.benchmarks.{asked.name}").rows
    plan = Plan(quick=asked.quick, minutes=asked.minutes, threads=asked.threads, images=asked.images)
    for found in measure(plan):
        answer = {"note": found} if isinstance(found, str) else {"row": found.as_json()}
        print(json.dumps(answer, allow_nan=False), file=answers, flush=True)
    answers.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
