"""What an action is called, where it stands and which keys do it, in words: for lists of commands."""

from collections.abc import Iterable, Iterator

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu


def name_of(action: QAction) -> str:
    """Its text as people read it, without the marks of access keys."""
    return _plain(action.text())


def keys_of(action: QAction) -> tuple[str, ...]:
    """Every shortcut, as this desktop writes it."""
    return tuple(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())


def menus_of(action: QAction) -> tuple[str, ...]:
    """Titles of the menus that lead to it, that of the menu bar first; none where it is in no menu."""
    titles: list[str] = []
    seen: set[QAction] = set()
    place: QAction | None = action
    while place is not None and place not in seen:
        seen.add(place)
        menus = [owner for owner in place.associatedObjects() if isinstance(owner, QMenu) and owner.title()]
        titles += [_plain(menu.title()) for menu in menus[:1]]
        place = menus[0].menuAction() if menus else None
    return tuple(reversed(titles))


def commands_in(actions: Iterable[QAction]) -> Iterator[QAction]:
    """Those that are commands, and those within the menus that others open, in the order in which menus show them."""
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from commands_in(menu.actions())
        elif is_command(action):
            yield action


def is_command(action: QAction) -> bool:
    """Whether it does something by itself: no line between others, no door to a submenu, and not hidden."""
    opens_menu = isinstance(action.menu(), QMenu)
    return bool(action.text()) and action.isVisible() and not action.isSeparator() and not opens_menu


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
