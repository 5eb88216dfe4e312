"""Layers over the clouds: keys switch them, they show the model as it is, and off means off."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from explorer.app import Explorer
from explorer.disk import finish_writing
from explorer.lane import Lane
from explorer.layer_thread import LayerJob
from explorer.views.place_marks import PlaceMark
from tests.explorer.conftest import OpenExplorer
from tests.explorer.driving import (
    SHIFT,
    action,
    child,
    drag,
    focus,
    hover,
    play_some,
    press,
    snapshot_of,
    until,
    words,
)
from trainers.geometry.round_trip import round_trip
from trainers.messages import Floats
from trainers.recipe import Recipe

AE, VAE = Recipe(family="ae", dataset="digits"), Recipe(family="vae", dataset="digits")


@pytest.fixture
def two(open_explorer: OpenExplorer) -> Explorer:
    """An AE and a VAE on digits, without the map."""
    explorer = open_explorer(AE, VAE)
    focus(explorer, 0)
    press(explorer, Qt.Key.Key_M)
    return explorer


def lanes(explorer: Explorer) -> tuple[Lane, ...]:
    return explorer.window.row.lanes


def test_off_costs_nothing_and_snapshots_carry_no_model(qtbot: QtBot, two: Explorer) -> None:
    spy = QSignalSpy(two.layerer.done)
    play_some(qtbot, two)
    assert [snapshot_of(lane).model for lane in lanes(two)] == [None, None]
    assert spy.count() == 0


def test_e_shows_posteriors_where_there_are_any(qtbot: QtBot, two: Explorer) -> None:
    ae, vae = lanes(two)
    bare = vae.cloud.grab().toImage()
    spy = QSignalSpy(two.layerer.done)
    press(two, Qt.Key.Key_E)
    until(qtbot, lambda: spy.count() >= 2 and vae.layers.ellipse_count > 0)
    assert vae.layers.ellipse_count == 240
    assert ae.layers.ellipse_count == 0
    assert vae.cloud.grab().toImage() != bare
    # Chosen images show theirs, and no others.
    drag(vae.cloud, QPoint(5, 5), vae.cloud.rect().center(), modifiers=SHIFT)
    chosen = len(vae.cloud.selection)
    assert 0 < chosen < 240
    until(qtbot, lambda: vae.layers.ellipse_count == chosen)
    press(two, Qt.Key.Key_Escape)
    two.bench.emphasise(np.arange(10) == 3)
    assert vae.held_out is not None
    threes = int((vae.held_out.labels_N == 3).sum())
    until(qtbot, lambda: vae.layers.ellipse_count == threes)
    press(two, Qt.Key.Key_E)
    assert vae.layers.ellipse_count == 0


def test_training_refreshes_layers(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    press(two, Qt.Key.Key_H)
    until(qtbot, lambda: ae.layers.holes is not None)
    before = ae.layers.holes
    play_some(qtbot, two)
    until(qtbot, lambda: ae.layers.holes is not before)
    model, holes = snapshot_of(ae).model, ae.layers.holes
    assert model is not None
    assert holes is not None
    assert 0 < holes.missing <= 1
    assert words(ae, "lane-holes") == f"{holes.missing:.0%} of the prior lacks codes"
    assert child(ae, "lane-holes", QWidget).isVisible()
    assert not child(ae, "lane-samples-text", QWidget).isVisible(), "one line for both"
    cloud = ae.cloud.geometry()
    press(two, Qt.Key.Key_T)
    until(qtbot, lambda: ae.layers.trust is not None)
    hover(ae.cloud, QPoint(6, 6))
    until(qtbot, lambda: child(ae, "lane-trust", QWidget).isVisible())
    assert not child(ae, "lane-holes", QWidget).isVisible(), "what is pointed at goes first"
    press(two, Qt.Key.Key_T)
    assert child(ae, "lane-holes", QWidget).isVisible()
    press(two, Qt.Key.Key_H)
    assert not child(ae, "lane-holes", QWidget).isVisible()
    assert child(ae, "lane-samples-text", QWidget).isVisible()
    assert ae.cloud.geometry() == cloud, "words come and go, and the cloud stays"


def test_a_shows_round_trips_of_what_is_in_view(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    spy = QSignalSpy(two.layerer.done)
    press(two, Qt.Key.Key_A)
    until(qtbot, lambda: ae.layers.arrow_count > 0)

    def of_ae() -> list[tuple[Floats, Floats]]:
        done = [spy.at(index)[0] for index in range(spy.count())]
        return [one.value for one in done if one.job.run == ae.model.run]

    starts_N2, ends_N2 = of_ae()[-1]
    snapshot = snapshot_of(ae)
    assert snapshot.model is not None
    np.testing.assert_allclose(round_trip(snapshot.model, snapshot.plane, starts_N2[:20]), ends_N2[:20], atol=1e-4)
    before = len(of_ae())
    drag(ae.cloud, QPoint(20, 20), QPoint(90, 60))
    until(qtbot, lambda: len(of_ae()) > before)
    panned_N2 = of_ae()[-1][0]
    visible = ae.cloud.viewport.bounds
    assert (panned_N2.min(0) >= [visible.left, visible.bottom]).all()
    assert (panned_N2.max(0) <= [visible.right, visible.top]).all()
    assert panned_N2.max(0)[0] < starts_N2.max(0)[0]


def test_the_emptiest_place_is_pinned_and_the_holes_are_shown(qtbot: QtBot, two: Explorer) -> None:
    _, vae = lanes(two)
    focus(two, 1)
    press(two, Qt.Key.Key_H, SHIFT)
    assert action(two, "holes").isChecked()
    until(qtbot, lambda: two.bench.pinned is not None)
    pinned, holes = two.bench.pinned, vae.layers.holes
    assert pinned is not None
    assert holes is not None
    assert (pinned.run, (pinned.x, pinned.y)) == (vae.model.run, holes.emptiest)
    visible = vae.cloud.viewport.bounds
    assert visible.left < pinned.x < visible.right
    assert visible.bottom < pinned.y < visible.top
    two.bench.pin(None)
    press(two, Qt.Key.Key_H, SHIFT)  # now it is known already
    assert two.bench.pinned == pinned


def test_t_tells_how_far_a_place_can_be_trusted(qtbot: QtBot, two: Explorer) -> None:
    ae, vae = lanes(two)
    play_some(qtbot, two)
    press(two, Qt.Key.Key_T)
    until(qtbot, lambda: ae.layers.trust is not None and vae.layers.trust is not None)
    corner = QPoint(6, 6)
    hover(ae.cloud, corner)
    until(qtbot, lambda: two.bench.hovered is not None)
    x, y = ae.cloud.viewport.to_latent(6, 6)
    for lane in (ae, vae):
        trust = lane.layers.trust
        assert trust is not None
        value, word = trust.at(x, y)
        until(
            qtbot, lambda lane=lane, value=value, word=word: words(lane, "lane-trust") == f"Trust: {word} {value:.2f}"
        )
    assert words(ae, "lane-trust") == "Trust: made up 0.00"
    assert not child(ae, "lane-samples-text", QWidget).isVisible(), "one line for both"
    press(two, Qt.Key.Key_T)
    assert words(ae, "lane-trust") == ""
    assert child(ae, "lane-samples-text", QWidget).isVisible()


def test_layers_are_as_they_were_the_next_time(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    first = open_explorer(VAE)
    assert not any(action(first, name).isChecked() for name in ("ellipses", "round_trips", "holes", "trust"))
    press(first, Qt.Key.Key_E)
    finish_writing()
    assert str(QSettings().value("layer-ellipses")).lower() == "true"
    first.window.close()
    second = open_explorer(VAE)
    assert action(second, "ellipses").isChecked()
    until(qtbot, lambda: lanes(second)[0].layers.ellipse_count > 0)


def test_more_than_two_dimensions_have_all_layers(qtbot: QtBot, open_explorer: OpenExplorer) -> None:
    explorer = open_explorer(Recipe(family="vae", dataset="digits", latent_dim=5))
    (lane,) = lanes(explorer)
    for name in ("ellipses", "round_trips", "holes", "trust"):
        action(explorer, name).setChecked(True)
    layers = lane.layers
    until(qtbot, lambda: layers.ellipse_count and layers.arrow_count and layers.holes and layers.trust)


def test_a_new_lane_has_the_layers_too(qtbot: QtBot, two: Explorer) -> None:
    press(two, Qt.Key.Key_H)
    two.bench.duplicate(lanes(two)[0].model.run)
    until(qtbot, lambda: len(lanes(two)) == 3)
    until(qtbot, lambda: lanes(two)[1].layers.holes is not None)


def test_layers_paths_and_drawings_come_in_any_order_while_training_rests(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    play_some(qtbot, two)
    press(two, Qt.Key.Key_L)
    until(qtbot, lambda: snapshot_of(ae).model is not None)
    press(two, Qt.Key.Key_H)  # models are carried already, for paths
    until(qtbot, lambda: ae.layers.holes is not None)
    press(two, Qt.Key.Key_L)
    press(two, Qt.Key.Key_L)  # and now for holes
    drag(ae.cloud, QPoint(20, 20), ae.cloud.rect().center())
    until(qtbot, lambda: len(ae.path.ways) == 2)


def test_a_path_and_a_drawing_are_marked_side_by_side(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    press(two, Qt.Key.Key_L)
    until(qtbot, lambda: snapshot_of(ae).model is not None)
    width, height = ae.cloud.width(), ae.cloud.height()
    of_path, of_drawing = QPoint(12, 14), QPoint(width - 40, 14)
    mark = PlaceMark(ae.cloud.viewport.to_latent(of_drawing.x(), of_drawing.y()), "")
    bare = ae.cloud.grab().toImage()

    def marked() -> list[bool]:
        """Whether the cloud looks otherwise than bare where the path begins, and where the drawing is."""
        image = ae.cloud.grab().toImage()
        return [image.pixel(place) != bare.pixel(place) for place in (of_path, of_drawing)]

    drag(ae.cloud, of_path, QPoint(width // 2, height // 2), QPoint(16, height - 20))
    until(qtbot, lambda: len(ae.path.ways) == 2)
    assert marked() == [True, False]
    ae.layers.set_mark("drawing", mark)
    assert marked() == [True, True]
    ae.layers.set_mark("drawing", None)
    assert marked() == [True, False]
    ae.layers.set_mark("drawing", mark)
    press(two, Qt.Key.Key_Escape)
    assert two.bench.route is None
    assert marked() == [False, True]


def test_a_layer_that_fails_is_named_in_its_lane(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)

    def broken() -> object:
        raise ValueError("no codes")

    with qtbot.waitSignal(two.layerer.failed):
        two.layerer.submit(LayerJob(layer="round_trips", run=ae.model.run, compute=broken))
    said = "No round trips can be shown here: no codes."
    until(qtbot, lambda: ae.cloud._scene.message == said)  # pyright: ignore[reportPrivateUsage]
    row = two.window.row
    row.show_failed_map(ae.model.run, "The map could not be decoded.")
    assert ae.cloud._scene.message == f"{said}\nThe map could not be decoded."  # pyright: ignore[reportPrivateUsage]
    press(two, Qt.Key.Key_M)
    assert ae.cloud._scene.message == said  # pyright: ignore[reportPrivateUsage]
    row.set_layers_on(frozenset({"round_trips"}))
    row.set_layers_on(frozenset())
    assert ae.cloud._scene.message == ""  # pyright: ignore[reportPrivateUsage]


def test_what_failed_is_said_until_it_succeeds(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    row, run = two.window.row, ae.model.run
    failed = LayerJob(layer="holes", run=run, compute=lambda: None)
    row.show_failed_layer(failed, "no codes")
    assert ae.cloud._scene.message == "No holes can be shown here: no codes"  # pyright: ignore[reportPrivateUsage]
    two.layerer.submit(LayerJob(layer="holes", run=run, compute=lambda: None))
    until(qtbot, lambda: ae.cloud._scene.message == "")  # pyright: ignore[reportPrivateUsage]


def test_paths_that_failed_are_spoken_of_as_long_as_there_is_a_path(qtbot: QtBot, two: Explorer) -> None:
    ae, _ = lanes(two)
    press(two, Qt.Key.Key_L)
    drag(ae.cloud, QPoint(20, 20), ae.cloud.rect().center())
    until(qtbot, lambda: len(ae.path.ways) == 2)
    two.window.row.show_failed_layer(LayerJob(layer="shortest path", run=ae.model.run, compute=lambda: None), "no way")
    assert "no way" in ae.cloud._scene.message  # pyright: ignore[reportPrivateUsage]
    two.bench.set_route(None)
    assert ae.cloud._scene.message == ""  # pyright: ignore[reportPrivateUsage]
