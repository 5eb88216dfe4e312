"""The trainers serve a script or a notebook as their first page says, and import nothing heavy before it is needed."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import trainers
from tests.trainers.test_atomic_write import ROOT
from trainers import DATASETS, FAMILIES, METRICS, PRIORS, Evidence, Recipe, TrainingRun, load, save
from trainers.listing import Listing


def test_the_example_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = TrainingRun(Recipe(family="vae", dataset="digits", seed=0, epochs=1), device="cpu")
    while not run.finished:
        run.step()
    figures = run.evaluate()
    assert -60 < figures["elbo"] < 0 < figures["kl"]
    figure = METRICS["wasserstein"].load()(Evidence.of_run(run))
    assert figure is not None
    assert 0 < figure.value < 5
    save(run, "vae.safetensors")
    loaded = load("vae.safetensors", device="cpu")
    codes_ND = run.encode(run.images.test_NCHW)
    np.testing.assert_array_equal(loaded.encode(run.images.test_NCHW), codes_ND)
    assert loaded.decode(codes_ND[:4]).shape == (4, 1, 8, 8)
    assert loaded.evaluate() == figures


@pytest.mark.parametrize("table", [FAMILIES, DATASETS, PRIORS, METRICS])
def test_tables_can_be_listed(table: dict[str, Listing]) -> None:
    for listing in table.values():
        assert listing.label
        assert listing.title
        assert listing.summary.endswith(".")
        assert callable(listing.load())


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Trainer'"):
        _ = trainers.Trainer  # pyright: ignore[reportAttributeAccessIssue]


def test_recipes_and_tables_come_without_torch() -> None:
    program = "import sys, trainers; trainers.Recipe(); print({'torch', 'numpy', 'PySide6'} & sys.modules.keys())"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"
