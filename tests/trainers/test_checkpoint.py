"""A run comes back from disk as it was, and whatever is no run of ours is refused in one sentence."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.trainers.test_atomic_write import ROOT, small_disk
from tests.trainers.tiny_runs import KINDS_OF_RUN, digits, few_digits, loss_rows, run_of
from trainers.checkpoint import load, save
from trainers.errors import CheckpointError, TrainingError
from trainers.recipe import Recipe

SAVE_FOREVER = """
import sys
from trainers import Recipe, TrainingRun, save
run = TrainingRun(Recipe(family="vae", batch_size=32), device="cpu")
while True:
    run.step()
    save(run, sys.argv[1])
    print("saved", flush=True)
"""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "vae.safetensors"
    save(run_of(Recipe(family="vae", batch_size=32), steps=2), path)
    return path


def changed(saved: Path, path: Path, change: Callable[[dict[str, Tensor], dict[str, str]], object]) -> Path:
    """A copy of a checkpoint with its tensors or its header changed."""
    tensors = load_file(saved)
    with safe_open(saved, framework="pt") as file:
        header = dict(file.metadata())
    change(tensors, header)
    save_file(tensors, path, header)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(CheckpointError) as caught:
        load(path, device="cpu")
    sentence = str(caught.value)
    assert path.name in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400
    return sentence


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
@pytest.mark.parametrize("given", ["images given", "images later"])
def test_a_loaded_run_goes_on_as_if_it_had_never_stopped(kind: str, given: str, tmp_path: Path) -> None:
    images = digits()
    run = run_of(KINDS_OF_RUN[kind].with_changes(batch_size=8), images, steps=4)  # nine steps to a recorded loss
    assert run.recorder.interval > 4
    save(run, tmp_path / "a.safetensors")
    loaded = load(tmp_path / "a.safetensors", device="cpu", images=images if given == "images given" else None)
    assert loaded.recipe == run.recipe
    assert loaded.has_images is (given == "images given")
    for _ in range(6):
        run.step()
        loaded.step()
    assert loaded.images_seen == run.images_seen
    assert loss_rows(loaded) == loss_rows(run)
    assert list(loaded.losses().terms) == list(run.losses().terms)
    assert len(loaded.losses().epochs_T) == 1
    for ours, theirs in zip(run.model.parameters(), loaded.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_a_loaded_model_decodes_without_its_images(kind: str, tmp_path: Path) -> None:
    run = run_of(KINDS_OF_RUN[kind], steps=1)
    save(run, tmp_path / "a.safetensors")
    loaded = load(tmp_path / "a.safetensors", device="cpu")
    codes_ND = np.random.default_rng(0).normal(size=(3, run.recipe.latent_dim))
    np.testing.assert_array_equal(loaded.decode(codes_ND), run.decode(codes_ND))
    np.testing.assert_array_equal(loaded.encode(few_digits().test_NCHW), run.encode(few_digits().test_NCHW))
    assert (loaded.epoch, loaded.train_count, loaded.has_images) == (run.epoch, 64, False)


def test_a_run_that_has_not_begun_can_be_saved(tmp_path: Path) -> None:
    save(run_of(Recipe(batch_size=32)), tmp_path / "a.safetensors")
    loaded = load(tmp_path / "a.safetensors", device="cpu", images=few_digits())
    loaded.step()
    assert loss_rows(loaded) == loss_rows(run_of(Recipe(batch_size=32), steps=1))


def test_live_changes_are_saved(tmp_path: Path) -> None:
    run = run_of(Recipe(family="vae", batch_size=32), steps=1)
    run.change(beta=3.0, learning_rate=0.004)
    save(run, tmp_path / "a.safetensors")
    assert load(tmp_path / "a.safetensors", device="cpu").recipe == run.recipe


def test_the_file_holds_no_pickle(saved: Path) -> None:
    content = saved.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    assert json.loads(header["__metadata__"]["recipe"])["family"] == "vae"


def test_truncated_files_are_refused(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    for length in (0, 1, 7, 8, 9, 200, 2000, len(content) // 2, len(content) - 1):
        path = tmp_path / f"cut-{length}.safetensors"
        path.write_bytes(content[:length])
        assert "truncated" in refusal(path)
    path = tmp_path / "longer.safetensors"
    path.write_bytes(content + b"\0")
    assert "damaged" in refusal(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.safetensors"
    text.write_text("These are notes, and no model.\n" * 50)
    assert "of another kind" in refusal(text)
    foreign = tmp_path / "foreign.safetensors"
    save_file({"weight": torch.zeros(3)}, foreign)
    assert "not one of our models" in refusal(foreign)
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file" in refusal(tmp_path / "missing.safetensors")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("version", "99", "version 99"),
        ("recipe", '{"family": "vae", "colour": "red"}', "unknown fields (colour)"),
        ("recipe", '{"family": "gan"}', "Family is 'gan'"),
        ("recipe", '{"latent_dim": 1e400}', "Latent dimensions is inf"),
        ("recipe", "[" * 100_000, "recipe that cannot be used"),
        ("recipe", '{"family": "aae"}', "its weights are not those of its recipe"),
        ("recipe", '{"family": "vae", "latent_dim": 3}', "has shape"),
        ("shape", '{"channels": 1}', "header is incomplete"),
        ("shape", '{"channels": 1, "size": 8.0}', "header is incomplete"),
        ("shape", '{"channels": 2, "size": 8}', "2 channels"),
        ("shape", '{"channels": 1, "size": 9}', "has shape"),
        ("shape", "nonsense", "header is incomplete"),
        ("progress", '{"images_seen": -1, "train_count": 64}', "header is incomplete"),
        ("progress", '{"images_seen": true, "train_count": 64}', "header is incomplete"),
        ("progress", f'{{"images_seen": 1{"0" * 400}, "train_count": 64}}', "header is incomplete"),
        ("progress", '{"images_seen": 0, "train_count": 64}', "a model that has seen images"),
        ("progress", "[]", "header is incomplete"),
    ],
)
def test_unusable_headers_are_refused(saved: Path, tmp_path: Path, name: str, value: str, words: str) -> None:
    path = changed(saved, tmp_path / "a.safetensors", lambda _, header: header.__setitem__(name, value))
    assert words in refusal(path)


@pytest.mark.parametrize("name", ["recipe", "shape", "progress"])
def test_missing_headers_are_refused(saved: Path, tmp_path: Path, name: str) -> None:
    path = changed(saved, tmp_path / "a.safetensors", lambda _, header: header.pop(name))
    assert "header is incomplete" in refusal(path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("model.encoder.1.0.0.weight", None, "weights are not those"),
        ("model.encoder.1.0.0.weight", torch.zeros(3), "has shape (3,)"),
        ("model.encoder.1.0.0.bias", torch.full((512,), float("nan")), "not finite"),
        ("model.surplus", torch.zeros(1), "weights are not those"),
        ("optimiser.0.0.exp_avg", None, "incomplete"),
        ("optimiser.0.0.exp_avg", torch.zeros(()), "does not fit"),
        ("optimiser.0.1.exp_avg_sq", torch.full((512,), float("inf")), "not finite"),
        ("optimiser.0.77.step", torch.zeros(()), "incomplete"),
        ("optimiser.0.x.step", torch.zeros(()), "incomplete"),
        ("optimiser.0.0.step", torch.zeros((), dtype=torch.int64), "not finite"),
        ("losses.epochs", None, "losses are incomplete"),
        ("losses.terms.00.reconstruction", torch.zeros(1, 9), "unequal lengths"),
    ],
)
def test_unusable_tensors_are_refused(saved: Path, tmp_path: Path, name: str, value: Tensor | None, words: str) -> None:
    def change(tensors: dict[str, Tensor], _: dict[str, str]) -> None:
        tensors.pop(name, None)
        if value is not None:
            tensors[name] = value

    assert words in refusal(changed(saved, tmp_path / "a.safetensors", change))


def test_a_missing_optimiser_is_refused(saved: Path, tmp_path: Path) -> None:
    def change(tensors: dict[str, Tensor], _: dict[str, str]) -> None:
        for name in [name for name in tensors if name.startswith("optimiser.")]:
            del tensors[name]

    assert "optimiser is incomplete" in refusal(changed(saved, tmp_path / "a.safetensors", change))


def test_a_failed_save_leaves_the_old_file(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(saved.read_bytes())
    with small_disk(100_000), pytest.raises(CheckpointError, match="cannot be written"):
        save(run_of(Recipe(batch_size=32), steps=1), path)
    assert path.read_bytes() == saved.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["a.safetensors"]
    with pytest.raises(CheckpointError, match="cannot be written"):
        save(run_of(Recipe(batch_size=32)), tmp_path / "nowhere" / "a.safetensors")


def test_weights_that_are_not_finite_do_not_replace_a_good_file(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(saved.read_bytes())
    run = run_of(Recipe(batch_size=32))
    with torch.no_grad():
        next(run.model.parameters()).fill_(float("nan"))
    with pytest.raises(TrainingError, match="no longer finite"):
        save(run, path)
    assert path.read_bytes() == saved.read_bytes()


def test_a_killed_saver_leaves_a_model_that_loads(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    with subprocess.Popen([sys.executable, "-c", SAVE_FOREVER, path], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == b"saved\n"
        process.send_signal(signal.SIGKILL)
    loaded = load(path, device="cpu")
    assert loaded.images_seen >= 4 * 32
    loaded.step()
