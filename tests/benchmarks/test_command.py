"""The command runs families in processes of their own, survives one that fails, and writes what it promises."""

import json
import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import FAMILIES_OF_ROWS, IN_ONE_WINDOW, command
from tests.benchmarks.command import Findings, environment_for, main, measure
from tests.benchmarks.document import DOCUMENT, HEADING, with_last_run
from tests.benchmarks.family import groups_of, words_for
from tests.benchmarks.machine import describe_machine
from tests.benchmarks.mnist import COUNTS, mnist_in
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import KEYS, RowJson
from trainers.datasets.loading import load_images

ROW = RowJson(name="a/b", work="Done.", ours=2.0, theirs=1.0, unit="s", ratio=2.0, bar="ratio ≥ 1", reached=True)


@pytest.mark.parametrize("name", FAMILIES_OF_ROWS)
def test_every_family_is_a_module_that_measures(name: str) -> None:
    assert callable(import_module(f"tests.benchmarks.{name}").rows)


def fake_family(tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch) -> Findings:
    """What is found when a family's process is this program."""
    script = tmp_path / "family.py"
    script.write_text(program, encoding="utf-8")

    def words(_names: Sequence[str], _plan: Plan) -> list[str]:
        return [str(script)]

    monkeypatch.setattr(command, "words_for", words)
    findings = Findings()
    measure(("clicks", "gaps", "map"), Plan(), os.environ, findings)
    return findings


def test_rows_and_notes_are_read_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = f"print({json.dumps(json.dumps({'row': ROW}))}); print({json.dumps(json.dumps({'note': 'No GPU.'}))})"
    findings = fake_family(tmp_path, lines, monkeypatch)
    assert (findings.rows, findings.notes, findings.failed) == ([ROW], ["No GPU."], [])


def test_a_family_that_fails_is_named_and_what_it_had_found_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"family": "clicks"}, {"row": ROW}, {"family": "gaps"}]
    told = "; ".join(f"print({json.dumps(json.dumps(line))}, flush=True)" for line in lines)
    findings = fake_family(tmp_path, f"{told}; raise ValueError('out of order')", monkeypatch)
    assert findings.rows == [ROW]
    assert findings.failed == ["gaps", "map"]
    printed = capsys.readouterr()
    assert "out of order" in printed.err
    assert "gaps: How long" in printed.out


def test_families_that_look_at_the_window_share_one() -> None:
    assert groups_of(("start", "memory", "training", "clicks")) == [("start",), ("clicks", "memory"), ("training",)]
    assert groups_of(FAMILIES_OF_ROWS) == [
        ("training",),
        ("points",),
        ("start",),
        IN_ONE_WINDOW,
        ("growth",),
        ("gpu",),
    ]


def test_a_family_without_a_gpu_says_so_and_the_file_has_machine_and_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole way once, by a real process: the family that is quick to find that it has nothing to measure."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    file = tmp_path / "found.json"
    assert main(["--quick", "--only", "gpu", "--json", str(file)]) == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found.keys() == {"machine", "rows"}
    assert found["rows"] == []
    notes = found["machine"]["notes"]
    assert notes[0] == "There is no CUDA GPU here: its rows are left out."
    assert [note.startswith("Share of the processors' time") for note in notes[1:]] == [True] * (len(notes) - 1)
    assert {"processor", "cores", "packages", "minutes"} <= found["machine"].keys()
    assert "its rows are left out" in capsys.readouterr().out


def test_the_processes_touch_nothing_of_the_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environment: Mapping[str, str] = environment_for(tmp_path, tmp_path / "sets")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        assert Path(environment[name]).is_relative_to(tmp_path)
    assert environment["LATENT_EXPLORER_DATA"] == str(tmp_path / "sets")
    assert "PYTHONDONTWRITEBYTECODE" not in environment, "every start would compile all modules"


def test_families_are_told_the_plan() -> None:
    words = words_for(("gaps", "memory"), Plan(quick=True, minutes=3.0, images="noise"))
    assert words == ["-m", "tests.benchmarks.family", "gaps", "memory", *words[4:8], "--images", "noise", "--quick"]
    assert words[4:8] == ["--minutes", "3.0", "--threads", "0"]


def test_without_mnist_random_images_stand_in_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COUNTS, "train", 50)
    monkeypatch.setitem(COUNTS, "t10k", 20)
    folder, what = mnist_in(tmp_path / "scratch")
    assert what == "random images of MNIST's shape"
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(folder))
    images = load_images("mnist")
    assert images.train_NCHW.shape == (50, 1, 28, 28)
    assert len(np.unique(images.train_NCHW)) == 256
    from torchvision.datasets import MNIST

    assert len(MNIST(folder, train=False)) == 20
    assert mnist_in(tmp_path / "other") == (folder, "MNIST")


def test_rows_in_files_have_the_keys_of_rows() -> None:
    assert tuple(ROW) == KEYS


def test_only_a_whole_run_is_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--record", "--quick"]) == 2
    assert "whole run" in capsys.readouterr().err


def test_the_last_run_takes_the_place_of_the_one_before() -> None:
    machine = {**describe_machine(), "minutes": 20.0, "notes": ["No GPU."]}
    text = DOCUMENT.read_text(encoding="utf-8")
    once = with_last_run(text, machine, [ROW, ROW])
    assert with_last_run(once, machine, [ROW]).count("| a/b |") == 1
    assert once.startswith(text.partition(HEADING)[0])
    assert "1 of 1 bars" in with_last_run(text, machine, [ROW])
    assert "No GPU." in once


def test_the_document_explains_every_family() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in FAMILIES_OF_ROWS:
        assert f"\n**{name}** – " in text
