"""Time in which the processors of a virtual machine were given to others: what it takes is missing in every figure."""

import os
import time
from pathlib import Path

_COUNTERS = Path("/proc/stat")
_STOLEN = 8  # the eighth counter after the name of the line, see proc_stat(5)


class StolenTime:
    """How much was stolen while each family was measured; empty where the system does not tell."""

    def __init__(self) -> None:
        self.shares: dict[str, float] = {}
        self._family: str | None = None
        self._since = (0.0, 0.0)

    def turn_to(self, family: str | None) -> None:
        """Another family begins, or none."""
        stolen = stolen_seconds()
        if stolen is None:
            return
        now = time.monotonic()
        if self._family is not None:
            then, before = self._since
            self.shares[self._family] = (stolen - before) / max(now - then, 1e-9) / (os.cpu_count() or 1)
        self._family, self._since = family, (now, stolen)

    def sentence(self) -> str:
        """What to say of it."""
        shares = ", ".join(f"{family} {share:.1%}" for family, share in self.shares.items())
        return f"Share of the processors' time that went to other machines on the same hardware: {shares}."


def stolen_seconds() -> float | None:
    """Seconds stolen since the machine was started, of all cores together; None where the system does not tell."""
    if not _COUNTERS.is_file():
        return None
    counters = _COUNTERS.read_text(encoding="ascii").split("\n", 1)[0].split()
    return int(counters[_STOLEN]) / os.sysconf("SC_CLK_TCK") if len(counters) > _STOLEN else None
