"""Array files as people make them, and files that only look like one."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from trainers.datasets.loading import load_images
from trainers.errors import Cancelled, DatasetError
from trainers.images import ImageSet

Array = npt.NDArray[Any]

GREY = np.random.default_rng(0).integers(0, 256, (20, 12, 12), dtype=np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (20, 3, 12, 12), dtype=np.uint8)


def load(folder: Path, image_size: int = 0, **arrays: Any) -> ImageSet:  # noqa: ANN401 - arrays by name
    path = folder / "set.npz"
    np.savez(path, **arrays)
    return load_images(str(path), image_size=image_size)


def all_images(images: ImageSet) -> set[bytes]:
    return {image.tobytes() for part in (images.train_NCHW, images.test_NCHW) for image in part}


@pytest.mark.parametrize("array", [GREY, GREY[..., None], GREY[:, None]], ids=["NHW", "NHW1", "N1HW"])
def test_grey_shapes(tmp_path: Path, array: Array) -> None:
    images = load(tmp_path, images=array)
    assert images.train_NCHW.shape == (16, 1, 12, 12)
    assert images.test_NCHW.shape == (4, 1, 12, 12)
    assert all_images(images) == {image.tobytes() for image in GREY}
    assert images.class_names == ("images",)
    assert images.notes == ()


@pytest.mark.parametrize("array", [COLOUR, COLOUR.transpose(0, 2, 3, 1)], ids=["N3HW", "NHW3"])
def test_colour_shapes(tmp_path: Path, array: Array) -> None:
    images = load(tmp_path, images=array)
    assert images.train_NCHW.shape == (16, 3, 12, 12)
    assert all_images(images) == {image.tobytes() for image in COLOUR}


@pytest.mark.parametrize("dtype", ["i2", "u4", "i8", ">i4"])
def test_wider_whole_numbers(tmp_path: Path, dtype: str) -> None:
    assert all_images(load(tmp_path, images=GREY.astype(dtype))) == {image.tobytes() for image in GREY}


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f4"])
def test_fractions(tmp_path: Path, dtype: str) -> None:
    assert all_images(load(tmp_path, images=(GREY / 255).astype(dtype))) == {image.tobytes() for image in GREY}


def test_fractions_a_rounding_error_beyond_one(tmp_path: Path) -> None:
    array = np.full((5, 8, 8), 1.000001, dtype=np.float32)
    array[:, 0] = -0.000001
    images = load(tmp_path, images=array)
    assert (images.train_NCHW[:, :, 0] == 0).all()
    assert (images.train_NCHW[:, :, 1:] == 255).all()


def test_booleans_are_black_and_white(tmp_path: Path) -> None:
    images = load(tmp_path, images=GREY > 100)
    assert np.unique(images.train_NCHW).tolist() == [0, 255]
    assert images.notes == ()


def test_zeros_and_ones_are_black_and_white_and_told(tmp_path: Path) -> None:
    images = load(tmp_path, images=(GREY > 100).astype(np.uint8))
    assert np.unique(images.train_NCHW).tolist() == [0, 255]
    assert "black and white" in images.notes[0]


def test_more_images_than_are_scaled_at_once(tmp_path: Path) -> None:
    array = (np.arange(3000) % 256)[:, None, None] * np.ones((1, 8, 8))
    images = load(tmp_path, images=array / 255)
    assert np.bincount(np.concatenate([images.train_NCHW, images.test_NCHW])[:, 0, 0, 0])[:180].tolist() == [12] * 180


@pytest.mark.parametrize("shape", [(28, 20), (20, 28)])
def test_oblong_images_are_padded_with_their_border(tmp_path: Path, shape: tuple[int, int]) -> None:
    array = np.full((6, *shape), 200, dtype=np.uint8)
    array[:, 5:-5, 5:-5] = 10
    images = load(tmp_path, images=array)
    assert images.shape.size == 28
    top, left = (28 - shape[0]) // 2, (28 - shape[1]) // 2
    inner = images.train_NCHW[:, 0, top : 28 - top, left : 28 - left]
    np.testing.assert_array_equal(inner, array[: len(inner)])
    assert images.train_NCHW.astype(int).sum() - inner.astype(int).sum() == len(inner) * 200 * (28 * 28 - 28 * 20)
    assert "padded to 28×28" in images.notes[0]


def test_images_are_resized_where_asked(tmp_path: Path) -> None:
    images = load(tmp_path, image_size=24, images=COLOUR, test_images=COLOUR[:5, :, :10, :10])
    assert images.train_NCHW.shape == (20, 3, 24, 24)
    assert images.test_NCHW.shape == (5, 3, 24, 24)


@pytest.mark.parametrize(("size", "expected"), [(4, 8), (200, 128)])
def test_sizes_out_of_range_are_brought_into_it_and_told(tmp_path: Path, size: int, expected: int) -> None:
    images = load(tmp_path, images=np.zeros((4, size, size), dtype=np.uint8))
    assert images.shape.size == expected
    assert f"{expected}×{expected}" in images.notes[0]


# Labels


def test_whole_numbers_of_any_value_name_the_classes(tmp_path: Path) -> None:
    images = load(tmp_path, images=GREY, labels=np.array([-3, 7] * 10))
    assert images.class_names == ("-3", "7")
    assert np.bincount(images.test_labels_N).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["zebra", "ape"], ("ape", "zebra")),
        ([b"zebra", b"ape"], ("ape", "zebra")),
        ([True, False], ("False", "True")),
        ([2.0, 1.0], ("1", "2")),
        (np.array([2**63 + 1, 2**63], dtype=np.uint64), ("9223372036854775808", "9223372036854775809")),
    ],
)
def test_labels_of_any_plain_kind(tmp_path: Path, values: Any, names: tuple[str, ...]) -> None:  # noqa: ANN401
    labels = np.array(values)[np.arange(20) % 2]
    images = load(tmp_path, images=GREY, labels=labels)
    assert images.class_names == names
    first = next(index for index, image in enumerate(images.train_NCHW) if image.tobytes() == GREY[1].tobytes())
    assert images.train_labels_N[first] == 0


def test_labels_in_a_column(tmp_path: Path) -> None:
    assert load(tmp_path, images=GREY, labels=np.arange(20)[:, None] % 4).class_names == ("0", "1", "2", "3")


def test_class_names(tmp_path: Path) -> None:
    images = load(tmp_path, images=GREY, labels=np.arange(20) % 2, class_names=np.array(["ape", "bee", "cow"]))
    assert images.class_names == ("ape", "bee", "cow")


def test_a_split_of_its_own(tmp_path: Path) -> None:
    images = load(
        tmp_path,
        images=GREY[:15],
        labels=np.array(["b", "c", "d"] * 5),
        test_images=GREY[15:],
        test_labels=np.array(["a", "b", "c", "d", "a"]),
    )
    np.testing.assert_array_equal(images.train_NCHW[:, 0], GREY[:15])
    np.testing.assert_array_equal(images.test_NCHW[:, 0], GREY[15:])
    assert images.class_names == ("a", "b", "c", "d")
    assert images.train_labels_N[:3].tolist() == [1, 2, 3]
    assert images.test_labels_N.tolist() == [0, 1, 2, 3, 0]


def test_unsigned_and_signed_labels_meet(tmp_path: Path) -> None:
    images = load(
        tmp_path,
        images=GREY,
        labels=np.full(20, 1, dtype=np.uint64),
        test_images=GREY,
        test_labels=np.full(20, 2, dtype=np.int64),
    )
    assert images.class_names == ("1", "2")


# What is refused


def _objects() -> Array:
    array = np.empty(2, dtype=object)
    array[:] = [np.zeros((8, 8)), np.zeros((9, 9))]
    return array


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "objects": ({"images": _objects()}, "Python objects"),
    "object labels": ({"images": GREY, "labels": np.array([None] * 20)}, "Python objects"),
    "no images": ({"pictures": GREY}, "no array `images`"),
    "empty": ({"images": GREY[:0]}, "is empty"),
    "one image": ({"images": GREY[:1]}, "at least two images"),
    "flat": ({"images": GREY.reshape(20, -1)}, r"\.reshape\(-1, 12, 12\)"),
    "two channels": ({"images": COLOUR[:, :2]}, "RGB"),
    "four channels": ({"images": np.concatenate([COLOUR, COLOUR[:, :1]], axis=1)}, "RGB"),
    "number": ({"images": np.array(3)}, "has the shape"),
    "NaN": ({"images": np.full((5, 8, 8), np.nan)}, "no numbers"),
    "infinite": ({"images": np.full((5, 8, 8), np.inf)}, "no numbers"),
    "fractions to 255": ({"images": GREY.astype(np.float32)}, "from 0 to 255; give uint8"),
    "negative": ({"images": GREY.astype(np.int16) - 300}, "from -300 to"),
    "16 bits": ({"images": GREY.astype(np.uint16) * 100}, "give uint8"),
    "complex": ({"images": GREY.astype(np.complex64)}, "complex64"),
    "text": ({"images": GREY.astype("U3")}, "<U3"),
    "ribbon": ({"images": np.zeros((4, 8, 100), dtype=np.uint8)}, "give squares"),
    "too few labels": ({"images": GREY, "labels": np.arange(19)}, "there are 20 images"),
    "one-hot labels": ({"images": GREY, "labels": np.eye(20)}, "there are 20 images"),
    "single label": ({"images": GREY, "labels": np.array(1)}, "there are 20 images"),
    "fractional labels": ({"images": GREY, "labels": np.linspace(0, 1, 20)}, "whole numbers or text"),
    "labels beyond names": (
        {"images": GREY, "labels": np.arange(20), "class_names": np.array(["a", "b"])},
        "no indices into its 2",
    ),
    "numbered names": ({"images": GREY, "labels": np.arange(20) % 2, "class_names": np.arange(2)}, "class_names"),
    "labels for one part": ({"images": GREY, "labels": np.arange(20), "test_images": GREY}, "only one of"),
    "labels of two kinds": (
        {"images": GREY, "labels": np.arange(20), "test_images": GREY, "test_labels": np.array(["a"] * 20)},
        "text, the other numbers",
    ),
    "grey and colour": ({"images": GREY, "test_images": COLOUR}, "grey, the other RGB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, case: str) -> None:
    arrays, reason = REFUSED[case]
    with pytest.raises(DatasetError, match=reason) as caught:
        load(tmp_path, **arrays)
    assert "set.npz" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_cut_anywhere_or_foreign_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.npz"
    np.savez_compressed(whole, images=GREY)
    content = whole.read_bytes()
    path = tmp_path / "broken.npz"
    for broken in (*(content[:length] for length in range(0, len(content), 97)), b"hello" * 100):
        path.write_bytes(broken)
        with pytest.raises(DatasetError, match=r"broken\.npz"):
            load_images(str(path))


def test_files_with_changed_bytes_raise_nothing_else(tmp_path: Path) -> None:
    whole = tmp_path / "whole.npz"
    np.savez_compressed(whole, images=GREY, labels=np.arange(20) % 3)
    content = whole.read_bytes()
    path = tmp_path / "broken.npz"
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(300):
        broken = bytearray(content)
        for place in random.integers(0, len(content), 3):
            broken[place] = random.integers(0, 256)
        path.write_bytes(broken)
        try:
            load_images(str(path))
        except DatasetError as error:
            refused += 1
            assert "\n" not in str(error)  # noqa: PT017 - only some of the files are refused
    assert refused > 200


def test_a_head_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.npz"
    head = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000, 1000, 1000), }".ljust(117) + b"\n"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("images.npy", b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + b"\0" * 64)
    with pytest.raises(DatasetError, match=r"huge\.npz"):
        load_images(str(path))


def test_an_array_file_can_be_cancelled(tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", images=GREY)
    answers = iter([False, False])
    with pytest.raises(Cancelled):
        load_images(str(tmp_path / "set.npz"), cancelled=lambda: next(answers, True))
