"""What is kept of a session on the disk."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.session import BENCH, KEPT_SESSIONS, Session, last_session, sessions_folder
from explorer.workbench import Model
from trainers.recipe import Recipe

HOLD = """
import sys
from pathlib import Path
from explorer.session import Session
session = Session(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def model(run: str, name: str) -> Model:
    return Model(run=run, name=name, recipe=Recipe(), colour=0)


def past(*runs: str) -> Path:
    """A session that has ended, with copies of these runs."""
    session = Session.begin()
    for run in runs:
        (session.folder / f"{run}.safetensors").write_bytes(b"a model")
    session.note(tuple(model(run, f"Name of {run}") for run in runs))
    session.end()
    return session.folder


def test_what_was_kept_comes_back_in_order() -> None:
    folder = past("run-2", "run-1")
    assert [(kept.name, kept.path) for kept in last_session()] == [
        ("Name of run-2", folder / "run-2.safetensors"),
        ("Name of run-1", folder / "run-1.safetensors"),
    ]


def test_a_session_without_models_leaves_nothing() -> None:
    folder = past("run-1")
    empty = Session.begin()
    empty.note((model("run-9", "Never trained"),))
    assert last_session()[0].path.parent == folder, "a newer session without models hides no older one"
    empty.end()
    assert not empty.folder.exists()
    empty.end()


def test_a_model_that_was_not_kept_is_not_offered() -> None:
    session = Session.begin()
    (session.folder / "run-1.safetensors").write_bytes(b"a model")
    (session.folder / "run-3.safetensors").write_bytes(b"removed from the bench")
    session.note((model("run-1", "First"), model("run-2", "Untrained")))
    session.end()
    assert [kept.name for kept in last_session()] == ["First"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"models": 3}',
        '{"models": [3]}',
        '{"models": [{"run": "run-1"}]}',
        '{"models": [{"run": "../../secret", "name": "x"}]}',
        '{"models": [{"run": [], "name": 1}]}',
        "\x00",
        "[" * 100_000,
    ],
)
def test_a_damaged_list_loses_no_model(text: str) -> None:
    folder = past("run-1")
    (folder / BENCH).write_text(text)
    assert [(kept.name, kept.path.name) for kept in last_session()] == [("run-1", "run-1.safetensors")]


def test_a_list_in_no_encoding_or_a_folder_in_its_place_loses_no_model() -> None:
    folder = past("run-1")
    (folder / BENCH).write_bytes(b"\xff\xfe\x00\xd8")
    assert len(last_session()) == 1
    (folder / BENCH).unlink()
    (folder / BENCH).mkdir()
    assert len(last_session()) == 1


def test_this_session_is_no_past_one() -> None:
    session = Session.begin()
    (session.folder / "run-1.safetensors").write_bytes(b"a model")
    assert last_session() == ()
    session.end()
    assert len(last_session()) == 1


def test_a_session_in_use_elsewhere_is_left_alone_and_one_that_was_killed_is_not() -> None:
    folder = past("run-1")
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    try:
        assert last_session() == ()
        for number in range(KEPT_SESSIONS + 2):
            past(f"run-{number}")
        Session.begin().end()
        assert folder.exists(), "never cleared away under another window"
    finally:
        other.kill()
        other.communicate()
    for newer in sessions_folder().iterdir():
        if newer != folder:
            shutil.rmtree(newer)
    assert [kept.name for kept in last_session()] == ["Name of run-1"]


def test_only_the_last_sessions_are_kept() -> None:
    folders = [past(f"run-{number}") for number in range(KEPT_SESSIONS + 3)]
    Session.begin().end()
    assert sorted(sessions_folder().iterdir()) == folders[-KEPT_SESSIONS:]


def test_a_list_that_cannot_be_written_stops_nobody() -> None:
    session = Session.begin()
    shutil.rmtree(session.folder)
    session.folder.write_text("a file in its place")
    session.note((model("run-1", "First"),))
    session.end()


def test_a_state_folder_that_is_none_is_told() -> None:
    home = sessions_folder()
    home.parent.mkdir(parents=True)
    home.write_text("a file in its place")
    with pytest.raises(OSError, match="sessions"):
        Session.begin()
    assert last_session() == ()
