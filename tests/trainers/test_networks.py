"""Every stack takes images of every allowed size to codes and back to the same shape."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from tests.trainers.tiny_runs import noise_images, run_of
from trainers.image_sizes import MAXIMUM_SIZE, MINIMUM_SIZE
from trainers.images import ImageShape
from trainers.models import FAMILIES
from trainers.models.networks import SMALLEST_MAP, build_decoder, build_encoder, map_sizes
from trainers.recipe import BACKBONES, Recipe


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("backbone", "sizes"),
    [
        ("mlp", (MINIMUM_SIZE, 33, 64)),
        ("convolutional", (*range(MINIMUM_SIZE, 68), MAXIMUM_SIZE - 1, MAXIMUM_SIZE)),
    ],
)
@torch.inference_mode()
def test_every_size_comes_back_as_it_went_in(backbone: str, sizes: tuple[int, ...], channels: int) -> None:
    for size in sizes:
        shape = ImageShape(channels, size)
        images_NCHW = torch.zeros(2, channels, size, size)
        codes = build_encoder(backbone, shape, 5)(images_NCHW)
        logits = build_decoder(backbone, shape, 3)(torch.zeros(2, 3))
        assert codes.shape == (2, 5), size
        assert logits.shape == images_NCHW.shape, size


def test_maps_are_halved_down_to_four_pixels() -> None:
    assert map_sizes(28) == [28, 14, 7, 4]
    assert map_sizes(33) == [33, 17, 9, 5]
    for size in range(MINIMUM_SIZE, MAXIMUM_SIZE + 1):
        sizes = map_sizes(size)
        assert SMALLEST_MAP <= sizes[-1] < 2 * SMALLEST_MAP
        assert all(small == -(-large // 2) for large, small in pairwise(sizes))


@pytest.mark.parametrize(
    ("backbone", "channels", "size"),
    [
        *(("mlp", channels, size) for channels in (1, 3) for size in (8, 28, 33)),
        *(("convolutional", channels, size) for channels in (1, 3) for size in (8, 28, 33, 128)),
    ],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_trains_on_every_shape(family: str, backbone: str, channels: int, size: int) -> None:
    recipe = Recipe(family=family, backbone=backbone, latent_dim=2, batch_size=2)
    images = noise_images(channels, size, count=4)
    run = run_of(recipe, images, steps=1)
    codes_ND = run.encode(images.test_NCHW)
    assert codes_ND.shape == (4, 2)
    decoded_NCHW = run.decode(codes_ND)
    assert decoded_NCHW.shape == images.test_NCHW.shape
    assert 0 <= decoded_NCHW.min() <= decoded_NCHW.max() <= 1
    assert {"reconstruction"} <= run.losses().terms.keys()
    assert run.snapshot().decoder.decode(codes_ND).shape == images.test_NCHW.shape


@pytest.mark.parametrize("backbone", BACKBONES)
def test_no_image_changes_the_code_of_another(backbone: str) -> None:
    run = run_of(Recipe(backbone=backbone))
    images_NCHW = run.images.test_NCHW
    together = run.encode(images_NCHW)
    alone = np.concatenate([run.encode(image_CHW[None]) for image_CHW in images_NCHW])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-6)
