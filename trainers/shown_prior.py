"""What a snapshot shows of a model's prior."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Self

import torch

from trainers.messages import Floats, read_only
from trainers.priors.prior import Polyline, Prior
from trainers.seeds import generator_for

SAMPLES = 32


@dataclass(frozen=True, slots=True, eq=False)
class ShownPrior:
    """Samples and outline of a prior at one moment; those of a prior that does not learn stay as they are.

    Attributes:
        codes_ND: Samples, from noise that is the same for all priors of equal `latent_dim`; float32, read-only.
        contours: Outline on the plane, read-only polylines (M, 2); empty above two dimensions.
    """

    codes_ND: Floats
    contours: tuple[Polyline, ...]

    @classmethod
    def of(cls, prior: Prior) -> Self:
        """Look at a prior on any device."""
        copy = deepcopy(prior).to("cpu")
        noise_NK = torch.rand(SAMPLES, copy.noise_dim, generator=generator_for(0, "samples"))
        contours = copy.contours() if copy.latent_dim == 2 else ()
        return cls(read_only(copy.sample(noise_NK).numpy()), tuple(map(read_only, contours)))
