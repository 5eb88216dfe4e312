"""What a person does with the window, and what a person sees in it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDockWidget, QLabel, QWidget
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.theme import Theme, apply_theme, dressing
from explorer.views.image_view import ImageView
from explorer.views.map_tiles import Tile
from trainers.checkpoint import load
from trainers.messages import Snapshot
from trainers.run import TrainingRun

PATIENCE = 60_000
"""Milliseconds that a slow and busy machine may take for anything."""

LEFT = Qt.MouseButton.LeftButton
NOTHING, SHIFT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
SomeWidget = TypeVar("SomeWidget", bound=QWidget)
SomeDialog = TypeVar("SomeDialog", bound=QDialog)


def until(qtbot: QtBot, happened: Callable[[], object]) -> None:
    """Wait for something, in patience."""
    qtbot.waitUntil(lambda: bool(happened()), timeout=PATIENCE)


def when_ready(qtbot: QtBot, explorer: Explorer) -> None:
    """Wait until every lane has its points and its images."""
    lanes = explorer.window.row

    def ready() -> bool:
        return len(lanes.lanes) == len(explorer.bench.models) and all(
            lane.snapshot is not None
            and lane.held_out is not None
            and len(lane.snapshot.points_N2) == len(lane.held_out.images_NCHW)
            for lane in lanes.lanes
        )

    until(qtbot, ready)


def map_tiles(lane: Lane) -> list[Tile]:
    """The tiles of its decoded map that are in view."""
    shown = lane.cloud.decoded_map
    assert shown is not None
    return shown.visible_tiles(lane.cloud.viewport)


def map_is_fresh(lane: Lane) -> bool:
    """Whether every tile of the decoded map in view is there, as the model is now."""
    shown, source = lane.cloud.decoded_map, lane.decoded_map.source
    return (
        shown is not None
        and source is not None
        and source.decoder is snapshot_of(lane).decoder
        and all(shown.store.version(tile) == source.version for tile in map_tiles(lane))
    )


def child(parent: QWidget, name: str, kind: type[SomeWidget]) -> SomeWidget:
    """The widget of this name."""
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def save(qtbot: QtBot, explorer: Explorer, lane: Lane, path: Path) -> TrainingRun:
    """Save a lane's model, and read it back."""
    with qtbot.waitSignal(explorer.training.run_saved, timeout=PATIENCE):
        explorer.training.save(lane.model.run, path)
    return load(path, device="cpu")


def until_told(qtbot: QtBot, explorer: Explorer, part: str) -> str:
    """Wait until the message bar says something like this, and give the whole of it."""
    until(qtbot, lambda: part in explorer.window.message_bar.text)
    return explorer.window.message_bar.text


def words(parent: QWidget, name: str) -> str:
    """What a label says."""
    return child(parent, name, QLabel).text()


def action(explorer: Explorer, name: str) -> QAction:
    """A command of the window."""
    return explorer.window.commands_by_name[name]


def dock(explorer: Explorer, name: str) -> QDockWidget:
    """A panel of the window."""
    return child(explorer.window, f"dock-{name}", QDockWidget)


def dress(qtbot: QtBot, app: QApplication, theme: Theme) -> None:
    """Choose another look, and wait until all widgets wear it."""
    apply_theme(app, theme)
    until(qtbot, lambda: dressing().is_done)


def snapshot_of(lane: Lane) -> Snapshot:
    """What a lane shows."""
    assert lane.snapshot is not None
    return lane.snapshot


def activate(window: QWidget) -> None:
    """Do what a window manager does when a dialog is closed: give the keyboard back to the window."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, PATIENCE)
    assert window.isActiveWindow()


def press(explorer: Explorer, key: Qt.Key, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
    """Press a key in the window, where the keyboard is."""
    activate(explorer.window)
    QTest.keyClick(explorer.window.focusWidget() or explorer.window, key, modifiers)


def focus(explorer: Explorer, at: int) -> Lane:
    """Focus a lane with its number key."""
    press(explorer, Qt.Key(Qt.Key.Key_1.value + at))
    lane = explorer.window.row.lanes[at]
    assert explorer.bench.focused == lane.model.run
    return lane


def play_some(qtbot: QtBot, explorer: Explorer, steps: int = 2) -> None:
    """Train every model by some steps, with the key for a single step."""
    for _ in range(steps):
        seen = [snapshot_of(lane).images_seen for lane in explorer.window.row.lanes]
        press(explorer, Qt.Key.Key_Period)
        until(
            qtbot,
            lambda seen=seen: all(
                snapshot_of(lane).images_seen > before
                for lane, before in zip(explorer.window.row.lanes, seen, strict=True)
            ),
        )
        until(qtbot, lambda: action(explorer, "play").text() == "Play")  # then every code is fresh


def hover(widget: QWidget, place: QPoint) -> None:
    """Move the mouse; first elsewhere, since a mouse that is there already would send no event."""
    QTest.mouseMove(widget, QPoint(3, 3))
    QTest.mouseMove(widget, place)


def drag(widget: QWidget, *path: QPoint, modifiers: Qt.KeyboardModifier = NOTHING) -> None:
    """Press at the first place, move through the others, let go at the last."""
    QTest.mousePress(widget, LEFT, modifiers, path[0])
    for place in path[1:]:
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, LEFT, modifiers, path[-1])


def drop(widget: QWidget, paths: Iterable[object]) -> bool:
    """Drag files over a widget and drop them; whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return drop_data(widget, data)


def drop_data(widget: QWidget, data: QMimeData) -> bool:
    """Drag something over a widget and drop it; whether it took it."""
    place = QPointF(widget.rect().center())
    enter = QDragEnterEvent(place.toPoint(), Qt.DropAction.CopyAction, data, LEFT, NOTHING)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(place, Qt.DropAction.CopyAction, data, LEFT, NOTHING)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def place_of(lane: Lane, index: int) -> QPoint:
    """Where a point lies on the screen."""
    x, y = snapshot_of(lane).points_N2[index].tolist()
    across, down = lane.cloud.viewport.to_pixels(x, y)
    return QPoint(round(across), round(down))


def lonely_point(lane: Lane) -> int:
    """The point in view whose next neighbour is farthest, so that a click meets it and no other."""
    points = snapshot_of(lane).points_N2.astype(np.float64)
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    for index in np.argsort(-apart.min(1)).tolist():
        if lane.cloud.rect().adjusted(20, 20, -20, -20).contains(place_of(lane, index)):
            return int(index)
    raise AssertionError("no point is in view")


def shown(view: ImageView) -> npt.NDArray[np.uint8] | None:
    """The image that is shown."""
    return view.pixels()


def decode_in_inspector(explorer: Explorer, lane: Lane) -> ImageView:
    """Where the inspector shows what a model decodes."""
    return child(explorer.window.inspector, f"decode_{lane.model.run}", ImageView)


def reconstruction_in_inspector(explorer: Explorer, lane: Lane) -> ImageView:
    """Where the inspector shows what a model makes of the selected image."""
    return child(explorer.window.inspector, f"reconstruction_{lane.model.run}", ImageView)


def answer_dialog(kind: type[SomeDialog], act: Callable[[SomeDialog], None]) -> None:
    """Do something in the next dialog of a kind, as soon as it stands."""
    timer = QTimer(QApplication.instance())

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, kind) and dialog.isVisible():
            timer.stop()
            timer.deleteLater()
            act(dialog)

    timer.timeout.connect(look)
    timer.start(10)
