"""The editor of a setting that is drawn: a pad, its brush, and the ways to fill it at once."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from explorer.picture_reader import PictureRead, PictureReader
from explorer.recipe_fields import FieldEditor, tooltip
from explorer.theme import set_role
from explorer.views.prior_pad import PriorPad
from explorer.views.stroke_pad import GREATEST_BRUSH, LEAST_BRUSH
from trainers.priors.drawing import decode_drawing, encode_drawing
from trainers.setting import Setting

_HINT = "Left button draws, right button erases. Ctrl+Z takes a stroke back."


class DrawingEditor(FieldEditor):
    """A drawing as the text of a recipe; one that has not been touched gives back the text that it came from.

    Attributes:
        reader: Reads pictures for it.
    """

    def __init__(self, name: str, setting: Setting, parent: QWidget) -> None:
        super().__init__(name, setting, parent)
        self._pad = PriorPad(self)
        self._take_control(self._pad)
        self._text = ""
        self._pad.setToolTip(
            tooltip(
                f"{setting.help} Left button draws, right button erases; with the keyboard, arrows move the brush,"
                " Space draws and Delete erases. The dots are samples. A picture can be dropped here."
            )
        )
        self._pad.drawn.connect(self._take)
        self._pad.picture_dropped.connect(self._read)
        self._pad.refused.connect(self._tell_problem)
        self.reader = PictureReader()
        self.reader.read.connect(self._take_picture)
        side = QVBoxLayout()
        side.setSpacing(6)
        hint = QLabel(_HINT, self)
        hint.setObjectName(f"recipe_{name}_hint")
        hint.setWordWrap(True)
        set_role(hint, "muted")
        side.addWidget(hint)
        side.addWidget(self._brush_label(name))
        side.addWidget(self._brush)
        for suffix, text, tip, act in (
            ("clear", "Clear", "Leave nothing, to draw from the start.", self._pad.clear),
            ("invert", "Invert", "Let what is empty be dense, and the other way round.", self._pad.invert),
            ("file", "From a picture…", "Take the dark places of a picture on this computer.", self._pick),
        ):
            button = QPushButton(text, self)
            button.setObjectName(f"recipe_{name}_{suffix}")
            button.setAccessibleName(f"{setting.label}: {text.lower().removesuffix('…')}")
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.clicked.connect(act)
            side.addWidget(button)
        self._note = QLabel(self)
        self._note.setObjectName(f"recipe_{name}_reading")
        self._note.setWordWrap(True)
        self._note.hide()
        set_role(self._note, "muted")
        side.addWidget(self._note)
        self._problem = QLabel(self)
        self._problem.setObjectName(f"recipe_{name}_unread")
        self._problem.setWordWrap(True)
        self._problem.hide()
        set_role(self._problem, "error")
        side.addWidget(self._problem)
        side.addStretch(1)
        self._row.setSpacing(12)
        self._row.setStretch(0, 0)
        self._row.addLayout(side, 1)

    def value(self) -> object:
        """The text of the drawing."""
        return self._text

    def set_value(self, value: object) -> None:
        """Show the drawing of a text; one that cannot be read shows nothing."""
        self._stop_reading()
        self._text = str(value)
        try:
            self._pad.show_drawing(decode_drawing(self._text))
        except ValueError:
            self._pad.show_drawing(self._pad.drawing * 0)
        self._tell_problem("")

    def remark(self) -> str:
        """Nothing: a drawing speaks for itself."""
        return ""

    def _brush_label(self, name: str) -> QLabel:
        self._brush = QSlider(Qt.Orientation.Horizontal, self)
        self._brush.setRange(LEAST_BRUSH, GREATEST_BRUSH)
        self._brush.setValue(4)
        self._brush.setObjectName(f"recipe_{name}_brush")
        self._brush.setAccessibleName("Brush width")
        self._brush.setToolTip("How wide the brush is.")
        self._brush.valueChanged.connect(self._pad.set_brush)
        label = QLabel("Brush", self)
        label.setBuddy(self._brush)
        return label

    def _take(self) -> None:
        self._stop_reading()
        self._text = encode_drawing(self._pad.drawing)
        self._tell_problem("")
        self.value_changed.emit()

    def _pick(self) -> None:
        dialog = QFileDialog(self, "Choose a picture")
        dialog.setObjectName("picture_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Pictures (*.png *.jpg *.jpeg *.gif *.bmp *.webp *.tif *.tiff)", "All files (*)"])
        dialog.fileSelected.connect(self._read)
        dialog.open()

    def _read(self, path: str | Path) -> None:
        """Read a picture, which may be large, in a thread of its own; the pad can be drawn on meanwhile."""
        self._tell_problem("")
        self._note.setText(f"Reading {Path(path).name} …")
        self._note.show()
        self.reader.begin(Path(path))

    def _take_picture(self, picture: PictureRead) -> None:
        if picture.drawing is not None:
            self._pad.change(picture.drawing)
        else:
            self._stop_reading()
            self._tell_problem(picture.problem)

    def _stop_reading(self) -> None:
        """What is drawn or shown now is newer than a picture that has not been read yet."""
        self.reader.drop()
        self._note.hide()

    def _tell_problem(self, sentence: str) -> None:
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
