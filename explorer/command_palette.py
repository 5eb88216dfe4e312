"""Every command of the window in one list that is searched by typing."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer.action_text import commands_in, keys_of, menus_of, name_of
from explorer.theme import set_role

_WIDTH = 560
_ROWS = 12
_ROLE_ACTION = Qt.ItemDataRole.UserRole
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -_ROWS + 1, Qt.Key.Key_PageDown: _ROWS - 1}


class CommandPalette(QFrame):
    """A list that opens over the window, narrows while one types, and goes when something is chosen or clicked away.

    It opens once: `CommandPalette(window).open_for(actions)`; when it closes it is gone.
    Commands that cannot be used now are grey and are passed over.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("command_palette")
        self.setAccessibleName("Command palette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "panel")
        self._owner = parent
        self._actions: list[QAction] = []
        self._query = QLineEdit()
        self._query.setObjectName("command_query")
        self._query.setAccessibleName("Search commands")
        self._query.setPlaceholderText("Type the name of a command")
        self._query.setToolTip("Any letters of a command, in order; ↑ and ↓ choose, Enter does it, Esc closes.")
        self._query.textChanged.connect(self._narrow)
        self._query.installEventFilter(self)
        self._list = QTreeWidget()
        self._list.setObjectName("command_list")
        self._list.setAccessibleName("Commands")
        self._list.setToolTip("Click a command to do it.")
        self._list.setColumnCount(3)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setAllColumnsShowFocus(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._list.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._list.itemClicked.connect(self._do)
        self._nothing = QLabel("No command has these letters.")
        self._nothing.setObjectName("command_nothing")
        self._nothing.setMargin(8)
        set_role(self._nothing, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self._query)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._nothing)

    def open_for(self, actions: Iterable[QAction]) -> None:
        """Open over the window with these commands and those of submenus; lines and hidden actions are left out."""
        self._actions = list(dict.fromkeys(commands_in(actions)))
        self._query.clear()
        self._narrow("")
        window = self._owner.window()
        row = max(self._list.sizeHintForRow(0), self.fontMetrics().height() + 4)
        chrome = self._query.sizeHint().height() + 32
        self.resize(min(_WIDTH, window.width() - 32), chrome + row * min(_ROWS, max(len(self._actions), 3)))
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, min(72, window.height() // 8))))
        self.show()
        self._query.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys that choose work while the search field has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _MOVES:
                self._move(_MOVES[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self._list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, query: str) -> None:
        found: list[tuple[float, QAction]] = []
        for action in self._actions:
            score = match_score(query, name_of(action), *menus_of(action))
            if score is not None:
                found.append((score, action))
        found.sort(key=lambda entry: -entry[0])
        self._list.clear()
        self._list.addTopLevelItems([_row(action) for _, action in found])
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._choose(next(iter(self._usable()), None))

    def _usable(self) -> list[QTreeWidgetItem]:
        rows = [self._list.topLevelItem(index) for index in range(self._list.topLevelItemCount())]
        return [row for row in rows if row is not None and not row.isDisabled()]

    def _move(self, steps: int) -> None:
        usable = self._usable()
        if not usable:
            return
        current = self._list.currentItem()
        here = usable.index(current) if current in usable else 0
        if abs(steps) == 1:
            self._choose(usable[(here + steps) % len(usable)])
        else:
            self._choose(usable[min(max(here + steps, 0), len(usable) - 1)])

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            self._list.clearSelection()
            return
        self._list.setCurrentItem(item)
        self._list.scrollToItem(item)

    def _do(self, item: QTreeWidgetItem | None) -> None:
        action = None if item is None or item.isDisabled() else item.data(0, _ROLE_ACTION)
        if isinstance(action, QAction):
            self.close()  # first, so that what the command opens has the window behind it
            action.trigger()


def match_score(query: str, text: str, *menus: str) -> float | None:
    """How well a command fits what is typed, more is better; None when some word of the query fits neither part.

    Each word of the query counts for itself: 4 at the beginning of the text, 3 at that of a word, 2 within one, 1 at
    the beginning of the title of a menu that leads to it, and up to 1 where its letters are scattered over the text,
    the more of them begin words or follow each other.
    """
    total = 0.0
    for word in query.casefold().split():
        in_text = _word_score(word, text.casefold())
        in_menu = 1.0 if any(menu.casefold().startswith(word) for menu in menus) else None
        scores = [score for score in (in_text, in_menu) if score is not None]
        if not scores:
            return None
        total += max(scores)
    return total


def _word_score(word: str, text: str) -> float | None:
    if text.startswith(word):
        return 4.0
    begins = [index == 0 or not text[index - 1].isalnum() for index in range(len(text))]
    if any(text.startswith(word, index) for index, begin in enumerate(begins) if begin):
        return 3.0
    if word in text:
        return 2.0
    best = {-2: 0}  # from the place of the letter before to how many letters so far lie well
    for letter in word:
        best = {
            place: max(good + (begins[place] or place == last + 1) for last, good in best.items() if last < place)
            for place, seen in enumerate(text)
            if seen == letter and place > min(best)
        }
        if not best:
            return None
    return max(best.values()) / len(word)


def _row(action: QAction) -> QTreeWidgetItem:
    tick = "✓ " if action.isChecked() else ""
    row = QTreeWidgetItem([f"{tick}{name_of(action)}", " › ".join(menus_of(action)), "  ".join(keys_of(action))])
    row.setData(0, _ROLE_ACTION, action)
    row.setToolTip(0, action.toolTip())
    row.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    row.setDisabled(not action.isEnabled())
    return row
