"""A copy of a decoder as it was at one moment, for whoever wants images without asking the model in training."""

from copy import deepcopy
from threading import local

import numpy as np
import torch
from torch import Tensor, nn

from trainers.messages import Floats, Pixels, read_only
from trainers.models.family import Family

CHUNK = 256


class DecoderMould:
    """The structure of a model's decoder, for its frozen copies: weights are quick to copy, modules are not.

    Each thread that decodes gets modules of its own, which hold the weights that it has asked for last.
    """

    def __init__(self, model: Family) -> None:
        self._modules = _Decoding(model)
        self._form = deepcopy(self._modules).to("meta").requires_grad_(requires_grad=False)
        self._of_thread = local()

    def pour(self) -> "FrozenDecoder":
        """A copy of the decoder as it is now."""
        return FrozenDecoder(self, {name: _copied(value) for name, value in _named_tensors(self._modules)})

    def decode(self, weights: dict[str, Tensor], codes_ND: Tensor) -> Tensor:
        """Expected images, (N, C, H, W), of codes, (N, D), with these weights."""
        here = self._of_thread
        if not hasattr(here, "modules"):
            here.modules, here.weights = deepcopy(self._form), None
        if here.weights is not weights:
            here.modules.load_state_dict(weights, assign=True)
            here.weights = weights
        return here.modules(codes_ND)


class FrozenDecoder:
    """Decodes on the CPU, whatever the device of the model: a GPU at work would let the mouse wait.

    Made by `DecoderMould.pour`, which costs the training thread some tenths of a millisecond for small models.
    """

    def __init__(self, mould: DecoderMould, weights: dict[str, Tensor]) -> None:
        self._mould = mould
        self._weights = weights

    def decode(self, codes_ND: Floats) -> Pixels:
        """Decode codes, float32 (N, D), to images, uint8 (N, C, H, W), read-only."""
        codes = torch.tensor(np.asarray(codes_ND, dtype=np.float32))
        with torch.inference_mode():
            parts = [to_bytes(self._mould.decode(self._weights, part)) for part in codes.split(CHUNK)]
        return read_only(torch.cat(parts).numpy())


def to_bytes(pixels: Tensor) -> Tensor:
    """Pixels in [0, 1] as uint8, rounded."""
    return (pixels * 255.0).round_().clamp_(0, 255).to(torch.uint8)


class _Decoding(nn.Module):
    def __init__(self, model: Family) -> None:
        super().__init__()
        self.decoder = model.decoder
        self.likelihood = model.likelihood

    def forward(self, codes_ND: Tensor) -> Tensor:
        return self.likelihood.mean(self.decoder(codes_ND))


def _named_tensors(modules: nn.Module) -> list[tuple[str, Tensor]]:
    return [*modules.named_parameters(), *modules.named_buffers()]


def _copied(tensor: Tensor) -> Tensor:
    return tensor.detach().to("cpu", copy=True)
