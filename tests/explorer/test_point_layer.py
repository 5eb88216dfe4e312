"""How a cloud is drawn: as dots while there are few in view, as a density when there are many."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from explorer.views.point_layer import PointLayer
from explorer.views.viewport import Viewport

COLOURS = np.asarray([[230, 20, 20], [20, 160, 40], [20, 40, 230]], dtype=np.uint8)
SIDE = 120
WINDOW = Viewport(0.0, 0.0, 20.0, SIDE, SIDE)


def layer_of(count: int) -> PointLayer:
    """Three clusters side by side."""
    noise = np.random.default_rng(1)
    labels_N = np.arange(count) % 3
    points_N2 = noise.normal(0.0, 0.3, (count, 2)) + np.stack((2.0 * (labels_N - 1), 0.0 * labels_N), axis=1)
    layer = PointLayer()
    layer.set_points(points_N2.astype(np.float32), labels_N)
    layer.set_colours(COLOURS)
    return layer


def painted(layer: PointLayer, viewport: Viewport = WINDOW, ratio: float = 1.0) -> npt.NDArray[np.uint8]:
    """The layer on white, in pixels of the screen, (H, W, 3)."""
    side = round(SIDE * ratio)
    image = QImage(side, side, QImage.Format.Format_RGB888)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    layer.prepare(viewport, ratio)
    layer.paint(painter, viewport)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(side, image.bytesPerLine())
    return rows[:, : 3 * side].reshape(side, side, 3).copy()


def darkness(pixels_HW3: npt.NDArray[np.uint8]) -> int:
    return int((255 - pixels_HW3.astype(np.int64)).sum())


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_crowd_is_stronger_where_there_are_more_in_the_colour_of_its_class(ratio: float) -> None:
    layer = layer_of(6000)
    pixels_HW3 = painted(layer, ratio=ratio).astype(np.int64)
    assert layer.is_crowded
    for label, latent_x in enumerate((-2.0, 0.0, 2.0)):
        column = round(WINDOW.to_pixels(latent_x, 0.0)[0] * ratio)
        middle, half = round(SIDE * ratio / 2), round(3 * ratio)
        core = pixels_HW3[middle - half : middle + half, column - half : column + half].reshape(-1, 3).mean(axis=0)
        rim = pixels_HW3[middle - 5 * half : middle - 4 * half, column - half : column + half].reshape(-1, 3)
        assert core == pytest.approx(COLOURS[label], abs=60)
        assert darkness(core[None].astype(np.uint8)) > 1.5 * darkness(rim.mean(axis=0)[None].astype(np.uint8))


def test_few_points_and_few_in_view_are_dots() -> None:
    layer = layer_of(6000)
    painted(layer)
    assert layer.is_crowded
    near = Viewport(-2.0, 0.0, 1000.0, SIDE, SIDE)
    pixels_HW3 = painted(layer, near)
    assert not layer.is_crowded
    assert layer.dot_diameter == 7
    # Exactly what a cloud of those points alone shows.
    keep_N = (np.abs(layer.x_N + 2.0) < 0.07) & (np.abs(layer.y_N) < 0.07)
    alone = PointLayer()
    alone.set_points(np.stack((layer.x_N, layer.y_N), axis=1)[keep_N], (np.arange(6000) % 3)[keep_N])
    alone.set_colours(COLOURS)
    assert 3 < len(alone) < 60
    assert np.array_equal(pixels_HW3, painted(alone, near))


def test_points_that_come_and_go_do_not_change_the_way_of_drawing_to_and_fro() -> None:
    layer = layer_of(6000)
    scale, ways = 20.0, list[bool]()
    while layer_is_dense(layer, scale):
        scale *= 1.02
    for turn in range(20):
        ways.append(layer_is_dense(layer, scale * (0.97 if turn % 2 else 1.0)))
    assert ways == [False] * 20


def layer_is_dense(layer: PointLayer, scale: float) -> bool:
    painted(layer, Viewport(0.0, 0.0, scale, SIDE, SIDE))
    return layer.is_crowded


def test_muted_crowds_fade_but_stay_and_the_chosen_lie_on_top() -> None:
    layer = layer_of(6000)
    before = painted(layer)
    layer.set_emphasis(np.asarray([True, False, False]))
    after = painted(layer)
    third = SIDE // 3
    assert darkness(after[:, :third]) > 0.9 * darkness(before[:, :third])
    for part in (slice(third, 2 * third), slice(2 * third, SIDE)):
        assert 0.15 * darkness(before[:, part]) < darkness(after[:, part]) < 0.5 * darkness(before[:, part])


def test_one_chosen_point_of_a_crowd_has_its_full_colour() -> None:
    layer = layer_of(6000)
    assert layer.set_selection([4])
    pixels_HW3 = painted(layer)
    assert layer.is_crowded
    pixel_x, pixel_y = WINDOW.to_pixels(float(layer.x_N[4]), float(layer.y_N[4]))
    assert pixels_HW3[int(pixel_y), int(pixel_x)].tolist() == COLOURS[1].tolist()
    layer.set_selection([])
    assert not np.array_equal(painted(layer), pixels_HW3)


@pytest.mark.parametrize("count", [500, 6000])
def test_what_was_set_one_after_another_looks_as_if_set_at_once(count: int) -> None:
    points_N2 = np.random.default_rng(2).normal(0, 1, (count, 2)).astype(np.float32)
    labels_N = np.arange(count) % 4
    chosen_n = np.arange(0, count, 2)
    first = layer_of(count)
    painted(first)
    first.set_emphasis(np.asarray([True, True, False]))
    painted(first)
    first.set_selection(chosen_n)
    painted(first)
    first.set_points(points_N2, labels_N)
    painted(first)
    first.set_colours(COLOURS[::-1])
    second = PointLayer()
    second.set_colours(COLOURS[::-1])
    second.set_points(points_N2, labels_N)
    second.set_selection(chosen_n)
    second.set_emphasis(np.asarray([True, True, False]))
    assert np.array_equal(painted(first), painted(second))
    handicap_N = first.handicap_N()
    assert handicap_N is not None
    assert np.array_equal(handicap_N, np.where(labels_N < 2, 0, np.inf))


def test_points_that_wait_are_shown_as_they_were() -> None:
    layer = layer_of(50)
    as_it_was = painted(layer)
    layer.set_points(np.full((50, 2), 0.5, np.float32), None)
    layer.prepare(WINDOW, 1.0, waiting=True)
    assert layer.redraws == 1
    layer.prepare(WINDOW, 1.0, hurry=True)  # an old picture will do, but not of other points
    assert layer.redraws == 2
    layer.prepare(WINDOW, 1.0)
    assert layer.redraws == 2
    assert not np.array_equal(painted(layer), as_it_was)
