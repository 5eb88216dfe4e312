"""A sheet of all keys and mouse gestures, read off the window's own actions so that it cannot be out of date."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.action_text import is_command, keys_of, menus_of, name_of
from explorer.theme import set_role

_MARGIN_ON_SCREEN = 120  # px that title bar, taskbar and edges may take
_BADGE_GAP = 4

Line = tuple[tuple[str, ...], str]


class ShortcutSheet(QDialog):
    """Keys by menu, then what the mouse does, in two columns.

    Args:
        parent: Window over which the sheet stands.
        actions: The window's actions; those without a shortcut are left out.
        gestures: What the mouse does: (gesture, meaning).
    """

    def __init__(
        self, parent: QWidget | None, actions: Iterable[QAction], gestures: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcut_sheet")
        self.setWindowTitle("Keyboard and mouse")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        groups = lines_by_menu(actions)
        if gestures:
            groups["Mouse"] = [((gesture,), meaning) for gesture, meaning in gestures]

        # From the outside in: Qt dresses all that a widget holds anew whenever it gets another parent.
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 12, 12)
        scroll = QScrollArea()
        scroll.setObjectName("shortcut_scroll")
        scroll.setAccessibleName("Keyboard and mouse")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout.addWidget(scroll, 1)
        content = QWidget()
        scroll.setWidget(content)
        columns = QHBoxLayout(content)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(40)
        for titles in _in_two_columns(groups):
            column = QVBoxLayout()
            column.setSpacing(18)
            columns.addLayout(column, 1)
            for title in titles:
                group = QWidget()
                column.addWidget(group)
                _fill(group, title, groups[title], self._key_width(groups, titles))
            column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("shortcut_close")
        close.setAccessibleName("Close")
        close.setToolTip("Close this sheet (Esc).")
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

        self.ensurePolished()
        wanted = content.sizeHint() + QSize(60, buttons.sizeHint().height() + 60)
        room = self.screen().availableSize() - QSize(_MARGIN_ON_SCREEN, _MARGIN_ON_SCREEN)
        self.resize(wanted.boundedTo(room))

    def _key_width(self, groups: dict[str, list[Line]], titles: list[str]) -> int:
        """Room that the widest keys of a column take, in px, so that the meanings stand under each other."""
        measure = self.fontMetrics().horizontalAdvance
        badge_padding = 22 + _BADGE_GAP
        return max(sum(measure(key) + badge_padding for key in keys) for title in titles for keys, _ in groups[title])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with the key that opened it, as with Esc."""
        if event.key() == Qt.Key.Key_F1:
            self.reject()
        else:
            super().keyPressEvent(event)


def lines_by_menu(actions: Iterable[QAction]) -> dict[str, list[Line]]:
    """From each menu's title to its (keys, meaning) lines, in the order of the actions; last, what is in no menu."""
    groups: dict[str, list[Line]] = {}
    homeless: list[Line] = []
    for action in dict.fromkeys(actions):
        keys = keys_of(action)
        if not keys or not is_command(action):
            continue
        menus = menus_of(action)
        lines = groups.setdefault(menus[0], []) if menus else homeless
        lines.append((keys, name_of(action).removesuffix("…")))
    return {**groups, "Anywhere": homeless} if homeless else groups


def _in_two_columns(groups: dict[str, list[Line]]) -> tuple[list[str], list[str]]:
    """Titles of the left and of the right column, in order, about equally long."""
    heights = [len(lines) + 2 for lines in groups.values()]
    cuts = range(len(heights) + 1)
    cut = min(cuts, key=lambda at: max(sum(heights[:at]), sum(heights[at:])))
    titles = list(groups)
    return titles[:cut], titles[cut:]


def _fill(group: QWidget, title: str, lines: list[Line], key_width: int) -> None:
    group.setObjectName(f"shortcuts_{title.lower().replace(' ', '_')}")
    group.setAccessibleName(title)
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnMinimumWidth(0, key_width)
    grid.setColumnStretch(1, 1)
    heading = QLabel(title)
    set_role(heading, "title")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (keys, meaning) in enumerate(lines, start=1):
        badges = QHBoxLayout()
        badges.setSpacing(_BADGE_GAP)
        for key in keys:
            badge = QLabel(key)
            set_role(badge, "badge")
            badges.addWidget(badge)
        badges.addStretch(1)
        words = QLabel(meaning)
        words.setWordWrap(True)
        words.setMinimumWidth(words.fontMetrics().averageCharWidth() * 24)
        grid.addLayout(badges, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, row, 1)
