"""The report is one page that needs no other, holds everything, and cannot be broken by names."""

from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from tests.trainers.tiny_runs import digits, run_of
from trainers.claims import CLAIMS
from trainers.claims.checking import check_claims
from trainers.claims.verdict import Verdict, untested
from trainers.comparison.comparing import compare
from trainers.comparison.contender import Contender
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe
from trainers.report.plots import curve, interval_strip, tick_values
from trainers.report.report import Report, report_page
from trainers.run import TrainingRun

EMPTY = {"meta", "img", "br", "line", "circle", "path", "rect", "image", "polyline", "link"}


class Reader(HTMLParser):
    """Reads a page; notes what it refers to, and that every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "srcset")]
        assert not any(name.startswith("on") for name, _ in attrs), attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element that is closed at once."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        """An element ends."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


@cache
def runs() -> tuple[TrainingRun, ...]:
    recipes = (
        Recipe(family="ae", batch_size=32),
        Recipe(family="vae", batch_size=32, latent_dim=3),
        Recipe(family="aae", batch_size=32, prior="ring"),
    )
    return tuple(run_of(recipe, digits(), steps=12) for recipe in recipes)


def report_of(labels: tuple[str, ...] = ("AE", "VAE", "AAE"), verdicts: dict[str, Verdict] | None = None) -> Report:
    contenders = tuple(
        Contender(label=label, evidences=(Evidence.of_run(run, limit=80),), images_seen=run.images_seen)
        for label, run in zip(labels, runs(), strict=True)
    )
    return Report(
        comparison=compare(contenders, ("squared-error", "elbo", "wasserstein")),
        contenders=contenders,
        verdicts=verdicts or {},
        losses=tuple(run.losses() for run in runs()),
        command="main.py compare a.safetensors --html 'r & s.html'",
    )


def test_the_page_needs_no_other_and_no_script() -> None:
    reader = read(report_page(report_of()))
    assert "script" not in reader.tags
    assert "link" not in reader.tags
    for address in reader.addresses:
        assert address.startswith(("data:image/png;base64,", "#")), address[:60]
    anchors = {address for address in reader.addresses if address.startswith("#")}
    assert anchors == {"#figures", "#models", "#reading", "#made"}  # and none to claims that were not checked


def test_the_page_shows_everything() -> None:
    reader = read(report_page(report_of()))
    for words in (
        "AE, VAE and AAE on Digits",
        "Squared error of reconstructions",
        "80 held-out images",
        "two principal components",
        "What is decoded all over",
        "dashed, N(0, I), of which it knows nothing",
        "dashed, the prior",
        "New images",
        "discriminator",
        "Latent dimensions",
        "main.py compare a.safetensors --html 'r & s.html'",
    ):
        assert words in reader.text, words
    pictures = [address for address in reader.addresses if address.startswith("data:")]
    assert len(pictures) == 3 * 4
    assert len(set(pictures)) == 3 * 4


def test_claims_stand_with_verdict_and_picture() -> None:
    report = report_of()
    verdicts = check_claims(report.contenders, ("ae-range", "vae-noise")) | {"aae-fills-prior": untested("an AAE")}
    reader = read(report_page(report_of(verdicts=verdicts)))
    assert "#claims" in reader.addresses
    assert len([address for address in reader.addresses if address.startswith("data:")]) == 3 * 4 + 2
    for name, verdict in verdicts.items():
        for words in (CLAIMS[name].title, CLAIMS[name].statement, CLAIMS[name].source, verdict.sentence, verdict.words):
            assert words in reader.text, words


def test_no_name_can_break_the_page() -> None:
    hostile = '<script>alert("1")</script>'
    page = report_page(report_of((hostile, "a & b", "</main>")))
    assert "<script" not in page
    reader = read(page)
    assert hostile in reader.text
    assert "a & b" in reader.text


def test_equal_reports_give_equal_pages() -> None:
    assert report_page(report_of()) == report_page(report_of())


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [(-3.1, 3.1, [-2, 0, 2]), (0, 10, [0, 2, 4, 6, 8, 10]), (-0.0021, 0.004, [-0.002, 0, 0.002, 0.004])],
)
def test_ticks_are_round_numbers(low: float, high: float, ticks: list[float]) -> None:
    assert tick_values(low, high) == pytest.approx(ticks)


def test_intervals_of_a_row_share_a_scale() -> None:
    left, right = (
        interval_strip(Figure(value=value, low=value - 0.5, high=value + 0.5, count=9), 0.5, 3.5)
        for value in (1.0, 3.0)
    )
    assert 'x1="4.0"' in left
    assert 'x2="108.0"' in right


def test_a_curve_wants_two_points() -> None:
    assert curve("kl", np.array([1.0], np.float32), np.array([2.0], np.float32)) == ""
    drawn = curve("kl", np.arange(1000, dtype=np.float32), np.linspace(9, 2, 1000, dtype=np.float32))
    assert "2.00" in drawn
    assert drawn.count(",") < 300
