"""The window: lanes in the middle, panels around them, and the wiring between threads, bench and views."""

from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QVBoxLayout, QWidget

from explorer.bench_commands import BenchCommands
from explorer.commands import COMMANDS, MENUS, make_actions
from explorer.compare_panels import ComparePanels
from explorer.decode_thread import DecodeThread
from explorer.device_menu import DeviceMenu
from explorer.disk import remember, write_behind
from explorer.image_loader import ImageLoader, ImageRequest
from explorer.lane_row import LaneRow
from explorer.layer_switches import LayerSwitches
from explorer.layer_thread import LayerThread
from explorer.loading_line import LoadingLine
from explorer.loss_panel import LossPanel
from explorer.map_thread import MapThread
from explorer.message_bar import MessageBar
from explorer.messages import ImagesGiven, Pace, RunSaved
from explorer.model_supply import ModelSupply
from explorer.palette import class_colours, lane_colour, lane_dash
from explorer.panel_layout import PanelLayout
from explorer.performance_readout import PerformanceReadout
from explorer.picture_export import PictureInTurns, write_picture
from explorer.side_panels import SidePanels
from explorer.space_key import SpaceKey
from explorer.theme_menu import ThemeMenu
from explorer.training_thread import TrainingThread
from explorer.transport_bar import TransportBar
from explorer.views.dropped_files import NO_FILE, dropped_files, may_be_dropped
from explorer.views.inspector import Inspector, ModelLabel
from explorer.views.legend_view import LegendView
from explorer.workbench import MOST_MODELS, Point, Workbench
from trainers.datasets import DATASETS
from trainers.messages import HeldOut, Snapshot

LANE_MENU: Final = ("edit", "rename", "duplicate", "move_left", "move_right", "save", "save_as", "remove")
NEEDS_MODEL: Final = (*LANE_MENU, "play", "step", "stop", "reset", "evaluate", "reset_view", "emptiest")


class MainWindow(QMainWindow):
    """Everything a person sees.

    Signals:
        closing(): The window is about to go; whoever started threads for it stops them.
    """

    closing = Signal()
    _picture_written = Signal(str)

    def __init__(
        self,
        bench: Workbench,
        training: TrainingThread,
        decoder: DecodeThread,
        mapper: MapThread,
        layerer: LayerThread,
        paneler: LayerThread,
        loader: ImageLoader,
    ) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("Latent Explorer")
        self.setAcceptDrops(True)
        self.bench, self._training, self._decoder, self._mapper, self._loader = bench, training, decoder, mapper, loader
        self._layerer, self._paneler = layerer, paneler
        self.commands_by_name = make_actions(self)
        self._held_out: HeldOut | None = None
        self._pace: Pace | None = None
        self._build()
        # The row follows the bench before the supply does: a lane must be there before anything is said of its run.
        self.supply = ModelSupply(bench, training, loader)
        self.commands = BenchCommands(self, bench, training, self.supply, self.row)
        self.commands.connect_to(self.commands_by_name)
        self._wire()
        SpaceKey(self)

    def take_place(self, size: tuple[int, int] | None = None) -> None:
        """Be where it was last, with its panels; of this width and height, if they are given."""
        self._panels.restore(size)

    # Building

    def _build(self) -> None:
        actions = self.commands_by_name
        self.transport = TransportBar(actions, self)
        self.addToolBar(self.transport)
        self.message_bar = MessageBar(self)
        self.row = LaneRow(self.bench, self._decoder, self._mapper, self._layerer, self._lane_menu, self)
        self.legend = LegendView(self)
        self.legend.setObjectName("legend")
        middle = QWidget(self)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(8, 4, 8, 0)
        layout.setSpacing(6)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.row, 1)
        layout.addWidget(self.legend)
        self.setCentralWidget(middle)
        self.inspector = Inspector(self)
        self.losses = LossPanel(self)
        self.side = SidePanels(self.bench, self.row, self._training, self._paneler, self)
        self.compare = ComparePanels(self.bench, self._training, actions, self)
        right = (("Inspector", self.inspector), *self.side.titled)
        self._panels = PanelLayout(self, right=right, bottom=(("Losses", self.losses), *self.compare.titled))
        self._device = QLabel("Starting torch …", self)
        self._device.setObjectName("device")
        self._device.setToolTip("What computes")
        self.performance = PerformanceReadout(self)
        self._loading = LoadingLine(self)
        self.statusBar().addWidget(self._loading)
        self.statusBar().addPermanentWidget(self.performance)
        self.statusBar().addPermanentWidget(self._device)
        self.performance.hide()
        self._build_menus()

    def _build_menus(self) -> None:
        menus = {name: self.menuBar().addMenu(f"&{name}") for name in MENUS}
        groups: dict[str, int] = {}
        for command in COMMANDS:
            menu = menus[command.menu]
            if groups.setdefault(command.menu, command.group) != command.group:
                menu.addSeparator()
                groups[command.menu] = command.group
            menu.addAction(self.commands_by_name[command.name])
            menu.setToolTipsVisible(True)
        menus["View"].addSeparator()
        menus["View"].addMenu("&Panels").addActions(self._panels.toggles())
        menus["View"].addMenu(ThemeMenu(self))
        menus["Train"].addSeparator()
        self.devices = DeviceMenu(str(QSettings().value("device", "auto")), self)
        menus["Train"].addMenu(self.devices)
        points = self.commands_by_name["points"]
        points.setCheckable(True)
        points.setChecked(True)
        for name in ("map", "performance"):
            self.commands_by_name[name].setCheckable(True)
        for number in range(1, MOST_MODELS + 1):
            shortcut = QShortcut(QKeySequence(str(number)), self)
            shortcut.activated.connect(partial(self._focus_lane, number - 1))

    def _lane_menu(self, parent: QWidget, run: str) -> QMenu:
        menu = QMenu(parent)
        # The actions work on the focused model: opening a lane's menu focuses it first.
        menu.aboutToShow.connect(lambda: self.bench.focus(run))
        menu.addActions([self.commands_by_name[name] for name in LANE_MENU])
        menu.setToolTipsVisible(True)
        return menu

    # Wiring

    def _wire(self) -> None:
        bench, training, row, loader = self.bench, self._training, self.row, self._loader
        training.snapshot_waiting.connect(self._take_snapshots)
        training.images_given.connect(row.show_images)
        training.images_given.connect(self._tell_notes)
        training.run_failed.connect(row.show_failure)
        training.run_evaluated.connect(row.show_figures)
        training.run_saved.connect(self._saved)
        training.refused.connect(self._tell_error)
        training.ready.connect(self._device.setText)
        training.devices_found.connect(self.devices.offer)
        self.devices.device_chosen.connect(training.use_device)
        # After torch, not beside it: two imports at once hold the window up longer than one.
        training.ready.connect(self.losses.begin)
        training.pace_changed.connect(self._show_pace)
        training.all_finished.connect(self._offer_more)
        self._decoder.decoded.connect(row.show_decoded)
        self._decoder.failed.connect(row.show_failed_decode)
        self._mapper.decoded.connect(row.show_map_tile)
        self._mapper.failed.connect(row.show_failed_map)
        self._layerer.done.connect(row.show_layer)
        self._layerer.failed.connect(row.show_failed_layer)
        self.layer_switches = LayerSwitches(self.commands_by_name, bench, row, training, self)
        self.side.connect_to(self.commands_by_name, self._panels, self.supply)
        self.compare.connect_to(self.commands_by_name, self._panels)
        self._panels.dock(self.losses).visibilityChanged.connect(self.losses.set_in_front)
        loader.progressed.connect(self._loading.show_progress)
        for signal in (loader.loaded, loader.failed, loader.cancelled):
            signal.connect(self._loading.finish)
        self._loading.cancelled.connect(loader.cancel)
        self.supply.waiting.connect(row.show_waiting)
        self.supply.refused.connect(self._tell_error)
        self.supply.download_wanted.connect(self._ask_download)
        self.supply.download_unwanted.connect(self._ask_no_download)
        self.commands.told.connect(self.message_bar.tell)
        self.side.told.connect(self.message_bar.tell)
        self.commands.picture_given.connect(self.side.drawing.take_picture)
        self.side.refused.connect(self._tell_error)
        self.commands.export_wanted.connect(self._export)
        self._picture_written.connect(self._tell_exported)
        row.snapshot_shown.connect(self._note_snapshot)
        self._decoder.decoded.connect(self.performance.note_decoded)
        self.commands_by_name["performance"].toggled.connect(self.performance.setVisible)
        row.images_shown.connect(self._show_classes)
        row.lanes_move.connect(training.make_room)
        row.pointer_decoded.connect(self.inspector.show_decode)
        row.image_reconstructed.connect(self.inspector.show_reconstruction)
        row.live_changed.connect(self._change_live)
        row.lane_gone.connect(self.losses.forget)
        bench.models_changed.connect(self._show_models)
        bench.focus_changed.connect(self._show_point)
        bench.point_changed.connect(self._show_point)
        bench.image_changed.connect(self._show_selected)
        bench.undo_stack.canUndoChanged.connect(self._show_undo)
        bench.undo_stack.canRedoChanged.connect(self._show_undo)
        bench.undo_stack.indexChanged.connect(self._show_undo)
        self.legend.emphasis_changed.connect(bench.emphasise)
        self.inspector.z_entered.connect(self._pin_entered)
        self.transport.dataset_chosen.connect(self.commands.use_images)
        self.transport.own_images_wanted.connect(self.commands.open_images)
        self.commands_by_name["points"].toggled.connect(row.set_points_visible)
        shown_map = self.commands_by_name["map"]
        shown_map.setChecked(_is_on(QSettings().value("map", True)))
        row.set_map_on(shown_map.isChecked())
        shown_map.toggled.connect(row.set_map_on)
        shown_map.toggled.connect(partial(remember, "map"))
        self.commands_by_name["reset_layout"].triggered.connect(self._panels.reset)
        self._show_undo()
        self._show_models()

    # What bench and threads tell

    def _take_snapshots(self) -> None:
        self.row.show_snapshots(self._training.mailbox.take_all())

    def _show_models(self) -> None:
        models = self.bench.models
        self.inspector.set_models(
            tuple(ModelLabel(run=model.run, label=model.name, colour=lane_colour(model.colour)) for model in models)
        )
        self.transport.show_dataset(tuple(dict.fromkeys(model.recipe.dataset for model in models)))
        for name in NEEDS_MODEL:
            self.commands_by_name[name].setEnabled(bool(models))
        for name in ("add", "duplicate"):
            self.commands_by_name[name].setEnabled(len(models) < MOST_MODELS and (bool(models) or name == "add"))
        self._show_point()

    def _note_snapshot(self, snapshot: Snapshot) -> None:
        """Tell all who want to know, in one slot: for each slot, the interpreter lock is given away and waited for."""
        self._show_losses(snapshot)
        self._show_progress()
        self.performance.note_snapshot(snapshot)
        self.compare.note_snapshot(snapshot)

    def _show_losses(self, snapshot: Snapshot) -> None:
        model = self.bench.model(snapshot.run)
        if model is not None:
            colour, dash = lane_colour(model.colour), lane_dash(model.colour)
            self.losses.show_losses(model.run, model.name, colour, snapshot.losses, dash)

    def _show_progress(self) -> None:
        snapshots = [lane.snapshot for lane in self.row.lanes if lane.snapshot is not None and not lane.has_failed]
        if not snapshots:
            return
        behind = min(snapshots, key=lambda snapshot: snapshot.images_seen)
        self.transport.show_progress(behind.epoch, behind.recipe.epochs, behind.images_seen)

    def _show_pace(self, pace: Pace) -> None:
        if self._pace is None or self._pace.playing != pace.playing:
            self.transport.show_playing(pace.playing)
            self.row.show_playing(pace.playing)
            self._paneler.set_training(pace.playing)
            self.commands.set_playing(pace.playing)
        self._pace = pace
        self._device.setText(pace.device)
        self.transport.show_pace(pace)

    def _show_classes(self) -> None:
        held_out = next((lane.held_out for lane in self.row.lanes if lane.held_out is not None), None)
        if held_out is None:
            return
        before = self._held_out
        self._held_out = held_out
        if before is None or before.name != held_out.name or len(before.labels_N) != len(held_out.labels_N):
            self.bench.forget_images()
        if before is None or before.class_names != held_out.class_names:
            self.legend.set_classes(held_out.class_names)

    def _show_point(self) -> None:
        point = self.bench.point
        lane = self.row.lane(point.run) if point is not None else None
        if point is None:
            self.inspector.show_point(None, pinned=False)
        elif lane is None or lane.snapshot is None or lane.snapshot.plane.is_whole_space:
            self.inspector.show_point((point.x, point.y), pinned=self.bench.hovered is None)
        else:
            code_D = lane.snapshot.plane.codes(np.array([[point.x, point.y]], np.float32))[0]
            self.inspector.show_point(tuple(code_D.tolist()), pinned=self.bench.hovered is None)

    def _show_selected(self) -> None:
        image = self.bench.image
        owners = [lane for lane in self.row.lanes if lane.model.images_key == self.bench.images_of]
        held_out = next((lane.held_out for lane in owners if lane.held_out is not None), None)
        if held_out is None or image is None or image >= len(held_out.images_NCHW):
            self.inspector.show_selected(None, "", None)
            return
        label = int(held_out.labels_N[image])
        red, green, blue = (int(value) for value in class_colours(len(held_out.class_names))[label])
        self.inspector.set_class_colour(QColor(red, green, blue))
        self.inspector.show_selected(image, held_out.class_names[label], held_out.images_NCHW[image])

    def _show_undo(self) -> None:
        stack = self.bench.undo_stack
        for name, able, text in (
            ("undo", stack.canUndo(), stack.undoText()),
            ("redo", stack.canRedo(), stack.redoText()),
        ):
            self.commands_by_name[name].setEnabled(able)
            self.commands_by_name[name].setText(f"{name.capitalize()} {text.lower()}".strip())

    def _tell_error(self, sentence: str) -> None:
        self.message_bar.tell(sentence, is_error=True)

    def _tell_notes(self, given: ImagesGiven) -> None:
        if given.held_out.notes and self.bench.models and given.run == self.bench.models[0].run:
            self.message_bar.tell(" ".join(given.held_out.notes))

    def _saved(self, saved: RunSaved) -> None:
        self.bench.set_path(saved.run, saved.path)
        self.statusBar().showMessage(f"Saved {saved.path.name}", 5000)

    def _offer_more(self) -> None:
        epochs = max((model.recipe.epochs for model in self.bench.models), default=0)
        if not epochs:
            return  # the last model was removed meanwhile
        self.message_bar.ask(
            f"All models have trained their {epochs} epochs.",
            f"Train {epochs} more",
            lambda: self.commands.train_more(epochs),
        )

    def _ask_download(self, request: ImageRequest) -> None:
        self.message_bar.ask(
            _download_question(request),
            "Download",
            lambda: self.supply.download(request),
            lambda: self.supply.decline(request),
        )

    def _ask_no_download(self, request: ImageRequest) -> None:
        self.message_bar.take_back(_download_question(request))

    # What the person does

    def _pin_entered(self, x: float, y: float) -> None:
        if self.bench.focused is not None:
            self.bench.hover(None)
            self.bench.pin(Point(self.bench.focused, x, y))

    def _change_live(self, run: str, name: str, value: float) -> None:
        self.bench.set_live(run, name, value)
        self._training.change(run, name, value)

    def _focus_lane(self, at: int) -> None:
        if at < len(self.row.lanes):
            self.row.lanes[at].cloud.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _export(self, path: Path) -> None:
        self._training.make_room()
        # A file dialog has just been closed: the window is painted without it first.
        PictureInTurns(self).taken.connect(partial(self._write, path))

    def _write(self, path: Path, picture: QImage) -> None:
        write_behind(lambda: self._picture_written.emit(write_picture(picture, path)))

    def _tell_exported(self, problem: str) -> None:
        if problem:
            self.message_bar.tell(problem, is_error=True)
        else:
            self.statusBar().showMessage("Picture exported", 5000)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where everything was."""
        self._panels.remember()
        self.closing.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if may_be_dropped(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what is dropped."""
        event.acceptProposedAction()
        files = dropped_files(event.mimeData())
        if files:
            self.commands.open_paths(files)
        else:
            self._tell_error(NO_FILE)


def _is_on(setting: object) -> bool:
    """What was kept of a switch: settings files hold words."""
    return str(setting).lower() == "true"


def _download_question(request: ImageRequest) -> str:
    listing = DATASETS[request.dataset]
    return f"{listing.title} is not on this computer. Download {listing.download_mb:.0f} MB once?"
