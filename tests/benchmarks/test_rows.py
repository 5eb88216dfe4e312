"""Rows tell the truth about ratio and bar, and the files hold what they promise."""

import json
from dataclasses import replace
from typing import Literal

import pytest

from tests.benchmarks.row import KEYS, Bar, Row
from tests.benchmarks.table import as_markdown, as_text, cells, summary

USUAL = Row(name="points/update", work="Drawn.", unit="ms", ours=2.0, theirs=80.0)


def row(**more: object) -> Row:
    return replace(USUAL, **more)


@pytest.mark.parametrize(("better", "ratio"), [("more", 0.025), ("less", 40.0)])
def test_the_ratio_says_how_many_times_better_we_are(better: Literal["more", "less"], ratio: float) -> None:
    assert row(better=better).ratio == pytest.approx(ratio)


@pytest.mark.parametrize("missing", [{"ours": None}, {"theirs": None}, {"theirs": 0.0}])
def test_there_is_no_ratio_to_nothing(missing: dict[str, float | None]) -> None:
    assert row(**missing).ratio is None


@pytest.mark.parametrize(
    ("bar", "ours", "reached"),
    [
        (Bar("ours", "≤", 20.0), 20.0, True),
        (Bar("ours", "≤", 20.0), 20.1, False),
        (Bar("ours", "≥", 60.0), 60.0, True),
        (Bar("ours", "≥", 60.0), 59.9, False),
        (Bar("ratio", "≥", 30.0), 80 / 30, True),
        (Bar("ratio", "≥", 30.0), 80 / 29.9, False),
        (Bar("ours", "≤", 20.0), None, None),
        (None, 1.0, None),
    ],
)
def test_a_bar_is_reached_or_not_or_unknown(bar: Bar | None, ours: float | None, reached: bool | None) -> None:
    assert row(ours=ours, better="less", bar=bar).reached is reached


def test_a_ratio_that_cannot_be_had_reaches_no_bar() -> None:
    assert row(theirs=None, bar=Bar("ratio", "≥", 4.0)).reached is None


def test_a_row_in_a_file_has_these_keys_and_no_others() -> None:
    written = json.loads(json.dumps(row(better="less", bar=Bar("ratio", "≥", 30.0)).as_json(), allow_nan=False))
    assert written == {
        "name": "points/update",
        "work": "Drawn.",
        "ours": 2.0,
        "theirs": 80.0,
        "unit": "ms",
        "ratio": 40.0,
        "bar": "ratio ≥ 30",
        "reached": True,
    }
    assert tuple(written) == KEYS


def test_figures_that_are_no_numbers_are_not_written() -> None:
    with pytest.raises(AssertionError):
        row(ours=float("nan")).as_json()


def test_the_table_has_a_line_a_row_and_aligned_columns() -> None:
    rows = [
        row(better="less", bar=Bar("ratio", "≥", 30.0)).as_json(),
        row(name="points/pan-of-many", unit="frames/s", ours=1234.5, theirs=None).as_json(),
    ]
    heading, first, second = as_text(rows).splitlines()
    assert heading.index("unit") == first.index("ms") == second.index("frames/s")
    assert first.endswith("reached")
    assert "1,234" in second
    assert len(as_markdown(rows).splitlines()) == 4
    assert len({line.count("|") for line in as_markdown(rows).splitlines()}) == 1


@pytest.mark.parametrize(("ours", "mark"), [(2.0, "reached"), (80.0, "MISSED"), (None, "not measured")])
def test_the_table_marks_each_bar(ours: float | None, mark: str) -> None:
    assert cells(row(ours=ours, better="less", bar=Bar("ours", "≤", 20.0)).as_json())[-1] == mark


def test_the_summary_names_what_was_missed() -> None:
    bar = Bar("ours", "≤", 20.0)
    rows = [
        row(better="less", bar=bar).as_json(),
        row(name="slow", ours=21.0, better="less", bar=bar).as_json(),
        row(name="unknown", ours=None, better="less", bar=bar).as_json(),
        row(name="free").as_json(),
    ]
    assert summary(rows) == "1 of 3 bars reached. Not: slow, unknown."
