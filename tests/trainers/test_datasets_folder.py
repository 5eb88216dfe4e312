"""Folders of images as people have them: classes, splits, mixed formats, and files that are no images."""

import io
import os
import struct
import sys
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from trainers.datasets.loading import Progress, load_images
from trainers.datasets.picture_file import picture_formats, read_picture
from trainers.errors import Cancelled, DatasetError

Pixels = npt.NDArray[np.uint8]


def grey_image(level: int, size: tuple[int, int] = (16, 16)) -> Image.Image:
    return Image.new("L", size, level)


def save(image: Image.Image, path: Path, **options: Any) -> Path:  # noqa: ANN401 - as Pillow has it
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def fill(folder: Path, classes: dict[str, int], size: tuple[int, int] = (16, 16)) -> Path:
    """Write grey images into a subfolder for each class; their level tells them apart."""
    level = 0
    for name, count in classes.items():
        for number in range(count):
            level += 1
            save(grey_image(level, size), folder / name / f"{number}.png")
    return folder


def levels(images_NCHW: Pixels) -> list[int]:
    return images_NCHW[:, 0, 0, 0].tolist()


# Classes and splits


def test_subfolders_are_classes_in_natural_order(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"10": 5, "9": 5, "Apple": 5, "banana": 5})))
    assert images.class_names == ("9", "10", "Apple", "banana")
    assert images.notes == ()
    by_level = dict(zip(levels(images.train_NCHW), images.train_labels_N.tolist(), strict=True))
    assert {by_level[level] for level in by_level if level <= 5} == {1}
    assert {by_level[level] for level in by_level if level > 15} == {3}


def test_a_fifth_of_every_class_is_held_out_and_nothing_twice(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"a": 10, "b": 5, "c": 2})))
    assert np.bincount(images.test_labels_N).tolist() == [2, 1, 1]
    assert sorted(levels(images.train_NCHW) + levels(images.test_NCHW)) == list(range(1, 18))


def test_the_same_folder_gives_the_same_images(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 10, "b": 5})
    first, second = load_images(str(tmp_path)), load_images(str(tmp_path))
    np.testing.assert_array_equal(first.train_NCHW, second.train_NCHW)
    np.testing.assert_array_equal(first.test_NCHW, second.test_NCHW)


def test_images_at_any_depth_belong_to_their_class(tmp_path: Path) -> None:
    fill(tmp_path, {"cats/black/old": 2, "cats/white": 2, "cats": 1, "dogs": 2})
    images = load_images(str(tmp_path))
    assert images.class_names == ("cats", "dogs")
    labels = np.concatenate([images.train_labels_N, images.test_labels_N])
    assert np.bincount(labels).tolist() == [5, 2]


def test_a_flat_folder_has_no_classes(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {".": 6})))
    assert images.class_names == ("images",)
    assert len(images.train_NCHW) + len(images.test_NCHW) == 6


@pytest.mark.parametrize("held_out", ["test", "val", "Test", "validation"])
def test_train_and_test_folders_are_the_split(tmp_path: Path, held_out: str) -> None:
    fill(tmp_path, {"train/a": 3, "train/b": 2, f"{held_out}/a": 1, f"{held_out}/b": 2})
    images = load_images(str(tmp_path))
    assert images.class_names == ("a", "b")
    assert levels(images.train_NCHW) == [1, 2, 3, 4, 5]
    assert images.train_labels_N.tolist() == [0, 0, 0, 1, 1]
    assert levels(images.test_NCHW) == [6, 7, 8]
    assert images.test_labels_N.tolist() == [0, 1, 1]


def test_a_split_without_classes(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"train": 4, "test": 3})))
    assert (len(images.train_NCHW), len(images.test_NCHW)) == (4, 3)
    assert images.class_names == ("images",)


def test_a_class_that_only_one_part_has_keeps_its_name(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"train/b": 2, "test/a": 2, "test/b": 1})))
    assert images.class_names == ("a", "b")
    assert images.train_labels_N.tolist() == [1, 1]
    assert images.test_labels_N.tolist() == [0, 0, 1]


def test_a_third_part_is_left_out_and_told(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"train/a": 2, "test/a": 2, "val/a": 2})))
    assert levels(images.test_NCHW) == [3, 4]
    assert images.notes == ("Left out folders that are neither train nor test: val.",)


def test_a_lone_train_folder_is_a_class(tmp_path: Path) -> None:
    assert load_images(str(fill(tmp_path, {"train": 3, "other": 3}))).class_names == ("other", "train")


def test_classes_in_one_part_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="only one of train and test has subfolders"):
        load_images(str(fill(tmp_path, {"train/a": 2, "test": 2})))


def test_images_beside_the_classes_are_left_out_and_told(tmp_path: Path) -> None:
    images = load_images(str(fill(tmp_path, {"a": 3, ".": 2})))
    assert len(images.train_NCHW) + len(images.test_NCHW) == 3
    assert "Left out 2 files" in images.notes[0]


def test_hidden_files_and_folders_do_not_count(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 3, ".thumbnails": 4, "__MACOSX/a": 3})
    (tmp_path / ".DS_Store").write_bytes(b"x")
    (tmp_path / "a" / "._0.png").write_bytes(b"x")
    images = load_images(str(tmp_path))
    assert images.class_names == ("a",)
    assert images.notes == ()


@pytest.mark.skipif(os.name == "nt", reason="links need special rights")
def test_a_link_in_a_circle_ends(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 3})
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a", target_is_directory=True)
    images = load_images(str(tmp_path))
    assert len(images.train_NCHW) + len(images.test_NCHW) == 3


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 3, "b": 3})
    os.mkfifo(tmp_path / "a" / "pipe.png")
    os.mkfifo(tmp_path / "pipe.png")
    assert load_images(str(tmp_path)).notes == ()


@pytest.mark.skipif(sys.platform != "linux", reason="names are Unicode here")
def test_names_in_no_known_encoding_can_be_stored(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 3, os.fsdecode(b"caf\xe9"): 3})
    (tmp_path / "a" / os.fsdecode(b"\xe9.txt")).write_bytes(b"x")
    images = load_images(str(tmp_path))
    assert images.class_names == ("a", "caf�")
    "".join((*images.class_names, *images.notes)).encode()
    assert "a/�.txt" in images.notes[0]


# Sizes


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(20, 20)] * 3, 20),  # squares of one size stay as they are
        ([(30, 30), (30, 31), (40, 30)], 28),
        ([(4000, 30)] * 3, 28),
        ([(5, 5)] * 3, 8),
        ([(300, 200)] * 3, 128),
        ([(10, 10), (60, 70), (500, 400)], 48),
    ],
)
def test_a_sensible_size_is_chosen(tmp_path: Path, sizes: list[tuple[int, int]], expected: int) -> None:
    for number, size in enumerate(sizes):
        save(grey_image(number, size), tmp_path / f"{number}.png")
    assert load_images(str(tmp_path)).shape.size == expected


def test_a_wanted_size_is_given(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 3}, (50, 30))
    assert load_images(str(tmp_path), image_size=64).train_NCHW.shape == (2, 1, 64, 64)


def test_the_middle_is_kept(tmp_path: Path) -> None:
    wide = Image.new("L", (96, 32), 0)
    wide.paste(200, (32, 0, 64, 32))
    for name in ("a.png", "b.png"):
        save(wide, tmp_path / name)
    assert (load_images(str(tmp_path), image_size=32).train_NCHW == 200).all()


# Colours and modes


def test_a_set_is_grey_if_every_image_is(tmp_path: Path) -> None:
    for number in range(3):
        save(Image.new("RGB", (16, 16), (9, 9, 9)), tmp_path / f"{number}.png")
    assert load_images(str(tmp_path)).shape.channels == 1


def test_one_image_in_colour_makes_the_set_colour(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 8})
    save(Image.new("RGB", (16, 16), (250, 100, 20)), tmp_path / "a" / "5.png")
    images = load_images(str(tmp_path))
    assert images.shape.channels == 3
    pixels = np.concatenate([images.train_NCHW, images.test_NCHW])[:, :, 3, 3].tolist()
    assert sorted(pixels) == sorted([[level] * 3 for level in (1, 2, 3, 4, 5, 7, 8)] + [[250, 100, 20]])


def _read(image: Image.Image, path: Path, **options: Any) -> list[int]:  # noqa: ANN401 - as Pillow has it
    """The middle pixel as read."""
    return read_picture(save(image, path, **options), 8, picture_formats())[:, 4, 4].tolist()


def test_modes_become_bytes(tmp_path: Path) -> None:
    bits = Image.new("1", (16, 16), 1)
    assert _read(bits, tmp_path / "1.png") == [255]
    palette = Image.new("P", (16, 16), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert _read(palette, tmp_path / "p.png") == [10, 20, 30]
    assert _read(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), tmp_path / "c.tif") == [255, 0, 0]
    assert _read(Image.new("LAB", (16, 16), (255, 128, 128)), tmp_path / "lab.tif") == pytest.approx(
        (255, 255, 255), abs=2
    )


def test_transparent_parts_show_white(tmp_path: Path) -> None:
    assert _read(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), tmp_path / "a.png") == [255]
    assert _read(Image.new("RGBA", (16, 16), (255, 0, 0, 51)), tmp_path / "b.png") == [255, 204, 204]
    assert _read(Image.new("LA", (16, 16), (0, 0)), tmp_path / "c.png") == [255]
    palette = Image.new("P", (16, 16), 1)
    palette.putpalette([0, 0, 0, 10, 20, 30])
    assert _read(palette, tmp_path / "d.png", transparency=1) == [255]
    assert _read(palette, tmp_path / "e.png", transparency=b"\xff\x00") == [255]
    assert _read(Image.new("RGB", (16, 16), (1, 2, 3)), tmp_path / "f.png", transparency=(1, 2, 3)) == [255]


def test_wide_numbers_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    def numbers(value: float, dtype: type[np.generic]) -> Image.Image:
        return Image.fromarray(np.full((16, 16), value, dtype=dtype))

    assert _read(numbers(32768, np.uint16), tmp_path / "a.png") == [128]
    assert _read(numbers(65535, np.uint16), tmp_path / "b.tif") == [255]
    assert _read(numbers(200, np.int32), tmp_path / "c.tif") == [200]
    assert _read(numbers(65535, np.int32), tmp_path / "d.tif") == [255]
    assert _read(numbers(0.5, np.float32), tmp_path / "e.tif") == [128]
    assert _read(numbers(100.0, np.float32), tmp_path / "f.tif") == [100]
    ramp = Image.fromarray(np.tile(np.linspace(-5, 5, 16, dtype=np.float32), (16, 1)))
    assert _read(ramp, tmp_path / "g.tif")[0] == pytest.approx(128, abs=24)


def test_a_photo_is_turned_upright(tmp_path: Path) -> None:
    picture = Image.new("L", (32, 32), 0)
    picture.paste(255, (0, 0, 32, 16))  # white above
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise
    path = save(picture, tmp_path / "a.png", exif=exif)
    pixels_HW = read_picture(path, 8, picture_formats())[0]
    assert (pixels_HW[:, 6:] > 200).all()
    assert (pixels_HW[:, :2] < 50).all()


def test_the_first_frame_of_an_animation_is_taken(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    for name in ("a.gif", "a.webp", "a.png"):
        options: dict[str, Any] = {"lossless": True} if name.endswith("webp") else {}
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], **options)
        assert read_picture(tmp_path / name, 8, picture_formats())[:, 4, 4].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    "suffix", ["bmp", "gif", "jp2", "jpg", "pcx", "png", "ppm", "tga", "tif", "webp", "ico", "dds"]
)
def test_common_formats_are_read(tmp_path: Path, suffix: str) -> None:
    colour = (200, 100, 0)
    pixel = _read(Image.new("RGB", (32, 32), colour), tmp_path / f"a.{suffix}")
    assert pixel == pytest.approx(colour, abs=6)


def test_a_large_photo_looks_the_same_decoded_small(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    smooth = Image.fromarray(random.integers(0, 256, (8, 12, 3), dtype=np.uint8)).resize((1200, 800))
    path = save(smooth, tmp_path / "a.jpg", quality=95)
    with Image.open(path) as picture:
        reference = picture.crop((200, 0, 1000, 800)).resize((32, 32), Image.Resampling.BICUBIC)
    difference = read_picture(path, 32, picture_formats()).transpose(1, 2, 0).astype(int) - np.asarray(reference)
    assert np.abs(difference).max() <= 6


# Files that cannot be used


def test_unreadable_files_are_skipped_and_listed(tmp_path: Path) -> None:
    fill(tmp_path, {"a": 4, "b": 4})
    (tmp_path / "a" / "notes.txt").write_text("no image")
    (tmp_path / "a" / "empty.png").write_bytes(b"")
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(whole, "PNG")
    (tmp_path / "b" / "half.png").write_bytes(whole.getvalue()[:1500])
    (tmp_path / "b" / "half.jpg").write_bytes(_jpeg()[:300])
    images = load_images(str(tmp_path))
    assert len(images.train_NCHW) + len(images.test_NCHW) == 8
    assert images.notes == (
        "Skipped 4 of 12 files that cannot be read as images: a/empty.png, a/notes.txt, b/half.jpg and 1 more.",
    )


def _jpeg() -> bytes:
    whole = io.BytesIO()
    Image.effect_noise((64, 64), 90).save(whole, "JPEG")
    return whole.getvalue()


def test_broken_files_of_any_format_are_only_skipped(tmp_path: Path) -> None:
    """Whole files of many formats, each cut and with bytes changed at many places: some can be read, none may raise."""
    random = np.random.default_rng(5)
    picture = Image.effect_noise((24, 24), 80).convert("RGB")
    for suffix in ("png", "jpg", "gif", "tif", "webp", "bmp", "tga", "ico", "pcx", "ppm", "dds", "sgi"):
        buffer = io.BytesIO()
        picture.save(buffer, Image.registered_extensions()[f".{suffix}"])
        content = buffer.getvalue()
        for number in range(12):
            broken = bytearray(content[: random.integers(1, len(content))] if number % 2 else content)
            for place in random.integers(0, min(len(broken), 120), 6):
                broken[place] = random.integers(0, 256)
            (tmp_path / f"{number}.{suffix}").write_bytes(broken)
    fill(tmp_path, {".": 2}, (24, 24))
    images = load_images(str(tmp_path), image_size=16)
    assert len(images.notes) == 1
    assert len(images.train_NCHW) >= 2


def _png_of(width: int, height: int) -> bytes:
    """A tiny file that says it holds a huge picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_000, 60_000])
def test_a_picture_of_suspicious_size_is_skipped(tmp_path: Path, side: int) -> None:
    fill(tmp_path, {".": 3})
    (tmp_path / "bomb.png").write_bytes(_png_of(side, side))
    assert "bomb.png" in load_images(str(tmp_path)).notes[0]


def test_no_warning_leaks_and_filters_are_as_before(tmp_path: Path) -> None:
    fill(tmp_path, {".": 3})
    buffer = io.BytesIO()
    grey_image(5).save(buffer, "TIFF")
    (tmp_path / "a.tif").write_bytes(buffer.getvalue()[:-20])
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        load_images(str(tmp_path))
    assert caught == []
    assert list(warnings.filters) == before


def test_postscript_is_never_run(tmp_path: Path) -> None:
    fill(tmp_path, {".": 3})
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "EPS")
    (tmp_path / "a.eps").write_bytes(buffer.getvalue())
    assert "a.eps" in load_images(str(tmp_path)).notes[0]


def test_a_class_without_readable_images_is_no_class(tmp_path: Path) -> None:
    fill(tmp_path, {"b": 3, "c": 3})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.png").write_bytes(b"broken")
    images = load_images(str(tmp_path))
    assert images.class_names == ("b", "c")
    assert set(images.train_labels_N.tolist()) == {0, 1}


@pytest.mark.parametrize("inside", ["nothing", "an empty subfolder", "only hidden files"])
def test_an_empty_folder_is_refused(tmp_path: Path, inside: str) -> None:
    if inside == "an empty subfolder":
        (tmp_path / "a").mkdir()
    if inside == "only hidden files":
        (tmp_path / ".hidden").write_bytes(b"x")
    with pytest.raises(DatasetError, match="holds no files; give a folder of images"):
        load_images(str(tmp_path))


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("hello")
    with pytest.raises(DatasetError, match=r"no images that can be read, among 1 files such as letter\.txt"):
        load_images(str(tmp_path))


def test_a_single_image_is_not_enough(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="at least two images"):
        load_images(str(fill(tmp_path, {"a": 1})))


# Progress


def test_progress_is_told_and_rises(tmp_path: Path) -> None:
    told: list[Progress] = []
    load_images(str(fill(tmp_path / "pets", {"a": 40})), progress=told.append)
    assert told[0] == Progress("Looking through pets")
    fractions = [step.fraction for step in told if step.activity == "Reading pets"]
    assert fractions == [0.0, 0.4, 0.8]


@pytest.mark.parametrize("asked", [0, 2, 60])
def test_loading_can_be_cancelled_anywhere(tmp_path: Path, asked: int) -> None:
    answers = iter([False] * asked)
    with pytest.raises(Cancelled):
        load_images(str(fill(tmp_path, {"a": 40})), cancelled=lambda: next(answers, True))
    assert next(answers, None) is None
