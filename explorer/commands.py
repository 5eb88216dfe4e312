"""Everything that menus, keys and the command palette can do: one table."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from explorer.icons import icon


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done.

    Attributes:
        menu: Menu in which it stands; a line is drawn where `group` changes.
        name: What code calls it.
        text: What the menu shows; "…" at the end when it asks something first.
        tip: One sentence on what it does.
        keys: Shortcuts, as Qt writes them.
        picture: Icon, or none.
        group: Commands of one group stand together.
    """

    menu: str
    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    picture: str = ""
    group: int = 0


MENUS: Final = ("File", "Edit", "Train", "View", "Help")

COMMANDS: Final = (
    Command(
        "File",
        "open",
        "Open…",
        "Open saved models",
        keys=("Ctrl+O",),
        picture="open",
    ),
    Command(
        "File",
        "reopen",
        "Reopen last session",
        "Bring back the models of the last time, as trained as they were",
    ),
    Command(
        "File",
        "open_images",
        "Open images…",
        "Train all models on a folder of images or an .npz file",
        group=1,
    ),
    Command(
        "File",
        "save",
        "Save",
        "Save the focused model",
        keys=("Ctrl+S",),
        picture="save",
        group=2,
    ),
    Command(
        "File",
        "save_as",
        "Save as…",
        "Save the focused model under another name",
        keys=("Ctrl+Shift+S",),
        group=2,
    ),
    Command(
        "File",
        "export",
        "Export picture…",
        "Save what the window shows as a PNG picture",
        keys=("Ctrl+E",),
        group=3,
    ),
    Command(
        "File",
        "export_chosen",
        "Export chosen images…",
        "Save the chosen images as a sheet, with their codes as a table, or as arrays to train on",
        keys=("Ctrl+Shift+E",),
        group=3,
    ),
    Command("File", "quit", "Quit", "Close the window", keys=("Ctrl+Q",), group=4),
    Command("Edit", "undo", "Undo", "Take the last change of the models back", keys=("Ctrl+Z",)),
    Command("Edit", "redo", "Redo", "Do it again", keys=("Ctrl+Shift+Z", "Ctrl+Y")),
    Command(
        "Edit",
        "add",
        "Add model…",
        "Put another model beside these",
        keys=("Ctrl+N",),
        picture="add",
        group=1,
    ),
    Command(
        "Edit",
        "edit",
        "Edit recipe…",
        "Change the focused model's recipe; it starts anew",
        keys=("Ctrl+R",),
        picture="edit",
        group=1,
    ),
    Command(
        "Edit",
        "rename",
        "Rename…",
        "Call the focused model something else",
        keys=("F2",),
        group=1,
    ),
    Command(
        "Edit",
        "duplicate",
        "Duplicate model",
        "Put an untrained model with the same recipe beside it",
        keys=("Ctrl+D",),
        picture="duplicate",
        group=1,
    ),
    Command(
        "Edit",
        "move_left",
        "Move left",
        "Move the focused model to the left",
        keys=("Ctrl+Shift+Left",),
        picture="left",
        group=2,
    ),
    Command(
        "Edit",
        "move_right",
        "Move right",
        "Move the focused model to the right",
        keys=("Ctrl+Shift+Right",),
        picture="right",
        group=2,
    ),
    Command(
        "Edit",
        "remove",
        "Remove model",
        "Take the focused model off the bench; undo brings it back",
        keys=("Ctrl+W",),
        picture="close",
        group=3,
    ),
    Command(
        "Edit",
        "copy_markdown",
        "Copy comparison as Markdown",
        "Copy all figures of the models as a Markdown table",
        keys=("Ctrl+Shift+C",),
        group=4,
    ),
    Command(
        "Edit",
        "copy_csv",
        "Copy comparison as CSV",
        "Copy all figures of the models, with their intervals, as comma-separated values",
        group=4,
    ),
    Command(
        "Edit",
        "copy_latex",
        "Copy comparison as LaTeX",
        "Copy all figures of the models as a LaTeX table",
        group=4,
    ),
    Command(
        "Edit",
        "deselect",
        "Deselect all",
        "Let go of the pin, the selected image and chosen points",
        keys=("Ctrl+Shift+A",),
        group=5,
    ),
    Command("Train", "play", "Play", "Train all models, in step", keys=("Space",), picture="play"),
    Command("Train", "step", "Single step", "Train all models on one batch", keys=(".",), picture="step"),
    Command(
        "Train",
        "stop",
        "Stop",
        "Pause, and take figures on the held-out images",
        keys=("Ctrl+.",),
        picture="stop",
    ),
    Command(
        "Train",
        "reset",
        "Reset",
        "Start all models anew; undo brings them back",
        keys=("Ctrl+Backspace",),
        picture="reset",
    ),
    Command(
        "Train",
        "evaluate",
        "Evaluate",
        "Take figures on the held-out images now",
        group=1,
    ),
    Command(
        "Train",
        "measure",
        "Measure all",
        "Compare all models by every metric, as they are now; it takes some time",
        keys=("Ctrl+M",),
        group=1,
    ),
    Command(
        "Train",
        "measure_live",
        "Measure while training",
        "Compare the models by quick metrics after whole epochs; it takes a thirtieth of a core's time",
        group=1,
    ),
    Command(
        "Train",
        "check_claims",
        "Check all claims",
        "Hold what is said of AE, VAE and AAE against the open models, claim by claim; it takes some time",
        group=1,
    ),
    Command("View", "reset_view", "Reset view", "Show every cloud whole", keys=("R",)),
    Command("View", "points", "Points", "Show or hide the points", keys=("P",), picture="points"),
    Command(
        "View",
        "map",
        "Decoded map",
        "Show or hide what the models decode all over their planes; zoom in for more",
        keys=("M",),
        picture="map",
    ),
    Command(
        "View",
        "ellipses",
        "Posterior ellipses",
        "Show the noise of a VAE's codes: each ellipse, at 2 σ, holds 86 % of an image's posterior; others have none",
        keys=("E",),
        group=1,
    ),
    Command(
        "View",
        "round_trips",
        "Round trips",
        "Show where each place ends up when it is decoded and encoded again; long arrows are inconsistent regions",
        keys=("A",),
        group=1,
    ),
    Command(
        "View",
        "holes",
        "Holes",
        "Show prior minus codes: orange where the prior promises images and no code is near, blue where codes crowd",
        keys=("H",),
        group=1,
    ),
    Command(
        "View",
        "trust",
        "Trust",
        "Veil places where a model makes things up, few codes being near or the decoder changing fast; tell how far a"
        " place can be trusted",
        keys=("T",),
        group=1,
    ),
    Command(
        "View",
        "emptiest",
        "Go to the emptiest place",
        "Pin the place of the focused model where its prior exceeds its codes most",
        keys=("Shift+H",),
        group=1,
    ),
    Command(
        "View",
        "path",
        "Draw a path",
        "Drag in a cloud to go from one place to another: straight, and by the shortest way for the images; each model"
        " goes between the same two images",
        keys=("L",),
        group=1,
    ),
    Command(
        "View",
        "nearest",
        "Nearest training images",
        "Bring up the training images nearest to what is decoded, by pixels and by code: whether a model has copied",
        keys=("N",),
        group=2,
    ),
    Command(
        "View",
        "selection",
        "Selection",
        "Bring up the chosen images: how many of each class, and what they look like",
        keys=("S",),
        group=2,
    ),
    Command(
        "View",
        "drawing",
        "Drawing pad",
        "Bring up the pad: draw an image, and see where each model puts it and what it makes of it",
        keys=("D",),
        group=2,
    ),
    Command(
        "View",
        "arithmetic",
        "Class arithmetic",
        "Bring up class arithmetic: add the mean of one class to a code, take that of another away, see the way",
        keys=("Shift+C",),
        group=2,
    ),
    Command(
        "View",
        "comparison",
        "Comparison",
        "Bring up the table that compares the models: figures with their spread, and which is best beyond chance",
        keys=("C",),
        group=2,
    ),
    Command(
        "View",
        "claims",
        "Claims",
        "Bring up what is said of such models, with figures and a picture of what becomes of it here",
        keys=("Shift+K",),
        group=2,
    ),
    Command("View", "performance", "Performance", "Show how promptly the window answers, in the status line", group=3),
    Command(
        "View",
        "reset_layout",
        "Reset layout",
        "Put the panels back where they were at first",
        group=4,
    ),
    Command(
        "Help",
        "palette",
        "Find a command…",
        "Type what you want to do",
        keys=("Ctrl+Shift+P",),
        picture="search",
    ),
    Command("Help", "shortcuts", "Keys and mouse", "All keys and mouse gestures", keys=("F1",)),
    Command("Help", "about", "About", "What this program is", group=1),
)

GESTURES: Final = (
    ("Move over a cloud", "Decode the place under the pointer in every model"),
    ("Click", "Pin that place; select the image whose point is near"),
    ("Drag", "Pan"),
    ("Wheel", "Zoom at the pointer"),
    ("Drag, with Draw a path on", "Draw a path, or move one of its ends"),
    ("Shift + drag", "Choose the points in a rectangle"),
    ("Ctrl + Shift + drag", "Choose the points in a lasso"),
    ("Ctrl + click", "Choose one point more, or less"),
    ("Double-click on nothing", "Choose none"),
    ("Esc", "Let go of the pin, of the path and of what is selected"),
    ("Arrow keys in a cloud", "Move the pin; with Shift in larger steps"),
    ("1 to 4", "Focus a model"),
    ("Click on a class", "Single it out; with Ctrl add it or take it away"),
    ("Drop a file", "Open a model, train on a folder or .npz file of images, or give a picture to all models"),
)
"""Mouse gestures and keys that no menu shows: the gesture and what it does."""


def make_actions(owner: QObject) -> dict[str, QAction]:
    """One action for each command, by name."""
    actions: dict[str, QAction] = {}
    for command in COMMANDS:
        action = QAction(command.text, owner)
        action.setObjectName(f"action-{command.name}")
        keys = [QKeySequence(key) for key in command.keys]
        action.setShortcuts(keys)
        shown = f" ({keys[0].toString(QKeySequence.SequenceFormat.NativeText)})" if keys else ""
        action.setToolTip(f"{command.tip}{shown}")
        action.setStatusTip(command.tip)
        if command.picture:
            action.setIcon(icon(command.picture))
            action.setIconVisibleInMenu(False)
        actions[command.name] = action
    return actions
