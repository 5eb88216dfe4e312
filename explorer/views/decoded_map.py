"""What the model decodes all over the latent plane, as a mosaic behind the points."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.map_tiles import CELLS, MOST_TILES, Tile, level_for, tiles_in
from explorer.views.tile_store import LIMIT_BYTES, TileStore
from explorer.views.viewport import Bounds, Viewport

STAND_INS: Final = 6
"""So many levels up a tile is looked for that can stand in; beyond, it would show a few blurred pixels."""
MARGIN: Final = 0.2
"""While panning more than the view is laid out, by this share of it on each side."""


STRENGTH_ON_DARK: Final = 0.5
STRENGTH_ON_LIGHT: Final = 0.32
"""How strongly images show against the background, from 0 to 1: faintly, so that the points stay what one sees."""
ENLARGED: Final = 2.0
"""From so many pixels of the screen for one of an image on, they are drawn as squares."""
GAP: Final = 0.08
"""Share of a cell's side that parts it from the next."""
ROUNDING: Final = 1e-6
"""Pixels by which a size may be off that is a whole number of them."""


@dataclass(frozen=True, slots=True)
class _Looks:
    """What the picture that is kept was drawn for, besides its viewport."""

    level: int
    pixel_ratio: float
    base: int

    @property
    def background(self) -> QColor:
        return QColor(self.base)


class DecodedMap:
    """The tiles that are there, laid out once and then kept: only a zoom lays everything out anew.

    A pan moves the picture, a tile that has come is drawn into it. Where a tile is missing a coarser one stands in,
    or finer ones do.

    Attributes:
        store: The tiles.
        layouts: How often everything has been laid out.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self.store = TileStore(limit_bytes)
        self.layouts = 0
        self._most_bytes = limit_bytes * 2 // 3
        self._sheet = QImage()
        self._laid_out: Viewport | None = None
        self._looks: _Looks | None = None
        self._arrived: set[Tile] = set()

    def level(self, viewport: Viewport) -> int:
        """The level that suits a viewport."""
        return level_for(viewport, min(MOST_TILES, self._most_bytes // max(1, self.store.tile_bytes)))

    def visible_tiles(self, viewport: Viewport) -> list[Tile]:
        """The tiles of that level in view."""
        return tiles_in(viewport.bounds, self.level(viewport))

    def put(self, tile: Tile, version: int, picture: QImage) -> None:
        """Take a tile."""
        self.store.put(tile, version, picture)
        self._arrived.add(tile)

    def draw_arrived(self) -> None:
        """Draw the tiles that have come into the picture that is kept, so that painting need not."""
        if self._looks is not None and self._laid_out is not None and self._arrived:
            shown = tiles_in(self._bounds(), self._looks.level)
            self._draw([tile for tile in shown if self._is_touched(tile)], self._looks)
            self._arrived.clear()

    def clear(self) -> None:
        """Forget all tiles."""
        self.store.clear()
        self._arrived.clear()
        self._laid_out = None
        self._sheet = QImage()

    def paint(
        self, painter: QPainter, viewport: Viewport, pixel_ratio: float, base: QColor, *, gliding: bool = False
    ) -> None:
        """Paint the whole view: background, and what there is of the map.

        Args:
            painter: In pixels of the desktop.
            viewport: In pixels of the desktop.
            pixel_ratio: Pixels of the screen in one of the desktop.
            base: The background.
            gliding: Whether the viewport is on its way: then the last picture is stretched, and not drawn anew for
                each of some dozen frames.
        """
        if gliding and self._laid_out is not None:
            self._stretch(painter, viewport, base)
            return
        level = self.level(viewport)
        looks = _Looks(level, pixel_ratio, base.rgb())
        then = self._laid_out
        if then is None or looks != self._looks or not _covers(then, viewport):
            self._looks = looks
            moved_only = then is not None and then.scale == viewport.scale
            self._lay_out(viewport, pixel_ratio, MARGIN if moved_only else 0.0)
            self._draw(tiles_in(self._bounds(), level), looks)
            self._arrived.clear()
        self.draw_arrived()
        assert self._laid_out is not None
        left, top = viewport.to_pixels(*self._laid_out.to_latent(0.0, 0.0))
        # Whole pixels of the screen: the picture is moved, not smoothed. Rounding must not lead beyond its edge.
        width, height = (math.ceil(side * pixel_ratio - ROUNDING) for side in (viewport.width, viewport.height))
        source = QRect(
            max(0, min(round(-left * pixel_ratio), self._sheet.width() - width)),
            max(0, min(round(-top * pixel_ratio), self._sheet.height() - height)),
            width,
            height,
        )
        painter.drawImage(
            QRectF(0, 0, source.width() / pixel_ratio, source.height() / pixel_ratio), self._sheet, QRectF(source)
        )

    def _stretch(self, painter: QPainter, viewport: Viewport, base: QColor) -> None:
        then = self._laid_out
        assert then is not None
        place = QRectF(*viewport.place_of(then))
        view = QRectF(0, 0, viewport.width, viewport.height)
        if not place.contains(view):
            painter.fillRect(view, base)
        painter.drawImage(place, self._sheet, QRectF(self._sheet.rect()))

    def _is_touched(self, tile: Tile) -> bool:
        """Whether a place may look different with the tiles that have come."""
        return any(
            (other.above(other.level - tile.level) == tile)
            if other.level >= tile.level
            else (tile.above(tile.level - other.level) == other)
            for other in self._arrived
        )

    def _bounds(self) -> Bounds:
        assert self._laid_out is not None
        return self._laid_out.bounds

    def _lay_out(self, viewport: Viewport, pixel_ratio: float, margin: float) -> None:
        """Make an empty sheet for the viewport and a margin around it, of whole pixels of the screen."""
        self.layouts += 1
        width, height = (
            math.ceil(side * pixel_ratio - ROUNDING) + 2 * math.ceil(side * pixel_ratio * margin)
            for side in (viewport.width, viewport.height)
        )
        if (self._sheet.width(), self._sheet.height()) != (width, height):
            self._sheet = QImage(width, height, QImage.Format.Format_RGB32)
        across = math.ceil(viewport.width * pixel_ratio * margin) / pixel_ratio
        down = math.ceil(viewport.height * pixel_ratio * margin) / pixel_ratio
        x, y = viewport.to_latent(width / pixel_ratio / 2 - across, height / pixel_ratio / 2 - down)
        self._laid_out = Viewport(x, y, viewport.scale, width / pixel_ratio, height / pixel_ratio)

    def _draw(self, tiles: Iterable[Tile], looks: _Looks) -> None:
        """Draw what is there of some tiles' places into the sheet."""
        assert self._laid_out is not None
        base = looks.background
        device = self._laid_out.magnified(looks.pixel_ratio)
        veil = QColor(base)
        veil.setAlphaF(1.0 - strength_on(base))
        painter = QPainter(self._sheet)
        for tile in tiles:
            place = _place(tile.bounds, device)
            drawn = False
            for target, picture, source in self._pictures(tile, place, device):
                if not drawn:
                    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
                    painter.fillRect(place, base)
                drawn = True
                # Enlarged pixels stay squares, as in every other image of the window; smoothed, neighbours would run
                # into each other.
                is_enlarged = target.width() >= ENLARGED * source.width()
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_enlarged)
                painter.drawImage(QRectF(target), picture, source)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.fillRect(place, veil if drawn else base)
            if drawn:
                _draw_gaps(painter, tile, device, base)
        painter.end()

    def _pictures(self, tile: Tile, place: QRect, device: Viewport) -> Iterator[tuple[QRect, QImage, QRectF]]:
        """What to draw for a tile, from back to front: where, which picture, and what part of it."""
        own = self.store.use(tile)
        if own is not None:
            yield place, own, QRectF(own.rect())
            return
        for levels in range(1, STAND_INS + 1):
            coarse = tile.above(levels)
            picture = self.store.use(coarse)
            if picture is not None:
                share = 2.0**-levels
                width, height = picture.width() * share, picture.height() * share
                across = tile.right - (coarse.right << levels)
                down = (1 << levels) - 1 - (tile.up - (coarse.up << levels))
                yield place, picture, QRectF(across * width, down * height, width, height)
                break
        for fine in tile.below():
            picture = self.store.use(fine)
            if picture is not None:
                yield _place(fine.bounds, device), picture, QRectF(picture.rect())


def strength_on(base: QColor) -> float:
    """How strongly images show on a background."""
    return STRENGTH_ON_LIGHT if base.lightnessF() > 0.5 else STRENGTH_ON_DARK


def _draw_gaps(painter: QPainter, tile: Tile, device: Viewport, base: QColor) -> None:
    """Part the cells of a tile by dark lines: images that touch, as digits do that fill theirs, cannot be told apart.

    Dark as black is under the veil: most images have black edges, and what is bright on them ends at the line.
    """
    place, cell = _place(tile.bounds, device), tile.cell
    gap = max(1, round(GAP * cell * device.scale))
    share = 1.0 - strength_on(base)
    dark = QColor.fromRgbF(base.redF() * share, base.greenF() * share, base.blueF() * share)
    lines: list[QRect] = []
    for index in range(CELLS):
        x, y = device.to_pixels(tile.bounds.left + index * cell, tile.bounds.bottom + index * cell)
        lines += [
            QRect(round(x), place.top(), gap, place.height()),
            QRect(place.left(), round(y) - gap, place.width(), gap),
        ]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(dark)
    painter.drawRects(lines)  # in one call: around each the interpreter lock is let go and fetched again


def _covers(laid_out: Viewport, viewport: Viewport) -> bool:
    """Whether a sheet laid out for one viewport also shows another: of the same scale, no larger, and inside."""
    larger = max(viewport.width - laid_out.width, viewport.height - laid_out.height)
    if laid_out.scale != viewport.scale or larger > ROUNDING:
        return False
    left, top = laid_out.to_pixels(*viewport.to_latent(0.0, 0.0))
    slack = 0.51
    return (
        left >= -slack
        and top >= -slack
        and left + viewport.width <= laid_out.width + slack
        and top + viewport.height <= laid_out.height + slack
    )


def _place(bounds: Bounds, device: Viewport) -> QRect:
    """Where a part of the plane is, in whole pixels, so that neighbours share their edge."""
    left, top = device.to_pixels(bounds.left, bounds.top)
    right, bottom = device.to_pixels(bounds.right, bounds.bottom)
    x, y = round(left), round(top)
    return QRect(x, y, round(right) - x, round(bottom) - y)
