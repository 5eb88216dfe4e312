"""The looks have contrast, reach every widget and follow the desktop; every icon draws."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QProxyStyle, QStyleFactory, QWidget
from pytestqt.qtbot import QtBot

from explorer.icons import FOLDER, icon
from explorer.theme import ASSETS, DARK, LIGHT, Look, Theme, apply_theme, dressing, is_dark, look_of, set_role
from tests.explorer.driving import dress, until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of the platform without a screen


@pytest.fixture(autouse=True)
def light_again(qtbot: QtBot, qapp: QApplication) -> Iterator[None]:
    yield
    dress(qtbot, qapp, "light")


def _luminance(colour: str) -> float:
    linear = [((v + 0.055) / 1.055) ** 2.4 if v > 0.04045 else v / 12.92 for v in QColor(colour).getRgbF()[:3]]  # type: ignore[index]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


class _Counting(QProxyStyle):
    """Counts how often each widget is dressed."""

    def __init__(self) -> None:
        super().__init__("Fusion")
        self.dressed = Counter[QWidget]()

    def polish(self, dressed: QWidget | QApplication | QPalette) -> None:  # type: ignore[override]
        if isinstance(dressed, QWidget):
            self.dressed[dressed] += 1
        super().polish(dressed)  # type: ignore[arg-type]


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_words_have_the_contrast_of_wcag_aa(look: Look) -> None:
    for words in (look.text, look.muted, look.error, look.warning, look.good):
        for ground in (look.window, look.surface, look.raised):
            assert _contrast(words, ground) >= 4.5, (words, ground)
    for ground in (look.accent, look.accent_hover):
        assert _contrast(look.on_accent, ground) >= 4.5
    assert _contrast(look.text, look.soft) >= 4.5
    assert _contrast(look.text, look.hover) >= 4.5
    for line in (look.edge, look.accent):
        assert _contrast(line, look.surface) >= 3


@pytest.mark.parametrize(("choice", "dark"), [("light", False), ("dark", True)])
def test_a_look_reaches_widgets_that_are_open(qapp: QApplication, qtbot: QtBot, choice: Theme, dark: bool) -> None:
    widget = QLabel("words")
    qtbot.addWidget(widget)
    widget.show()
    set_role(widget, "muted")
    dress(qtbot, qapp, "light" if dark else "dark")
    dress(qtbot, qapp, choice)
    assert is_dark(widget) is dark
    assert look_of(widget) is (DARK if dark else LIGHT)


def test_each_widget_is_dressed_once_however_deep_it_lies(qapp: QApplication, qtbot: QtBot) -> None:
    dress(qtbot, qapp, "light")
    style = _Counting()
    qapp.setStyle(style)
    parts = [QWidget()]
    qtbot.addWidget(parts[0])
    for _ in range(6):
        parts.append(QWidget(parts[-1]))
    parts[0].show()
    style.dressed.clear()
    dress(qtbot, qapp, "dark")
    assert [style.dressed[part] for part in parts] == [1] * 7
    assert is_dark(parts[-1])
    qapp.setStyle(QStyleFactory.create("Fusion"))


def test_many_widgets_are_dressed_in_turns_between_which_the_mouse_is_heard(qapp: QApplication, qtbot: QtBot) -> None:
    dress(qtbot, qapp, "light")
    window = QWidget()
    qtbot.addWidget(window)
    labels = [QLabel("words", window) for _ in range(3000)]
    window.show()
    told: list[str] = []
    notes = [getattr(dressing(), name).connect(partial(told.append, name)) for name in ("begins", "ends")]
    apply_theme(qapp, "dark")
    assert told == ["begins"]
    assert not dressing().is_done
    labels.pop().setParent(None)  # one is let go meanwhile
    heard: list[bool] = []
    QTimer.singleShot(0, lambda: heard.append(dressing().is_done))
    with qtbot.waitSignal(dressing().ends):
        pass
    assert heard == [False]
    assert told == ["begins", "ends"]
    assert dressing().is_done
    assert all(is_dark(label) for label in (window, *labels))
    set_role(labels[-1], "error")
    apply_theme(qapp, "light")
    apply_theme(qapp, "dark")  # before all are dressed
    with qtbot.waitSignal(dressing().ends):
        pass
    assert all(is_dark(label) for label in (window, *labels))
    assert labels[-1].palette().color(labels[-1].foregroundRole()).name() == DARK.error
    for note in notes:
        dressing().disconnect(note)


def test_widgets_are_told_before_the_look_changes(qapp: QApplication, qtbot: QtBot) -> None:
    dress(qtbot, qapp, "light")
    widget = QLabel("words")
    qtbot.addWidget(widget)
    told: list[bool] = []
    note = dressing().begins.connect(lambda: told.append(is_dark(widget)))
    apply_theme(qapp, "light")
    assert not told, "nothing changes"
    apply_theme(qapp, "dark")
    assert told == [False]
    dressing().begins.disconnect(note)


def test_system_follows_the_desktop(qapp: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    dress(qtbot, qapp, "system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    until(qtbot, lambda: dressing().is_done)
    assert is_dark(widget)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    until(qtbot, lambda: dressing().is_done)
    assert not is_dark(widget)


def test_a_choice_of_ones_own_outlives_a_change_of_the_desktop(qapp: QApplication, qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    dress(qtbot, qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    until(qtbot, lambda: dressing().is_done)
    assert not is_dark(widget)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


def test_a_role_changes_how_a_label_looks(qapp: QApplication, qtbot: QtBot) -> None:
    dress(qtbot, qapp, "light")
    label = QLabel("words")
    qtbot.addWidget(label)
    label.ensurePolished()
    set_role(label, "error")
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.error
    set_role(label, "")
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.text


def test_the_style_sheet_names_only_what_exists() -> None:
    sheet = (ASSETS / "style.qss").read_text(encoding="utf-8")
    assert set(re.findall(r"\$(\w+)", sheet)) <= set(asdict(LIGHT))
    for name in re.findall(r"url\(icons:([^)$]+)\)", sheet):
        assert (FOLDER / name).exists(), name
    assert (FOLDER / LIGHT.check).exists()
    assert (FOLDER / DARK.check).exists()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_draws_something(qapp: QApplication, path: Path) -> None:
    del qapp
    drawn = icon(path.stem).pixmap(QSize(24, 24), 2.0)
    assert drawn.size() == QSize(48, 48)
    alpha = [drawn.toImage().pixelColor(x, y).alpha() for x in range(48) for y in range(48)]
    assert max(alpha) == 255
    assert min(alpha) == 0


def test_an_icon_follows_the_look_and_pales_when_disabled(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    stop = icon("stop")
    assert stop.pixmap(QSize(24, 24)).toImage().pixelColor(12, 12).name() == LIGHT.text
    apply_theme(qapp, "dark")
    assert stop.pixmap(QSize(24, 24)).toImage().pixelColor(12, 12).name() == DARK.text
    disabled = stop.pixmap(QSize(24, 24), QIcon.Mode.Disabled).toImage().pixelColor(12, 12)
    assert disabled.name() == DARK.faint


def test_a_missing_icon_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon("no-such-icon")
