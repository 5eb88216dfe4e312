"""Time that other machines took is told family by family."""

from pathlib import Path

import pytest

from tests.benchmarks import stolen_time
from tests.benchmarks.stolen_time import StolenTime, stolen_seconds


def test_each_family_has_its_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counters, moments = tmp_path / "stat", iter((100.0, 110.0, 130.0))
    monkeypatch.setattr(stolen_time, "_COUNTERS", counters)
    monkeypatch.setattr(stolen_time.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(stolen_time.os, "sysconf", {"SC_CLK_TCK": 100}.__getitem__)
    monkeypatch.setattr(stolen_time.time, "monotonic", lambda: next(moments))
    watch = StolenTime()
    for family, ticks in (("clicks", 500), ("gaps", 600), (None, 1600)):
        counters.write_text(f"cpu  9 9 9 9 9 9 9 {ticks} 0 0\ncpu0 1 1\n", encoding="ascii")
        watch.turn_to(family)
    assert watch.shares == pytest.approx({"clicks": 1.0 / 20.0, "gaps": 10.0 / 40.0})
    assert watch.sentence().endswith(": clicks 5.0%, gaps 25.0%.")


def test_where_the_system_does_not_tell_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stolen_time, "_COUNTERS", tmp_path / "stat")
    watch = StolenTime()
    watch.turn_to("gaps")
    watch.turn_to(None)
    assert watch.shares == {}
    (tmp_path / "stat").write_text("cpu 1 2 3 4\n", encoding="ascii")
    assert stolen_seconds() is None
