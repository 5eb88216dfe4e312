"""What every source of images promises, and the parts that they share."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.trainers.tiny_sets import WRITERS
from trainers.datasets import DATASETS
from trainers.datasets.digits import load_digits
from trainers.datasets.holding_out import hold_out
from trainers.datasets.loading import Progress, is_downloaded, load_images
from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.resizing import resize_images
from trainers.datasets.torchvision_sets import PUBLISHED_SETS
from trainers.errors import Cancelled, DatasetError
from trainers.folders import datasets_folder


@pytest.fixture(params=DATASETS)
def on_this_computer(request: pytest.FixtureRequest) -> str:
    """The name of a set whose files, if it has any, are in the folder of sets; large ones are tiny here."""
    name: str = request.param
    if DATASETS[name].download_mb:
        WRITERS[name](datasets_folder())
    return name


# What every entry of the table promises


def test_every_set_is_two_parts_of_square_bytes_with_named_classes(on_this_computer: str) -> None:
    images = load_images(on_this_computer)
    assert images.name == on_this_computer
    assert images.train_NCHW.shape[1:] == images.test_NCHW.shape[1:]
    assert images.shape.size in range(8, 129)
    assert images.train_NCHW.flags.c_contiguous
    assert images.test_NCHW.flags.c_contiguous
    assert len(images.class_names) >= 10
    assert len(set(images.class_names)) == len(images.class_names)
    assert set(images.train_labels_N.tolist()) == set(range(len(images.class_names)))
    assert images.train_NCHW.std() > 10


def test_every_set_is_the_same_each_time(on_this_computer: str) -> None:
    first, second = load_images(on_this_computer), load_images(on_this_computer)
    for part in ("train_NCHW", "train_labels_N", "test_NCHW", "test_labels_N"):
        np.testing.assert_array_equal(getattr(first, part), getattr(second, part))


def test_every_set_comes_in_any_size(on_this_computer: str) -> None:
    own, larger = load_images(on_this_computer), load_images(on_this_computer, image_size=40)
    assert larger.train_NCHW.shape == (*own.train_NCHW.shape[:2], 40, 40)
    assert larger.test_NCHW.shape == (*own.test_NCHW.shape[:2], 40, 40)
    assert larger.train_NCHW.mean() == pytest.approx(own.train_NCHW.mean(), abs=3)


def test_every_set_can_be_cancelled(on_this_computer: str) -> None:
    with pytest.raises(Cancelled, match=DATASETS[on_this_computer].label):
        load_images(on_this_computer, cancelled=lambda: True)


def test_every_set_tells_how_far_its_resizing_is(on_this_computer: str) -> None:
    told: list[Progress] = []
    load_images(on_this_computer, image_size=12, progress=told.append)
    fractions = [step.fraction for step in told if step.activity == f"Resizing {DATASETS[on_this_computer].label}"]
    assert fractions[0] == 0
    assert all(fraction is not None and 0 <= fraction <= 1 for fraction in fractions)


def test_every_set_on_this_computer_needs_no_download(on_this_computer: str) -> None:
    assert is_downloaded(on_this_computer)


@pytest.mark.parametrize("name", [name for name in DATASETS if DATASETS[name].download_mb])
def test_a_missing_set_says_what_its_download_takes_and_touches_nothing(name: str) -> None:
    assert not is_downloaded(name)
    with pytest.raises(DatasetError) as caught:
        load_images(name)
    sentence = str(caught.value)
    for part in (DATASETS[name].label, f"{DATASETS[name].download_mb:.0f} MB", "--download", "LATENT_EXPLORER_DATA"):
        assert part in sentence
    assert not datasets_folder().exists()


def test_the_table_and_the_sets_agree_on_the_size_of_downloads() -> None:
    sizes = {name: published.megabytes for name, published in PUBLISHED_SETS.items()}
    assert sizes == {name: entry.download_mb for name, entry in DATASETS.items() if entry.download_mb}


def test_half_a_set_is_not_downloaded() -> None:
    WRITERS["mnist"](datasets_folder())
    (datasets_folder() / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").unlink()
    assert not is_downloaded("mnist")


# Choosing a source


@pytest.mark.parametrize("name", ["mnits", "", "no/such/folder", "x" * 5000, "a\0b"])
def test_an_unknown_name_lists_what_can_be_given(name: str) -> None:
    with pytest.raises(DatasetError) as caught:
        load_images(name)
    for known in (*DATASETS, "folder of images", ".npz"):
        assert known in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("hello")
    with pytest.raises(DatasetError, match=r"neither a folder nor an \.npz file"):
        load_images(str(file))


@pytest.mark.parametrize("size", [-1, 7, 129])
def test_an_impossible_size_is_refused(size: int) -> None:
    with pytest.raises(DatasetError, match="from 8 to 128"):
        load_images("digits", image_size=size)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    np.savez(tmp_path / "set.npz", images=np.arange(5 * 64, dtype=np.uint8).reshape(5, 8, 8))
    assert load_images("~/set.npz").name == "~/set.npz"


def test_paths_are_never_missing_for_want_of_a_download() -> None:
    assert is_downloaded("digits")
    assert is_downloaded("some/folder")


def test_the_folder_of_sets_is_the_persons_own_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LATENT_EXPLORER_DATA", str(tmp_path / "named"))
    assert datasets_folder() == tmp_path / "named"
    monkeypatch.setenv("LATENT_EXPLORER_DATA", "")
    assert datasets_folder().parts[-2:] == ("latent-explorer", "datasets")
    assert datasets_folder().is_absolute()


def test_asking_for_a_set_imports_nothing_heavy() -> None:
    code = (
        "import sys; from trainers.datasets.loading import is_downloaded, load_images; is_downloaded('svhn');"
        "load_images('digits'); print([m for m in ('torch', 'torchvision', 'sklearn', 'scipy') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# Digits


def test_digits_are_those_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits as reference

    pixels, labels = reference(return_X_y=True)
    train, test = hold_out(labels.astype(np.int64))
    images = load_images("digits")
    np.testing.assert_array_equal(images.train_NCHW.reshape(-1, 64), np.rint(pixels[train] / 16 * 255))
    np.testing.assert_array_equal(images.test_NCHW.reshape(-1, 64), np.rint(pixels[test] / 16 * 255))
    np.testing.assert_array_equal(images.test_labels_N, labels[test])
    assert images.train_NCHW.max() == 255


def test_digits_are_also_had_from_scikit_learn_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = load_images("digits")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)  # pyright: ignore[reportUnknownLambdaType]
    slow = load_digits("digits", LoadingJob(label="Digits"))
    np.testing.assert_array_equal(quick.train_NCHW, slow.train_NCHW)


# Holding out


def test_a_fifth_of_every_class_is_held_out() -> None:
    labels = np.repeat(np.arange(4), [100, 50, 10, 2]).astype(np.int64)
    train, test = hold_out(labels)
    assert np.bincount(labels[test]).tolist() == [20, 10, 2, 1]
    np.testing.assert_array_equal(np.sort(np.concatenate([train, test])), np.arange(len(labels)))


def test_the_held_out_images_stay_the_same_for_ever() -> None:
    _, test = hold_out(np.zeros(20, dtype=np.int64))
    assert test.tolist() == [5, 7, 9, 15]


def test_single_images_are_trained_on_but_one() -> None:
    train, test = hold_out(np.arange(6, dtype=np.int64))
    assert (len(train), len(test)) == (5, 1)


# Resizing


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [8, 40])
def test_resizing_a_set_equals_resizing_each_image(channels: int, size: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, channels, 28, 28), dtype=np.uint8)
    resized = resize_images(images, size, LoadingJob(label="set"))
    for image, small in zip(images, resized, strict=True):
        for plane, small_plane in zip(image, small, strict=True):
            expected = Image.fromarray(plane).resize((size, size), Image.Resampling.BICUBIC)
            np.testing.assert_array_equal(small_plane, np.asarray(expected))


def test_reducing_does_not_alias() -> None:
    stripes = np.zeros((1, 1, 64, 64), dtype=np.uint8)
    stripes[..., ::2] = 255
    small = resize_images(stripes, 16, LoadingJob(label="set"))
    assert np.abs(small[..., 2:-2].astype(int) - 128).max() <= 2


def test_resizing_ends_when_asked() -> None:
    asked = iter([False, True])
    images = np.zeros((2000, 1, 10, 10), dtype=np.uint8)
    with pytest.raises(Cancelled):
        resize_images(images, 8, LoadingJob(label="set", cancelled=lambda: next(asked)))
