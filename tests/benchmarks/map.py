"""The decoded map: how many tiles a second, how soon it is sharp after a zoom, and what it costs the training."""

import time
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from explorer.lane import Lane
from explorer.map_thread import tile_picture
from explorer.views.map_tiles import CELLS, Tile
from tests.benchmarks.measuring import interleaved, pace, percentile
from tests.benchmarks.opened_window import OpenedWindow
from tests.benchmarks.plan import Plan
from tests.benchmarks.row import Bar, Row
from trainers.device import limit_threads

NOTCH = 120
"""What one notch of a mouse wheel says."""
ZOOM_NOTCHES = 8
"""More than a doubling twice over: every tile in view is a new one."""


def rows(window: OpenedWindow, plan: Plan) -> Iterator[Row]:
    """Pace, time to sharp, cost."""
    yield tiles_row(window.lanes[1], plan)
    window.play()
    window.live(plan.amount(5.0, 0.5))
    yield sharp_row(window, plan)
    window.pause()
    yield cost_row(window, plan)


def tiles_row(lane: Lane, plan: Plan) -> Row:
    """Tiles a second on one thread, as the map's thread makes them; beside one image at a time."""
    source = lane.decoded_map.source
    assert source is not None
    tiles = [Tile(3, right, up) for right in range(-4, 4) for up in range(-4, 4)]
    turn = 0

    def tile_at_once() -> int:
        nonlocal turn
        turn += 1
        tile_picture(source.decoder.decode(source.plane.codes(tiles[turn % len(tiles)].centres_N2())))
        return 1

    def image_by_image() -> int:
        nonlocal turn
        turn += 1
        codes_ND = source.plane.codes(tiles[turn % len(tiles)].centres_N2())
        images = [source.decoder.decode(code_D[None]) for code_D in codes_ND]
        tile_picture(np.concatenate(images))
        return 1

    limit_threads(1)
    seconds = plan.amount(2.0, 0.2)
    found = interleaved(
        {"ours": lambda: pace(tile_at_once, seconds), "theirs": lambda: pace(image_by_image, seconds)},
        plan.count(3, 1),
    )
    return Row(
        name="map/tiles",
        work=f"Tiles of {CELLS} × {CELLS} images of the VAE decoded to pictures on one thread, nothing else running,"
        " against the same images one by one.",
        unit="tiles/s",
        ours=found["ours"],
        theirs=found["theirs"],
    )


def sharp_row(window: OpenedWindow, plan: Plan) -> Row:
    """Seconds from the wheel until no tile in view is missing, while all train."""
    lane = window.lanes[1]
    window.until(lambda: is_sharp(lane))
    taken: list[float] = []
    tiles: list[int] = []
    for turn in range(plan.count(10, 2)):
        start = time.perf_counter()
        zoom(lane, ZOOM_NOTCHES if turn < plan.count(5, 1) else -ZOOM_NOTCHES, turn)
        window.until(lambda: is_sharp(lane), every_ms=2)
        taken.append(time.perf_counter() - start)
        tiles.append(len(shown_tiles(lane)))
        window.live(0.2)
    return Row(
        name="map/time-to-sharp",
        work=f"From a zoom that leaves no tile in its place until all {round(np.median(tiles))} tiles in view are"
        f" there, while AE, VAE and AAE train on {plan.images}; median of {len(taken)}.",
        unit="ms",
        ours=1000 * percentile(taken, 0.5),
        better="less",
    )


def cost_row(window: OpenedWindow, plan: Plan) -> Row:
    """Training pace with all three maps on, beside that with none."""
    seconds = plan.amount(6.0, 0.8)

    def with_map(on: bool) -> float:
        window.set_map(on)
        return window.training_pace(seconds)

    found = interleaved({"on": lambda: with_map(True), "off": lambda: with_map(False)}, plan.count(3, 1))
    window.set_map(True)
    return Row(
        name="map/cost",
        work=f"Training pace of AE, VAE and AAE on {plan.images} in the window, all maps shown, against none shown.",
        unit="images/s",
        ours=found["on"],
        theirs=found["off"],
        bar=Bar("ratio", "≥", 0.90),
    )


def zoom(lane: Lane, notches: int, turn: int) -> None:
    """Turn the wheel somewhere near the middle of a cloud."""
    cloud = lane.cloud
    place = QPointF(cloud.width() * (0.4 + 0.02 * turn), cloud.height() * 0.5)
    event = QWheelEvent(
        place,
        QPointF(cloud.mapToGlobal(place)),
        QPoint(),
        QPoint(0, NOTCH * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(cloud, event)


def shown_tiles(lane: Lane) -> list[Tile]:
    """The tiles that belong in view."""
    shown = lane.cloud.decoded_map
    assert shown is not None
    return shown.visible_tiles(lane.cloud.viewport)


def is_sharp(lane: Lane) -> bool:
    """Whether all tiles in view are there, of whatever version."""
    shown = lane.cloud.decoded_map
    return shown is not None and all(shown.store.version(tile) is not None for tile in shown_tiles(lane))
