"""Small pictures: dots where their points are, images where they belong, colours as in the window."""

import io

import numpy as np
from PIL import Image

from explorer.palette import class_colours as window_colours
from trainers.pictures.class_colours import class_colours
from trainers.pictures.cloud import Window, on_ground, paint_dots
from trainers.pictures.panels import labelled_rows, over, side_by_side
from trainers.pictures.png import data_address, png_bytes
from trainers.pictures.tiles import enlarged, tile_images


def test_classes_have_the_colours_of_the_window() -> None:
    np.testing.assert_array_equal(class_colours(10), window_colours(10))
    many = class_colours(26)
    np.testing.assert_array_equal(many[:10], class_colours(10))
    assert len(np.unique(many, axis=0)) == 26


def test_a_window_holds_its_points_and_y_points_up() -> None:
    points_N2 = np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32)
    window = Window.around(points_N2)
    places_N2 = window.pixels(points_N2, 100)
    assert places_N2.min() >= 0
    assert places_N2.max() <= 100
    left_below = Window(x=0, y=0, half=2).pixels(np.array([[-2.0, -2.0]], np.float32), 100)
    assert left_below.tolist() == [[0, 100]]


def test_the_grid_lies_where_its_cells_are_drawn() -> None:
    window = Window(x=1, y=-1, half=3)
    places_N2 = window.pixels(window.grid(4), 8)
    np.testing.assert_allclose(places_N2, [(x, y) for y in (1, 3, 5, 7) for x in (1, 3, 5, 7)], atol=1e-5)


def test_a_dot_is_where_its_point_is() -> None:
    red_N3 = np.array([[255, 0, 0]], np.uint8)
    picture = paint_dots(np.array([[1.0, 1.0]], np.float32), red_N3, Window(x=0, y=0, half=2), side=40, width=4)
    assert picture[9, 29].tolist() == [255, 0, 0, 255]
    rows, columns = np.nonzero(picture[..., 3])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (8, 11, 28, 31)
    assert on_ground(picture, (10, 20, 30))[0, 0].tolist() == [10, 20, 30]
    assert over(np.full((40, 40, 3), 7, np.uint8), picture)[9, 29].tolist() == [255, 0, 0]


def test_points_outside_or_nowhere_are_no_trouble() -> None:
    far_N2 = np.array([[50.0, 0.0], [2.0, 2.0]], np.float32)
    paint_dots(far_N2, np.zeros((2, 3), np.uint8), Window(x=0, y=0, half=2), side=10, width=3)
    assert Window.around(np.zeros((0, 2), np.float32)).half > 0
    assert Window.around(np.zeros((5, 2), np.float32)).half == 1


def test_images_stand_row_by_row() -> None:
    images_NCHW = np.arange(3, dtype=np.uint8)[:, None, None, None] * np.ones((1, 1, 2, 2), np.uint8) + 10
    tiles = tile_images(images_NCHW, 2, gap=1, ground=(1, 1, 1))
    assert tiles.shape == (5, 5, 3)
    assert (tiles[0, 0, 0], tiles[0, 3, 0], tiles[3, 0, 0], tiles[3, 3, 0], tiles[2, 2, 0]) == (10, 11, 12, 1, 1)
    colour_NCHW = np.array([[[[1]], [[2]], [[3]]]], np.uint8)
    assert enlarged(tile_images(colour_NCHW, 1), 2).tolist() == [[[1, 2, 3]] * 2] * 2


def test_panels_hold_their_pictures() -> None:
    white = np.full((30, 40, 3), 255, np.uint8)
    for sheet in (side_by_side([("a", white), ("b", white)]), labelled_rows([("a", white.transpose(2, 0, 1)[None])])):
        assert (sheet == 255).all(axis=2).sum() >= 1200


def test_a_png_file_gives_the_picture_back() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 4), dtype=np.uint8)
    with Image.open(io.BytesIO(png_bytes(picture))) as read:
        np.testing.assert_array_equal(np.asarray(read), picture)
    assert data_address(picture).startswith("data:image/png;base64,iVBOR")
