"""One model's images as rows of features: what all metrics of generation compare.

Shapes: N held-out images, M training images, S samples, F features. Decoded images are rounded to bytes first, as real
ones are, so that none is told by its finer shades.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import torch
from torch import Tensor

from trainers.features.choosing import AUTO, extractor_for
from trainers.features.extractor import FeatureExtractor
from trainers.features.kept_by_images import KeptByImages
from trainers.frozen_decoder import to_bytes
from trainers.metrics.evidence import CHUNK, Evidence
from trainers.metrics.neighbour_balls import neighbour_radii

Finding = TypeVar("Finding")


class _Findings:
    """What metrics found out about some images, for those that come after."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def once(self, name: str, find: Callable[[], Finding]) -> Finding:
        """What is known by this name, found now if nobody has yet."""
        if name not in self._found:
            self._found[name] = find()
        return self._found[name]


class Reference(_Findings):
    """Held-out images as features, and what is found out about them: the same for all models on these images."""

    def __init__(self, features_NF: Tensor) -> None:
        super().__init__()
        self.features_NF = features_NF

    def radii_N(self, neighbours: int, pulse: Callable[[], None]) -> Tensor:
        """Distance of each held-out image to its k-th nearest other, (N,)."""
        return self.once(f"radii of {neighbours}", lambda: neighbour_radii(self.features_NF, neighbours, pulse))


_REFERENCES = KeptByImages[Reference](most=2)


class FeatureViews(_Findings):
    """The features of one model's images, each kind computed once, when first asked for.

    Attributes:
        extractor: Where they come from; its name is to stand beside every figure.
    """

    def __init__(self, evidence: Evidence, wanted: str = AUTO) -> None:
        super().__init__()
        self._evidence = evidence
        self.extractor: FeatureExtractor = extractor_for(evidence.images, wanted, pulse=evidence.pulse)

    @cached_property
    def reference(self) -> Reference:
        """The held-out images, shared with other models."""
        evidence = self._evidence
        return _REFERENCES.get(
            evidence.images,
            (self.extractor.name, evidence.count),
            lambda: Reference(self.extractor.features(evidence.held_out_NCHW, evidence.pulse)),
        )

    @property
    def held_out_NF(self) -> Tensor:
        """Of the held-out images."""
        return self.reference.features_NF

    @cached_property
    def reconstructions_NF(self) -> Tensor:
        """Of what comes back of the held-out images."""
        return self.of(self._evidence.reconstructions_NCHW)

    @cached_property
    def decoded_training_MF(self) -> Tensor:
        """Of decoded codes of training images, as many as of the others where there are: it compares with them."""
        return self.of(self._evidence.decoded_training_MCHW[: self._evidence.count])

    @cached_property
    def samples_SF(self) -> Tensor:
        """Of decoded samples of the prior."""
        return self.of(self._evidence.samples_SCHW)

    def of(self, pixels_NCHW: Tensor) -> Tensor:
        """Of any images that the model made, float32 in [0, 1]."""
        return self.extractor.features(
            torch.cat([to_bytes(part_NCHW) for part_NCHW in pixels_NCHW.split(CHUNK)]), self._evidence.pulse
        )

    def of_codes(self, codes_ND: Tensor) -> Tensor:
        """Of decoded codes from anywhere, such as a box around them or a density fitted to them."""
        return self.of(self._evidence.in_chunks(self._evidence.model.decode, codes_ND))


_VIEWS: WeakKeyDictionary[Evidence, FeatureViews] = WeakKeyDictionary()


def features_of(evidence: Evidence, wanted: str | None = None) -> FeatureViews:
    """The features of one model's images; kept as long as the evidence is.

    Args:
        evidence: The model and its images.
        wanted: An entry of `FEATURES`, or "auto"; None for those that were wanted before, or "auto" the first time.

    Raises:
        LatentExplorerError: There are no such features, or not for these images.
    """
    views = _VIEWS.get(evidence)
    if views is None or wanted is not None:
        views = FeatureViews(evidence, wanted or AUTO)
        _VIEWS[evidence] = views
    return views
