"""The latent view, under a real mouse and keyboard."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, SignalInstance
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from explorer.views.camera import Camera
from explorer.views.decoded_map import DecodedMap
from explorer.views.latent_view import LatentView
from explorer.views.viewport import Bounds

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
COLOURS = np.asarray([[230, 20, 20], [20, 160, 40], [20, 40, 230]], dtype=np.uint8)

# Four corners of a square, and its middle.
POINTS = np.asarray([(-1, -1), (1, -1), (-1, 1), (1, 1), (0, 0)], dtype=np.float32)
LABELS = np.asarray([0, 0, 1, 1, 2])


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[LatentView]:
    """A view of five points, shown and painted, with the mouse in a corner."""
    widget = LatentView()
    qtbot.addWidget(widget)
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("white"))
    palette.setColor(QPalette.ColorRole.Text, QColor("black"))
    widget.setPalette(palette)
    widget.resize(400, 300)
    widget.set_class_colours(COLOURS)
    widget.show_points(POINTS, LABELS)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.setFocus()
    widget.grab()
    told = told_by(widget.latent_hovered)
    hover(widget, QPoint(2, 2))
    qtbot.waitUntil(lambda: told[-1:] == [widget.viewport.to_latent(2, 2)])
    yield widget
    widget.close()


def told_by(*signals: SignalInstance) -> list[tuple[object, ...]]:
    """All that is told from now on, in order: the arguments of each signal."""
    told: list[tuple[object, ...]] = []

    def note(*arguments: object) -> None:
        told.append(arguments)

    for signal in signals:
        signal.connect(note)
    return told


def selected_by(view: LatentView, act: Callable[[], None]) -> npt.NDArray[np.int64]:
    """What is selected by an act that is told of once."""
    told = told_by(view.selection_changed)
    act()
    assert len(told) == 1
    indices = told[0][0]
    assert isinstance(indices, np.ndarray)
    return indices


def place_of(view: LatentView, x: float, y: float) -> QPoint:
    pixel_x, pixel_y = view.viewport.to_pixels(x, y)
    return QPoint(round(pixel_x), round(pixel_y))


def drag(
    view: LatentView,
    *path: QPoint,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    QTest.mousePress(view, button, modifiers, path[0])
    for place in path[1:]:
        QTest.mouseMove(view, place)
    QTest.mouseRelease(view, button, modifiers, path[-1])


def hover(view: LatentView, place: QPoint) -> None:
    """Move the mouse; first elsewhere, since a mouse that is there already would send no event."""
    QTest.mouseMove(view, QPoint(3, 3))
    QTest.mouseMove(view, place)


def double_click(view: LatentView, place: QPoint) -> None:
    """Click twice and let go, which Qt's own double click leaves out: every later move would be a drag."""
    QTest.mouseDClick(view, LEFT, pos=place)
    QTest.mouseRelease(view, LEFT, pos=place)


def scroll(view: LatentView, place: QPoint, notches: float) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(view.mapToGlobal(place)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


def picture(view: LatentView) -> npt.NDArray[np.uint8]:
    """What is on the screen, (H, W, 3)."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def colour_at(view: LatentView, x: float, y: float) -> list[int]:
    pixels_HW3 = picture(view)  # first, since painting may move the view
    place = place_of(view, x, y)
    return pixels_HW3[place.y(), place.x()].tolist()


# Showing


def test_points_are_where_they_belong_in_the_colour_of_their_class(view: LatentView) -> None:
    for (x, y), label in zip(POINTS.tolist(), LABELS.tolist(), strict=True):
        assert colour_at(view, x, y) == COLOURS[label].tolist()
    view.set_points_visible(False)
    assert min(colour_at(view, 1, 1)) > 200


def test_many_updates_are_drawn_once(view: LatentView) -> None:
    before = view.points.redraws
    for shift in range(50):
        view.show_points(POINTS + np.float32(0.001 * shift), LABELS)
    view.grab()
    assert view.points.redraws == before + 1


def test_hovering_and_markers_do_not_draw_the_points_again(view: LatentView, qtbot: QtBot) -> None:
    before = view.points.redraws
    with qtbot.waitSignal(view.point_hovered):
        hover(view, place_of(view, 0, 0))
    view.set_pin((0.3, 0.3))
    view.set_linked_cursor((0.5, -0.5))
    view.set_linked_point(2)
    view.set_message("Press Play to train")
    assert not np.array_equal(picture(view), np.full((300, 400, 3), 255))
    assert view.points.redraws == before


@pytest.mark.parametrize(
    "what", ["pin", "linked_cursor", "linked_point", "contours", "decoded_map", "message", "gesture"]
)
def test_everything_that_is_set_can_be_seen_and_taken_away(view: LatentView, what: str) -> None:
    before = picture(view)
    red = QImage(4, 4, QImage.Format.Format_RGB32)
    red.fill(QColor("red"))
    tiles = DecodedMap().visible_tiles(view.viewport)
    show, hide = {
        "pin": (lambda: view.set_pin((0.5, 0.2)), lambda: view.set_pin(None)),
        "linked_cursor": (lambda: view.set_linked_cursor((0.5, 0.2)), lambda: view.set_linked_cursor(None)),
        "linked_point": (lambda: view.set_linked_point(4), lambda: view.set_linked_point(-1)),
        "contours": (lambda: view.set_contours((POINTS[:3] * 0.5,)), lambda: view.set_contours(())),
        "decoded_map": (
            lambda: (view.set_map_visible(True), [view.add_map_tile(tile, 0, red) for tile in tiles]),
            lambda: view.set_map_visible(False),
        ),
        "message": (lambda: view.set_message("Press Play"), lambda: view.set_message("")),
        "gesture": (
            lambda: (QTest.mousePress(view, LEFT, SHIFT, QPoint(150, 90)), QTest.mouseMove(view, QPoint(190, 120))),
            lambda: QTest.keyClick(view, Qt.Key.Key_Escape),
        ),
    }[what]
    show()
    shown = picture(view)
    assert np.abs(shown.astype(int) - before).max() > 30
    if what == "decoded_map":
        red_there, green_there, blue_there = colour_at(view, 0.6, 0.35)
        assert red_there > green_there + 60
        assert green_there == blue_there
    hide()
    assert np.array_equal(picture(view), before)


def test_colours_come_from_the_palette(view: LatentView) -> None:
    palette = view.palette()
    palette.setColor(QPalette.ColorRole.Base, QColor(10, 12, 14))
    view.setPalette(palette)
    assert colour_at(view, 0.5, 0.9) == [10, 12, 14]


def test_muted_classes_fade_but_stay(view: LatentView) -> None:
    view.set_emphasis(np.asarray([True, False, True]))
    red, green = colour_at(view, -1, -1), colour_at(view, -1, 1)
    assert red == COLOURS[0].tolist()
    assert 180 < min(green) < 255
    view.set_emphasis(None)
    assert colour_at(view, -1, 1) == COLOURS[1].tolist()


def test_emphasised_points_lie_on_top(view: LatentView) -> None:
    view.show_points(np.zeros((2, 2), np.float32), np.asarray([0, 1]))
    assert colour_at(view, 0, 0) == COLOURS[1].tolist()
    view.set_emphasis(np.asarray([True, False, False]))
    assert colour_at(view, 0, 0) == COLOURS[0].tolist()


def test_muted_classes_cannot_be_picked_or_selected(view: LatentView, qtbot: QtBot) -> None:
    view.set_emphasis(np.asarray([True, False, True]))
    with qtbot.waitSignal(view.point_picked) as picked:
        QTest.mouseClick(view, LEFT, pos=place_of(view, 1, 1))
    assert picked.args == [-1]
    drag(view, QPoint(2, 2), QPoint(200, 100), QPoint(397, 297), modifiers=SHIFT)
    assert view.selection.tolist() == [0, 1, 4]


def test_points_that_are_no_numbers_are_harmless(view: LatentView, qtbot: QtBot) -> None:
    odd = np.asarray([(np.nan, 0), (np.inf, -np.inf), (0, np.nan), (3e38, 3e38), (0.5, 0.5)], np.float32)
    view.show_points(odd, LABELS)
    view.reset_view()
    assert colour_at(view, 0.5, 0.5) == COLOURS[2].tolist()
    with qtbot.waitSignal(view.point_picked) as picked:
        QTest.mouseClick(view, LEFT, pos=place_of(view, 0.5, 0.5))
    assert picked.args == [4]
    view.show_points(np.full((3, 2), np.nan, np.float32))
    drag(view, QPoint(2, 2), QPoint(397, 297), modifiers=SHIFT)
    assert len(view.selection) == 0


def test_no_points_at_all_are_harmless(view: LatentView, qtbot: QtBot) -> None:
    view.set_selection([0, 1])
    view.show_points(np.empty((0, 2), np.float32), np.empty(0, np.int64))
    assert len(view.selection) == 0
    assert min(colour_at(view, -1, -1)) > 200
    with qtbot.waitSignals([view.latent_picked, view.point_picked]):
        QTest.mouseClick(view, LEFT, pos=QPoint(40, 40))
    view.reset_view()


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (25, 9)])
def test_tiny_sizes_are_harmless(qtbot: QtBot, size: tuple[int, int]) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    view = LatentView(parent)
    view.set_class_colours(COLOURS)
    view.show_points(POINTS, LABELS)
    view.set_contours((POINTS * 0.8,))
    view.set_message("A sentence that has no room")
    view.resize(*size)
    assert picture(view).shape == (size[1], size[0], 3)
    scroll(view, QPoint(0, 0), 1)
    view.reset_view()
    view.resize(400, 300)
    view.set_message("")
    assert colour_at(view, 1, 1) == COLOURS[1].tolist()


@pytest.mark.parametrize(("points", "labels"), [(np.zeros((3, 3)), None), (POINTS, LABELS[:2])])
def test_shapes_that_do_not_belong_together_are_refused(
    view: LatentView, points: npt.NDArray[np.float32], labels: npt.NDArray[np.int64] | None
) -> None:
    with pytest.raises(ValueError, match="give"):
        view.show_points(points, labels)


def test_read_only_points_are_taken_and_left_alone(view: LatentView) -> None:
    points = np.asarray([(np.nan, 1), (0.25, 0.25)], np.float32)
    points.flags.writeable = False
    view.show_points(points, np.asarray([1, 1]))
    assert colour_at(view, 0.25, 0.25) == COLOURS[1].tolist()


# Looking


def test_drag_pans(view: LatentView) -> None:
    start = place_of(view, 1, 1)
    drag(view, QPoint(100, 100), QPoint(120, 90), QPoint(160, 70))
    assert place_of(view, 1, 1) == start + QPoint(60, -30)
    assert colour_at(view, -1, 1) == COLOURS[1].tolist()
    drag(view, QPoint(100, 100), QPoint(90, 100), button=MIDDLE)
    assert place_of(view, 1, 1) == start + QPoint(50, -30)


@pytest.mark.parametrize("notches", [2, -1.5])
def test_wheel_zooms_at_the_cursor(view: LatentView, notches: float) -> None:
    cursor, scale = QPoint(290, 60), view.viewport.scale
    under = view.viewport.to_latent(290, 60)
    scroll(view, cursor, notches)
    assert view.viewport.scale == pytest.approx(scale * 1.2**notches)
    assert view.viewport.to_pixels(*under) == pytest.approx((290, 60))


def test_keys_zoom_at_the_middle(view: LatentView) -> None:
    before = view.viewport
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.viewport.scale == pytest.approx(1.25 * before.scale)
    assert view.viewport.centre_x == pytest.approx(before.centre_x)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.viewport.scale == pytest.approx(before.scale)


def test_a_growing_cloud_is_followed_without_jitter(view: LatentView, qtbot: QtBot) -> None:
    fitted = view.viewport
    view.show_points(POINTS * np.float32(1.1))
    view.grab()
    assert view.viewport == fitted, "it still fits"
    view.show_points(POINTS * np.float32(3))
    view.grab()
    qtbot.waitUntil(lambda: view.viewport.bounds.contains(Bounds(-3, -3, 3, 3)))
    qtbot.waitUntil(lambda: view.viewport.scale == pytest.approx(fitted.scale / 3))
    assert view.follows


def test_a_shrinking_cloud_is_looked_at_more_closely(view: LatentView, qtbot: QtBot) -> None:
    fitted = view.viewport
    view.show_points(POINTS * np.float32(0.3))
    view.grab()
    qtbot.waitUntil(lambda: view.viewport.scale == pytest.approx(fitted.scale / 0.3))


def test_a_few_points_far_away_do_not_make_the_cloud_small(qtbot: QtBot) -> None:
    view = LatentView()
    qtbot.addWidget(view)
    points = np.random.default_rng(0).normal(0, 1, (1000, 2)).astype(np.float32)
    points[:5] = 500
    view.show_points(points)
    view.grab()
    assert view.viewport.bounds.width < 20


@pytest.mark.parametrize("how", ["drag", "wheel", "key"])
def test_a_person_who_moves_the_view_keeps_it(view: LatentView, how: str, qtbot: QtBot) -> None:
    if how == "drag":
        drag(view, QPoint(100, 100), QPoint(120, 90))
    elif how == "wheel":
        scroll(view, QPoint(100, 100), 1)
    else:
        QTest.keyClick(view, Qt.Key.Key_Plus)
    kept = view.viewport
    assert not view.follows
    view.show_points(POINTS * np.float32(100))
    view.grab()
    assert view.viewport == kept
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.follows
    qtbot.waitUntil(lambda: view.viewport.bounds.contains(Bounds(-100, -100, 100, 100)))


def test_resizing_a_view_that_follows_keeps_the_cloud_in_it(view: LatentView) -> None:
    view.resize(200, 350)
    assert view.viewport.bounds.contains(Bounds(-1, -1, 1, 1))
    assert colour_at(view, 1, 1) == COLOURS[1].tolist()


def test_a_camera_without_a_scene_shows_the_surroundings_of_the_origin(qtbot: QtBot) -> None:
    camera = Camera(glide_ms=0)
    with qtbot.waitSignal(camera.changed):
        camera.resize(300, 200)
    assert camera.viewport.bounds.contains(Bounds(-3, -3, 3, 3))
    camera.set_scene(Bounds(10, 10, 11, 11))
    assert camera.viewport.bounds.contains(Bounds(10, 10, 11, 11))
    camera.set_scene(Bounds(90, 10, 91, 11))
    assert camera.viewport.bounds.contains(Bounds(90, 10, 91, 11)), "without a duration it is there at once"
    assert not camera.gliding


def test_a_slow_drawing_is_moved_at_once_and_drawn_when_idle(qtbot: QtBot) -> None:
    view = LatentView(budget_s=0.0)
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.set_class_colours(COLOURS)
    view.show_points(POINTS, LABELS)
    view.grab()
    drawn = view.points.redraws
    drag(view, QPoint(100, 100), QPoint(120, 90))
    assert colour_at(view, 1, 1) == COLOURS[1].tolist()
    scroll(view, QPoint(100, 100), 1)
    assert colour_at(view, -1, 1) == COLOURS[1].tolist()
    assert view.points.redraws == drawn

    def drawn_anew() -> bool:
        view.grab()
        return view.points.redraws == drawn + 1

    qtbot.waitUntil(drawn_anew)
    assert colour_at(view, 0, 0) == COLOURS[2].tolist()


# Pointing


def test_a_click_tells_the_place_and_then_the_point(view: LatentView) -> None:
    told, at = told_by(view.latent_picked, view.point_picked), place_of(view, 1, -1) + QPoint(5, -4)
    QTest.mouseClick(view, LEFT, pos=at)
    assert told == [pytest.approx(view.viewport.to_latent(at.x(), at.y())), (1,)]


@pytest.mark.parametrize(("away", "index"), [(13, 4), (16, -1)])
def test_points_are_picked_within_fourteen_pixels(view: LatentView, qtbot: QtBot, away: int, index: int) -> None:
    with qtbot.waitSignal(view.point_picked) as picked:
        QTest.mouseClick(view, LEFT, pos=place_of(view, 0, 0) + QPoint(away, 0))
    assert picked.args == [index]


@pytest.mark.parametrize(("moved", "clicks"), [(2, 1), (3, 0)])
def test_three_pixels_make_a_drag_of_a_click(view: LatentView, moved: int, clicks: int) -> None:
    before, picked = view.viewport, told_by(view.latent_picked)
    drag(view, QPoint(100, 100), QPoint(100 + moved, 100))
    assert len(picked) == clicks
    assert (view.viewport == before) == (clicks == 1)


def test_hovering_tells_the_place_and_the_point(view: LatentView, qtbot: QtBot) -> None:
    at = place_of(view, -1, 1) + QPoint(3, 0)
    told = told_by(view.latent_hovered)
    with qtbot.waitSignal(view.point_hovered) as entered:
        hover(view, at)
    assert told[-1] == pytest.approx(view.viewport.to_latent(at.x(), at.y()))
    assert entered.args == [2]
    with qtbot.waitSignal(view.point_hovered) as left:
        hover(view, place_of(view, 0.5, 0.5))
    assert left.args == [-1]


def test_a_fast_mouse_is_told_of_once(view: LatentView, qtbot: QtBot) -> None:
    told = told_by(view.latent_hovered)
    none = Qt.MouseButton.NoButton
    for across in range(50, 90):
        place = QPointF(across, 50)
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view, event)
    qtbot.waitUntil(lambda: len(told) > 0)
    assert told == [view.viewport.to_latent(89, 50)]


def test_a_point_that_moves_under_a_resting_mouse_is_hovered(view: LatentView, qtbot: QtBot) -> None:
    told, at = told_by(view.latent_hovered), place_of(view, 0.5, 0.5)
    hover(view, at)
    qtbot.waitUntil(lambda: told[-1:] == [view.viewport.to_latent(at.x(), at.y())])
    with qtbot.waitSignal(view.point_hovered) as hovered:
        view.show_points(POINTS * np.float32(0.5), LABELS)
    assert hovered.args == [3]


def test_leaving_ends_the_hovering(view: LatentView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.point_hovered):
        hover(view, place_of(view, 0, 0))
    with qtbot.waitSignals([view.hover_left, view.point_hovered]):
        QTest.mousePress(view, LEFT, pos=place_of(view, 0, 0))
        QTest.mouseMove(view, place_of(view, 0, 0) + QPoint(30, 0))
    QTest.mouseRelease(view, LEFT, pos=place_of(view, 0, 0))


def test_a_card_is_asked_for_after_a_rest_on_a_point(view: LatentView, qtbot: QtBot) -> None:
    at = place_of(view, 1, 1)
    with qtbot.waitSignal(view.card_requested) as card:
        hover(view, at)
    assert card.args == [3, view.mapToGlobal(at)]
    with qtbot.assertNotEmitted(view.card_requested, wait=200):
        hover(view, place_of(view, 0.5, 0.5))


# Selecting


def test_shift_drag_selects_a_rectangle(view: LatentView) -> None:
    path = [place_of(view, x, y) for x, y in ((-1.2, 1.2), (0, 0), (-0.2, -1.3))]
    indices = selected_by(view, lambda: drag(view, *path, modifiers=SHIFT))
    assert indices.dtype == np.int64
    assert indices.tolist() == [0, 2]
    assert colour_at(view, -1, -1) == COLOURS[0].tolist()
    assert 180 < min(colour_at(view, 1, 1)) < 255, "the others are muted"


def test_ctrl_shift_drag_selects_with_a_lasso(view: LatentView) -> None:
    corners = [(-1.2, -1.2), (1.2, -1.2), (1.2, 1.2), (0.8, 1.2), (0.8, -0.8), (-1.2, -0.8)]  # an L
    path = [place_of(view, x, y) for x, y in corners]
    assert selected_by(view, lambda: drag(view, *path, modifiers=SHIFT | CTRL)).tolist() == [0, 1, 3]


def test_ctrl_click_toggles_a_point_and_picks_nothing(view: LatentView) -> None:
    selections, picked = list[list[int]](), told_by(view.latent_picked)
    for x, y in ((1, 1), (0, 0), (1, 1), (0.5, 0.5)):
        QTest.mouseClick(view, LEFT, CTRL, place_of(view, x, y))
        selections.append(view.selection.tolist())
    assert selections == [[3], [3, 4], [4], [4]]
    assert not picked


def test_escape_first_ends_a_gesture_then_the_selection(view: LatentView, qtbot: QtBot) -> None:
    view.set_selection([1, 3])
    QTest.mousePress(view, LEFT, SHIFT, QPoint(5, 5))
    QTest.mouseMove(view, QPoint(390, 290))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, SHIFT, QPoint(390, 290))
    assert view.selection.tolist() == [1, 3]
    assert selected_by(view, lambda: QTest.keyClick(view, Qt.Key.Key_Escape)).tolist() == []
    with qtbot.waitSignal(view.latent_hovered):
        QTest.mouseMove(view, QPoint(50, 50))


def test_double_click_on_nothing_deselects_then_looks_at_everything(view: LatentView) -> None:
    view.set_selection([2])
    scroll(view, QPoint(200, 150), 1)
    nothing = place_of(view, 0.5, 0.5)
    double_click(view, place_of(view, 0, 0))
    assert view.selection.tolist() == [2]
    double_click(view, nothing)
    assert view.selection.tolist() == []
    assert not view.follows
    double_click(view, nothing)
    assert view.follows


def test_a_selection_that_is_set_is_shown_and_told_to_nobody(view: LatentView) -> None:
    told = told_by(view.selection_changed)
    view.set_selection(np.asarray([3, 1, 3, 99, -4]))
    assert view.selection.tolist() == [1, 3]
    assert not told


# Keyboard


@pytest.mark.parametrize(
    ("key", "modifiers", "moved"),
    [
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, (-4, 0)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (0, -4)),
        (Qt.Key.Key_Right, SHIFT, (32, 0)),
        (Qt.Key.Key_Down, SHIFT, (0, 32)),
    ],
)
def test_arrows_move_the_pin(
    view: LatentView, qtbot: QtBot, key: Qt.Key, modifiers: Qt.KeyboardModifier, moved: tuple[int, int]
) -> None:
    view.set_pin((0.4, 0.3))
    x, y = view.viewport.to_pixels(0.4, 0.3)
    with qtbot.waitSignal(view.latent_picked) as picked:
        QTest.keyClick(view, key, modifiers)
    assert picked.args is not None
    assert view.viewport.to_pixels(*picked.args) == pytest.approx((x + moved[0], y + moved[1]))


def test_enter_picks_at_the_pin_or_in_the_middle(view: LatentView) -> None:
    told = told_by(view.latent_picked, view.point_picked)
    QTest.keyClick(view, Qt.Key.Key_Return)
    view.set_pin((1.0, 1.0))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert told == [pytest.approx((0, 0)), (4,), pytest.approx((1, 1)), (3,)]


def test_the_view_has_names_for_those_who_cannot_see_it(view: LatentView) -> None:
    assert view.accessibleName()
    assert view.objectName() == "latent_view"
    assert view.focusPolicy() is Qt.FocusPolicy.StrongFocus


def on_screen(view: LatentView) -> QImage:
    """What the window has painted by itself; a grab of the view would paint all of it anew."""
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB888)


def test_marks_that_come_move_and_go_leave_nothing_behind(qtbot: QtBot, view: LatentView) -> None:
    def whole() -> QImage:
        return view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)

    qtbot.waitUntil(lambda: on_screen(view) == whole())
    acts: tuple[Callable[[], None], ...] = (
        lambda: view.set_pin((0.4, 0.3)),
        lambda: view.set_pin((-0.7, -0.2)),
        lambda: view.set_linked_cursor((0.1, 0.6)),
        lambda: view.set_linked_cursor((0.8, -0.6)),
        lambda: view.set_linked_point(4),
        lambda: view.set_linked_point(1),
        lambda: view.set_linked_point(-1),
        lambda: view.set_linked_cursor(None),
        lambda: view.set_pin(None),
    )
    for act in acts:
        before = whole()
        act()
        qtbot.waitUntil(lambda before=before: whole() != before)
        qtbot.waitUntil(lambda: on_screen(view) == whole())
