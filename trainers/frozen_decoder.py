"""A copy of a decoder as it was at one moment, for whoever wants images without asking the model in training."""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor

from trainers.messages import Floats, Pixels, read_only
from trainers.models.family import Family

CHUNK = 256


class FrozenDecoder:
    """Decodes on the CPU, whatever the device of the model: a GPU at work would let the mouse wait.

    Copying costs the training thread less than a millisecond for small models.
    """

    def __init__(self, model: Family) -> None:
        self._decoder = deepcopy(model.decoder).to("cpu").requires_grad_(requires_grad=False)
        self._likelihood = deepcopy(model.likelihood).to("cpu").requires_grad_(requires_grad=False)

    def decode(self, codes_ND: Floats) -> Pixels:
        """Decode codes, float32 (N, D), to images, uint8 (N, C, H, W), read-only."""
        codes = torch.tensor(np.asarray(codes_ND, dtype=np.float32))
        with torch.inference_mode():
            parts = [to_bytes(self._likelihood.mean(self._decoder(part))) for part in codes.split(CHUNK)]
        return read_only(torch.cat(parts).numpy())


def to_bytes(pixels: Tensor) -> Tensor:
    """Pixels in [0, 1] as uint8, rounded."""
    return (pixels * 255.0).round_().clamp_(0, 255).to(torch.uint8)
