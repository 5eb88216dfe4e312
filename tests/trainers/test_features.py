"""What describes images for metrics: which source is chosen, how images are fitted to it, and that it knows its job."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from tests.trainers.tiny_runs import digits, noise_images
from trainers.errors import Cancelled, LatentExplorerError
from trainers.features import FEATURES
from trainers.features.choosing import choose_features, extractor_for
from trainers.features.digit_network import digit_features, digit_network
from trainers.features.extractor import FeatureExtractor
from trainers.features.inception import FILE_NAME, is_on_this_computer
from trainers.features.label_network import label_features
from trainers.features.network import accuracy
from trainers.images import ImageSet


def images_like(name: str, channels: int, size: int, classes: int) -> ImageSet:
    images = noise_images(channels, size, count=2 * classes)
    labels = np.arange(2 * classes, dtype=np.int64) % classes
    return ImageSet(
        name=name,
        train_NCHW=images.train_NCHW,
        train_labels_N=labels,
        test_NCHW=images.test_NCHW,
        test_labels_N=labels,
        class_names=tuple(f"class {index}" for index in range(classes)),
    )


def no_pulse() -> None:
    """Go on."""


def fitting(channels: int, side: int, inner: int) -> FeatureExtractor:
    """An extractor whose features are the pixels that its network is given."""
    return FeatureExtractor(
        name="pixels", size=channels * side * side, channels=channels, side=side, inner=inner, network=nn.Flatten()
    )


@pytest.mark.parametrize(
    ("images", "inception_here", "expected"),
    [
        (images_like("digits", 1, 8, 10), True, "digits"),
        (images_like("mnist", 1, 28, 10), False, "digits"),
        (images_like("fashion-mnist", 1, 28, 10), True, "labels"),
        (images_like("cifar10", 3, 32, 10), True, "labels"),
        (images_like("/photographs", 3, 64, 1), True, "inception"),
        (images_like("/photographs", 3, 64, 1), False, "untrained"),
    ],
    ids=lambda value: value.name if isinstance(value, ImageSet) else None,
)
def test_features_suit_the_images(images: ImageSet, inception_here: bool, expected: str) -> None:
    source, reason = choose_features(images, inception_here=inception_here, gpu_here=True)
    assert source == expected
    assert reason.endswith(".")


def test_inception_is_not_chosen_where_it_would_take_minutes() -> None:
    source, reason = choose_features(noise_images(3, 64), inception_here=True, gpu_here=False)
    assert source == "untrained"
    assert "no GPU" in reason
    assert choose_features(noise_images(3, 64), "inception", inception_here=True, gpu_here=False)[0] == "inception"


def test_features_asked_for_are_taken() -> None:
    assert choose_features(images_like("mnist", 1, 28, 10), "labels")[0] == "labels"


@pytest.mark.parametrize(
    ("wanted", "said"), [("vgg", "choose auto, digits"), ("labels", "has no labels"), ("inception", "inception_v3")]
)
def test_features_that_cannot_be_had_are_explained(wanted: str, said: str) -> None:
    with pytest.raises(LatentExplorerError, match=said):
        choose_features(noise_images(1, 28), wanted, inception_here=False)


def test_the_shipped_network_knows_digits_that_it_was_not_trained_on() -> None:
    images = digits()
    fitted_NP = fitting(1, 28, digit_features(images, no_pulse).inner).features(torch.tensor(images.test_NCHW))
    as_bytes_NCHW = (255 * fitted_NP).round().to(torch.uint8).view(-1, 1, 28, 28)
    assert accuracy(digit_network(), as_bytes_NCHW, torch.tensor(images.test_labels_N)) > 0.9


@pytest.mark.parametrize("source", [name for name in FEATURES if name not in ("labels", "inception")])
@pytest.mark.parametrize(("channels", "size"), [(1, 8), (1, 28), (3, 64)])
def test_every_image_gets_its_row(source: str, channels: int, size: int) -> None:
    images = noise_images(channels, size)
    extractor = extractor_for(images, source)
    rows_NF = extractor.features(torch.tensor(images.test_NCHW))
    assert rows_NF.shape == (8, extractor.size)
    assert rows_NF.dtype == torch.float32
    assert len(torch.unique(rows_NF, dim=0)) == 8
    torch.testing.assert_close(extractor.features(torch.tensor(images.test_NCHW[3:5])), rows_NF[3:5])


def test_images_are_resized_into_the_middle_of_a_black_frame() -> None:
    white_NCHW = torch.full((2, 1, 8, 8), 255, dtype=torch.uint8)
    fitted_NHW = fitting(1, 28, 20).features(white_NCHW).view(2, 28, 28)
    assert fitted_NHW[:, 4:24, 4:24].eq(1).all()
    assert fitted_NHW.sum() == 2 * 20 * 20


def test_colours_become_grey_by_their_brightness_and_grey_becomes_colour() -> None:
    red_NCHW = torch.zeros(1, 3, 28, 28, dtype=torch.uint8)
    red_NCHW[:, 0] = 255
    assert fitting(1, 28, 28).features(red_NCHW) == pytest.approx(0.299)
    grey_NCHW = torch.tensor(noise_images(1, 28, count=1).test_NCHW)
    red_HW, green_HW, blue_HW = fitting(3, 28, 28).features(grey_NCHW).view(3, 28, 28)
    assert red_HW.equal(green_HW)
    assert red_HW.equal(blue_HW)
    assert red_HW.equal(grey_NCHW[0, 0] / 255)


def test_a_network_learns_the_labels_and_says_how_well() -> None:
    state = torch.random.get_rng_state()
    one = label_features(digits(), no_pulse, steps=40)
    assert int(one.name.split()[-2].rstrip("%")) > 70
    test_NCHW = torch.tensor(digits().test_NCHW)
    other = label_features(digits(), no_pulse, steps=40)
    assert one.features(test_NCHW).equal(other.features(test_NCHW)), "equal images give equal networks"
    assert torch.random.get_rng_state().equal(state), "nobody else's random numbers were taken"


def test_the_training_of_a_network_can_be_ended() -> None:
    steps_left = iter(range(5))

    def pulse() -> None:
        if next(steps_left, None) is None:
            raise Cancelled

    with pytest.raises(Cancelled):
        label_features(digits(), pulse)


def test_an_extractor_is_made_once_for_a_set() -> None:
    images, others = noise_images(1, 28), noise_images(1, 28)
    assert extractor_for(images, "untrained").network is extractor_for(images, "untrained").network
    assert extractor_for(images, "untrained").network is not extractor_for(others, "untrained").network


def test_inception_is_used_where_torchvision_has_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.models import Inception_V3_Weights, inception_v3

    assert Inception_V3_Weights.DEFAULT.url.endswith(FILE_NAME)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    assert not is_on_this_computer()
    images = images_like("/photographs", 3, 16, 1)
    place = tmp_path / "hub" / "checkpoints" / FILE_NAME
    place.parent.mkdir(parents=True)
    place.write_bytes(b"cut")
    with pytest.raises(LatentExplorerError, match="cannot be read as Inception-v3"):
        extractor_for(images, "inception")
    torch.save(inception_v3(weights=None, init_weights=False).state_dict(), place)
    extractor = extractor_for(images, "inception")
    assert "Inception" in extractor.name
    rows_NF = extractor.features(torch.tensor(images.test_NCHW))
    assert rows_NF.shape == (2, 2048)
    assert rows_NF.isfinite().all()
