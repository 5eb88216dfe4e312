"""One claim: what is said, what became of it here, the figures, and a picture of what they mean."""

from dataclasses import dataclass
from html import escape
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from explorer.icons import icon
from explorer.theme import Role, set_role
from explorer.views.wide_picture import WidePicture

Ruling = Literal["holds", "fails", "undecided", "untested"]
SIGNS: Final[dict[Ruling, str]] = {"holds": "✓", "fails": "✗", "undecided": "?", "untested": "–"}
WIDE: Final = 760
"""Width of a card in pixels from which on the picture stands beside the words."""
SPREAD_TIP: Final = "After ± stands half of a 95 % interval. Point at the title to see what is measured."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimText:
    """What is said: `title` in short, `statement` as it is said, `source` where, `measure` how it is checked."""

    name: str
    title: str
    statement: str
    source: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """What became of it.

    Attributes:
        ruling: The ruling; None where something went wrong, and `sentence` says what.
        words: The ruling in words.
        sentence: What was found.
        deciding: The figures that decide, with their spread.
        figures: All figures: whose, of what, how much, and where the claim would hold.
        picture_HW3: What the figures mean, uint8.
        basis: Which models were looked at, when, and on what.
    """

    ruling: Ruling | None
    words: str
    sentence: str
    deciding: str = ""
    figures: tuple[tuple[str, str, str, str], ...] = ()
    picture_HW3: npt.NDArray[np.uint8] | None = None
    basis: str = ""


class ClaimCard(QFrame):
    """Words at the left, the picture at the right; beneath them where there is less room."""

    def __init__(self, claim: ClaimText, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"claim-{claim.name}")
        set_role(self, "panel")
        self.claim = claim
        self.finding: Finding | None = None
        self._title = self._label("title", claim.title, role="title")
        self._title.setToolTip(claim.measure)
        self._ruling = self._label("ruling", role="untested")  # all rulings have the same frame
        self._ruling.setWordWrap(False)
        self._ruling.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._said = self._label("said", f"“{claim.statement}” — {claim.source}", role="muted")
        self._found = self._label("found")
        self._deciding = self._label("deciding")
        self._deciding.setToolTip(SPREAD_TIP)
        self._figures = self._label("figures")
        self._figures.setTextFormat(Qt.TextFormat.RichText)
        self._figures.setWordWrap(False)
        self._basis = self._label("basis", role="muted")
        self._age = self._label("age", role="warning")
        self._more = QToolButton(self)
        self._more.setObjectName("all-figures")
        self._more.setText("All figures")
        self._more.setToolTip("Show every number behind the verdict, with its spread")
        self._more.setIcon(icon("chevron-right"))
        self._more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more.setCheckable(True)
        set_role(self._more, "quiet")
        self._more.toggled.connect(self._show_figures)
        self.picture = WidePicture(self)
        self.picture.setObjectName("picture")
        self.picture.setAccessibleName(f"{claim.title}: what was measured")
        self._build()
        self.show_finding(None)

    def show_finding(self, finding: Finding | None) -> None:
        """Show what became of the claim, or that nobody knows yet."""
        self.finding = finding
        ruling = finding.ruling if finding is not None else None
        if finding is not None and ruling is not None:
            set_role(self._ruling, ruling)
            self._ruling.setText(f"{SIGNS[ruling]} {finding.words}")
        self._ruling.setVisible(ruling is not None)
        self._found.setText(finding.sentence if finding is not None else f"Not checked yet. {self.claim.measure}")
        set_role(self._found, "muted" if finding is None else "error" if ruling is None else "")
        self._show(self._deciding, finding.deciding if finding is not None else "")
        self._show(self._basis, finding.basis if finding is not None else "")
        figures = finding.figures if finding is not None else ()
        self._figures.setText(_table(figures))
        self._more.setVisible(bool(figures))
        self._figures.setVisible(bool(figures) and self._more.isChecked())
        picture_HW3 = finding.picture_HW3 if finding is not None else None
        self.picture.show_picture(picture_HW3)
        self.picture.setVisible(picture_HW3 is not None)
        self.setAccessibleName(f"{self.claim.title}: {finding.words if finding is not None else 'not checked yet'}")

    def show_age(self, words: str) -> None:
        """Say in which way the models are others by now; nothing where they are as they were."""
        if words != self._age.text() or self._age.isHidden() == bool(words):
            self._show(self._age, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture goes where there is room for it."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction.LeftToRight if self.width() >= WIDE else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() != direction:
            self._columns.setDirection(direction)
            self.updateGeometry()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._title, 1)
        head.addWidget(self._ruling, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addLayout(head)
        for label in (self._said, self._found, self._deciding):
            words.addWidget(label)
        words.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        for label in (self._figures, self._basis, self._age):
            words.addWidget(label)
        words.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(12, 10, 12, 10)
        self._columns.setSpacing(16)
        self._columns.addLayout(words, 4)
        self._columns.addWidget(self.picture, 5)

    def _label(self, name: str, text: str = "", *, role: Role = "") -> QLabel:
        label = QLabel(text, self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        set_role(label, role)
        return label

    def _show(self, label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))

    def _show_figures(self, shown: bool) -> None:
        self._more.setIcon(icon("chevron-down" if shown else "chevron-right"))
        self._figures.setVisible(shown and bool(self._figures.text()))


def _table(figures: tuple[tuple[str, str, str, str], ...]) -> str:
    if not figures:
        return ""
    rows = "".join(
        f"<tr><td>{escape(model)}</td><td>{escape(name)}</td><td align='right'>{escape(figure)}</td>"
        f"<td>{escape(line)}</td></tr>"
        for model, name, figure, line in figures
    )
    return f"<table cellpadding='2' cellspacing='4'>{rows}</table>"
