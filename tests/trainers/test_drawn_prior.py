"""A drawn prior is what the picture says: as text, in its samples, in its density, and from a file."""

import base64
import math
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image
from scipy import stats

from main import main
from tests.trainers.test_priors import is_inside
from tests.trainers.tiny_runs import loss_rows, run_of
from trainers.checkpoint import load, save
from trainers.drawing_file import read_drawing
from trainers.errors import DatasetError, RecipeError
from trainers.priors.drawing import (
    LONGEST,
    PIXEL,
    REACH,
    SIDE,
    Drawing,
    decode_drawing,
    drawing_problem,
    drawn_codes,
    encode_drawing,
    heart,
    inked_pixels,
)
from trainers.priors.drawn import Drawn
from trainers.priors.outline import level_that_holds, outlines
from trainers.recipe import Recipe

BLANK = np.zeros((SIDE, SIDE), np.uint8)


def three_blots() -> Drawing:
    """A heavy blot at the upper left, a light one at the lower right, and a single pixel in the right upper corner."""
    drawing = BLANK.copy()
    drawing[10:16, 8:14] = 200
    drawing[40:50, 45:50] = 40
    drawing[0, SIDE - 1] = 255
    return drawing


def noise(count: int) -> torch.Tensor:
    return torch.rand(count, 3, generator=torch.Generator().manual_seed(3))


def pixels_of(codes_N2: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
    """How many codes lie in each pixel."""
    rows, columns = (REACH - codes_N2[:, 1]) / PIXEL, (codes_N2[:, 0] + REACH) / PIXEL
    counts_HW, _, _ = np.histogram2d(rows, columns, bins=SIDE, range=[[0, SIDE], [0, SIDE]])
    return counts_HW.astype(np.int64)


def test_text_round_trip() -> None:
    every_byte = np.arange(SIDE * SIDE).reshape(SIDE, SIDE).astype(np.uint8)
    hard = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    for drawing in (three_blots(), heart(), every_byte, hard):
        text = encode_drawing(drawing)
        assert text.isascii()
        assert len(text) < LONGEST
        np.testing.assert_array_equal(decode_drawing(text), drawing)
        assert drawing_problem(text) is None
    np.testing.assert_array_equal(decode_drawing(""), heart())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hello", "cannot be read"),
        ("ünïcode", "cannot be read"),
        (base64.b64encode(b"no zlib").decode(), "cannot be read"),
        (base64.b64encode(zlib.compress(b"short")).decode(), "is not 64 by 64 pixels"),
        (base64.b64encode(zlib.compress(bytes(10**7))).decode(), "is not 64 by 64 pixels"),
        (base64.b64encode(zlib.compress(b"\1" * 4096)[:-6]).decode(), "is not 64 by 64 pixels"),
        (base64.b64encode(zlib.compress(b"\1" * 4096) + b"more").decode(), "is not 64 by 64 pixels"),
        ("A" * (LONGEST + 1), "characters long"),
        (encode_drawing(BLANK), "Nothing is drawn"),
    ],
)
def test_text_that_is_no_drawing(text: str, sentence: str) -> None:
    with pytest.raises(RecipeError, match=sentence) as caught:
        Recipe(family="aae", prior="drawn", prior_picture=text)
    assert set(caught.value.problems) == {"prior_picture"}
    assert len(str(caught.value)) < 200


def test_pixels_are_chosen_as_often_as_they_are_dense() -> None:
    drawing = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE), dtype=np.uint8)
    drawing[drawing < 60] = 0
    prior, count = Drawn(2, drawing), 2**18
    unblurred = noise(count)
    unblurred[:, :2] = 0.5  # the middle of the pixel
    counts_HW = pixels_of(prior.sample(unblurred).numpy())
    assert counts_HW[drawing == 0].sum() == 0
    expected_P = drawing[drawing > 0] * (count / drawing.sum())
    assert stats.chisquare(counts_HW[drawing > 0], expected_P).pvalue > 1e-3
    uneven = Drawn(2, (drawing // 2 + 60).astype(np.uint8))
    counts_HW = pixels_of(uneven.sample(unblurred).numpy())
    assert stats.chisquare(counts_HW[drawing > 0], expected_P * counts_HW[drawing > 0].sum() / count).pvalue < 1e-6


def test_rows_go_down_and_columns_to_the_right() -> None:
    codes_N2 = Drawn(2, three_blots()).sample(noise(20_000)).numpy()
    upper_left = (codes_N2[:, 0] < 0) & (codes_N2[:, 1] > 0)
    lower_right = (codes_N2[:, 0] > 0) & (codes_N2[:, 1] < 0)
    heavy, light, single = 36 * 200, 50 * 40, 255
    whole = heavy + light + single
    assert upper_left.mean() == pytest.approx(heavy / whole, abs=0.015)
    assert lower_right.mean() == pytest.approx(light / whole, abs=0.015)
    corner = (codes_N2 > REACH - 5 * PIXEL).all(1)
    assert corner.mean() == pytest.approx(single / whole, abs=0.01)
    np.testing.assert_allclose(codes_N2[corner].std(0), PIXEL, rtol=0.1)


def test_density_is_that_of_scipy() -> None:
    drawing = three_blots()
    middle_P2, ink_P = inked_pixels(drawing)
    codes_N2 = np.random.default_rng(2).uniform(-4, 4, (300, 2))
    each_NP = np.stack([stats.multivariate_normal(m, PIXEL**2).pdf(codes_N2) for m in middle_P2], axis=1)
    density_N = each_NP @ (ink_P / ink_P.sum())
    ours_N = Drawn(2, drawing).log_prob(torch.from_numpy(codes_N2)).numpy()
    seen_N = density_N > 1e-250
    assert seen_N.sum() > 50
    np.testing.assert_allclose(ours_N[seen_N], np.log(density_N[seen_N]), rtol=1e-5)
    assert np.isfinite(ours_N).all(), "also where scipy's is 0"


def test_density_of_many_codes_is_that_of_each() -> None:
    prior = Drawn(2, three_blots())
    codes_N2 = prior.sample(noise(5000))
    torch.testing.assert_close(prior.log_prob(codes_N2)[4090:4100], prior.log_prob(codes_N2[4090:4100]))


def test_codes_without_torch_are_the_same() -> None:
    noise_NK = noise(2000)
    normal_N2 = stats.norm.ppf(noise_NK[:, :2].double().numpy())
    ours_N2 = drawn_codes(three_blots(), noise_NK[:, 2].double().numpy(), normal_N2)
    np.testing.assert_allclose(ours_N2, Drawn(2, three_blots()).sample(noise_NK.double()).numpy(), atol=1e-5)
    assert drawn_codes(BLANK, np.zeros(3), np.zeros((3, 2))).shape == (0, 2)


@pytest.mark.parametrize("drawing", [heart(), three_blots(), np.full((SIDE, SIDE), 9, np.uint8)])
def test_outline_holds_what_it_states(drawing: Drawing) -> None:
    prior = Drawn(2, drawing)
    codes_N2 = prior.sample(noise(4000)).numpy()
    inside_N = np.zeros(4000, bool)
    for line_M2 in prior.contours():
        np.testing.assert_array_equal(line_M2[0], line_M2[-1])
        inside_N ^= is_inside(codes_N2, line_M2)  # a line within another is a hole
    assert 0.87 < inside_N.mean() <= 1


def test_outline_of_a_ring_has_two_lines() -> None:
    row, column = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    radius = np.hypot(row, column) * PIXEL
    drawing = np.where(np.abs(radius - 2) < 0.4, 255, 0).astype(np.uint8)
    lines = Drawn(2, drawing).contours()
    radii = sorted(float(np.linalg.norm(line_M2, axis=1).mean()) for line_M2 in lines)
    assert radii == pytest.approx([1.6, 2.4], abs=0.08)


def test_outlines_follow_a_cone_and_turn_around_high_ground() -> None:
    row, column = np.mgrid[:41, :41] - 20.0
    (line_M2,) = outlines(20 - np.hypot(row, column), 8.3)
    np.testing.assert_allclose(np.linalg.norm(line_M2 - 20, axis=1), 11.7, atol=0.03)
    x, y = (line_M2 - 20).T
    area = 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))
    assert abs(area) == pytest.approx(math.pi * 11.7**2, rel=0.01)


@pytest.mark.parametrize("middle", [0.0, 1.0])
def test_every_pattern_of_high_and_low_gives_closed_lines(middle: float) -> None:
    heights_HW = np.zeros((42, 42))
    heights_HW[1:-1, 1:-1] = np.random.default_rng(0).uniform(size=(40, 40)) ** (1 + middle)
    for line_M2 in outlines(heights_HW, 0.5):
        assert len(line_M2) >= 4
        np.testing.assert_array_equal(line_M2[0], line_M2[-1])
        assert np.abs(np.diff(line_M2, axis=0)).max() <= 1
    assert outlines(heights_HW, 2.0) == ()


def test_the_level_holds_the_share() -> None:
    heights = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert [level_that_holds(heights, share) for share in (0.3, 0.65, 0.85, 1.0)] == [4.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize("family", ["vae", "aae"])
def test_a_drawing_is_saved_in_the_recipe_and_with_the_model(family: str, tmp_path: Path) -> None:
    recipe = Recipe(family=family, prior="drawn", prior_picture=encode_drawing(three_blots()), batch_size=32)
    assert Recipe.from_json(recipe.to_json()) == recipe
    run = run_of(recipe, steps=3)
    save(run, tmp_path / "a.safetensors")
    back = load(tmp_path / "a.safetensors", device="cpu", images=run.images)
    assert back.recipe == recipe
    np.testing.assert_array_equal(back.snapshot().prior_codes_ND, run.snapshot().prior_codes_ND)
    run.step()
    back.step()
    assert loss_rows(back) == loss_rows(run)
    assert not any(name.startswith("prior") for name in run.model.state_dict()), "the recipe has it already"


def write_picture(path: Path, mode: str = "L", size: tuple[int, int] = (200, 100)) -> Path:
    """Dark on the left, light on the right."""
    ramp = np.tile(np.linspace(40, 220, size[0]).astype(np.uint8), (size[1], 1))
    Image.fromarray(ramp).convert(mode).save(path)
    return path


@pytest.mark.parametrize(("name", "mode"), [("a.png", "L"), ("a.png", "RGBA"), ("a.jpg", "RGB"), ("a.bmp", "L")])
def test_dark_places_of_a_picture_are_dense(tmp_path: Path, name: str, mode: str) -> None:
    path = write_picture(tmp_path / name, mode)
    drawing = read_drawing(path)
    assert drawing.shape == (SIDE, SIDE)
    assert drawing.dtype == np.uint8
    assert drawing[:16].max() == drawing[-16:].max() == 0, "fitted in whole, nothing beside it"
    middle_W = drawing[16:48].mean(0)
    assert middle_W[0] > 245
    assert middle_W[-1] < 10
    assert (np.diff(middle_W) <= 1).all()
    inverted = read_drawing(path, inverted=True)
    np.testing.assert_allclose(inverted[16:48].mean(0), middle_W[::-1], atol=6)
    assert inverted[:16].max() == 0


def test_transparent_paper_is_empty(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64, 4), np.uint8)
    pixels[20:40, 30:50, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_drawing(tmp_path / "a.png") > 0, pixels[:, :, 3] > 0)


def test_pictures_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="There is no file"):
        read_drawing(tmp_path / "none.png")
    (tmp_path / "words.png").write_text("no picture")
    with pytest.raises(DatasetError, match=r"words.png cannot be read as a picture"):
        read_drawing(tmp_path / "words.png")
    Image.new("L", (20, 20), 90).save(tmp_path / "plain.png")
    with pytest.raises(DatasetError, match="of one grey all over"):
        read_drawing(tmp_path / "plain.png")


def test_the_command_line_takes_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture, out = write_picture(tmp_path / "a.png"), tmp_path / "a.safetensors"
    words = ["train", "--family", "aae", "--prior", "drawn", "--prior-picture", str(picture), "--out", str(out)]
    assert main([*words, "--epochs", "1", "--batch-size", "700", "--device", "cpu"]) == 0
    np.testing.assert_array_equal(decode_drawing(load(out, device="cpu").recipe.prior_picture), read_drawing(picture))
    assert main([*words, "--prior-picture-inverted", "--epochs", "1", "--batch-size", "700", "--device", "cpu"]) == 0
    inverted = read_drawing(picture, inverted=True)
    np.testing.assert_array_equal(decode_drawing(load(out, device="cpu").recipe.prior_picture), inverted)
    capsys.readouterr()
    assert main(["train", "--prior-picture", str(tmp_path / "none.png"), "--out", str(out)]) == 2
    assert "--prior-picture: There is no file" in capsys.readouterr().err
