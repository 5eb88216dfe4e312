"""The same models in lockstep without any window: a process that is told when to train, and tells its pace."""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from trainers.recipe import Recipe


class BareLoop:
    """The process, from outside; use it in a `with` statement. Between two measurements it sleeps.

    Args:
        recipes: What to train.
        threads: Of torch; 0 for as many as the window gives its training.
        seconds: How long to train before the first measurement, at most.
        compiles: Whether steps are compiled.
    """

    def __init__(self, recipes: Sequence[Recipe], *, threads: int = 0, seconds: float, compiles: bool) -> None:
        texts = [recipe.to_json() for recipe in recipes]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", __name__, "--threads", str(threads), "--settle", str(seconds)),
                *(["--compile"] if compiles else []),
                *texts,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()

    def images_per_second(self, seconds: float) -> float:
        """Train for so long; the pace of all models together."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> float:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"The bare loop ended with exit code {self._process.wait()}.")
        return float(json.loads(line))


def main() -> None:
    """Train in lockstep whenever a line says for how many seconds, and answer with images a second."""
    from tests.benchmarks.measuring import pace
    from tests.benchmarks.our_loop import lockstep, settle
    from trainers.datasets.loading import load_images
    from trainers.device import limit_threads
    from trainers.freed_memory import keep_freed_memory

    parser = argparse.ArgumentParser()
    parser.add_argument("recipes", nargs="+", type=Recipe.from_json)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--settle", type=float, required=True)
    parser.add_argument("--compile", action="store_true")
    asked = parser.parse_args()
    limit_threads(asked.threads or None)
    keep_freed_memory()
    first: Recipe = asked.recipes[0]
    images = load_images(first.dataset, image_size=first.image_size)
    step = lockstep(asked.recipes, images, "cpu", compiles=asked.compile)
    settle(step, asked.settle)
    print(0.0, flush=True)  # noqa: T201 - its answer
    for line in sys.stdin:
        print(pace(step, float(line)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
