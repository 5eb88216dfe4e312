"""Words that have no room end in an ellipsis, and look as any label's otherwise."""

from typing import get_args

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from explorer.theme import Role, Theme, apply_theme, set_role
from explorer.views.elided_label import ElidedLabel

WORDS = "Samples of a learned mixture of Gaussians"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", [role for role in get_args(Role) if role in ("", "muted", "title", "error", "good")])
@pytest.mark.parametrize("width", [90, 500])
def test_it_paints_what_a_label_of_so_many_words_paints(
    qtbot: QtBot, qapp: QApplication, theme: Theme, role: Role, width: int
) -> None:
    apply_theme(qapp, theme)
    ours, theirs = ElidedLabel(WORDS), QLabel()
    for label in (ours, theirs):
        qtbot.addWidget(label)
        set_role(label, role)
        label.setFixedSize(width, 24)
        label.show()
    theirs.setText(theirs.fontMetrics().elidedText(WORDS, Qt.TextElideMode.ElideRight, width))
    assert ("…" in theirs.text()) == (width == 90)
    assert ours.grab().toImage() == theirs.grab().toImage()
    apply_theme(qapp, "system")


def test_it_gives_way_and_tells_all_of_it(qtbot: QtBot) -> None:
    label = ElidedLabel(WORDS)
    qtbot.addWidget(label)
    label.setToolTip("What is drawn.")
    assert label.minimumSizeHint().width() == 1
    label.resize(60, 24)
    label.show()
    ask = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(5, 5), label.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(label, ask)
    assert QToolTip.text() == f"{WORDS}\nWhat is drawn."
    QToolTip.hideText()
