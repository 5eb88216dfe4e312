"""Drawings and pictures of one's own get the form of a set's images."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from trainers.datasets.loading import load_images
from trainers.errors import DatasetError
from trainers.images import ImageShape
from trainers.own_image import Frame, fit_drawing, fit_ground, fit_picture, frame_of, ink_of, read_own_picture

MNIST = Frame(share=20 / 28, is_light=False, by_mass=True)
GREY_28 = ImageShape(1, 28)


def stroke(top: int, bottom: int, left: int, right: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    ink = np.zeros((64, 64), np.uint8)
    ink[top:bottom, left:right] = 255
    return ink


def test_a_drawing_stands_as_mnist_digits_do() -> None:
    ink = stroke(3, 43, 5, 15)
    ink[33:43, 5:35] = 255  # an L: its mass is not where its box is
    fitted = fit_drawing(ink, GREY_28, MNIST)[0].astype(np.float64)
    rows, columns = np.flatnonzero(fitted.max(1) > 24), np.flatnonzero(fitted.max(0) > 24)
    assert rows[-1] - rows[0] + 1 == 20
    assert columns[-1] - columns[0] + 1 == pytest.approx(15, abs=1)
    middle = np.arange(28) + 0.5
    assert fitted.sum(1) @ middle / fitted.sum() == pytest.approx(14, abs=0.5)
    assert fitted.sum(0) @ middle / fitted.sum() == pytest.approx(14, abs=0.5)


def test_where_it_was_drawn_and_how_large_does_not_matter() -> None:
    one, other = stroke(2, 22, 2, 12), stroke(20, 60, 30, 50)
    assert np.abs(fit_drawing(one, GREY_28, MNIST).astype(int) - fit_drawing(other, GREY_28, MNIST)).max() < 40


def test_without_fitting_the_whole_square_is_made_smaller() -> None:
    fitted = fit_drawing(stroke(0, 32, 0, 32), GREY_28, MNIST, framed=False)
    assert fitted[0, :13, :13].min() == 255
    assert fitted[0, 15:].max() == 0


def test_light_ground_and_colour_sets() -> None:
    light = Frame(share=1.0, is_light=True, by_mass=False)
    fitted = fit_drawing(stroke(10, 50, 30, 34), ImageShape(3, 16), light)
    assert fitted.shape == (3, 16, 16)
    assert fitted[:, 0, 0].tolist() == [255, 255, 255]
    assert fitted.min() < 60


def test_nothing_drawn_stays_nothing() -> None:
    assert fit_drawing(np.zeros((64, 64), np.uint8), GREY_28, MNIST).max() == 0


def test_habits_are_found_in_the_images() -> None:
    images_NCHW = np.zeros((40, 1, 28, 28), np.uint8)
    random = np.random.default_rng(0)
    for image in images_NCHW:
        ink = stroke(5, 55, 10, int(random.integers(20, 30)))
        ink[5:15, 10:50] = 255
        image[:] = fit_drawing(ink, GREY_28, MNIST)
    found = frame_of(images_NCHW)
    assert found is not None
    assert found.share == pytest.approx(20 / 28)
    assert (found.is_light, found.by_mass) == (False, True)
    turned = frame_of(255 - images_NCHW)
    assert turned is not None
    assert turned.is_light
    assert frame_of(random.integers(0, 256, (40, 3, 28, 28), dtype=np.uint8)) is None


def test_the_built_in_digits_fill_their_square() -> None:
    found = frame_of(load_images("digits").train_NCHW)
    assert found is not None
    assert found.share == 1.0
    assert not found.is_light


def test_ink_on_paper_is_turned_and_framed() -> None:
    paper = np.full((1, 100, 160), 230, np.uint8)
    paper[0, 30:70, 60:70] = 20
    ink = ink_of(paper)
    assert ink is not None
    assert (ink[50, 65], ink[5, 5]) == (255, 0)
    fitted = fit_picture(paper, GREY_28, MNIST)[0]
    rows = np.flatnonzero(fitted.max(1) > 24)
    assert len(rows) == 20
    assert fitted[0].max() == 0


def test_photographs_keep_their_colours_and_lose_their_edges() -> None:
    random = np.random.default_rng(0)
    photograph = random.integers(0, 256, (3, 40, 80), dtype=np.uint8)
    assert ink_of(photograph) is None
    assert fit_picture(photograph, ImageShape(3, 32), None).shape == (3, 32, 32)
    middle = np.zeros((1, 40, 80), np.uint8)
    middle[0, :, 20:60] = 255
    assert fit_picture(middle, ImageShape(1, 8), None)[:, :, 1:-1].min() == 255
    assert fit_picture(photograph, ImageShape(1, 32), MNIST).shape == (1, 32, 32)


def test_a_wide_picture_lies_whole_on_the_pad() -> None:
    paper = np.full((1, 20, 80), 255, np.uint8)
    paper[0, 5:15, 2:78] = 0
    pad = fit_ground(paper, 64)
    assert pad[:20].max() == pad[-20:].max() == 0
    assert pad[32, 5] > 200


def test_reading_files(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((900, 300, 3), np.uint8)).save(tmp_path / "tall.png")
    assert read_own_picture(tmp_path / "tall.png").shape == (3, 512, 171)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"broken\.png cannot be read"):
        read_own_picture(tmp_path / "broken.png")
    with pytest.raises(DatasetError, match="There is no file"):
        read_own_picture(tmp_path / "none.png")
