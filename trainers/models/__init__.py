"""The families of models: one file each, one line here.

Map: `family` says what each family offers; `networks` and `likelihoods` are what they share.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.models.family import Family


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyListing(Listing):
    """A family of models.

    Attributes:
        settings: The recipe's fields that this family reads beyond those that all families read.
        priors: Names of the priors that it can be trained towards; all that are fixed when empty.
        priors_wanted: What such a prior must be, as in "wants a prior …".
        paper: Where it was described.
    """

    settings: tuple[str, ...] = ()
    priors: tuple[str, ...] = ()
    priors_wanted: str = "that is fixed"
    paper: str

    if TYPE_CHECKING:

        def load(self) -> type[Family]:
            """Import and return the class of the family."""
            ...


FAMILIES: dict[str, FamilyListing] = {
    "ae": FamilyListing(
        label="AE",
        title="Autoencoder",
        summary="Compresses each image to a code and back; nothing says where the codes should lie.",
        target="trainers.models.autoencoder:Autoencoder",
        paper="Hinton & Salakhutdinov 2006",
    ),
    "vae": FamilyListing(
        label="VAE",
        title="Variational autoencoder",
        summary="Codes are noisy, and a KL term draws each posterior towards the prior.",
        target="trainers.models.variational:VariationalAutoencoder",
        settings=("prior", "prior_picture", "beta", "kl_warmup"),
        priors=("gaussian", "ring", "mixture", "drawn", "learned-mixture"),
        priors_wanted="whose density is known and nowhere 0",
        paper="Kingma & Welling 2014",
    ),
    "aae": FamilyListing(
        label="AAE",
        title="Adversarial autoencoder",
        summary="A discriminator pushes the codes to look like samples of any chosen prior.",
        target="trainers.models.adversarial:AdversarialAutoencoder",
        settings=("prior", "prior_picture", "prior_labels", "adversarial_weight", "adversarial_updates"),
        paper="Makhzani et al. 2016",
    ),
}
