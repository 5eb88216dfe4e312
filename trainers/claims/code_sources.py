"""Where codes to be decoded can be taken from, and how good the images are that a model makes of them.

Every source gives as many codes as there are held-out images, from noise that is the same for every model. Quality is
the Fréchet distance to the held-out images in features; `share` is its ratio to that of decoded training codes, which
is what this decoder can do where it has learned to.
"""

import math
import warnings
from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from scipy.spatial import cKDTree
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from torch import Tensor

from trainers.claims.ruling import ratio
from trainers.metrics.evidence import Evidence
from trainers.metrics.feature_views import features_of
from trainers.metrics.figure import Figure
from trainers.metrics.frechet_distance import frechet_figure
from trainers.seeds import generator_for

EDGE: Final = 0.005
"""Share of the codes beyond each side of their box: some far ones would make it mostly empty."""
COMPONENTS: Final = 20
CODES_EACH: Final = 10
"""Codes that a component of the mixture has at least."""
FEWEST: Final = 64
FAR: Final = 0.99
"""A place is empty when it is farther from any training code than this share of the held-out codes are."""
_ATTEMPTS: Final = 30


def from_normal(evidence: Evidence) -> Tensor:
    """Samples of N(0, I)."""
    return torch.randn(evidence.count, evidence.latent_dim, generator=generator_for(0, "claims, N(0, I)"))


def from_box(evidence: Evidence) -> Tensor:
    """Places that are uniform over the box in which 99 % of the training codes lie along each axis."""
    return _in_box(evidence, evidence.count, 0)


def from_mixture(evidence: Evidence) -> Tensor:
    """Samples of a mixture of Gaussians fitted to the training codes."""
    codes_MD = evidence.training_codes_MD.double().numpy()
    components = max(1, min(COMPONENTS, len(codes_MD) // CODES_EACH))
    mixture = GaussianMixture(components, init_params="k-means++", random_state=0, max_iter=200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # nearly fitted is good enough to draw from
        mixture.fit(codes_MD)
    drawn_ND, _ = mixture.sample(evidence.count)
    # The samples come component by component; the first of them are to be a fair choice.
    order_N = torch.randperm(len(drawn_ND), generator=generator_for(0, "claims, order"))
    return torch.from_numpy(drawn_ND.astype(np.float32))[order_N]


def from_empty_places(evidence: Evidence) -> Tensor:
    """Places of the box that are empty: at most as many as there are held-out images, none where there are none."""
    tree = cKDTree(evidence.training_codes_MD.numpy())
    distance_N, _ = tree.query(evidence.codes_ND.numpy())
    limit = float(np.quantile(distance_N, FAR))
    found: list[Tensor] = []
    for attempt in range(_ATTEMPTS):
        evidence.pulse()
        places_ND = _in_box(evidence, evidence.count, 1 + attempt)
        far_N = tree.query(places_ND.numpy())[0] > limit
        found.append(places_ND[torch.from_numpy(far_N)])
        if sum(map(len, found)) >= evidence.count:
            break
    return torch.cat(found)[: evidence.count]


def _in_box(evidence: Evidence, count: int, moment: int) -> Tensor:
    codes_MD = evidence.training_codes_MD.numpy()
    low_D, high_D = torch.from_numpy(np.quantile(codes_MD, [EDGE, 1 - EDGE], axis=0).astype(np.float32))
    noise_ND = torch.rand(count, codes_MD.shape[1], generator=generator_for(0, "claims, box", moment))
    return low_D + (high_D - low_D) * noise_ND


Source = Callable[[Evidence], Tensor]

_NAMES: dict[Source, str] = {
    from_normal: "codes of N(0, I)",
    from_box: "codes of the box",
    from_mixture: "codes of the mixture",
    from_empty_places: "codes of empty places",
}


def codes_from(evidence: Evidence, source: Source) -> Tensor:
    """The codes of a source, kept with the features of the evidence's images."""
    return features_of(evidence).once(_NAMES[source], lambda: source(evidence))


def distance_of(evidence: Evidence, source: Source) -> Figure | None:
    """Fréchet distance of the decoded codes of a source; None where there are too few of them."""
    views = features_of(evidence)
    codes_ND = codes_from(evidence, source)
    if len(codes_ND) < min(FEWEST, evidence.count):
        return None

    def find() -> Figure:
        made_NF = views.of_codes(codes_ND)
        return _figure(made_NF, views.held_out_NF[: len(made_NF)], evidence)

    return views.once(f"distance, {_NAMES[source]}", find)


def distance_of_training(evidence: Evidence, count: int | None = None) -> Figure:
    """The same of decoded training codes, as many as there are held-out images or `count`."""
    views = features_of(evidence)
    count = min(len(views.decoded_training_MF), count or evidence.count)

    def find() -> Figure:
        return _figure(views.decoded_training_MF[:count], views.held_out_NF[:count], evidence)

    return views.once(f"distance, {count} decoded training codes", find)


def share(evidence: Evidence, source: Source) -> Figure | None:
    """Fréchet distance of a source over that of as many decoded training codes; None where there are too few."""
    distance = distance_of(evidence, source)
    if distance is None:
        return None
    known = distance_of_training(evidence, len(codes_from(evidence, source)))
    if not math.isfinite(distance.value) or known.resamples_R is None:
        return None
    return ratio(distance, known)


def _figure(made_NF: Tensor, real_NF: Tensor, evidence: Evidence) -> Figure:
    return frechet_figure(made_NF, real_NF, pulse=evidence.pulse, note=features_of(evidence).extractor.name)
