"""Times and counts in words, at the edges where a rounding would show."""

import pytest

from explorer.durations import count, duration


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (200, "3 min 20 s"),
        (599.6, "10 min"),
        (3599.6, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (840, "840"),
        (999.4, "999"),
        (999.6, "1.00 k"),
        (9_996, "10.0 k"),
        (12_345, "12.3 k"),
        (999_700, "1.00 M"),
        (2_100_000, "2.10 M"),
        (3.2e9, "3.20 G"),
    ],
)
def test_a_count_has_three_digits(number: float, text: str) -> None:
    assert count(number) == text
