"""Paths drawn by hand: key L, a drag, films with lengths, the same two images in every lane."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.lane import Lane
from explorer.lane_path import SHORTEST, STRAIGHT
from explorer.views.sample_strip import SampleStrip
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    LEFT,
    action,
    child,
    drag,
    focus,
    lonely_point,
    place_of,
    play_some,
    press,
    snapshot_of,
    until,
    words,
)
from trainers.messages import LatentPath
from trainers.recipe import Recipe

AE, VAE = Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits")


@pytest.fixture
def two(qtbot: QtBot, open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits, without the map, and with the path tool in hand."""
    explorer = open_explorer(AE, VAE)
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    press(explorer, Qt.Key.Key_L)
    until(qtbot, lambda: all(snapshot_of(lane).model is not None for lane in explorer.window.row.lanes))
    return explorer


def lanes(explorer: Explorer) -> tuple[Lane, ...]:
    return explorer.window.row.lanes


def ways(qtbot: QtBot, lane: Lane) -> tuple[LatentPath, LatentPath]:
    until(qtbot, lambda: len(lane.path.ways) == 2)
    return lane.path.ways[STRAIGHT], lane.path.ways[SHORTEST]


def draw(lane: Lane) -> tuple[QPoint, QPoint]:
    """Draw from one empty corner to another; a path between places, not between points."""
    start, end = QPoint(12, 14), QPoint(lane.cloud.width() - 16, lane.cloud.height() - 30)
    drag(lane.cloud, start, lane.cloud.rect().center(), end)
    return start, end


def test_a_drag_draws_a_path_and_moves_nothing(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    before = ae.cloud.viewport
    start, end = draw(ae)
    straight, shortest = ways(qtbot, ae)
    assert ae.cloud.viewport == before
    places_22 = snapshot_of(ae).plane.points(straight.codes_PD[[0, -1]])
    for place_2, pixel in zip(places_22, (start, end), strict=True):
        np.testing.assert_allclose(before.to_pixels(*place_2.tolist()), (pixel.x(), pixel.y()), atol=0.01)
    np.testing.assert_allclose(shortest.codes_PD[[0, -1]], straight.codes_PD[[0, -1]], atol=1e-5)
    assert shortest.length <= straight.length
    assert words(ae, "path-straight-text") == f"Straight · length {straight.length:.1f}"
    assert words(ae, "path-shortest-text").startswith(f"Shortest · length {shortest.length:.1f} (")
    assert ae.film.isVisible()
    assert not ae.samples.isVisible()


def test_the_other_lane_goes_between_the_same_two_images(qtbot: QtBot, two: Explorer) -> None:
    ae, vae = lanes(two)
    draw(ae)
    ways(qtbot, ae)
    straight, _ = ways(qtbot, vae)
    route = two.bench.route
    assert route is not None
    for end, code_D in ((route.start, straight.codes_PD[0]), (route.end, straight.codes_PD[-1])):
        assert end.image is not None
        np.testing.assert_allclose(snapshot_of(vae).codes_ND[end.image], code_D, atol=1e-6)
        own_N2 = snapshot_of(ae).points_N2
        assert end.image == int(np.linalg.norm(own_N2 - [end.x, end.y], axis=1).argmin())


def test_an_end_on_a_point_goes_where_the_point_goes(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    index = lonely_point(ae)
    drag(ae.cloud, place_of(ae, index), QPoint(30, 30), QPoint(12, 14))
    ways(qtbot, ae)
    assert two.bench.route is not None
    assert (two.bench.route.start.image, two.bench.route.start.is_on_image) == (index, True)
    elsewhere = ae.path.ways[STRAIGHT].codes_PD[-1]
    play_some(qtbot, two)
    until(
        qtbot,
        lambda: (
            STRAIGHT in ae.path.ways
            and np.allclose(ae.path.ways[STRAIGHT].codes_PD[0], snapshot_of(ae).codes_ND[index], atol=1e-6)
        ),
    )
    np.testing.assert_allclose(ae.path.ways[STRAIGHT].codes_PD[-1], elsewhere, atol=1e-6)


def test_an_end_can_be_dragged_and_the_other_stays(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    start, end = draw(ae)
    first, _ = ways(qtbot, ae)
    drag(ae.cloud, end + QPoint(3, 2), end - QPoint(40, 60), end - QPoint(80, 20))
    straight, _ = ways(qtbot, ae)
    np.testing.assert_allclose(straight.codes_PD[0], first.codes_PD[0], atol=1e-5)
    across, down = ae.cloud.viewport.to_pixels(*straight.codes_PD[-1].tolist())
    assert (across, down) != pytest.approx((end.x(), end.y()), abs=5)
    del start


def test_a_click_still_pins_and_the_films_images_lead_to_their_places(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    draw(ae)
    straight, _ = ways(qtbot, ae)
    QTest.mouseClick(ae.cloud, LEFT, pos=QPoint(60, 20))
    pinned = two.bench.pinned
    assert pinned is not None
    assert (pinned.x, pinned.y) == pytest.approx(ae.cloud.viewport.to_latent(60, 20))
    QTest.mouseClick(ae.cloud, LEFT, pos=QPoint(64, 24))  # and the next click too
    assert two.bench.pinned != pinned
    strip = child(ae, "path-straight-strip", SampleStrip)
    QTest.mouseClick(strip, LEFT, pos=strip.image_place(2).center().toPoint())
    assert two.bench.pinned is not None
    expected = straight.frame_codes_KD[2].tolist()
    assert (two.bench.pinned.x, two.bench.pinned.y) == pytest.approx(expected, abs=1e-5)


def test_escape_lets_go_of_the_path_and_l_puts_the_tool_down(qtbot: QtBot, two: Explorer) -> None:
    ae, vae = lanes(two)
    draw(ae)
    for lane in (ae, vae):
        ways(qtbot, lane)
    press(two, Qt.Key.Key_Escape)
    assert two.bench.route is None
    assert ae.path.ways == {}
    assert words(ae, "path-straight-text") == "Straight"
    draw(ae)
    for lane in (ae, vae):
        ways(qtbot, lane)
    press(two, Qt.Key.Key_L)
    assert not action(two, "path").isChecked()
    assert two.bench.route is None
    assert not ae.film.isVisible()
    assert vae.samples.isVisible()
    before = ae.cloud.viewport
    drag(ae.cloud, QPoint(40, 40), QPoint(80, 60))
    assert ae.cloud.viewport != before, "dragging pans again"
    spy = QSignalSpy(two.layerer.done)
    play_some(qtbot, two)
    assert snapshot_of(ae).model is None
    assert spy.count() == 0


def test_more_than_two_dimensions_go_through_the_whole_space(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(AE.with_changes(latent_dim=4))
    (lane,) = lanes(explorer)
    action(explorer, "path").setChecked(True)
    until(qtbot, lambda: snapshot_of(lane).model is not None)
    draw(lane)
    straight, shortest = ways(qtbot, lane)
    assert straight.codes_PD.shape[1] == 4
    assert shortest.length <= straight.length
