"""The application that widgets need, made as the program makes it."""

import os
import sys

from PySide6.QtWidgets import QApplication

from explorer.display import prepare_display
from explorer.theme import apply_theme


def open_application() -> QApplication:
    """The one of this process, in light colours; keep it as long as the widgets live."""
    prepare_display(os.environ)
    found = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(found, QApplication)
    apply_theme(found, "light")
    return found
