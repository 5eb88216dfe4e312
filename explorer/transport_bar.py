"""The bar above the lanes: play, step, stop and reset; how far training is; which images; another model."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from explorer.durations import count, duration
from explorer.icons import icon
from explorer.messages import Pace
from explorer.theme import set_role
from explorer.views.steady_label import SteadyLabel
from trainers.datasets import DATASETS

TRANSPORT: Final = ("reset", "play", "step", "stop")
OWN_IMAGES: Final = "own"
"""Entry of the list that asks for a folder or file."""


class TransportBar(QToolBar):
    """Shows the actions it is given.

    Signals:
        dataset_chosen(str): A set known by name was chosen.
        own_images_wanted(): A folder or file of images is to be asked for.
    """

    dataset_chosen = Signal(str)
    own_images_wanted = Signal()

    def __init__(self, actions: dict[str, QAction], parent: QWidget) -> None:
        super().__init__("Training", parent)
        self.setObjectName("transport-bar")
        self.setMovable(False)
        self.setIconSize(QSize(20, 20))
        self.toggleViewAction().setEnabled(False)
        self._play = actions["play"]
        for name in TRANSPORT:
            self.addAction(actions[name])
        self._progress = QProgressBar(self)
        self._progress.setObjectName("training-progress")
        self._progress.setAccessibleName("Training progress")
        self._progress.setToolTip("How much of the training is done")
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(110)
        self._progress.setRange(0, 1000)
        self._epoch = SteadyLabel(self)
        self._epoch.setObjectName("training-epoch")
        self._pace = SteadyLabel(self)
        self._pace.setObjectName("training-pace")
        set_role(self._pace, "muted")
        self._images = QComboBox(self)
        self._images.setObjectName("dataset")
        self._images.setAccessibleName("Images")
        self._images.setToolTip("Which images all models are trained on; another choice starts them anew")
        self._images.setMaxVisibleItems(20)
        self._images.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for name, listing in DATASETS.items():
            self._images.addItem(listing.label, name)
            self._images.setItemData(self._images.count() - 1, listing.summary, Qt.ItemDataRole.ToolTipRole)
        self._images.insertSeparator(self._images.count())
        self._images.addItem("Folder or file…", OWN_IMAGES)
        self._images.activated.connect(self._chosen)
        self._shown: str | None = None
        add = QToolButton(self)
        add.setObjectName("add-model")
        add.setDefaultAction(actions["add"])
        add.setText("Add model")
        add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        images_text = QLabel("Images ", self)
        images_text.setBuddy(self._images)
        set_role(images_text, "muted")
        for widget in (_gap(10), self._progress, _gap(10), self._epoch, _gap(10), self._pace, _stretch()):
            self.addWidget(widget)
        for widget in (images_text, self._images, _gap(6), add):
            self.addWidget(widget)

    def show_playing(self, playing: bool) -> None:
        """Let the play button say what it does next."""
        self._play.setIcon(icon("pause" if playing else "play"))
        self._play.setText("Pause" if playing else "Play")
        tip = "Pause training" if playing else "Train all models, in step"
        self._play.setToolTip(f"{tip} (Space)")
        self._play.setStatusTip(tip)

    def show_progress(self, epoch: float, epochs: int, images_seen: int) -> None:
        """Show how far the model is that has seen the fewest images."""
        self._progress.setValue(round(1000 * min(1.0, epoch / epochs)))
        self._epoch.setText(f"Epoch {min(epoch, epochs):.1f} of {epochs}")
        self._epoch.setToolTip(f"{count(images_seen)} images seen by each model")

    def show_pace(self, pace: Pace) -> None:
        """Show how fast training is and how long it will take."""
        words = f"{count(pace.images_per_second)} images/s" if pace.playing and pace.images_per_second else ""
        if words and pace.seconds_left is not None:
            words += f" · {duration(pace.seconds_left)} left"
        self._pace.setText(words)

    def show_dataset(self, datasets: tuple[str, ...]) -> None:
        """Show which images the models have: one set, or several."""
        name = datasets[0] if len(datasets) == 1 else None
        if name == self._shown and name is not None:
            return
        self._shown = name
        own = self._images.findData(OWN_IMAGES)
        if name is None:
            self._images.setCurrentIndex(-1)
            self._images.setPlaceholderText("Several" if datasets else "None")
        elif name in DATASETS:
            self._images.setCurrentIndex(self._images.findData(name))
        else:
            self._images.setItemText(own, f"{name.rstrip('/').rsplit('/', 1)[-1]}…")
            self._images.setCurrentIndex(own)

    def _chosen(self, index: int) -> None:
        name = self._images.itemData(index)
        shown, self._shown = self._shown, None
        if name == OWN_IMAGES:
            self.own_images_wanted.emit()
        else:
            self.dataset_chosen.emit(name)
        if self._shown is None and shown is not None:
            # Nothing came of it: show again what is there.
            self.show_dataset((shown,))


def _gap(width: int) -> QWidget:
    gap = QWidget()
    gap.setFixedWidth(width)
    return gap


def _stretch() -> QWidget:
    stretch = QWidget()
    stretch.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return stretch
