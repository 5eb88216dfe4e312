"""Start and stop: builds the threads and the window, and ends them again."""

import sys
import threading
from dataclasses import dataclass
from functools import partial
from typing import Self

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QSettings,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from explorer.bench_commands import usual_recipes
from explorer.decode_thread import DecodeThread
from explorer.disk import finish_writing
from explorer.first_frame import FirstFrame
from explorer.garbage_collection import GarbageCollection
from explorer.icons import icon
from explorer.image_loader import ImageLoader
from explorer.launch import Launch
from explorer.layer_thread import PANELS_SHARE, LayerThread
from explorer.main_window import MainWindow
from explorer.map_thread import MapThread
from explorer.precedence import go_first
from explorer.screenshot import Screenshot
from explorer.session import Session, last_session
from explorer.theme import Theme, apply_theme, dressing
from explorer.training_thread import TrainingThread
from explorer.workbench import Workbench

TURN_S = 0.001
"""Seconds that a thread may keep the interpreter lock while another waits for it, where it computes in Python."""
MAC_STACK = 16 * 2**20
"""Bytes; on macOS the usual half megabyte is too little for linear algebra on another thread."""


@dataclass(frozen=True)
class Explorer:
    """A window with its threads, from `start` to `stop`."""

    window: MainWindow
    bench: Workbench
    training: TrainingThread
    decoder: DecodeThread
    mapper: MapThread
    layerer: LayerThread
    paneler: LayerThread
    loader: ImageLoader
    first_frame: FirstFrame
    garbage: GarbageCollection
    session: Session | None

    @classmethod
    def start(cls, launch: Launch) -> Self:
        """Show the window at once; the threads begin after its first frame, and torch is imported in one of them."""
        garbage = GarbageCollection(awaits_imports=True)  # before any other thread
        session, problem = _begin_session()
        bench = Workbench()
        training = TrainingThread(
            device=_device(launch.device),
            kept_in=session.folder if session is not None else None,
            compiles=launch.compiles,
        )
        decoder, mapper, loader = DecodeThread(), MapThread(), ImageLoader()
        layerer, paneler = LayerThread("layers"), LayerThread("panels", training_share=PANELS_SHARE)
        window = MainWindow(bench, training, decoder, mapper, layerer, paneler, loader)
        dressing().begins.connect(window.row.hold_window)
        dressing().ends.connect(window.row.take_turns)
        first_frame = FirstFrame(window.row)
        explorer = cls(
            window, bench, training, decoder, mapper, layerer, paneler, loader, first_frame, garbage, session
        )
        first_frame.painted.connect(explorer.start_threads)
        window.closing.connect(explorer.stop)
        if session is not None:
            bench.models_changed.connect(lambda: session.note(bench.models))
        window.take_place(launch.size)
        window.show()
        for imported in (training.ready, window.compare.comparison.thread_of_metrics.prepared):
            imported.connect(garbage.leave_out_what_is_here)
        if launch.files:
            window.commands.open_paths(launch.files)
        else:
            bench.start_with(usual_recipes("digits"))
        # The keyboard belongs to the lanes: in a list it would choose other images.
        (window.row.lanes[0].cloud if window.row.lanes else window.row).setFocus()
        if problem:
            window.message_bar.tell(problem, is_error=True)
        elif launch.screenshot is None and not launch.files:
            explorer.offer_last_session()
        return explorer

    def start_threads(self) -> None:
        """Let them begin with what they have been asked for; before, they would take turns with the first frame."""
        sys.setswitchinterval(TURN_S)
        go_first()
        self.decoder.start()
        self.mapper.start()
        self.layerer.start()
        self.paneler.start()
        self.loader.start()
        self.training.start()  # the last: it imports torch, and the others would wait to begin

    def offer_last_session(self) -> None:
        """Ask whether to bring back what was trained last time, if anything was."""
        kept = last_session()
        if kept:
            names = ", ".join(model.name for model in kept)
            self.window.message_bar.ask(
                f"Trained models of the last session are kept: {names}.", "Reopen", self.window.commands.reopen
            )

    def stop(self) -> None:
        """End all threads; what is trained is kept."""
        self.first_frame.forget()
        self.window.losses.end()
        self.window.compare.end()
        self.loader.stop()
        self.decoder.stop()
        self.mapper.stop()
        self.layerer.stop()
        self.paneler.stop()
        self.training.stop()
        finish_writing()
        if self.session is not None:
            self.session.end()
        self.bench.end()
        self.garbage.end()


def open_window(launch: Launch) -> int:
    """Open the window and stay until it is closed.

    Returns:
        The exit status: 1 when a picture was asked for and could not be made.
    """
    if sys.platform == "darwin":
        threading.stack_size(MAC_STACK)
    if sys.platform == "win32":
        import trainers.run  # noqa: F401  # pyright: ignore[reportUnusedImport] - there torch cannot be loaded after Qt
    QCoreApplication.setOrganizationName("latent-explorer")
    QCoreApplication.setApplicationName("latent-explorer")
    QGuiApplication.setApplicationDisplayName("Latent Explorer")
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    qInstallMessageHandler(_show_qt_message)
    application = QApplication(sys.argv[:1])
    application.setWindowIcon(icon("app"))
    apply_theme(application, _theme(launch.theme))
    explorer = Explorer.start(launch)
    # Qt counts windows to know when to end, and sometimes miscounts one that is closed as soon as it is opened.
    explorer.window.closing.connect(partial(application.exit, 0))
    screenshot = None
    if launch.screenshot is not None:
        screenshot = Screenshot(explorer.window, launch.screenshot, launch.seconds)
        screenshot.finished.connect(explorer.window.close)
    # Ctrl+C in the terminal closes the window like its button does; Python looks for it only when it gets a turn.
    turn = QTimer()
    turn.timeout.connect(lambda: None)
    turn.start(500)
    status = application.exec()
    if screenshot is not None and screenshot.problem:
        print(f"latent-explorer: {screenshot.problem}", file=sys.stderr)  # noqa: T201 - the command line's answer
        return 1
    return status


def _show_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Show what Qt has to say, but not that a platform without a screen cannot do what only a screen needs."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr)  # noqa: T201 - as Qt itself does


def _begin_session() -> tuple[Session | None, str]:
    try:
        return Session.begin(), ""
    except OSError as error:
        return None, f"Trained models cannot be kept against a crash ({error}); save them yourself."


def _device(asked: str) -> str:
    """The device of the command line, else the one that was chosen last."""
    return asked if asked != "auto" else str(QSettings().value("device", "auto"))


def _theme(asked: str) -> Theme:
    chosen = asked if asked != "system" else str(QSettings().value("theme", "system"))
    return "light" if chosen == "light" else "dark" if chosen == "dark" else "system"
