"""Inception-v3 as torchvision has it, where its weights are on this computer already: nothing is downloaded here.

Its file is read as tensors alone (`weights_only`), so that it can run no code. Figures come near those of papers but
are not theirs, whose weights were converted from an older network.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from trainers.errors import LatentExplorerError
from trainers.features.extractor import FeatureExtractor
from trainers.images import ImageSet

SIDE: Final = 299
FEATURES: Final = 2048
FILE_NAME: Final = "inception_v3_google-0cc3c7bd.pth"
"""As torchvision names it in torch's folder of downloads."""


def weights_file() -> Path:
    """Where torchvision keeps the weights; the file need not exist."""
    return Path(torch.hub.get_dir()) / "checkpoints" / FILE_NAME


def is_on_this_computer() -> bool:
    """Whether the weights are here."""
    return weights_file().is_file()


def device() -> torch.device:
    """Where it computes: a CUDA GPU if there is one, as ten thousand images take minutes on a processor."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


class _Pooled(nn.Module):
    """What Inception-v3 says of an image before it decides: the average of its last maps, (N, 2048)."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels_NCHW: Tensor) -> Tensor:
        """Features of images, (N, 3, 299, 299) in [0, 1]."""
        return self.network(2.0 * pixels_NCHW - 1.0)


def inception_features(images: ImageSet, pulse: Callable[[], None]) -> FeatureExtractor:
    """The extractor, for images of any kind.

    Raises:
        LatentExplorerError: The weights are not here, or cannot be used.
    """
    del images
    pulse()
    return FeatureExtractor(
        name="Inception-v3 of torchvision",
        size=FEATURES,
        channels=3,
        side=SIDE,
        inner=SIDE,
        chunk=50,
        network=_inception(weights_file()),
    )


@cache
def _inception(path: Path) -> nn.Module:
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, aux_logits=True, transform_input=False, init_weights=False)
    try:
        weights: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(weights)
    except Exception as error:  # torch names no common error for a file that is cut, foreign or missing
        raise LatentExplorerError(
            f"{path} cannot be read as Inception-v3 ({error.__class__.__name__}); delete it and let torchvision fetch"
            " it again, or choose other features."
        ) from error
    network.fc = nn.Identity()  # type: ignore[assignment] - the layer that would name a class
    return _Pooled(network.eval().requires_grad_(requires_grad=False)).to(device())
