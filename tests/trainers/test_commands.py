"""The command line trains, resumes and decodes, and says in one sentence what it cannot do."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import save_file

from main import main
from tests.trainers.test_atomic_write import ROOT, small_disk
from tests.trainers.tiny_runs import loss_rows, run_of
from trainers.checkpoint import load, save
from trainers.commands import periodic_saving
from trainers.commands.interruption import Interruption
from trainers.commands.periodic_saving import PeriodicSaving
from trainers.commands.recipe_words import recipe_of_words
from trainers.datasets import DATASETS
from trainers.drawing_file import read_drawing
from trainers.errors import TrainingError
from trainers.models import FAMILIES
from trainers.priors.drawing import encode_drawing
from trainers.recipe import SETTINGS, Recipe

QUICK = ("--epochs", "1", "--batch-size", "512", "--device", "cpu")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "vae.safetensors"
    save(run_of(Recipe(family="vae", batch_size=32), steps=1), path)
    return path


def sentence(capsys: pytest.CaptureFixture[str], *words: str, code: int) -> str:
    """What a command that ends with `code` says on stderr: one line, and nothing on stdout."""
    assert main(words) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("latent-explorer: ")
    return lines[0].removeprefix("latent-explorer: ")


def trained(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    """The JSON line of a training."""
    assert main(("train", *words)) == code
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("family", FAMILIES)
def test_train_writes_a_model_and_its_figures(family: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = trained(capsys, "--family", family, "--seed", "3", "--out", "a.safetensors", *QUICK)
    run = load("a.safetensors", device="cpu")
    assert result["recipe"] == {name: getattr(run.recipe, name) for name in SETTINGS}
    assert (run.recipe.family, run.recipe.seed, run.recipe.epochs, run.recipe.batch_size) == (family, 3, 1, 512)
    assert (result["device"], result["out"], result["images_seen"]) == ("cpu", "a.safetensors", 1536)
    assert result["images_per_second"] == pytest.approx(1536 / result["seconds"], rel=0.02)
    assert result["test"] == pytest.approx(run.evaluate())
    assert ("elbo" in result["test"]) is (family == "vae")


def test_train_gives_what_the_library_gives(capsys: pytest.CaptureFixture[str]) -> None:
    trained(capsys, "--family", "vae", "--out", "a.safetensors", *QUICK)
    run = run_of(Recipe(family="vae", epochs=1, batch_size=512), load("a.safetensors").images, steps=3)
    ours, theirs = run.losses(), load("a.safetensors").losses()
    np.testing.assert_array_equal(ours.terms["elbo"], theirs.terms["elbo"])


def test_every_setting_is_an_option(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Image.fromarray(np.tile(np.arange(64, dtype=np.uint8), (64, 1))).save(tmp_path / "ramp.png")
    words = {
        "family": "aae", "dataset": "digits", "image_size": "8", "backbone": "convolutional", "latent_dim": "2",
        "likelihood": "gaussian", "prior": "swiss-roll", "prior_labels": "given", "prior_picture": "ramp.png",
        "beta": "2.5", "kl_warmup": "1", "adversarial_weight": "4",
        "adversarial_updates": "alternating", "epochs": "1", "batch_size": "700", "learning_rate": "2e-3",
        "schedule": "constant", "precision": "bfloat16", "seed": "9",
    }  # fmt: skip
    assert words.keys() == SETTINGS.keys()
    given = [word for name, value in words.items() for word in (f"--{name.replace('_', '-')}", value)]
    result = trained(capsys, *given, "--out", "a.safetensors", "--device", "cpu", "--threads", "1")
    drawing = encode_drawing(read_drawing(tmp_path / "ramp.png"))
    assert {name: str(value) for name, value in result["recipe"].items()} == {
        **words, "prior_picture": drawing, "kl_warmup": "1.0", "adversarial_weight": "4.0", "learning_rate": "0.002",
    }  # fmt: skip


def test_classes_in_the_prior_come_with_a_stronger_pull(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--family", "aae", "--prior", "mixture", "--prior-labels", "given", "--out", "a.safetensors", *QUICK)
    assert trained(capsys, *words)["recipe"]["adversarial_weight"] == 5.0
    assert trained(capsys, *words, "--adversarial-weight", "1.25")["recipe"]["adversarial_weight"] == 1.25
    assert recipe_of_words("aae:prior=mixture,prior-labels=given", {}).adversarial_weight == 5.0
    assert recipe_of_words("aae:prior=mixture,prior-labels=given,adversarial-weight=2", {}).adversarial_weight == 2.0


def test_options_without_effect_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("train", "--family", "ae", "--beta", "2", "--out", "a.safetensors", *QUICK)) == 0
    assert "--beta has no effect" in capsys.readouterr().err


def test_progress_shows_share_remaining_time_and_losses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("train", "--family", "vae", "--out", "a.safetensors", *QUICK)) == 0
    error = capsys.readouterr().err
    last = error.replace("\r", "\n").strip().splitlines()[-1]
    for part in ("Epoch 1/1", "100%", "<", "images/s", "reconstruction=", "kl=", "elbo="):
        assert part in last, last


def test_resume_goes_on_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--schedule", "constant", "--batch-size", "479", "--device", "cpu")
    trained(capsys, "--out", "whole.safetensors", "--epochs", "2", *options)
    trained(capsys, "--out", "half.safetensors", "--epochs", "1", *options)
    result = trained(capsys, "--resume", "half.safetensors", "--epochs", "2", "--device", "cpu")
    assert (result["out"], result["recipe"]["epochs"]) == ("half.safetensors", 2)
    whole, half = (load(f"{name}.safetensors", device="cpu") for name in ("whole", "half"))
    assert whole.images_seen == half.images_seen == result["images_seen"]
    assert whole.recipe == half.recipe
    assert loss_rows(whole) == loss_rows(half)


def test_resume_of_a_trained_model_gives_its_figures_again(capsys: pytest.CaptureFixture[str]) -> None:
    first = trained(capsys, "--out", "a.safetensors", *QUICK)
    content = Path("a.safetensors").read_bytes()
    again = trained(capsys, "--resume", "a.safetensors", "--device", "cpu")
    assert again["test"] == first["test"]
    assert again["images_seen"] == first["images_seen"]
    assert Path("a.safetensors").read_bytes() == content
    trained(capsys, "--resume", "a.safetensors", "--device", "cpu", "--out", "copy.safetensors")
    assert load("copy.safetensors", device="cpu").images_seen == 1536


@pytest.mark.parametrize(
    ("words", "words_of_sentence"),
    [
        ("", "Say where to write"),
        ("--out a --epochs x", "Epochs is 'x'; give a whole number"),
        ("--out a --epochs 1.5", "Epochs is '1.5'; give a whole number"),
        ("--out a --epochs 0", "Epochs is 0; choose from 1"),
        ("--out a --epochs -3", "Epochs is -3; choose from 1"),
        ("--out a --learning-rate -1e-3", "Learning rate is -0.001"),
        ("--out a --learning-rate nan", "Learning rate is nan"),
        ("--out a --family gan", "Family is 'gan'; choose one of ae, vae, aae"),
        ("--out a --family vae --prior square", "choose one of gaussian, ring"),
        ("--out a --family aae --prior-labels given", "no parts to give to classes"),
        ("--out a --epoch 3", "--epoch is not known here, --epochs is"),
        ("--out a stray", "Stray is not known here"),
        ("--out a --epochs", "expected one argument"),
        ("--out a --device abacus", "choose one of auto, cuda, mps, cpu"),
        ("--out a --threads 0", "'0' is no whole number from 1"),
        ("--out nowhere/a", "cannot be written (No such file or directory)"),
        ("--out .", "it is a folder"),
        ("--resume a", "There is no file a"),
        ("--resume a --batch-size 3", "--batch-size is fixed"),
    ],
)
def test_wrong_use_of_train(words: str, words_of_sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = sentence(capsys, "train", *words.split(), code=2)
    assert words_of_sentence in told
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "words_of_sentence"),
    [
        ("--out a --dataset nowhere", "'nowhere' is not known"),
        ("--out a --dataset mnist", "--download"),
        ("--resume notes.safetensors", "notes.safetensors cannot be read as a model"),
        ("--resume foreign.safetensors", "not one of our models"),
    ],
)
def test_failures_of_train(words: str, words_of_sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    import torch

    Path("notes.safetensors").write_text("no model")
    save_file({"a": torch.zeros(1)}, "foreign.safetensors")
    assert words_of_sentence in sentence(capsys, "train", *words.split(), "--device", "cpu", code=1)
    assert not Path("a").exists()
    assert Path("notes.safetensors").read_text() == "no model"


def test_a_failure_leaves_an_older_model(capsys: pytest.CaptureFixture[str], model: Path) -> None:
    Path("a.safetensors").write_bytes(model.read_bytes())
    assert main(("train", "--out", "a.safetensors", "--dataset", "nowhere")) == 1
    assert main(("train", "--out", "a.safetensors", "--epochs", "x")) == 2
    with small_disk(100_000):
        assert main(("train", "--out", "a.safetensors", *QUICK)) == 1
    assert "cannot be written (File too large)" in capsys.readouterr().err.splitlines()[-1]
    assert Path("a.safetensors").read_bytes() == model.read_bytes()
    assert [path.name for path in Path().iterdir() if path.is_file()] == ["a.safetensors"]


def test_numbers_that_grow_without_bound_end_the_training(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--likelihood", "gaussian-learned", "--learning-rate", "1", "--family", "vae", "--schedule", "constant")
    assert main(("train", "--out", "a.safetensors", "--epochs", "300", "--device", "cpu", *words)) == 1
    assert "Lower the learning rate" in capsys.readouterr().err.splitlines()[-1]


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("train", "--out", "a.safetensors", "--dataset", "nowhere", "--debug")) == 1
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert error.splitlines()[-1].startswith("latent-explorer: 'nowhere' is not known")


def test_ctrl_c_saves_and_ends(tmp_path: Path) -> None:
    words = ("train", "--family", "vae", "--out", "a.safetensors", "--epochs", "100000", "--device", "cpu")
    command = (sys.executable, str(ROOT / "main.py"), *words)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        shown = ""
        while "elbo=" not in shown:  # the bar has been drawn with a loss: training goes on
            shown += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        output, error = process.communicate()
    assert process.returncode == 130
    last = error.splitlines()[-1]
    assert last.startswith("latent-explorer: Interrupted after")
    assert "--resume a.safetensors" in last
    assert "Traceback" not in error
    result = json.loads(output.splitlines()[-1])
    run = load(tmp_path / "a.safetensors", device="cpu")
    assert run.images_seen == result["images_seen"] > 0
    assert run.evaluate() == pytest.approx(result["test"])


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_the_first_signal_is_a_wish(name: str) -> None:
    number = signal.Signals[name]
    before = signal.getsignal(number)
    with Interruption() as interruption:
        assert not interruption.requested
        assert interruption.exit_code == 0
        signal.raise_signal(number)
        assert interruption.requested
        assert interruption.exit_code == 128 + number
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)  # the second one ends at once
    assert signal.getsignal(number) is before


def test_a_wish_before_training_saves_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    order = ("train", "--out", "a.safetensors", *QUICK)
    wished: list[bool] = []
    note = Interruption.__enter__

    def enter(self: Interruption) -> Interruption:
        note(self)
        wished.append(True)
        signal.raise_signal(signal.SIGTERM)  # as if it came while torch was imported
        return self

    monkeypatch.setattr(Interruption, "__enter__", enter)
    assert "nothing was saved" in sentence(capsys, *order, code=143)
    assert wished == [True]
    assert not Path("a.safetensors").exists()


def test_long_training_is_saved_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    run, complaints = run_of(Recipe(batch_size=32)), list[str]()
    patient = PeriodicSaving(Path("patient.safetensors"), complaints.append)
    monkeypatch.setattr(periodic_saving, "SECONDS", 0.0)
    monkeypatch.setattr(periodic_saving, "SHARE", 1e9)
    eager = PeriodicSaving(Path("eager.safetensors"), complaints.append)
    for _ in range(2):
        run.step()
        patient.keep(run)
        eager.keep(run)
        assert load("eager.safetensors", device="cpu").images_seen == run.images_seen
    assert not Path("patient.safetensors").exists()
    with small_disk(1000):
        eager.keep(run)
    assert "cannot be written" in complaints[0]
    assert "Training goes on" in complaints[0]
    assert load("eager.safetensors", device="cpu").images_seen == 64
    import torch

    with torch.no_grad():
        next(run.model.parameters()).fill_(float("nan"))
    with pytest.raises(TrainingError):
        eager.keep(run)


def test_decode_draws_what_the_model_makes_of_a_code(model: Path) -> None:
    assert main(("decode", str(model), "--z", "-0.4,1.2", "--out", "z.png", "--scale", "5")) == 0
    with Image.open("z.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (40, 40))
        drawn = np.asarray(picture)
    expected = np.rint(load(model, device="cpu").decode([[-0.4, 1.2]])[0, 0] * 255).astype(np.uint8)
    np.testing.assert_array_equal(drawn, expected.repeat(5, axis=0).repeat(5, axis=1))


def test_decode_draws_several_codes_in_a_row(model: Path) -> None:
    words = ("--z", "-1,-2", "--z=.5,1e-3", "--z", "-.5,-1e1", "--out", "z.png")
    assert main(("decode", str(model), *words)) == 0
    images = load(model, device="cpu").decode([[-1, -2], [0.5, 1e-3], [-0.5, -10]])[:, 0]
    with Image.open("z.png") as picture:
        assert picture.size == (3 * 256, 256)
        drawn = np.asarray(picture)[::32, ::32]
    np.testing.assert_array_equal(drawn, np.rint(np.concatenate(list(images), axis=1) * 255).astype(np.uint8))


def test_decode_draws_colours(tmp_path: Path) -> None:
    from tests.trainers.tiny_runs import noise_images

    run = run_of(Recipe(batch_size=4), noise_images(3, 9), steps=1)
    save(run, "rgb.safetensors")
    assert main(("decode", "rgb.safetensors", "--z", "1,2", "--out", "z.png", "--scale", "1")) == 0
    with Image.open(tmp_path / "z.png") as picture:
        assert (picture.mode, picture.size) == ("RGB", (9, 9))
        drawn = np.asarray(picture)
    np.testing.assert_array_equal(drawn, np.rint(run.decode([[1, 2]])[0].transpose(1, 2, 0) * 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("words", "words_of_sentence"),
    [
        ("--z 1,2", "required: --out"),
        ("--out z.png", "required: --z"),
        ("--z 1 --out z.png", "--z has 1 number; a code of this model has 2"),
        ("--z 1,2,3 --out z.png", "--z has 3 numbers"),
        ("--z 1,2 --z -1 --out z.png", "--z has 1 number"),
        ("--z nan,1 --out z.png", "'nan,1' is no code"),
        ("--z -inf,1 --out z.png", "'-inf,1' is no code"),
        ("--z 1e39,1 --out z.png", "is no code"),
        ("--z one,two --out z.png", "'one,two' is no code"),
        ("--z 1,,2 --out z.png", "is no code"),
        ("--z --out z.png", "expected one argument"),
        ("--z 1,2 --out z.jpg", "ends in .png"),
        ("--z 1,2 --out nowhere/z.png", "cannot be written"),
        ("--z 1,2 --out z.png --scale 0", "no whole number from 1"),
        ("--z 1,2 --out z.png --scal 2", "--scal is not known here, --scale is"),
    ],
)
def test_wrong_use_of_decode(
    words: str, words_of_sentence: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words_of_sentence in sentence(capsys, "decode", str(model), *words.split(), code=2)
    assert list(Path().iterdir()) == []


def test_decode_refuses_what_is_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--z", "1,2", "--out", "z.png")
    assert "There is no file missing" in sentence(capsys, "decode", "missing", *words, code=2)
    Path("notes").write_text("no model")
    assert "cannot be read as a model" in sentence(capsys, "decode", "notes", *words, code=1)
    assert not Path("z.png").exists()


def test_a_full_disk_leaves_the_older_picture(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("z.png").write_bytes(b"older")
    with small_disk(50):
        assert "cannot be written" in sentence(capsys, "decode", str(model), "--z", "1,2", "--out", "z.png", code=1)
    assert Path("z.png").read_bytes() == b"older"


def test_help_of_train_names_every_setting_and_choice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("train", "--help")) == 0
    text = capsys.readouterr().out
    for name, setting in SETTINGS.items():
        assert f"--{name.replace('_', '-')}" in text
        for choice in setting.choices:
            assert f"{choice}:" in text
    assert all(name in text for name in DATASETS)
