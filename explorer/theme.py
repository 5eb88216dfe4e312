"""The light and the dark look: one set of named colours each, a palette and a style sheet made of them, on Qt's Fusion.

No other file styles a control. A widget that is more than plain says what it is, `set_role(label, "muted")`, and the
style sheet in `assets/style.qss` says how that looks; a widget that paints itself asks `look_of(self)` for colours.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template
from typing import Literal

from PySide6.QtCore import QDir, QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from explorer.dressing import Dressing

ASSETS = Path(__file__).resolve().parent.parent / "assets"

Theme = Literal["system", "light", "dark"]
Role = Literal[
    "", "muted", "title", "error", "warning", "good", "badge", "panel", "primary", "quiet",
    "holds", "fails", "undecided", "untested",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Named colours, "#rrggbb". Text of every kind has 4.5:1 (WCAG AA) on `window`, `surface` and `raised`.

    Attributes:
        window: Ground of the window.
        surface: Ground of fields, lists and plots.
        raised: Ground of buttons and cards.
        hover: Ground under the pointer.
        soft: Ground of what is chosen or pressed.
        line: Lines that only divide.
        border: Lines around things.
        edge: Lines around things that can be changed, 3:1 on `surface`.
        track: Rails of sliders and bars.
        thumb: Handles of scroll bars.
        text: Words.
        muted: Words of less weight.
        faint: Words of what cannot be used now.
        accent: Focus, choice and the main button.
        accent_hover: The same under the pointer.
        on_accent: Words on either.
        error: Words of a fault.
        warning: Words of a doubt.
        good: Words of success.
        check: Icon of a tick that is drawn on `accent`.
    """

    window: str
    surface: str
    raised: str
    hover: str
    soft: str
    line: str
    border: str
    edge: str
    track: str
    thumb: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    error: str
    warning: str
    good: str
    check: str


LIGHT = Look(
    window="#f4f5f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#e9ecf2",
    soft="#dbe6fb",
    line="#e3e6ec",
    border="#d3d8e0",
    edge="#868f9e",
    track="#d3d8e0",
    thumb="#b9c0cb",
    text="#1b2028",
    muted="#596272",
    faint="#9aa2af",
    accent="#2563d9",
    accent_hover="#1c51ba",
    on_accent="#ffffff",
    error="#b42318",
    warning="#8f5300",
    good="#12703f",
    check="check-light.svg",
)
DARK = Look(
    window="#181a1f",
    surface="#1f2228",
    raised="#2a2e36",
    hover="#333842",
    soft="#2c3f60",
    line="#2a2e36",
    border="#3b414c",
    edge="#717a89",
    track="#3b414c",
    thumb="#4d5562",
    text="#e7e9ee",
    muted="#a3abb9",
    faint="#666e7b",
    accent="#7aaeff",
    accent_hover="#9cc3ff",
    on_accent="#0d1526",
    error="#ff8f84",
    warning="#f0b35c",
    good="#6fd39c",
    check="check-dark.svg",
)


def apply_theme(app: QApplication, choice: Theme) -> None:
    """Dress the application; "system" follows the desktop from now on, also when it changes."""
    _desktop_of(app).follow(choice)


def dressing() -> Dressing:
    """What dresses all widgets anew when the look changes, and tells when it does."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return _desktop_of(app).dressing


def is_dark(widget: QWidget) -> bool:
    """Whether the widget shows light words on a dark ground."""
    palette = widget.palette()
    roles = QPalette.ColorRole
    return palette.color(roles.Window).lightness() < palette.color(roles.WindowText).lightness()


def look_of(widget: QWidget) -> Look:
    """The colours that a widget which paints itself should use."""
    return DARK if is_dark(widget) else LIGHT


def set_role(widget: QWidget, role: Role) -> None:
    """Say what a widget is, so that the style sheet can dress it; "" takes it back."""
    if widget.property("role") == role:
        return
    widget.setProperty("role", role)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it has not been dressed yet
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def with_alpha(colour: str, alpha: float) -> QColor:
    """A named colour that lets `1 - alpha` of the ground through."""
    seen = QColor(colour)
    seen.setAlphaF(alpha)
    return seen


class _Desktop(QObject):
    """Knows what the person chose, and what the desktop says; one for the application, owned by it."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.dressing = Dressing(app)
        self.setObjectName("desktop_theme")
        self._app = app
        self._choice: Theme = "system"
        QDir.setSearchPaths("icons", [str(ASSETS / "icons")])
        app.setStyle(QStyleFactory.create("Fusion"))
        self._scheme = app.styleHints().colorScheme()
        app.styleHints().colorSchemeChanged.connect(self._desktop_changed)

    def follow(self, choice: Theme) -> None:
        """Take the person's choice, and tell the desktop, so that title bars match."""
        self._choice = choice
        hints = self._app.styleHints()
        if choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if choice == "dark" else Qt.ColorScheme.Light)
        self._dress()

    def _desktop_changed(self, scheme: Qt.ColorScheme) -> None:
        self._scheme = scheme
        self._dress()

    def _dress(self) -> None:
        dark = self._choice == "dark"
        if self._choice == "system":
            dark = self._scheme == Qt.ColorScheme.Dark
        look = DARK if dark else LIGHT
        if self._app.property("look") == look.window:
            return
        self._app.setProperty("look", look.window)
        self.dressing.change(_palette(look), _style_sheet(look))


def _desktop_of(app: QApplication) -> _Desktop:
    found = app.findChild(QObject, "desktop_theme")
    return found if isinstance(found, _Desktop) else _Desktop(app)


def _style_sheet(look: Look) -> str:
    return Template((ASSETS / "style.qss").read_text(encoding="utf-8")).substitute(asdict(look))


def _palette(look: Look) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for role, colour in (
        (roles.Window, look.window),
        (roles.WindowText, look.text),
        (roles.Base, look.surface),
        (roles.AlternateBase, look.window),
        (roles.Text, look.text),
        (roles.Button, look.raised),
        (roles.ButtonText, look.text),
        (roles.BrightText, look.error),
        (roles.Highlight, look.accent),
        (roles.HighlightedText, look.on_accent),
        (roles.Accent, look.accent),
        (roles.Link, look.accent),
        (roles.LinkVisited, look.accent),
        (roles.ToolTipBase, look.raised),
        (roles.ToolTipText, look.text),
        (roles.PlaceholderText, look.muted),
        (roles.Light, look.hover),
        (roles.Midlight, look.line),
        (roles.Mid, look.border),
        (roles.Dark, look.edge),
        (roles.Shadow, "#000000"),
    ):
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(look.faint))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Highlight, QColor(look.border))
    return palette
