"""The latent priors: one file each, one line here.

Map: `prior` says what each prior offers, and holds the maps from noise that several share; `drawing` is the picture
behind the drawn one, and `outline` finds the lines around it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.priors.prior import Prior


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorListing(Listing):
    """A latent prior.

    Attributes:
        planar: Whether it exists in two dimensions only.
        learned: Whether it has weights, which a likelihood must train.
        parts: Into how many equally likely parts it falls, one of which can be asked for; 0 for none.
        settings: The recipe's fields that matter with this prior alone.
    """

    planar: bool = False
    learned: bool = False
    parts: int = 0
    settings: tuple[str, ...] = ()

    if TYPE_CHECKING:

        def load(self) -> type[Prior]:
            """Import and return the class of the prior."""
            ...


PRIORS: dict[str, PriorListing] = {
    "gaussian": PriorListing(
        label="Gaussian",
        title="Standard Gaussian",
        summary="N(0, I), the prior of the VAE.",
        target="trainers.priors.gaussian:Gaussian",
    ),
    "square": PriorListing(
        label="Uniform square",
        title="Uniform square",
        summary="Every place of a square is equally likely, with unit variance along each axis.",
        target="trainers.priors.square:Square",
    ),
    "disc": PriorListing(
        label="Uniform disc",
        title="Uniform disc",
        summary="Every place of a disc is equally likely.",
        target="trainers.priors.disc:Disc",
    ),
    "ring": PriorListing(
        label="Ring",
        title="Ring",
        summary="A circle with a little Gaussian width: a prior with a hole.",
        target="trainers.priors.ring:Ring",
    ),
    "mixture": PriorListing(
        label="Ten Gaussians",
        title="Mixture of ten Gaussians",
        summary="Ten elongated Gaussians arranged as petals (Makhzani et al. 2016, figure 4).",
        target="trainers.priors.mixture:Mixture",
        planar=True,
        parts=10,
        settings=("prior_labels",),
    ),
    "swiss-roll": PriorListing(
        label="Swiss roll",
        title="Swiss roll",
        summary="A spiral band (Makhzani et al. 2016, figure 4).",
        target="trainers.priors.swiss_roll:SwissRoll",
        planar=True,
        parts=10,
        settings=("prior_labels",),
    ),
    "drawn": PriorListing(
        label="Drawn",
        title="Drawn by hand",
        summary="Whatever is drawn with the mouse or taken from a picture, blurred by one of its 64 × 64 pixels.",
        target="trainers.priors.drawn:Drawn",
        planar=True,
        settings=("prior_picture",),
    ),
    "learned-mixture": PriorListing(
        label="Learned mixture",
        title="Learned mixture of Gaussians",
        summary="Twenty Gaussians whose places, widths and weights are learned with the model"
        " (Tomczak & Welling 2018).",
        target="trainers.priors.learned_mixture:LearnedMixture",
        learned=True,
    ),
}
