"""The one thread that reads or downloads images, so that neither window nor training waits for a disk or a network."""

import threading
from dataclasses import dataclass
from queue import SimpleQueue

from PySide6.QtCore import QObject, Signal

from trainers.errors import Cancelled, LatentExplorerError
from trainers.torch_libraries import load_torch_libraries


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """Which images, in which size; with `download`, the network may be used."""

    dataset: str
    image_size: int
    download: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What tells one set in memory from another."""
        return self.dataset, self.image_size


class ImageLoader(QObject):
    """Loads one set at a time, in the order asked for.

    Signals:
        loaded(object, object): The `ImageRequest` and the `ImageSet`.
        failed(object, str): The request and one sentence.
        cancelled(object): The request.
        progressed(object): `trainers.datasets.loading.Progress` of the set in hand.
    """

    loaded = Signal(object, object)
    failed = Signal(object, str)
    cancelled = Signal(object)
    progressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._requests: SimpleQueue[ImageRequest | None] = SimpleQueue()
        self._cancel = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="images", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Cancel what is in hand; returns when the thread has ended."""
        self._stopping = True
        if self._thread.ident is not None:
            self._requests.put(None)
            self._thread.join()

    def load(self, request: ImageRequest) -> None:
        """Ask for a set."""
        self._requests.put(request)

    def cancel(self) -> None:
        """Give up the set in hand."""
        self._cancel.set()

    def _work(self) -> None:
        load_torch_libraries()  # which would hold up what is imported here, and with it the window
        while (request := self._requests.get()) is not None and not self._stopping:
            self._cancel.clear()
            self._load(request)

    def _load(self, request: ImageRequest) -> None:
        from trainers.datasets.loading import (
            load_images,
        )  # with it come numpy's readers, which the first frame can spare

        try:
            images = load_images(
                request.dataset,
                image_size=request.image_size,
                download=request.download,
                progress=self.progressed.emit,
                cancelled=lambda: self._stopping or self._cancel.is_set(),
            )
        except Cancelled:
            self.cancelled.emit(request)
        except LatentExplorerError as error:
            self.failed.emit(request, str(error))
        except MemoryError:
            self.failed.emit(request, f"{request.dataset} does not fit into memory; choose a smaller image size.")
        except Exception as error:  # noqa: BLE001 - a reader's surprise is shown in the window, not lost in a thread
            self.failed.emit(request, f"{request.dataset} could not be read ({type(error).__name__}: {error}).")
        else:
            self.loaded.emit(request, images)
