"""The panel of chosen images: follows the bench, and writes them to a file when asked."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from explorer.disk import remember
from explorer.lane import Lane
from explorer.lane_row import LaneRow
from explorer.layer_thread import LayerDone, LayerJob, LayerThread
from explorer.palette import class_colours
from explorer.views.selection_view import SelectionView
from explorer.workbench import Indices, Workbench
from trainers.messages import Floats, HeldOut

EXPORT: Final = "export of chosen images"
KINDS: Final = ("Sheet of all images (*.png)", "Table with their codes (*.csv)", "Arrays to train on (*.npz)")


class SelectionPanel(QObject):
    """Shows what is chosen in any lane, since it is chosen in all.

    Signals:
        begun(): Something is chosen, and nothing was before.
        told(str): One sentence on a file that was written.
        refused(str): One sentence on why there is none.

    Attributes:
        view: What is shown.
    """

    begun = Signal()
    told = Signal(str)
    refused = Signal(str)

    def __init__(self, bench: Workbench, row: LaneRow, thread: LayerThread, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench, self._row, self._thread, self._window = bench, row, thread, parent
        self.view = SelectionView(parent)
        self._shown = False
        self.view.image_picked.connect(bench.select_image)
        self.view.image_hovered.connect(self._hovered)
        self.view.clear_wanted.connect(self._clear)
        self.view.export_wanted.connect(self.export)
        bench.chosen_changed.connect(self._show)
        bench.image_changed.connect(self._mark)
        row.images_shown.connect(self._show)
        thread.done.connect(self._done)
        thread.failed.connect(self._failed)

    def export(self) -> None:
        """Ask for a file, and write what is chosen."""
        if self._held_out() is None or not len(self._bench.chosen):
            self.refused.emit("Nothing is chosen; Shift+drag over a cloud chooses images.")
            return
        dialog = QFileDialog(self._window, "Export chosen images", str(QSettings().value("folder", str(Path.home()))))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(KINDS)
        dialog.filterSelected.connect(partial(_rename, dialog))
        dialog.selectFile("chosen")
        _rename(dialog, KINDS[0])
        if dialog.exec() and dialog.selectedFiles():
            path = Path(dialog.selectedFiles()[0])
            remember("folder", str(path.parent))
            self.export_to(path)
        dialog.deleteLater()

    def export_to(self, path: Path) -> None:
        """Write what is chosen to a file of the kind that its ending says; told by `told`."""
        held_out, indices_n = self._held_out(), self._bench.chosen
        if held_out is None or not len(indices_n):
            return
        codes: dict[str, Floats] = {}
        for lane in self._owners():
            if lane.snapshot is not None and len(lane.snapshot.codes_ND) == len(held_out.images_NCHW):
                name = lane.model.name if lane.model.name not in codes else f"{lane.model.name} ({lane.model.run})"
                codes[name] = lane.snapshot.codes_ND[indices_n]
        write = partial(_write, path, held_out, indices_n.copy(), codes)
        self._thread.submit(LayerJob(layer=EXPORT, run="", compute=write, is_awaited=True))

    def _show(self) -> None:
        held_out, indices_n = self._held_out(), self._bench.chosen
        shown = held_out is not None and len(indices_n) > 0
        if held_out is None or not shown:
            self.view.show_nothing()
        else:
            self.view.show_chosen(
                indices_n,
                held_out.images_NCHW,
                held_out.labels_N,
                held_out.class_names,
                class_colours(len(held_out.class_names)),
            )
            self._mark()
        if shown and not self._shown:
            self.begun.emit()
        self._shown = shown

    def _mark(self) -> None:
        self.view.mark(self._bench.image if self._bench.image is not None else -1)

    def _hovered(self, index: int) -> None:
        self._bench.hover_image(index if index >= 0 else None)

    def _clear(self) -> None:
        self._bench.choose(np.zeros(0, np.int64))

    def _owners(self) -> list[Lane]:
        return [lane for lane in self._row.lanes if lane.model.images_key == self._bench.images_of]

    def _held_out(self) -> HeldOut | None:
        """The images that are chosen from, as long as what is chosen are images of theirs."""
        held_out = next((lane.held_out for lane in self._owners() if lane.held_out is not None), None)
        chosen = self._bench.chosen
        fits = held_out is not None and (not len(chosen) or int(chosen[-1]) < len(held_out.images_NCHW))
        return held_out if fits else None

    def _done(self, done: LayerDone) -> None:
        if done.job.layer == EXPORT and isinstance(done.value, _Written):
            (self.refused if done.value.problem else self.told).emit(done.value.problem or done.value.sentence)

    def _failed(self, job: LayerJob, reason: str) -> None:
        if job.layer == EXPORT:
            self.refused.emit(f"The chosen images cannot be written: {reason}")


def _rename(dialog: QFileDialog, kind: str) -> None:
    """Let the name in a dialog end as the chosen kind of file does."""
    ending = kind[kind.find("*") + 1 : kind.find(")")]
    dialog.setDefaultSuffix(ending)
    dialog.selectFile(Path(dialog.selectedFiles()[0]).with_suffix(ending).name)


@dataclass(frozen=True, slots=True)
class _Written:
    """What became of an export: one sentence on the file, or one on the problem."""

    sentence: str = ""
    problem: str = ""


def _write(path: Path, held_out: HeldOut, indices_n: Indices, codes: dict[str, Floats]) -> _Written:
    from trainers.chosen_images import ChosenImages, write_chosen  # brings Pillow, which only this needs
    from trainers.errors import LatentExplorerError

    chosen = ChosenImages(
        images_NCHW=held_out.images_NCHW[indices_n],
        indices_N=indices_n,
        labels_N=held_out.labels_N[indices_n],
        class_names=held_out.class_names,
        codes=codes,
    )
    try:
        write_chosen(chosen, path)
    except LatentExplorerError as error:
        return _Written(problem=str(error))
    images = "image" if len(indices_n) == 1 else "images"
    return _Written(sentence=f"{len(indices_n):,} {images} written to {path.name}.")
