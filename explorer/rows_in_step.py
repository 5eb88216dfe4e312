"""Figures that are held back until those of all models of a round are there, so that a row changes at one blow."""

from explorer.metric_thread import Measured


class RowsInStep:
    """Without it a row would hold figures of two moments while a round lasts, and the marks of the best would go out.

    A result of a model that leaves, because it is measured or will not be, is let out as soon as nobody else is
    waited for.
    """

    def __init__(self) -> None:
        self._runs: set[str] = set()
        self._told: dict[str, set[str]] = {}  # by metric, models whose result has come
        self._held: dict[str, list[Measured]] = {}

    def begin(self, runs: tuple[str, ...]) -> tuple[Measured, ...]:
        """Wait for these models from now on; gives what is still held of those before."""
        held = self._let_out()
        self._runs, self._told = set(runs), {}
        return held

    def take(self, measured: Measured, *, at_once: bool) -> tuple[Measured, ...]:
        """Take a result; gives those whose turn has come, which it is among where it is wanted `at_once`."""
        self._told.setdefault(measured.name, set()).add(measured.occasion.run)
        if not at_once:
            self._held.setdefault(measured.name, []).append(measured)
        told = (measured,) if at_once else ()
        return (*told, *self._held.pop(measured.name, ())) if self._is_complete(measured.name) else told

    def leave(self, run: str) -> tuple[Measured, ...]:
        """Wait for a model no more; gives the results whose turn has come."""
        self._runs.discard(run)
        complete = [name for name in self._held if self._is_complete(name)]
        return tuple(measured for name in complete for measured in self._held.pop(name))

    def _is_complete(self, name: str) -> bool:
        return self._runs <= self._told.get(name, set())

    def _let_out(self) -> tuple[Measured, ...]:
        held = tuple(measured for of_row in self._held.values() for measured in of_row)
        self._held = {}
        return held
