"""What an action is called, where it stands and which keys do it, in words: for lists of commands."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu


def name_of(action: QAction) -> str:
    """Its text as people read it, without the marks of access keys."""
    return _plain(action.text())


def keys_of(action: QAction) -> tuple[str, ...]:
    """Every shortcut, as this desktop writes it."""
    return tuple(keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts())


def menu_of(action: QAction) -> str:
    """Title of the menu of the menu bar under which it stands, however deep; nothing where it is in no menu."""
    title = ""
    seen: set[QAction] = set()
    place: QAction | None = action
    while place is not None and place not in seen:
        seen.add(place)
        menus = [owner for owner in place.associatedObjects() if isinstance(owner, QMenu) and owner.title()]
        if menus:
            title = _plain(menus[0].title())
        place = menus[0].menuAction() if menus else None
    return title


def is_command(action: QAction) -> bool:
    """Whether it does something by itself: no line between others, no door to a submenu, and not hidden."""
    opens_menu = isinstance(action.menu(), QMenu)
    return bool(action.text()) and action.isVisible() and not action.isSeparator() and not opens_menu


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
