"""The one thread that decodes the maps of all lanes, a tile at a time, so that it can turn to what is newest."""

import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from explorer.job_thread import JobThread
from explorer.precedence import SHOWING
from explorer.views.map_tiles import CELLS, Tile
from trainers.messages import Decoder, Pixels, Plane

TRAINING_SHARE: Final = 0.07
"""Share of a core that refreshing may take while models train. Missing tiles are decoded at once: a person waits."""
ASIDE_S: Final = 0.003
"""Seconds that a tile costs besides its decoding: the window draws it, and both threads take turns with training."""
LARGEST_CELL: Final = 64
"""Pixels of a cell's picture along a side, at most: a map shows no cell larger than that for long."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapSource:
    """A decoder and the plane that it is asked about, as they were at one moment.

    Attributes:
        version: Tells the moments of one run apart.
    """

    version: int
    decoder: Decoder
    plane: Plane


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapRequest:
    """The tiles that one run's map wants, first those wanted most; it takes the place of that run's request before.

    Attributes:
        run: Whose map.
        source: What decodes.
        missing: Tiles that nothing is there of.
        older: Tiles of which an older version is shown.
    """

    run: str
    source: MapSource
    missing: tuple[Tile, ...]
    older: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MapTile:
    """A decoded tile, as a picture that can be drawn at once."""

    run: str
    version: int
    tile: Tile
    picture: QImage


@dataclass(frozen=True, slots=True, eq=False)
class _TileJob:
    """A tile to decode, and whether an older version of it is shown."""

    run: str
    tile: Tile
    source: MapSource
    is_refresh: bool


@dataclass(slots=True)
class _Work:
    """What is left of a request."""

    source: MapSource
    missing: deque[Tile]
    older: deque[Tile]


class MapThread(JobThread[_TileJob]):
    """Decodes what is missing first, for the map that was moved last; then refreshes one map after the other.

    Signals:
        decoded(object): `MapTile`.
        failed(str, str): The run, and one sentence on what went wrong; nothing more of that request is decoded.
    """

    decoded = Signal(object)
    failed = Signal(str, str)

    def __init__(self, *, training_share: float = TRAINING_SHARE) -> None:
        super().__init__("map", niceness=SHOWING)
        self._training_share = training_share
        self._training = False
        # The last is served first where tiles are missing, the first where they are old.
        self._newest: OrderedDict[str, _Work] = OrderedDict()
        self._turns: deque[str] = deque()
        self._in_hand: tuple[str, Tile, int] | None = None
        self._refresh_from = 0.0

    def set_training(self, training: bool) -> None:
        """Say whether models are being trained, so that refreshing leaves the machine to them."""
        with self._wake:
            self._training = training
            self._refresh_from = 0.0
            self._wake.notify()

    def submit(self, request: MapRequest) -> None:
        """Ask for tiles; those of the run's last request that are not among them are not decoded any more."""
        with self._wake:
            here = (request.run, request.source.version)
            in_hand = self._in_hand[1] if self._in_hand is not None and self._in_hand[::2] == here else None
            missing, older = (
                deque(tile for tile in tiles if tile != in_hand) for tiles in (request.missing, request.older)
            )
            self._newest.pop(request.run, None)
            self._newest[request.run] = _Work(request.source, missing, older)
            if request.run not in self._turns:
                self._turns.append(request.run)
            self._wake.notify()

    def forget(self, run: str) -> None:
        """Drop what waits for a run."""
        with self._wake:
            self._newest.pop(run, None)
            if run in self._turns:
                self._turns.remove(run)

    def _choose(self) -> tuple[_TileJob | None, float | None]:
        """The tile wanted most."""
        for run, work in reversed(self._newest.items()):
            if work.missing:
                return self._taken(run, work.missing.popleft(), work.source, is_refresh=False), None
        run = next((run for run in self._turns if self._newest[run].older), None)
        if run is None:
            return None, None
        wait = self._refresh_from - time.monotonic()
        if wait > 0:
            return None, wait
        self._turns.remove(run)
        self._turns.append(run)
        work = self._newest[run]
        return self._taken(run, work.older.popleft(), work.source, is_refresh=True), None

    def _taken(self, run: str, tile: Tile, source: MapSource, *, is_refresh: bool) -> _TileJob:
        self._in_hand = (run, tile, source.version)
        return _TileJob(run, tile, source, is_refresh)

    def _do(self, job: _TileJob) -> None:
        start, run, source = time.monotonic(), job.run, job.source
        try:
            picture = tile_picture(source.decoder.decode(source.plane.codes(job.tile.centres_N2())))
            tile = MapTile(run=run, version=source.version, tile=job.tile, picture=picture)
            answer = partial(self.decoded.emit, tile)
        except Exception as error:  # noqa: BLE001 - a failure is shown in its lane
            self.forget(run)
            answer = partial(self.failed.emit, run, f"The map could not be decoded ({error}).")
        with self._wake:
            self._in_hand = None
            if job.is_refresh and self._training:
                now = time.monotonic()
                self._refresh_from = now + (now - start + ASIDE_S) * (1 / self._training_share - 1)
        answer()


def tile_picture(pixels_NCHW: Pixels) -> QImage:
    """The images of a tile's cells, (64, C, H, W), row by row, side by side; large ones made smaller by averaging."""
    pixels_NCHW = _shrunk(pixels_NCHW)
    _, channels, height, width = pixels_NCHW.shape
    across = pixels_NCHW.reshape(CELLS, CELLS, channels, height, width).transpose(0, 3, 1, 4, 2)
    pixels_HWC = across.reshape(CELLS * height, CELLS * width, channels).astype(np.uint32)
    red, green, blue = (pixels_HWC[..., channel % channels] for channel in range(3))
    packed_HW = np.ascontiguousarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)
    rows, columns = packed_HW.shape
    return QImage(packed_HW.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _shrunk(pixels_NCHW: Pixels) -> Pixels:
    """The images with at most `LARGEST_CELL` pixels a side: means of squares of pixels."""
    count, channels, height, width = pixels_NCHW.shape
    factor = -(-max(height, width) // LARGEST_CELL)
    if factor == 1:
        return pixels_NCHW
    rows, columns = height // factor, width // factor
    whole = pixels_NCHW[:, :, : rows * factor, : columns * factor]
    squares = whole.reshape(count, channels, rows, factor, columns, factor)
    return np.rint(squares.mean(axis=(3, 5), dtype=np.float32)).astype(np.uint8)
