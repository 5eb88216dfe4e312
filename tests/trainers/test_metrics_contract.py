"""Every metric of the table keeps the promises of the table, on models of every kind."""

import math
from functools import cache

import pytest

from tests.trainers.planted_models import noise_set
from tests.trainers.tiny_runs import digits, run_of
from trainers.errors import Cancelled
from trainers.images import ImageSet
from trainers.metrics import GROUPS, LABELS, METRICS, POSTERIOR
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe

LIMIT = 60
MODELS = ("ae", "vae", "aae")


@cache
def evidence_on(family: str) -> Evidence:
    return Evidence.of_run(run_of(Recipe(family=family, batch_size=32), digits(), steps=30), limit=LIMIT)


@cache
def unlabelled_evidence() -> Evidence:
    images: ImageSet = noise_set(64, 64)
    return Evidence.of_run(run_of(Recipe(family="vae", batch_size=32), images), limit=LIMIT)


def measured(name: str, evidence: Evidence) -> Figure:
    figure = METRICS[name].load()(evidence)
    assert figure is not None
    return figure


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_says_what_it_is(name: str) -> None:
    listing = METRICS[name]
    assert listing.group in GROUPS
    assert listing.better in ("higher", "lower", "near 1", "")
    assert listing.needs in (POSTERIOR, LABELS, "")
    assert listing.summary.endswith(".")


@pytest.mark.parametrize("family", MODELS)
@pytest.mark.parametrize("name", METRICS)
def test_a_figure_is_finite_and_within_its_interval(name: str, family: str) -> None:
    evidence = evidence_on(family)
    has_posterior = evidence.posterior_ND is not None
    assert has_posterior == (family == "vae")
    if METRICS[name].needs == POSTERIOR and not has_posterior:
        assert METRICS[name].load()(evidence) is None
        return
    figure = measured(name, evidence)
    assert math.isfinite(figure.value)
    assert figure.low <= figure.value <= figure.high
    assert figure.low < figure.high or figure.value in (0, 1, 100)
    assert 0 < figure.count <= 2 * LIMIT
    assert figure.resamples_R is not None


@pytest.mark.parametrize("name", [name for name, listing in METRICS.items() if listing.needs == LABELS])
def test_without_labels_there_is_no_figure_that_needs_them(name: str) -> None:
    assert METRICS[name].load()(unlabelled_evidence()) is None


@pytest.mark.parametrize("name", METRICS)
def test_figures_are_the_same_again(name: str) -> None:
    old = evidence_on("vae")
    again = Evidence(old.model, old.images, limit=LIMIT)
    one, other = measured(name, old), measured(name, again)
    assert (one.value, one.low, one.high) == (other.value, other.low, other.high)


@pytest.mark.parametrize("name", METRICS)
def test_work_can_be_ended(name: str) -> None:
    def end() -> None:
        raise Cancelled("enough")

    old = evidence_on("vae")
    with pytest.raises(Cancelled):
        METRICS[name].load()(Evidence(old.model, old.images, limit=LIMIT, pulse=end))
