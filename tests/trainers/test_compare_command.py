"""`main.py compare`: files or recipes in, a table and a report out, and one sentence where that cannot be."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from main import main
from tests.trainers.test_atomic_write import ROOT
from tests.trainers.test_commands import sentence
from tests.trainers.tiny_runs import digits, noise_images, run_of
from trainers.checkpoint import load, save
from trainers.claims import CLAIMS
from trainers.commands import seed_training
from trainers.commands.compare import read_order
from trainers.commands.recipe_words import described, recipe_of_words
from trainers.commands.seed_training import SeedTraining
from trainers.commands.work_bar import WorkBar
from trainers.comparison.comparing import measured
from trainers.metrics import METRICS
from trainers.metrics.evidence import Evidence
from trainers.metrics.figure import Figure
from trainers.models import FAMILIES
from trainers.recipe import Recipe

QUICK = ("--limit", "40", "--metrics", "squared-error", "--device", "cpu", "--threads", "1")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    paths = {family: folder / f"{family}.safetensors" for family in FAMILIES}
    for family, path in paths.items():
        run = run_of(Recipe(family=family, batch_size=32), digits(), steps=3)
        save(run, path)
    return paths


def test_files_are_compared(models: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = ("--json", "out.json", "--html", "report.html", "--format", "csv")
    assert main(("compare", *map(str, models.values()), *out, *QUICK)) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("metric,title")
    assert "Squared error of reconstructions" in captured.err
    document = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert [model["label"] for model in document["models"]] == list(FAMILIES)
    assert [model["images_seen"] for model in document["models"]] == [96, 96, 96]
    (row,) = document["metrics"]
    direct = measured("squared-error", Evidence.of_run(load(models["vae"], images=digits()), limit=40))
    assert isinstance(direct, Figure)
    assert row["figures"][1]["value"] == pytest.approx(direct.value)
    page = Path("report.html").read_text(encoding="utf-8")
    assert "main.py compare" in page
    assert "--limit 40" in page


def test_claims_are_checked(models: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", *map(str, models.values()), "--claims", "--json", "out.json", *QUICK)
    assert main(words) == 0
    out = capsys.readouterr().out
    document = json.loads(Path("out.json").read_text(encoding="utf-8"))
    assert [claim["name"] for claim in document["claims"]] == list(CLAIMS)
    for claim in document["claims"]:
        assert claim["title"] in out
        assert claim["ruling"] in ("holds", "fails", "undecided", "untested")


def test_recipes_are_trained_over_seeds_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("compare", "--families", "vae", "vae:likelihood=gaussian,batch_size=512", "--seeds", "2", "--epochs", "1")
    assert main((*words, "--keep", "kept", "--format", "json", *QUICK)) == 0
    captured = capsys.readouterr()
    assert "Training 4 models for 1 epochs of 1,438 images" in captured.err
    first = json.loads(captured.out)
    assert [model["label"] for model in first["models"]] == ["VAE", "VAE, gaussian, Batch size 512"]
    assert [model["seeds"] for model in first["models"]] == [[0, 1], [0, 1]]
    assert first["metrics"][0]["figures"][0]["seeds"] == 2
    kept = sorted(path.name for path in Path("kept").iterdir())
    assert kept[-1] == "vae-seed-1.safetensors"
    assert len(kept) == 4
    assert load("kept/vae-seed-1.safetensors").recipe == Recipe(family="vae", seed=1, epochs=1)
    assert main((*words, "--keep", "kept", "--format", "json", *QUICK)) == 0
    again = capsys.readouterr()
    assert "Training" not in again.err
    assert json.loads(again.out)["metrics"] == first["metrics"]
    assert "another recipe" in sentence(
        capsys, "compare", "--families", "vae", "--seeds", "2", "--epochs", "2", "--keep", "kept", *QUICK, code=1
    )


def test_a_file_that_is_trained_is_the_first_of_its_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    run = run_of(Recipe(family="ae", batch_size=512, epochs=1, seed=5), digits(), steps=3)
    save(run, "mine.safetensors")
    assert main(("compare", "mine.safetensors", "--seeds", "2", "--format", "json", *QUICK)) == 0
    captured = capsys.readouterr()
    assert "Training 1 model for 1 epochs" in captured.err
    assert json.loads(captured.out)["models"][0]["seeds"] == [5, 6]


def test_training_that_is_interrupted_goes_on_later(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("compare", "--families", "ae", "--epochs", "1", "--keep", "kept", "--format", "json", *QUICK)
    show, seen = WorkBar.show, list[float]()

    def show_and_interrupt(self: WorkBar, activity: str, done: float) -> None:
        seen.append(done)
        show(self, activity, done)
        if len(seen) == 3:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(seed_training, "LOOK", 0.0)
    monkeypatch.setattr(WorkBar, "show", show_and_interrupt)
    assert main(words) == 130
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.endswith("1 model is in kept and the same command goes on with them.")
    half = load("kept/ae-seed-0.safetensors")
    assert 0 < half.epoch < 1
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    whole = run_of(Recipe(family="ae", epochs=1), digits(), steps=12)
    direct = measured("squared-error", Evidence.of_run(whole, limit=40))
    assert isinstance(direct, Figure)
    assert document["metrics"][0]["figures"][0]["value"] == pytest.approx(direct.value)


def test_measuring_that_is_interrupted_writes_nothing(
    models: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = SeedTraining.trained

    def trained_then_interrupted(self: SeedTraining, *arguments: object) -> object:
        signal.raise_signal(signal.SIGTERM)
        return trained(self, *arguments)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(SeedTraining, "trained", trained_then_interrupted)
    assert main(("compare", str(models["ae"]), "--json", "out.json", *QUICK)) == 143
    assert capsys.readouterr().out == ""
    assert not Path("out.json").exists()


@pytest.mark.parametrize(
    ("words", "words_of_sentence"),
    [
        ("nowhere.safetensors", "There is no file nowhere.safetensors"),
        ("--families gan", "There is no family 'gan'"),
        ("--families vae vae", "the same recipe twice"),
        ("--families vae:colour=red", "sets 'colour', which is no setting"),
        ("--families vae:seed=3", "which all models here share"),
        ("--families ae:beta=3", "which a model of the family 'ae' does not use"),
        ("--families vae:beta=-3", "β is -3"),
        ("--families vae:beta", "is no model"),
        ("--metrics fid", "There is no metric 'fid'"),
        ("--seeds 0", "'0' is no whole number from 1 to 100"),
        ("--epochs 0", "'0' is no whole number from 1"),
        ("--format word", "choose one of markdown, csv, latex, json"),
        ("--features eyes", "choose one of auto, digits"),
        ("--device abacus", "choose one of auto, cuda"),
        ("--html nowhere/r.html", "--html nowhere/r.html cannot be written"),
        ("--jsn out", "--jsn is not known here, --json is"),
    ],
)
def test_wrong_use(words: str, words_of_sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words_of_sentence in sentence(capsys, "compare", *words.split(), code=2)
    assert list(Path().iterdir()) == []


def test_wrong_use_of_files(models: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    ae = str(models["ae"])
    assert "given twice" in sentence(capsys, "compare", ae, ae, code=2)
    assert "not both" in sentence(capsys, "compare", ae, "--families", "vae", code=2)
    assert "--epochs is about models that are trained here" in sentence(capsys, "compare", ae, "--epochs", "3", code=2)


def test_failures(models: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes.safetensors").write_text("no model")
    assert "cannot be read as a model" in sentence(capsys, "compare", "notes.safetensors", *QUICK, code=1)
    save(run_of(Recipe(batch_size=4, dataset="mnist"), noise_images(3, 9), steps=1), "other.safetensors")
    told = sentence(capsys, "compare", str(models["ae"]), "other.safetensors", *QUICK, code=2)
    assert "trained on different images (digits and mnist)" in told
    told = sentence(capsys, "compare", str(models["ae"]), "other.safetensors", "--dataset", "digits", *QUICK, code=1)
    assert "This model takes 9×9 RGB images" in told
    assert "--download" in sentence(capsys, "compare", "--dataset", "mnist", *QUICK, code=1)


def test_without_files_three_families_are_compared_by_all_metrics() -> None:
    order = read_order(("--seeds", "3"))
    assert list(order.recipes) == [(listing.label, Recipe(family=family)) for family, listing in FAMILIES.items()]
    assert (order.seeds, order.metrics, order.limit) == (3, tuple(METRICS), 10_000)


def test_recipes_in_words() -> None:
    recipe = recipe_of_words("aae:prior=ring,latent-dim=2,learning_rate=2e-3", {"epochs": 3})
    assert recipe == Recipe(family="aae", prior="ring", learning_rate=2e-3, epochs=3)
    assert described("aae:prior=ring,latent-dim=2") == "AAE, ring, Latent dimensions 2"
    assert described("ae") == "AE"


def test_the_command_line_is_read_without_torch() -> None:
    program = (
        "import sys; from trainers.commands.compare import read_order; read_order(['--seeds', '2']);"
        " sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=120, check=False).returncode == 0
