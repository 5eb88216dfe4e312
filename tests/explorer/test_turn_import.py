"""A library is imported by the window's thread, and the window has its turns between the library's parts."""

import subprocess
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from explorer import turn_import
from explorer.turn_import import import_in_turns

PANEL = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from explorer.loss_panel import LossPanel

application = QApplication([])
panel = LossPanel()
turns = []

def look():
    if "pyqtgraph" in sys.modules and "explorer.views.loss_view" not in sys.modules:
        turns.append(None)
        if sys.argv[1] == "closed":
            panel.end()

beat = QTimer()
beat.timeout.connect(look)
beat.start(1)
panel.begin()
panel.begin()
while not turns or (sys.argv[1] == "open" and panel.count() == 1):
    application.processEvents()
assert panel.count() == (1 if sys.argv[1] == "closed" else 2), panel.count()
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of three modules, whose last imports what is not its own; with a turn at every chance."""
    folder = tmp_path / "petals"
    folder.mkdir()
    (folder / "__init__.py").write_text("import petals.first, petals.second, petals.third\n")
    (folder / "first.py").write_text("")
    (folder / "second.py").write_text("")
    (folder / "third.py").write_text("import stem\n")
    (tmp_path / "stem.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(turn_import, "TURN_S", 0.0)
    return folder


@pytest.fixture(autouse=True)
def forgotten() -> object:
    """What was imported here is not there for the next test."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] in ("petals", "stem")]:
        del sys.modules[name]


def test_the_window_has_a_turn_before_each_part_of_the_library_and_no_other(qtbot: QtBot, library: Path) -> None:
    del qtbot, library
    seen: list[set[str]] = []
    beat = QTimer()
    beat.timeout.connect(lambda: seen.append({name for name in sys.modules if "petals" in name or name == "stem"}))
    beat.start(0)
    found = import_in_turns("petals")
    beat.stop()
    assert found is sys.modules["petals"]
    parts = [{"petals", *(f"petals.{part}" for part in names)} for names in ((), ("first",), ("first", "second"))]
    assert [there for there in seen if there] == parts
    assert set() in seen  # also while Qt's own names were asked for


def test_in_a_turn_the_window_may_wait_for_a_thread_that_imports(
    qtbot: QtBot, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del qtbot, library
    (tmp_path / "bee.py").write_text("")
    waits: list[bool] = []

    def visit() -> None:
        if "petals" in sys.modules:
            thread = threading.Thread(target=import_module, args=("bee",), daemon=True)
            thread.start()
            thread.join(30)
            waits.append(thread.is_alive())
            beat.stop()

    beat = QTimer()
    beat.timeout.connect(visit)
    beat.start(0)
    import_in_turns("petals")
    monkeypatch.delitem(sys.modules, "bee")
    assert waits == [False]


def test_a_library_that_fails_leaves_nothing_behind(qtbot: QtBot, library: Path) -> None:
    del qtbot
    (library / "second.py").write_text("raise ImportError('wilted')\n")
    before = list(sys.meta_path)
    with pytest.raises(ImportError, match="wilted"):
        import_in_turns("petals")
    assert sys.meta_path == before


@pytest.mark.parametrize("ending", ["open", "closed"])
def test_the_curves_come_in_turns_unless_the_window_is_closed_in_one(ending: str) -> None:
    # In a process of its own: here the library is imported already.
    subprocess.run([sys.executable, "-c", PANEL, ending], check=True, timeout=60)
