"""Models beside each other: what is measured, who is marked as better, and how it is written down."""

import csv
import io
import json
from collections.abc import Sequence
from functools import cache

import pytest

from tests.trainers.planted_models import lossless_model, noise_set
from tests.trainers.tiny_runs import digits, run_of
from trainers.comparison import FORMATS
from trainers.comparison.choosing import QUICK, chosen_metrics
from trainers.comparison.comparing import compare, measured
from trainers.comparison.comparison import ComparedModel, Comparison
from trainers.comparison.contender import Contender, distinct_labels
from trainers.comparison.latex import escaped
from trainers.comparison.number_text import figure_text, interval_text
from trainers.comparison.wording import seeds_text
from trainers.datasets.loading_job import Progress
from trainers.errors import Cancelled, DatasetError, LatentExplorerError
from trainers.metrics import METRICS
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.recipe import Recipe

LIMIT = 60


def figure(value: float, half: float, note: str = "") -> Figure:
    return Figure(value=value, low=value - half, high=value + half, count=100, note=note)


def comparison_of(cells: dict[str, Sequence[Figure | str]], labels: Sequence[str] = ("A", "B", "C")) -> Comparison:
    count = len(next(iter(cells.values())))
    models = tuple(ComparedModel(label=label, recipe=Recipe(), seeds=(0,)) for label in labels[:count])
    return Comparison(
        dataset="digits", held_out=100, models=models, cells={name: tuple(row) for name, row in cells.items()}
    )


@cache
def trained_contenders() -> tuple[Contender, ...]:
    def evidence(family: str, seed: int) -> Evidence:
        run = run_of(Recipe(family=family, batch_size=32, seed=seed), digits(), steps=20)
        return Evidence.of_run(run, limit=LIMIT)

    return (
        Contender(label="AE", evidences=(evidence("ae", 0),)),
        Contender(label="VAE", evidences=tuple(evidence("vae", seed) for seed in range(3))),
    )


@cache
def real_comparison() -> Comparison:
    return compare(trained_contenders(), ("squared-error", "elbo", "coverage", "wasserstein"))


@pytest.mark.parametrize(
    ("metric", "values", "standings"),
    [
        ("squared-error", [(1, 0.1), (2, 0.1), (3, 0.1)], ("best", "", "")),
        ("coverage", [(1, 0.1), (2, 0.1), (3, 0.1)], ("", "", "best")),
        ("squared-error", [(1, 0.1), (1.05, 0.1), (3, 0.1)], ("leading", "leading", "")),
        ("squared-error", [(1, 0.1), (1.05, 0.1), (0.95, 0.1)], ("", "", "")),
        (
            "squared-error",
            [(1, 0.1), (2, 0.1), (2, 5)],
            ("leading", "", ""),
        ),  # a wide spread shields, and leads nothing
        ("kl", [(1, 0.1), (2, 0.1), (3, 0.1)], ("", "", "")),
        ("sharpness-samples", [(0.2, 0.01), (0.9, 0.01), (0.5, 0.01)], ("", "best", "")),
        ("squared-error", [(1, 0.1)], ("",)),
    ],
)
def test_better_is_marked_where_the_spread_allows(
    metric: str, values: list[tuple[float, float]], standings: tuple[str, ...]
) -> None:
    table = comparison_of({metric: [figure(*value) for value in values]})
    assert table.standings(metric) == standings
    assert tuple(table.standing(metric, index) for index in range(len(values))) == standings


def test_models_without_a_figure_take_no_part() -> None:
    table = comparison_of({"elbo": ["It needs a posterior.", figure(-140, 1), figure(-150, 1)]})
    assert table.standings("elbo") == ("", "best", "")
    assert table.figure("elbo", 0) is None
    alone = comparison_of({"elbo": ["It needs a posterior.", figure(-140, 1)]})
    assert alone.standings("elbo") == ("", "")


def test_figures_in_other_features_are_not_compared() -> None:
    table = comparison_of({"frechet-samples": [figure(1, 0.1, "one network"), figure(9, 0.1, "another")]})
    assert table.standings("frechet-samples") == ("", "")
    assert table.notes("frechet-samples") == ("one network", "another")


def test_each_cell_is_what_the_metric_says() -> None:
    table = real_comparison()
    one, several = trained_contenders()
    direct = METRICS["squared-error"].load()(one.evidence)
    found = table.figure("squared-error", 0)
    assert found is not None
    assert direct is not None
    assert (found.value, found.low, found.high) == (direct.value, direct.low, direct.high)
    assert table.cells["elbo"][0] == "It needs a posterior."
    bounds = [METRICS["elbo"].load()(evidence) for evidence in several.evidences]
    mean = sum(bound.value for bound in bounds if bound is not None) / 3
    joined = table.figure("elbo", 1)
    assert joined is not None
    assert (joined.value, joined.seeds) == (pytest.approx(mean), 3)
    assert table.models[1].seeds == (0, 1, 2)
    assert (table.dataset, table.held_out) == ("digits", LIMIT)
    assert table.features == "digit network"
    assert table.groups.keys() == {"reconstruction", "likelihood", "generation", "latent"}


def test_progress_goes_from_nothing_to_all() -> None:
    told: list[Progress] = []
    compare(trained_contenders(), ("squared-error", "kl"), progress=told.append)
    fractions = [progress.fraction for progress in told]
    assert fractions == [0, 1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8, 1]
    assert told[0].activity == "AE: Squared error of reconstructions"


def test_comparing_can_be_ended() -> None:
    def end() -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        compare(trained_contenders(), ("squared-error",), pulse=end)


def test_a_model_that_cannot_be_measured_does_not_stop_the_others() -> None:
    import torch

    images = noise_set(60, 60)
    good, broken = lossless_model(), lossless_model()

    def decode_rubbish(codes_ND: torch.Tensor) -> torch.Tensor:
        return torch.full((len(codes_ND), 1, 8, 8), torch.nan)

    broken._decode = decode_rubbish  # pyright: ignore[reportPrivateUsage]
    models = (
        Contender(label="good", evidences=(Evidence(good, images),)),
        Contender(label="broken", evidences=(Evidence(broken, images),)),
    )
    table = compare(models, ("squared-error",))
    assert table.figure("squared-error", 0) is not None
    assert "no longer finite" in str(table.cells["squared-error"][1])


def test_models_on_other_images_are_refused() -> None:
    def model(count: int) -> Contender:
        return Contender(label=f"{count}", evidences=(Evidence(lossless_model(), noise_set(40, count)),))

    with pytest.raises(DatasetError, match="compare models on the same images"):
        compare((model(40), model(41)), ("squared-error",))
    with pytest.raises(DatasetError):
        compare((model(40), model(40)), ("squared-error",))  # as many, but others


def test_images_that_do_not_allow_a_metric() -> None:
    images = noise_set(60, 60)
    images.test_NCHW[:] = 7  # all flat
    assert measured("sharpness-samples", Evidence(lossless_model(), images)) == "These images do not allow it."


def test_metrics_are_chosen_by_name_and_group() -> None:
    assert chosen_metrics(["kl", "squared-error"]) == ("squared-error", "kl")
    assert chosen_metrics(["all"]) == tuple(METRICS)
    assert chosen_metrics(["quick"]) == QUICK
    assert set(chosen_metrics(["latent"])) == {name for name, entry in METRICS.items() if entry.group == "latent"}
    with pytest.raises(LatentExplorerError, match="no metric 'fid'"):
        chosen_metrics(["fid"])


@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (0.03612, 0.00021, "0.0361 ± 0.0002"),
        (0.03612, 0.00014, "0.03612 ± 0.00014"),
        (213.4, 25.0, "213 ± 25"),
        (213.4, 2.6, "213 ± 3"),
        (-140.46, 0.3, "−140.5 ± 0.3"),
        (-0.0001, 0.02, "0.00 ± 0.02"),
        (1.0, 0.0, "1.00 ± 0.00"),
        (0.0, 0.0, "0 ± 0"),
        (0.5, 0.0996, "0.50 ± 0.10"),
    ],
)
def test_a_figure_has_the_digits_that_its_spread_leaves(value: float, half: float, text: str) -> None:
    assert figure_text(figure(value, half)) == text


def test_an_interval_in_words() -> None:
    assert interval_text(figure(-1.5, 0.2)) == "−1.7 to −1.3"


def test_labels_become_distinct() -> None:
    assert distinct_labels(("VAE", "AE", "VAE", "VAE")) == ("VAE", "AE", "VAE 2", "VAE 3")
    assert distinct_labels(("VAE 2", "VAE", "VAE")) == ("VAE 2", "VAE", "VAE 3")


def test_seeds_in_words() -> None:
    assert [seeds_text(seeds) for seeds in ((4,), (0, 1, 2), (0, 2))] == ["seed 4", "seeds 0 to 2", "seeds 0, 2"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_names_models_and_figures(name: str) -> None:
    text = FORMATS[name].load()(real_comparison())
    assert text.endswith("\n")
    for word in ("VAE", "Coverage" if name != "csv" else "coverage"):
        assert word in text


def test_markdown_marks_the_best_and_escapes_names() -> None:
    table = comparison_of(
        {"squared-error": [figure(1, 0.1), figure(2, 0.1)], "elbo": ["It needs a posterior.", figure(-140, 1)]},
        ("a|b*", "c"),
    )
    lines = FORMATS["markdown"].load()(table).splitlines()
    assert lines[0] == r"| | a\|b\* | c |"
    assert lines[2] == "| MSE ↓, per pixel | **1.00 ± 0.10** | 2.00 ± 0.10 |"
    assert lines[3] == "| ELBO ↑, nats per image | – | −140.0 ± 1.0 |"
    assert "**bold**: better than every other model" in lines[-1]
    assert "italics" not in lines[-1]


def test_csv_is_read_back_in_full() -> None:
    table = real_comparison()
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].load()(table))))
    assert len(rows) == 8
    for row in rows:
        found = table.figure(row["metric"], [model.label for model in table.models].index(row["model"]))
        if found is None:
            assert (row["value"], row["note"]) == ("", "It needs a posterior.")
        else:
            assert (float(row["value"]), float(row["low"]), float(row["high"])) == (found.value, found.low, found.high)
    hostile = comparison_of({"squared-error": [figure(1, 0.1)]}, ("=1+1",))
    assert "'=1+1" in FORMATS["csv"].load()(hostile)


def test_json_is_read_back_in_full() -> None:
    table = real_comparison()
    document = json.loads(FORMATS["json"].load()(table))
    assert (document["format"], document["version"]) == ("latent-explorer comparison", 1)
    assert [model["label"] for model in document["models"]] == ["AE", "VAE"]
    assert Recipe(**document["models"][1]["recipe"]) == table.models[1].recipe
    elbo = next(row for row in document["metrics"] if row["name"] == "elbo")
    assert elbo["figures"][0] is None
    assert elbo["reasons"] == ["It needs a posterior.", ""]
    found = table.figure("elbo", 1)
    assert found is not None
    assert (elbo["figures"][1]["value"], elbo["figures"][1]["seeds"]) == (found.value, 3)


def test_latex_has_no_sign_that_it_would_misread() -> None:
    assert escaped("50 % of a_b & {c} − ±σ") == r"50 \% of a\_b \& \{c\} $-$ $\pm$$\sigma$"
    text = FORMATS["latex"].load()(compare(trained_contenders()[:1], chosen_metrics(["all"])))
    body = [line for line in text.splitlines() if not line.startswith("%")]
    assert body[0] == r"\begin{tabular}{lr}"
    assert all(ord(letter) < 128 for line in body for letter in line), body
    assert all(line.count("&") - line.count(r"\&") == 1 for line in body if line.endswith(r"\\"))
