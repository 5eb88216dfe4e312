"""What the documents say is so: places exist, quotations are exact, commands are understood, examples run."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.launch import read_launch
from trainers.commands import COMMANDS
from trainers.commands.failures import exit_code_of

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The fenced blocks of a document that are in this language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(name), re.DOTALL | re.MULTILINE)


def definitions(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Names of all classes, functions and variables, those of classes as "Class.name"."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield prefix + node.name
        if isinstance(node, ast.ClassDef):
            yield from definitions(node.body, f"{prefix}{node.name}.")
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        yield from (prefix + target.id for target in targets if isinstance(target, ast.Name))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_in_the_code_exists(document: str) -> None:
    for path, name in re.findall(r"`([\w/]+\.py)(?::([\w.]+))?`", text_of(document)):
        assert (ROOT / path).is_file(), path
        if name:
            assert name in set(definitions(ast.parse(text_of(path)).body)), f"{path} has no {name}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)", text_of(document)) + re.findall(
        r'(?:src|srcset)="([^"]+)"', text_of(document)
    ):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_tree_is_that_of_the_project() -> None:
    (tree,) = blocks("ARCHITECTURE.md", "")
    folder, named = "", set[str]()
    for line in tree.splitlines():
        entry = line.split()[0]
        folder = folder if line.startswith(" ") else ""
        named |= {folder + name for name in (entry, *re.findall(r"\b\w+\.py\b", line))}
        folder = folder if line.startswith(" ") else entry
    for place in named:
        assert (ROOT / place).exists(), place
    for package in ("explorer", "trainers"):
        modules = {f"{package}/{path.name}" for path in (ROOT / package).glob("*.py") if path.name != "__init__.py"}
        assert sorted(modules - named) == [], "not in the tree"


def commands() -> list[list[str]]:
    """The words after main.py of every command line in README."""
    lines = [line for block in blocks("README.md", "(?:sh|console|powershell)") for line in block.splitlines()]
    return [line.split("main.py", 1)[1].split() for line in lines if "main.py" in line]


def ask_for_help(name: str) -> int:
    if name:
        return COMMANDS[name].load()(["--help"])
    return int(bool(read_launch(["--help"], "0")))


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_line_is_understood(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name = words[0] if words and words[0] in COMMANDS else ""
    assert exit_code_of(lambda: ask_for_help(name), debug=False) == 0
    known = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    flags = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert flags <= known | {"--help"}


def test_the_command_lines_of_readme_were_found() -> None:
    found = [" ".join(words) for words in commands()]
    for beginning in ("", "train ", "decode ", "--screenshot "):
        assert any(line.startswith(beginning) for line in found), beginning


def test_the_library_example_runs(tmp_path: Path) -> None:
    (example,) = blocks("README.md", "python")
    program = "import torch\ntorch.set_num_threads(1)\n" + example
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "vae.safetensors").is_file()


def test_quotations_of_the_code_are_exact() -> None:
    quotations = blocks("CONTRIBUTING.md", "python")
    assert quotations
    for quotation in quotations:
        head, *lines = quotation.splitlines()
        path = head.removeprefix("# ")
        source = {line.strip() for line in text_of(path).splitlines()}
        for line in lines:
            assert line.strip() in source or line.strip() in ("", "…"), f"{path} has no line {line.strip()!r}"


def test_the_check_of_a_clone_calls_what_readme_says() -> None:
    (test_command,) = (line for block in blocks("README.md", "sh") for line in block.splitlines() if "pytest" in line)
    assert test_command in text_of(".ci/run")
    assert "./check" in text_of(".ci/run").splitlines()


def test_the_first_frame_and_the_tables_need_no_torch() -> None:
    program = "import sys, trainers, trainers.messages, explorer.app; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0
