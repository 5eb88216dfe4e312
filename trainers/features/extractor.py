"""From images of any size and colour to one row of features each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.resizing import resize_images

_LUMA: Final = (0.299, 0.587, 0.114)  # ITU-R BT.601, as for "L" in Pillow


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FeatureExtractor:
    """A network, and how images are brought to what it takes.

    Images are resized as bytes, by the filter that sets are resized with, so that real and decoded ones are treated
    alike to the last bit: careless resizing alone can move a Fréchet distance (Parmar et al. 2022).

    Attributes:
        name: What a person calls it, to stand beside every figure.
        reason: Why it was chosen, in one sentence.
        size: How many features an image has, F.
        channels: Of the images that the network takes: 1 or 3.
        side: Of these, in pixels.
        inner: Side that images are resized to, in the middle of a black frame that is `side` wide; at most `side`.
        chunk: Images at a time.
        network: From images, float32 (N, channels, side, side) in [0, 1], to features, (N, F).
    """

    name: str
    size: int
    channels: int
    side: int
    inner: int
    network: nn.Module
    chunk: int = 500
    reason: str = ""

    def because(self, reason: str) -> Self:
        """The same extractor, chosen for a reason."""
        return replace(self, reason=reason)

    def features(self, images_NCHW: Tensor, pulse: Callable[[], None] = lambda: None) -> Tensor:
        """Features of images, uint8 (N, C, H, H) on the CPU, as float32 (N, F) on the CPU.

        Args:
            images_NCHW: Grey or RGB images of any size.
            pulse: Called between parts of the work; may raise.
        """
        rows: list[Tensor] = []
        device = next((parameter.device for parameter in self.network.parameters()), images_NCHW.device)
        for part_NCHW in images_NCHW.split(self.chunk):
            pulse()
            with torch.inference_mode():
                rows.append(self.network(self._fitted(part_NCHW).to(device)).cpu())
        return torch.cat(rows).clone()  # outside of inference mode: an ordinary tensor

    def _fitted(self, images_NCHW: Tensor) -> Tensor:
        """The images as the network takes them."""
        if images_NCHW.shape[2] != self.inner:
            resized = resize_images(images_NCHW.numpy(), self.inner, LoadingJob(label="images"))
            images_NCHW = torch.from_numpy(resized)
        pixels_NCHW = images_NCHW.float() / 255.0
        if pixels_NCHW.shape[1] == 3 and self.channels == 1:
            pixels_NCHW = (pixels_NCHW * torch.tensor(_LUMA).view(3, 1, 1)).sum(1, keepdim=True)
        left = (self.side - self.inner) // 2
        right = self.side - self.inner - left
        return pad(pixels_NCHW, (left, right, left, right)).expand(-1, self.channels, -1, -1)
