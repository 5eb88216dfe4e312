"""What is said of these models, one card a claim."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from explorer.views.claim_card import ClaimCard, ClaimText, Finding

LEAST_PICTURE: Final = 220
"""Height in pixels that a picture may have, however low the view is."""
AROUND_PICTURE: Final = 24


class ClaimsView(QScrollArea):
    """The cards, in an order that never changes."""

    def __init__(self, claims: tuple[ClaimText, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("claims")
        self.setAccessibleName("Claims about the models")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(24)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(8)
        self.cards = {claim.name: ClaimCard(claim, page) for claim in claims}
        for card in self.cards.values():
            column.addWidget(card)
        column.addStretch(1)
        self.setWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let each picture be seen whole."""
        super().resizeEvent(event)
        for card in self.cards.values():
            card.picture.limit_height(max(LEAST_PICTURE, self.viewport().height() - AROUND_PICTURE))

    def show_finding(self, name: str, finding: Finding | None) -> None:
        """Show what became of a claim."""
        self.cards[name].show_finding(finding)

    def show_age(self, name: str, words: str) -> None:
        """Say on a claim's card in which way the models are others by now."""
        self.cards[name].show_age(words)
