"""Figures on held-out images, the same for every family as far as it has them."""

from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy

from trainers.models.family import Family
from trainers.seeds import generator_for

CHUNK: Final = 1000


def evaluate(model: Family, images_NCHW: Tensor) -> dict[str, float]:
    """Means over held-out images, uint8 (N, C, H, W) on the model's device.

    Returns:
        "reconstruction_mse": mean squared error per pixel, of decode(encode(x)), pixels in [0, 1];
        "reconstruction_bce": cross-entropy of the same in nats per image;
        "elbo" and "kl": in nats per image with one posterior sample, for families that have a posterior.
    """
    sums: dict[str, Tensor] = {}
    generator = generator_for(0, "evaluation")
    with torch.inference_mode():
        for part in images_NCHW.split(CHUNK):
            pixels_NCHW = part.float() / 255.0
            draws = {name: value.to(part.device) for name, value in model.draw(len(part), generator).items()}
            means_NCHW = model.decode(model.encode(pixels_NCHW))
            terms_N = {
                "reconstruction_mse": (means_NCHW - pixels_NCHW).square().flatten(1).mean(1),
                "reconstruction_bce": binary_cross_entropy(means_NCHW, pixels_NCHW, reduction="none").flatten(1).sum(1),
                **model.bound(pixels_NCHW, draws),
            }
            for name, value_N in terms_N.items():
                sums[name] = sums.get(name, torch.zeros((), dtype=torch.float64)) + value_N.cpu().double().sum()
    return {name: float(total) / len(images_NCHW) for name, total in sums.items()}
