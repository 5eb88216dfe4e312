"""The watch counts time only while models train, and sees what the process takes."""

import numpy as np
import pytest

from tests.benchmarks import memory_watch
from tests.benchmarks.memory_watch import MemoryWatch, resident_mb
from tests.stand_in_clock import StandInClock


@pytest.mark.skipif(resident_mb() is None, reason="this system tells no process's memory in a file")
@pytest.mark.usefixtures("qapp")
def test_pauses_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = StandInClock()
    monkeypatch.setattr(memory_watch, "time", clock)
    watch = MemoryWatch()
    for _ in range(2):
        watch.begin()
        clock.now += 90
        watch.end()
        clock.now += 1000
    assert watch.trained == pytest.approx(3.0)
    assert watch.minutes == pytest.approx([1.5, 3.0])
    assert len(watch.sizes) == 2


@pytest.mark.skipif(resident_mb() is None, reason="this system tells no process's memory in a file")
def test_it_sees_what_the_process_takes() -> None:
    before = resident_mb()
    taken = np.ones(8 * 2**20)  # 64 MB, touched
    after = resident_mb()
    assert before is not None
    assert after is not None
    assert 50 < after - before < 100
    assert taken.nbytes == 64 * 2**20
