"""When the training thread looks up from its steps, on a clock that the test winds."""

import pytest

from explorer import pacing
from explorer.pacing import (
    FASTEST,
    KEEP_AT_LEAST_EVERY,
    KEEP_EVERY,
    KEEP_SHARE,
    ROOM_S,
    SHARE,
    SLOWEST,
    TELL_EVERY,
    KeepBudget,
    PaceMeter,
    PublicationBudget,
    RoomForTheWindow,
)
from tests.stand_in_clock import StandInClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandInClock:
    clock = StandInClock()
    monkeypatch.setattr(pacing, "time", clock)
    return clock


def test_room_is_given_for_a_moment_after_it_was_asked_for(clock: StandInClock) -> None:
    room, start = RoomForTheWindow(), clock.now
    room.give()
    assert clock.now == start, "nobody asked"
    room.ask()
    clock.now += ROOM_S / 4
    room.ask()
    clock.now += ROOM_S / 4
    room.give()
    assert clock.now == pytest.approx(start + 1.25 * ROOM_S)
    at_the_end = clock.now
    room.give()
    assert clock.now == at_the_end


@pytest.mark.parametrize(
    ("seconds", "runs", "wait"),
    [
        (0.0, 1, FASTEST),
        (0.006, 1, 0.006 / SHARE),
        (0.004, 3, 3 * 0.004 / SHARE),
        (4.0, 3, SLOWEST),
    ],
)
def test_publications_take_a_share_of_the_time(clock: StandInClock, seconds: float, runs: int, wait: float) -> None:
    budget = PublicationBudget()
    assert budget.is_due("a")
    with budget.publication("a", runs) as encoding:
        assert 0 < encoding < SHARE
        clock.now += seconds
    assert not budget.is_due("a")
    assert budget.is_due("b"), "each run has a rhythm of its own"
    clock.now += wait * 0.99
    assert not budget.is_due("a")
    clock.now += wait * 0.02
    assert budget.is_due("a")


def test_the_pace_is_that_of_the_last_seconds(clock: StandInClock) -> None:
    meter = PaceMeter()
    meter.start()
    assert meter.images_per_second() == 0
    for _ in range(20):
        clock.now += TELL_EVERY
        meter.count(50)
        assert meter.is_due()
        assert not meter.is_due(), "twice a second is enough"
    assert meter.images_per_second() == pytest.approx(100)
    for _ in range(20):
        clock.now += TELL_EVERY
        meter.count(500)
        meter.is_due()
    assert meter.images_per_second() == pytest.approx(1000)


def test_a_pause_does_not_slow_the_pace(clock: StandInClock) -> None:
    meter = PaceMeter()
    meter.start()
    clock.now += 1
    meter.count(100)
    meter.is_due()
    clock.now += 3600
    meter.start()
    assert meter.images_per_second() == 0
    clock.now += 1
    meter.count(100)
    meter.is_due()
    assert meter.images_per_second() == pytest.approx(100)


@pytest.mark.parametrize(
    ("seconds", "wait"), [(0.01, KEEP_EVERY), (0.12, 0.12 / KEEP_SHARE), (2.0, KEEP_AT_LEAST_EVERY)]
)
def test_copies_are_kept_now_and_then(clock: StandInClock, seconds: float, wait: float) -> None:
    budget = KeepBudget()
    assert not budget.is_due()
    clock.now += KEEP_EVERY
    assert budget.is_due()
    with budget.keeping():
        clock.now += seconds
    clock.now += wait * 0.99
    assert not budget.is_due()
    clock.now += wait * 0.02
    assert budget.is_due()
