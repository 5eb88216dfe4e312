"""The decoded tiles of one view: as many as fit into a bound of memory, those not used for longest go first."""

from collections import OrderedDict
from typing import Final

from PySide6.QtGui import QImage

from explorer.views.map_tiles import Tile

LIMIT_BYTES: Final = 48 * 2**20


class TileStore:
    """The newest picture of each tile, with the version of the decoder that drew it.

    Attributes:
        size_bytes: Of all pictures.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self.size_bytes = 0
        self._limit_bytes = limit_bytes
        self._tiles: OrderedDict[Tile, tuple[int, QImage]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tiles)

    @property
    def tile_bytes(self) -> int:
        """Of the picture that came last; 0 while there is none."""
        return next(reversed(self._tiles.values()))[1].sizeInBytes() if self._tiles else 0

    def put(self, tile: Tile, version: int, picture: QImage) -> None:
        """Keep a picture in place of an older one of the same tile."""
        self._drop(tile)
        self._tiles[tile] = (version, picture)
        self.size_bytes += picture.sizeInBytes()
        while self.size_bytes > self._limit_bytes and len(self._tiles) > 1:
            self._drop(next(iter(self._tiles)))

    def version(self, tile: Tile) -> int | None:
        """The version of a tile's picture, or None when there is none; a look that does not count as use."""
        found = self._tiles.get(tile)
        return found[0] if found is not None else None

    def use(self, tile: Tile) -> QImage | None:
        """A tile's picture, if there is one, to be shown."""
        found = self._tiles.get(tile)
        if found is None:
            return None
        self._tiles.move_to_end(tile)
        return found[1]

    def clear(self) -> None:
        """Forget all."""
        self._tiles.clear()
        self.size_bytes = 0

    def _drop(self, tile: Tile) -> None:
        found = self._tiles.pop(tile, None)
        if found is not None:
            self.size_bytes -= found[1].sizeInBytes()
