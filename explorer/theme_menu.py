"""The menu that makes the window light or dark."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from explorer.disk import remember
from explorer.theme import Theme, apply_theme

NAMES: Final[dict[Theme, str]] = {"system": "As the desktop", "light": "Light", "dark": "Dark"}


class ThemeMenu(QMenu):
    """Offers the looks; the choice is kept for the next time."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("&Theme", parent)
        self.setObjectName("theme-menu")
        group = QActionGroup(self)
        chosen = str(QSettings().value("theme", "system"))
        for theme, text in NAMES.items():
            action = QAction(text, self, checkable=True, checked=theme == chosen)
            action.setObjectName(f"theme-{theme}")
            action.triggered.connect(partial(self._choose, theme))
            group.addAction(action)
            self.addAction(action)

    def _choose(self, theme: Theme, _checked: bool = True) -> None:
        remember("theme", theme)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, theme)
