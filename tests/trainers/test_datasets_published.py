"""Reading the files of well-known sets: right ones as torchvision reads them, broken ones with one clear sentence."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from tests.trainers.tiny_sets import WRITERS, cifar_bytes, write_idx
from trainers.datasets import DATASETS
from trainers.datasets.loading import load_images
from trainers.datasets.torchvision_sets import PUBLISHED_SETS
from trainers.errors import DatasetError
from trainers.folders import datasets_folder


@pytest.mark.parametrize("name", WRITERS)
def test_what_was_written_is_read(name: str) -> None:
    (train, train_labels), (test, test_labels) = WRITERS[name](datasets_folder())
    images = load_images(name)
    np.testing.assert_array_equal(images.train_NCHW, train)
    np.testing.assert_array_equal(images.train_labels_N, train_labels)
    np.testing.assert_array_equal(images.test_NCHW, test)
    np.testing.assert_array_equal(images.test_labels_N, test_labels)


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "kmnist", "emnist-letters", "usps"])
def test_reading_equals_torchvision(name: str) -> None:
    from torchvision import datasets

    root = datasets_folder()
    WRITERS[name](root)
    readers = {
        "mnist": lambda: datasets.MNIST(root, train=False),
        "fashion-mnist": lambda: datasets.FashionMNIST(root, train=False),
        "kmnist": lambda: datasets.KMNIST(root, train=False),
        "emnist-letters": lambda: datasets.EMNIST(root, "letters", train=False),
        "usps": lambda: datasets.USPS(root, train=False),
    }
    reference = readers[name]()
    reference_images = np.asarray(reference.data)
    reference_labels = np.asarray(reference.targets)
    if name == "emnist-letters":
        reference_images, reference_labels = reference_images.swapaxes(1, 2), reference_labels - 1
    images = load_images(name)
    np.testing.assert_array_equal(images.test_NCHW[:, 0], reference_images)
    np.testing.assert_array_equal(images.test_labels_N, reference_labels)


@pytest.mark.parametrize("name", PUBLISHED_SETS)
def test_archives_of_a_set_hold_all_that_is_read(name: str) -> None:
    published = PUBLISHED_SETS[name]
    archives = published.archives()
    assert {file for archive in archives for file in archive.files} == set(published.files)
    for archive in archives:
        assert archive.urls
        assert all(url.startswith(("https://", "http://")) for url in archive.urls)
        assert len(archive.md5) == 32


def test_letters_are_named_and_upright() -> None:
    WRITERS["emnist-letters"](datasets_folder())
    path = datasets_folder() / "EMNIST" / "raw" / "emnist-letters-test-images-idx3-ubyte"
    stored = np.zeros((12, 28, 28), dtype=np.uint8)
    stored[:, :, 0] = 255  # the first column as stored is the top row of the letter
    write_idx(path, stored)
    images = load_images("emnist-letters")
    assert images.class_names[0] == "a"
    assert images.class_names[25] == "z"
    assert (images.test_NCHW[0, 0, 0] == 255).all()
    assert (images.test_NCHW[0, 0, 1:] == 0).all()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for this user")
def test_a_read_only_folder_is_enough() -> None:
    WRITERS["mnist"](datasets_folder())
    folders = [datasets_folder(), *(path for path in datasets_folder().rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert len(load_images("mnist").train_NCHW) == 30
    finally:
        for folder in folders:
            folder.chmod(stat.S_IRWXU)


def test_reading_writes_nothing() -> None:
    WRITERS["mnist"](datasets_folder())
    before = _listing(datasets_folder())
    load_images("mnist")
    assert _listing(datasets_folder()) == before


def _listing(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.stat().st_mtime_ns) for path in folder.rglob("*"))


# Broken files


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("damage", ["empty", "half", "foreign", "garbled"])
def test_a_damaged_file_is_named_in_one_sentence(name: str, damage: str) -> None:
    WRITERS[name](datasets_folder())
    path = datasets_folder() / PUBLISHED_SETS[name].files[0]
    content = path.read_bytes()
    noise = np.random.default_rng(3).integers(0, 256, len(content), dtype=np.uint8).tobytes()
    path.write_bytes(
        {
            "empty": b"",
            "half": content[: len(content) // 2 - 1],
            "foreign": b"<html><body>Log in to the network first.</body></html>",
            "garbled": noise[: len(content) - 1],
        }[damage]
    )
    with pytest.raises(DatasetError) as caught:
        load_images(name)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "download the set again" in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400


def test_labels_beyond_the_classes_are_damage() -> None:
    WRITERS["cifar10"](datasets_folder())
    path = datasets_folder() / "cifar-10-batches-bin" / "test_batch.bin"
    path.write_bytes(cifar_bytes(np.zeros((2, 3, 32, 32), dtype=np.uint8), np.array([1, 77])))
    with pytest.raises(DatasetError, match="unknown classes"):
        load_images("cifar10")


def test_images_without_labels_are_damage() -> None:
    WRITERS["kmnist"](datasets_folder())
    write_idx(datasets_folder() / "KMNIST" / "raw" / "train-labels-idx1-ubyte", np.zeros(29, dtype=np.uint8))
    with pytest.raises(DatasetError, match="30 images but 29 labels"):
        load_images("kmnist")


def test_sources_are_named() -> None:
    assert all(entry.source and entry.summary.endswith(".") for entry in DATASETS.values())
