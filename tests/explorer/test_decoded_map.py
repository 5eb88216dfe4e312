"""The drawing of the decoded map: tiles where they belong, stand-ins until they come, a pan that draws nothing anew."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.decoded_map import GAP, DecodedMap, strength_on
from explorer.views.map_tiles import CELLS, Tile
from explorer.views.viewport import Viewport

DARK, LIGHT = QColor(24, 26, 30), QColor(255, 255, 255)
# Cells of level 0 have 40 pixels here, and a tile 320.
VIEW = Viewport(centre_x=1.0, centre_y=-2.0, scale=40.0, width=500, height=360)
Picture = npt.NDArray[np.uint8]


def plain(colour: str | QColor, side: int = 64) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def painted(
    shown: DecodedMap,
    viewport: Viewport = VIEW,
    base: QColor = DARK,
    pixel_ratio: float = 1.0,
    *,
    gliding: bool = False,
) -> Picture:
    image = QImage(
        round(viewport.width * pixel_ratio), round(viewport.height * pixel_ratio), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    shown.paint(painter, viewport, pixel_ratio, base, gliding=gliding)
    painter.end()
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return flat[..., 2::-1].copy()


def at(picture: Picture, x: float, y: float, viewport: Viewport = VIEW, pixel_ratio: float = 1.0) -> list[int]:
    across, down = viewport.to_pixels(x, y)
    return picture[int(down * pixel_ratio), int(across * pixel_ratio)].tolist()


def veiled(colour: str | QColor, base: QColor = DARK) -> list[float]:
    strength, over = strength_on(base), QColor(colour)
    pairs = zip((over.red(), over.green(), over.blue()), (base.red(), base.green(), base.blue()), strict=True)
    return [strength * one + (1 - strength) * other for one, other in pairs]


def is_like(found: list[int], colour: str | QColor, base: QColor = DARK) -> bool:
    return bool(np.abs(np.subtract(found, veiled(colour, base))).max() <= 2)


def filled(colour_of: dict[Tile, str]) -> DecodedMap:
    shown = DecodedMap()
    for tile, colour in colour_of.items():
        shown.put(tile, 1, plain(colour))
    return shown


def test_nothing_but_background_before_the_first_tile() -> None:
    assert (painted(DecodedMap()) == (24, 26, 30)).all()


@pytest.mark.parametrize("base", [DARK, LIGHT])
@pytest.mark.parametrize("pixel_ratio", [1.0, 1.5, 2.0])
def test_tiles_are_where_they_belong_and_fade_towards_the_background(base: QColor, pixel_ratio: float) -> None:
    shown = filled({Tile(0, 0, 0): "red", Tile(0, -1, -1): "lime", Tile(0, 0, -1): "blue"})
    picture = painted(shown, base=base, pixel_ratio=pixel_ratio)
    for x, y, colour in ((0.4, 0.4, "red"), (-0.4, -0.4, "lime"), (0.4, -0.4, "blue"), (6.4, 1.4, "red")):
        assert is_like(at(picture, x, y, pixel_ratio=pixel_ratio), colour, base), (x, y)
    assert at(picture, -0.5, 0.5, pixel_ratio=pixel_ratio) == [base.red(), base.green(), base.blue()]


def test_each_cell_shows_its_part_of_the_tile() -> None:
    image = plain("black", CELLS * 8)
    greys = np.random.default_rng(1).integers(0, 256, (CELLS, CELLS))
    painter = QPainter(image)
    for row in range(CELLS):
        for column in range(CELLS):
            grey = int(greys[row, column])
            painter.fillRect(8 * column, 8 * row, 8, 8, QColor(grey, grey, grey))
    painter.end()
    shown = DecodedMap()
    shown.put(Tile(0, 0, 0), 1, image)
    view = Viewport(4.0, 4.0, 40.0, 400, 400)
    picture = painted(shown, view)
    for row in range(CELLS):
        for column in range(CELLS):
            grey = int(greys[row, column])
            assert is_like(at(picture, column + 0.5, 7.5 - row, view), QColor(grey, grey, grey)), (row, column)


def test_images_are_parted_by_a_line_as_dark_as_black_is_on_the_map() -> None:
    picture = painted(filled({Tile(0, 0, 0): "white"}))
    across, down = VIEW.to_pixels(1.0, 1.5)
    black = painted(filled({Tile(0, 0, 0): "black"}))[round(down), round(across) - 2]
    assert np.abs(picture[round(down), round(across)].astype(int) - black.astype(int)).max() <= 1
    width = round(GAP * VIEW.scale)
    assert is_like(picture[round(down), round(across) + width + 1].tolist(), "white")
    assert is_like(picture[round(down), round(across) - 2].tolist(), "white")


@pytest.mark.parametrize("levels", [1, 2, 4])
def test_a_coarse_tile_stands_in_until_the_fine_one_comes(levels: int) -> None:
    quarters = QImage(64, 64, QImage.Format.Format_RGB32)
    painter = QPainter(quarters)
    for x, y, colour in ((0, 0, "red"), (32, 0, "lime"), (0, 32, "blue"), (32, 32, "white")):
        painter.fillRect(x, y, 32, 32, QColor(colour))
    painter.end()
    shown = DecodedMap()
    coarse = Tile(-levels, 0, 0)
    shown.put(coarse, 1, quarters)
    middle = coarse.side / 2
    view = Viewport(middle, middle, 40.0, 500, 360)
    picture = painted(shown, view)
    for x, y, colour in ((-1.5, 1.5, "red"), (1.5, 1.5, "lime"), (-1.5, -1.5, "blue"), (1.5, -1.5, "white")):
        assert is_like(at(picture, middle + x, middle + y, view), colour), colour
    fine = next(tile for tile in shown.visible_tiles(view) if tile.bounds.left == tile.bounds.bottom == middle)
    shown.put(fine, 2, plain("yellow"))
    picture = painted(shown, view)
    assert is_like(at(picture, middle + 1.5, middle + 1.5, view), "yellow")
    assert is_like(at(picture, middle - 1.5, middle + 1.5, view), "red")


def test_fine_tiles_stand_in_after_zooming_out() -> None:
    tile = Tile(0, 0, 0)
    picture = painted(filled(dict(zip(tile.below(), ("red", "lime", "blue", "white"), strict=True))))
    for x, y, colour in ((2.4, 1.4, "red"), (4.4, 1.4, "lime")):
        assert is_like(at(picture, x, y), colour), colour


def test_a_newer_tile_takes_the_place_of_an_older_one_at_once() -> None:
    shown = filled({Tile(0, 0, 0): "red", Tile(0, 0, -1): "blue"})
    painted(shown)
    shown.put(Tile(0, 0, 0), 2, plain("lime"))
    picture = painted(shown)
    assert is_like(at(picture, 0.4, 0.4), "lime")
    assert is_like(at(picture, 0.4, -0.4), "blue")
    assert shown.layouts == 1


def test_what_is_kept_looks_as_if_drawn_anew() -> None:
    colours = ["red", "lime", "blue", "white", "yellow", "cyan"]
    shown = DecodedMap()
    painted(shown)
    tiles = [Tile(-1, 0, 0), Tile(0, 0, 0), Tile(1, -1, -1), Tile(0, 0, -1), Tile(-1, -1, -1), Tile(1, 1, 0)]
    for tile, colour in zip(tiles, colours, strict=True):
        shown.put(tile, 1, plain(colour))
        painted(shown)
    kept = painted(shown)
    assert shown.layouts == 1
    assert np.array_equal(kept, painted(filled(dict(zip(tiles, colours, strict=True)))))


def test_tiles_may_be_drawn_between_two_paintings() -> None:
    tiles = {Tile(0, 0, 0): "red", Tile(0, 0, -1): "blue"}
    shown = filled(tiles)
    shown.draw_arrived()
    assert shown.layouts == 0, "nobody has said yet what is in view"
    before = painted(shown)
    moved = VIEW.moved(7, 3)
    painted(shown, moved)
    shown.put(Tile(0, 0, 0), 2, plain("lime"))
    shown.draw_arrived()
    after = painted(shown, moved)
    assert np.array_equal(after, painted(filled({**tiles, Tile(0, 0, 0): "lime"}), moved))
    assert not np.array_equal(after, before)


def test_a_pan_moves_the_picture_and_draws_nothing_anew() -> None:
    tiles = {Tile(0, x, y): ("red", "lime", "blue")[(x + 2 * y) % 3] for x in range(-3, 4) for y in range(-3, 4)}
    shown = filled(tiles)
    painted(shown)
    painted(shown, VIEW.moved(1, 0))
    before = shown.layouts
    for right in range(2, 60, 7):
        moved = VIEW.moved(right, -right // 2)
        assert np.array_equal(painted(shown, moved), painted(filled(tiles), moved))
    assert shown.layouts == before


@pytest.mark.parametrize("pixel_ratio", [1.0, 1.25, 2.0])
def test_no_pixel_is_left_out_however_far_the_view_moves(pixel_ratio: float) -> None:
    shown = filled({Tile(-3, x, y): "black" for x in (-1, 0) for y in (-1, 0)})
    view = VIEW
    for step in range(60):
        view = view.moved(3.3 * (1 if step < 30 else -1), 2.7)
        assert not (painted(shown, view, pixel_ratio=pixel_ratio) == (255, 0, 255)).all(axis=2).any()


@pytest.mark.parametrize("pixel_ratio", [1.0, 2.0])
def test_a_view_that_grows_by_a_pixel_is_filled(pixel_ratio: float) -> None:
    tiles = {Tile(-3, x, y): "black" for x in (-1, 0) for y in (-1, 0)}
    for across, down in ((1, 0), (0, 1)):
        shown, larger = filled(tiles), replace(VIEW, width=VIEW.width + across, height=VIEW.height + down)
        painted(shown, pixel_ratio=pixel_ratio)
        picture = painted(shown, larger, pixel_ratio=pixel_ratio)
        assert np.array_equal(picture, painted(filled(tiles), larger, pixel_ratio=pixel_ratio))


def test_a_zoom_shows_the_same_place_larger() -> None:
    shown = filled({Tile(0, 0, 0): "red", Tile(0, 0, -1): "blue"})
    painted(shown)
    closer = VIEW.zoomed(1.3, 250, 60)
    picture = painted(shown, closer)
    x, y = VIEW.to_latent(250, 60)
    assert is_like(at(picture, x + 0.3, y + 0.3, closer), "red")
    assert is_like(at(picture, x + 0.3, -0.3, closer), "blue")
    assert np.array_equal(picture, painted(filled({Tile(0, 0, 0): "red", Tile(0, 0, -1): "blue"}), closer))


def test_another_theme_is_drawn_at_once() -> None:
    shown = filled({Tile(0, 0, 0): "black"})
    assert is_like(at(painted(shown, base=DARK), 0.4, 0.4), "black", DARK)
    assert is_like(at(painted(shown, base=LIGHT), 0.4, 0.4), "black", LIGHT)


def test_tiles_in_view_fit_into_the_memory_also_when_they_are_large() -> None:
    size = plain("red", 512).sizeInBytes()
    shown = DecodedMap(limit_bytes=9 * size)
    large = Viewport(0, 0, 40.0, 2000, 1500)
    shown.put(Tile(0, 0, 0), 1, plain("red", 512))
    tiles = shown.visible_tiles(large)
    assert 1 < len(tiles) <= 6
    for tile in tiles:
        shown.put(tile, 1, plain("red", 512))
    assert all(shown.store.version(tile) == 1 for tile in tiles)
    assert shown.store.size_bytes <= 9 * size


def test_at_the_deepest_zoom_there_are_tiles_and_nothing_fails() -> None:
    shown = DecodedMap()
    for view in (VIEW.zoomed(1e30, 10, 10), VIEW.zoomed(1e-30, 10, 10)):
        tiles = shown.visible_tiles(view)
        assert tiles
        for tile in tiles:
            shown.put(tile, 1, plain("red"))
        picture = painted(shown, view)
        assert is_like(np.median(picture.reshape(-1, 3), axis=0).astype(int).tolist(), "red")


def test_cleared_means_empty() -> None:
    shown = filled({Tile(0, 0, 0): "red"})
    painted(shown)
    shown.clear()
    assert (painted(shown) == (24, 26, 30)).all()


def test_on_the_way_to_another_viewport_the_last_picture_is_stretched() -> None:
    shown = filled({Tile(0, 0, 0): "red", Tile(0, -1, -1): "lime"})
    painted(shown)
    layouts, further = shown.layouts, VIEW.zoomed(0.6, 250, 180)
    picture = painted(shown, further, gliding=True)
    assert shown.layouts == layouts
    for x, y, colour in ((0.4, 0.4, "red"), (-0.4, -0.4, "lime")):
        assert is_like(at(picture, x, y, further), colour), (x, y)
    assert picture[0, 0].tolist() == [24, 26, 30], "beyond the last picture there is nothing yet"
    arrived = painted(shown, further)
    assert shown.layouts == layouts + 1
    assert is_like(at(arrived, 0.4, 0.4, further), "red")
