"""The thread that owns the models, driven by orders as the window gives them."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from explorer import pacing
from explorer.messages import ImagesGiven, Pace, RunEvaluated, RunOpened, RunSaved
from explorer.pacing import ROOM_S
from explorer.training_thread import TrainingThread
from tests.explorer.driving import until
from tests.stand_in_clock import StandInClock
from trainers.checkpoint import load
from trainers.datasets.loading import load_images
from trainers.images import ImageSet
from trainers.messages import RunFailed, Snapshot
from trainers.recipe import Recipe


class _Driver:
    """The thread, and all that it tells."""

    def __init__(self, qtbot: QtBot, thread: TrainingThread) -> None:
        self.qtbot, self.thread = qtbot, thread
        self.told: list[object] = []
        self.snapshots: dict[str, list[Snapshot]] = {}
        for signal in (
            thread.run_opened,
            thread.images_given,
            thread.run_saved,
            thread.run_evaluated,
            thread.run_failed,
            thread.pace_changed,
            thread.refused,
            thread.ready,
        ):
            signal.connect(self.told.append)
        self.finished = QSignalSpy(thread.all_finished)
        thread.snapshot_waiting.connect(self._take)

    def _take(self) -> None:
        for snapshot in self.thread.mailbox.take_all():
            self.snapshots.setdefault(snapshot.run, []).append(snapshot)

    def of(self, kind: type) -> list[object]:
        return [message for message in self.told if isinstance(message, kind)]

    def newest(self, run: str) -> Snapshot:
        return self.snapshots[run][-1]

    def until(self, happened: Callable[[], object]) -> None:
        until(self.qtbot, happened)

    def until_paused(self) -> None:
        def paused() -> bool:
            paces = self.of(Pace)
            return bool(paces) and not paces[-1].playing  # pyright: ignore[reportAttributeAccessIssue]

        self.until(paused)
        self._take()

    def open(self, images: ImageSet, *recipes: Recipe) -> tuple[str, ...]:
        runs = tuple(f"run-{number}" for number in range(len(recipes)))
        self.thread.show(runs)
        for run, recipe in zip(runs, recipes, strict=True):
            self.thread.open_run(run, recipe, images)
        self.until(lambda: self.snapshots.keys() >= set(runs))
        return runs


@pytest.fixture
def digits() -> ImageSet:
    whole = load_images("digits")
    return ImageSet(
        name="digits",
        train_NCHW=whole.train_NCHW[:256],
        train_labels_N=whole.train_labels_N[:256],
        test_NCHW=whole.test_NCHW[:100],
        test_labels_N=whole.test_labels_N[:100],
        class_names=whole.class_names,
    )


@pytest.fixture
def kept_in(tmp_path: Path) -> Path:
    return tmp_path / "kept"


@pytest.fixture
def driver(qtbot: QtBot, kept_in: Path) -> Iterator[_Driver]:
    thread = TrainingThread(device="cpu", kept_in=kept_in)
    driver = _Driver(qtbot, thread)
    thread.start()
    yield driver
    thread.stop()
    assert "training" not in {running.name for running in threading.enumerate()}


def recipe(family: str, **more: object) -> Recipe:
    return Recipe(family=family).with_changes(**({"batch_size": 64, "epochs": 3} | more))


def test_an_opened_model_tells_all_that_a_lane_needs(driver: _Driver, digits: ImageSet) -> None:
    (run,) = driver.open(digits, recipe("vae"))
    (opened,) = driver.of(RunOpened)
    assert opened == RunOpened(run=run, recipe=recipe("vae"))
    (given,) = driver.of(ImagesGiven)
    assert isinstance(given, ImagesGiven)
    assert np.array_equal(given.held_out.images_NCHW, digits.test_NCHW)
    snapshot = driver.newest(run)
    assert snapshot.step == 0
    assert snapshot.points_N2.shape == (100, 2)


def test_models_train_in_lockstep_whatever_their_batches(driver: _Driver, digits: ImageSet) -> None:
    sizes = (16, 64, 40)
    families = ("ae", "vae", "aae")
    recipes = (recipe(f, batch_size=size, epochs=12) for f, size in zip(families, sizes, strict=True))
    runs = driver.open(digits, *recipes)
    for _ in range(5):
        before = driver.newest(runs[0]).images_seen
        driver.thread.play()
        driver.until(lambda before=before: driver.newest(runs[0]).images_seen > before)
        driver.thread.pause()
        driver.until_paused()
        seen = [driver.newest(run).images_seen for run in runs]
        assert max(seen) - min(seen) <= max(sizes), "a pause shows every model as it is at that moment"
    driver.thread.play()
    driver.until(lambda: driver.finished.count() == 1)
    for run in runs:
        assert driver.newest(run).finished
        assert driver.newest(run).images_seen - 12 * 256 < max(sizes)


def test_a_single_step_is_one_batch_of_the_largest(driver: _Driver, digits: ImageSet) -> None:
    runs = driver.open(digits, recipe("ae", batch_size=16), recipe("vae", batch_size=64))
    driver.thread.step()
    driver.until(lambda: all(driver.newest(run).images_seen == 64 for run in runs))
    assert [driver.newest(run).step for run in runs] == [4, 1]
    driver.until_paused()
    driver.thread.step()
    driver.until(lambda: all(driver.newest(run).images_seen == 128 for run in runs))
    assert driver.finished.count() == 0
    assert not driver.of(RunEvaluated)


def test_play_waits_for_a_model_that_is_on_its_way(driver: _Driver, digits: ImageSet) -> None:
    driver.thread.show(("run-0",))
    driver.thread.play()
    driver.until(lambda: driver.of(Pace))
    driver.thread.open_run("run-0", recipe("ae", epochs=1), digits)
    driver.until(lambda: driver.finished.count() == 1)
    assert driver.newest("run-0").finished


def test_a_step_does_not_wait(driver: _Driver, digits: ImageSet) -> None:
    driver.thread.show(("run-0",))
    driver.thread.step()
    driver.until_paused()
    driver.open(digits, recipe("ae"))
    assert driver.newest("run-0").step == 0


def test_without_a_model_that_can_be_trained_play_says_so(driver: _Driver, digits: ImageSet, tmp_path: Path) -> None:
    (run,) = driver.open(digits, recipe("ae"))
    driver.thread.step()
    driver.until(lambda: driver.newest(run).step)
    path = tmp_path / "a.safetensors"
    driver.thread.save(run, path)
    driver.until(lambda: driver.of(RunSaved))
    driver.thread.show(("opened",))
    driver.thread.open_file("opened", path)
    driver.thread.play()
    driver.until(lambda: "opened" in driver.snapshots)
    assert not any("no model here" in str(told) for told in driver.told), "its images may still come"
    driver.thread.show(("opened",), frozenset({"opened"}))
    driver.until(lambda: any("no model here that can be trained" in str(told) for told in driver.told))
    assert driver.finished.count() == 0
    assert driver.newest("opened").codes_ND.shape == (0, 2)


def test_pause_leaves_every_code_fresh(driver: _Driver, digits: ImageSet, tmp_path: Path) -> None:
    (run,) = driver.open(digits, recipe("ae", epochs=1000))
    driver.thread.play()
    driver.until(lambda: driver.newest(run).step > 3)
    driver.thread.pause()
    driver.until_paused()
    at_pause = driver.newest(run)
    driver.thread.save(run, tmp_path / "a.safetensors")
    driver.until(lambda: driver.of(RunSaved))
    assert driver.newest(run) is at_pause, "nothing is trained while paused"
    saved = load(tmp_path / "a.safetensors", device="cpu")
    assert saved.images_seen == at_pause.images_seen
    assert np.allclose(saved.encode(digits.test_NCHW), at_pause.codes_ND, atol=1e-5)


def test_a_failure_is_that_models_alone(driver: _Driver, digits: ImageSet, kept_in: Path) -> None:
    runs = driver.open(digits, recipe("vae", learning_rate=1.0), recipe("vae", epochs=10_000))
    driver.thread.play()
    driver.until(lambda: driver.of(RunFailed))
    failure = driver.of(RunFailed)[0]
    assert isinstance(failure, RunFailed)
    assert failure.run == runs[0]
    assert "finite" in failure.sentence
    assert "Traceback" in failure.details
    seen = driver.newest(runs[1]).images_seen
    driver.until(lambda: driver.newest(runs[1]).images_seen > seen)
    driver.thread.pause()
    driver.until_paused()
    assert (kept_in / f"{runs[1]}.safetensors").exists(), "the good one is kept"
    # Undo brings a model back as it was: failed.
    driver.thread.show((runs[1],))
    driver.thread.show(runs)
    driver.until(lambda: len([f for f in driver.of(RunFailed) if f.run == runs[0]]) > 1)  # pyright: ignore[reportAttributeAccessIssue]


def test_a_model_that_finishes_before_the_others_is_told_as_finished(driver: _Driver, digits: ImageSet) -> None:
    short, long = driver.open(digits, recipe("ae"), recipe("ae", epochs=10_000))
    driver.thread.play()
    driver.until(lambda: driver.newest(short).finished)
    assert not driver.newest(long).finished
    driver.thread.pause()
    driver.until_paused()


def test_live_settings_take_effect(driver: _Driver, digits: ImageSet) -> None:
    (run,) = driver.open(digits, recipe("vae", epochs=50))
    driver.thread.change(run, "beta", 4.0)
    driver.until(lambda: driver.newest(run).recipe.beta == 4.0)
    driver.thread.play()
    driver.thread.change(run, "epochs", 1)
    driver.until(lambda: driver.finished.count() == 1)
    assert driver.newest(run).recipe.epochs == 1
    assert driver.newest(run).epoch < 50


def test_figures_are_taken_at_the_end_and_when_asked(driver: _Driver, digits: ImageSet) -> None:
    (run,) = driver.open(digits, recipe("vae", epochs=1))
    driver.thread.evaluate()
    driver.until(lambda: driver.of(RunEvaluated))
    driver.thread.play()
    driver.until(lambda: len(driver.of(RunEvaluated)) == 2)
    before, after = (told.figures for told in driver.of(RunEvaluated) if isinstance(told, RunEvaluated))
    assert before.keys() == {"reconstruction_mse", "reconstruction_bce", "elbo", "kl"}
    assert after["reconstruction_mse"] < before["reconstruction_mse"]
    assert driver.newest(run).finished


def test_what_is_trained_is_kept_and_what_is_not_is_not(driver: _Driver, digits: ImageSet, kept_in: Path) -> None:
    runs = driver.open(digits, recipe("ae"), recipe("vae"))
    driver.thread.stop()
    assert not kept_in.exists()
    again = TrainingThread(device="cpu", kept_in=kept_in)
    other = _Driver(driver.qtbot, again)
    again.start()
    other.open(digits, recipe("ae"), recipe("vae"))
    again.step()
    other.until(lambda: all(other.newest(run).step for run in runs))
    again.stop()
    assert sorted(path.stem for path in kept_in.iterdir()) == list(runs)
    assert load(kept_in / "run-0.safetensors", device="cpu").images_seen == 64


def test_an_opened_model_is_kept_beside_trained_ones_only(
    driver: _Driver, digits: ImageSet, kept_in: Path, tmp_path: Path
) -> None:
    (run,) = driver.open(digits, recipe("ae", epochs=1))
    driver.thread.play()
    driver.until(lambda: driver.finished.count() == 1)
    path = tmp_path / "old.safetensors"
    driver.thread.save(run, path)
    driver.until(lambda: driver.of(RunSaved))
    for copy in kept_in.iterdir():
        copy.unlink()
    driver.thread.show(("old",))
    driver.thread.open_file("old", path)
    driver.thread.give_images("old", digits)
    driver.until(lambda: "old" in driver.snapshots)
    driver.thread.step()
    driver.until_paused()
    driver.thread.show(("old", "new"))
    driver.thread.open_run("new", recipe("vae"), digits)
    driver.until(lambda: "new" in driver.snapshots)
    assert not any(kept_in.iterdir())
    driver.thread.step()
    driver.until(lambda: driver.newest("new").step)
    driver.thread.stop()
    assert sorted(kept.stem for kept in kept_in.iterdir()) == ["new", "old"]


def test_a_folder_that_cannot_be_written_stops_no_model(driver: _Driver, digits: ImageSet, kept_in: Path) -> None:
    kept_in.write_text("a file in its place")
    (run,) = driver.open(digits, recipe("ae"))
    for step in (1, 2):
        driver.thread.step()
        driver.until(lambda step=step: driver.newest(run).step == step)
        driver.until_paused()
    driver.thread.play()
    driver.until(lambda: driver.finished.count() == 1)
    told = [told for told in driver.told if isinstance(told, str) and "against a crash" in told]
    assert len(told) == 1, "said, and said once"
    assert not driver.of(RunFailed)


def test_orders_that_cannot_be_carried_out_are_refused(driver: _Driver, digits: ImageSet, tmp_path: Path) -> None:
    driver.thread.save("no such run", tmp_path / "a.safetensors")
    driver.thread.open_file("run-9", tmp_path / "nowhere.safetensors")
    (run,) = driver.open(digits, recipe("ae"))
    driver.thread.save(run, tmp_path / "no" / "such" / "folder" / "a.safetensors")
    driver.thread.change("no such run", "beta", 2.0)
    driver.thread.step()
    driver.until(lambda: driver.newest(run).step == 1)
    refused = [told for told in driver.told if isinstance(told, str)]
    assert any("not ready" in sentence for sentence in refused)
    assert any("nowhere.safetensors" in sentence for sentence in refused)
    assert any("cannot be written" in sentence for sentence in refused)
    assert not driver.of(RunFailed)


def test_a_device_that_is_not_here_is_replaced(qtbot: QtBot, digits: ImageSet) -> None:
    thread = TrainingThread(device="mps")
    driver = _Driver(qtbot, thread)
    thread.start()
    try:
        (run,) = driver.open(digits, recipe("ae"))
        assert any("The CPU is used instead." in str(told) for told in driver.told)
        assert any(str(told).startswith("CPU") for told in driver.told)
        assert driver.newest(run).step == 0
    finally:
        thread.stop()


def test_no_step_begins_while_the_window_wants_the_machine(
    driver: _Driver, digits: ImageSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = StandInClock()
    monkeypatch.setattr(pacing, "time", clock)
    driver.thread.make_room()
    start = clock.now
    (run,) = driver.open(digits, recipe("ae"))
    assert clock.now == start, "what is no step does not wait"
    driver.thread.step()
    driver.until_paused()
    assert driver.newest(run).step > 0
    assert clock.now >= start + ROOM_S


def test_a_model_that_is_not_shown_waits(driver: _Driver, digits: ImageSet) -> None:
    runs = driver.open(digits, recipe("ae", epochs=1), recipe("vae", epochs=1))
    driver.thread.show(runs[1:])
    driver.thread.play()
    driver.until(lambda: driver.finished.count() == 1)
    assert driver.newest(runs[0]).step == 0
    driver.thread.show(runs)
    driver.until(lambda: len(driver.of(ImagesGiven)) == 3)
    driver.thread.forget(runs[:1])
    driver.thread.show(runs[1:])
    driver.thread.play()
    driver.until(lambda: driver.finished.count() == 2)


def test_the_pace_tells_how_long_it_will_take(driver: _Driver, digits: ImageSet) -> None:
    (run,) = driver.open(digits, recipe("ae", epochs=100_000, batch_size=16))
    driver.thread.play()

    def timed() -> bool:
        return any(isinstance(told, Pace) and told.playing and told.seconds_left for told in driver.told)

    driver.until(timed)
    driver.thread.pause()
    driver.until_paused()
    last = driver.of(Pace)[-1]
    assert isinstance(last, Pace)
    assert (last.images_per_second, last.seconds_left) == (0.0, None)
    assert last.device.startswith("CPU")
    assert driver.newest(run).step > 0
