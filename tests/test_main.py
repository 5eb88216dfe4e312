"""The first program that a person meets: quick to explain itself, and never rude."""

import os
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from explorer.launch import Launch, read_launch
from main import main
from trainers.commands.failures import exit_code_of

ROOT = Path(__file__).parents[1]


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert main(words) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1, captured.err
    return captured.err


def started(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, where no display is."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *words],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, **changes},
    )


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("train", "--help"), ("decode", "--help")])
def test_explanations_come_without_torch_and_qt(words: tuple[str, ...]) -> None:
    program = (
        f"import sys, main; code = main.main({words!r});"
        " sys.exit(code or len({'torch', 'numpy', 'PySide6'} & sys.modules.keys()))"
    )
    start = time.perf_counter()
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout
    assert time.perf_counter() - start < 2.0  # 0.1 s on an idle machine; this one may be busy


def test_help_names_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for words in ("main.py train", "main.py decode", "--screenshot", "--theme", "./train"):
        assert words in text


def test_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out == f"latent-explorer {project['version']}\n"


def test_a_launch_has_all_that_was_asked_for(tmp_path: Path) -> None:
    model = tmp_path / "train"  # a file named like a command is a file when its folder is given
    model.touch()
    shot = tmp_path / "shot.png"
    words = [str(model), "--screenshot", str(shot), "--seconds", "2.5", "--theme", "dark", "--size", "1280x720"]
    assert read_launch([*words, "--device", "cpu"], "") == Launch(
        files=(model,), screenshot=shot, seconds=2.5, theme="dark", size=(1280, 720), device="cpu"
    )
    assert read_launch([], "") == Launch()
    assert not shot.exists()


@pytest.mark.parametrize(
    ("words", "words_of_sentence"),
    [
        ("nothing", "There is no file nothing"),
        ("--debug-not train", "--debug-not is not known here"),
        ("--theme blue", "choose one of system, light, dark"),
        ("--device abacus", "choose one of auto"),
        ("--size 1280", "is no size such as 1280x720"),
        ("--size 10x10", "is no size such as 1280x720"),
        ("--seconds 3", "give both"),
        ("--screenshot a.png --seconds -1", "is no time"),
        ("--screenshot a.png --seconds nan", "is no time"),
        ("--screenshot a.jpg", "ends in .png"),
        ("--screenshot nowhere/a.png", "cannot be written"),
        ("--theme", "expected one argument"),
        ("--scrennshot a.png", "--scrennshot is not known here, --screenshot is"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(
    words: str,
    words_of_sentence: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert words_of_sentence in told(capsys, *words.split())
    assert list(tmp_path.iterdir()) == []


def test_a_command_after_an_option_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "a command comes first" in told(capsys, "--theme", "dark", "train")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_says_so_and_how_to_go_on() -> None:
    result = started()
    assert (result.returncode, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    for words in ("no display", "ssh -X", "--screenshot", "main.py train"):
        assert words in result.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (MemoryError(), 1, "Memory ran out"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            1,
            "Memory ran out",
        ),
        (PermissionError(13, "Permission denied", "/there"), 1, "/there: Permission denied."),
        (ModuleNotFoundError("No module named 'x'", name="x"), 1, "package x is missing"),
        (
            ZeroDivisionError("division by zero\nmore"),
            1,
            "(ZeroDivisionError: division by zero); run again with --debug",
        ),
        (KeyError(), 1, "(KeyError); run again with --debug"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_any_error_is_one_sentence(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    assert exit_code_of(fail, debug=False) == code
    captured = capsys.readouterr().err
    assert words in captured
    assert len(captured.splitlines()) == 1
    assert exit_code_of(fail, debug=True) == code
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_read_enough_does_no_harm() -> None:
    command = [sys.executable, str(ROOT / "main.py"), "train", "--help"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        error = process.stderr.read()
    assert (process.returncode, error) == (0, b"")


def test_a_terminal_without_greek_letters_is_no_reason_to_fail() -> None:
    result = started("train", "--help", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert "--kl-warmup" in result.stdout
