"""What is said of these models in papers and lessons, held against the open ones: one claim a file, one line here.

Map: `verdict` is what comes out, `ruling` how figures with their spread lead to it, `bench` who is open and how it is
shown; `checking` asks some or all of the claims. `code_sources` is where codes to be decoded are taken from.

A claim follows the figures, also against what is said: each names in its first lines what it measures, and where it
draws its line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.claims.verdict import Verdict
    from trainers.comparison.contender import Contender


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimListing(Listing):
    """A claim; its target is a function from the open models to a `Verdict`.

    Attributes:
        statement: What is said, much as it is said.
        source: Where.
    """

    statement: str
    source: str

    if TYPE_CHECKING:

        def load(self) -> Callable[[Sequence[Contender]], Verdict]:
            """Import and return the function that checks the claim."""
            ...


_FOSTER = "Foster 2019, Generative Deep Learning, chapter 3"

CLAIMS: dict[str, ClaimListing] = {
    "ae-range": ClaimListing(
        label="Range and symmetry",
        title="An AE's codes have no fixed range and no symmetry",
        statement="The codes are not symmetrical about the origin, nor bounded: nothing says where they should lie, so"
        " it is not obvious how to choose a point to decode.",
        source=_FOSTER,
        summary="Measured by how far codes reach beside N(0, I), and how far they are from their own mirror image.",
        target="trainers.claims.ae_range:check",
    ),
    "ae-class-room": ClaimListing(
        label="Room for classes",
        title="An AE gives its classes very unequal room",
        statement="Some classes lie in a very small area and others in a much larger one; a point chosen at random is"
        " unlikely to be of the former.",
        source=_FOSTER,
        summary="Measured by the area of the largest class over that of the smallest.",
        target="trainers.claims.ae_class_room:check",
    ),
    "ae-empty-places": ClaimListing(
        label="Empty places",
        title="What an AE decodes from empty places is poor",
        statement="Between and around the codes are places that the decoder was never asked about, and what it makes of"
        " them is not well formed.",
        source=_FOSTER,
        summary="Measured by the Fréchet distance of images decoded there, beside that of decoded codes.",
        target="trainers.claims.ae_empty_places:check",
    ),
    "ae-not-generative": ClaimListing(
        label="No generative model",
        title="An AE is not a generative model",
        statement="An autoencoder has no distribution of codes to draw from: what it decodes from random ones does not"
        " look like the data.",
        source="Kingma & Welling 2019, An Introduction to Variational Autoencoders; Ghosh et al. 2020",
        summary="Measured by coverage and Fréchet distance of images decoded from N(0, I) and from the codes' own box.",
        target="trainers.claims.ae_not_generative:check",
    ),
    "ae-fitted-density": ClaimListing(
        label="Density fitted afterwards",
        title="With a density fitted to its codes, an AE becomes a generative model",
        statement="A density that is fitted to the codes after training gives a deterministic autoencoder samples as"
        " good as a VAE's, or better.",
        source="Ghosh et al. 2020, From Variational to Deterministic Autoencoders, section 4",
        summary="Measured by the Fréchet distance of images decoded from a mixture of Gaussians fitted to the codes.",
        target="trainers.claims.ae_fitted_density:check",
    ),
    "vae-noise": ClaimListing(
        label="Width and bits",
        title="The wider a VAE's posterior, the fewer bits pass through",
        statement="The posteriors are noisy channels: their capacity falls as their variance grows, and neighbouring"
        " images are confused.",
        source="Burgess et al. 2018, Understanding disentangling in β-VAE, sections 4.1 and 4.2",
        summary="Measured by the bits that tell an image from all others when the noise is halved or doubled.",
        target="trainers.claims.vae_noise:check",
    ),
    "vae-aggregate": ClaimListing(
        label="Codes like the prior",
        title="A VAE's codes together are near N(0, I)",
        statement="The KL term draws the posteriors to the prior, so that codes drawn from N(0, I) fall where the"
        " decoder has learned to decode.",
        source="Kingma & Welling 2014; Hoffman & Johnson 2016, ELBO surgery",
        summary="Measured by the sliced Wasserstein distance to the prior, and by a classifier's attempt to tell them.",
        target="trainers.claims.vae_aggregate:check",
    ),
    "squared-error-blurs": ClaimListing(
        label="Squared error and blur",
        title="Squared error makes a VAE's images blurred",
        statement="Under a Gaussian likelihood of fixed width the best image is a mean of all that are likely, and a"
        " mean is blurred.",
        source="Larsen et al. 2016, Autoencoding beyond pixels; Rybkin et al. 2021",
        summary="Measured by the sharpness of reconstructions under squared error and under another likelihood.",
        target="trainers.claims.squared_error_blurs:check",
    ),
    "aae-fills-prior": ClaimListing(
        label="Filling the prior",
        title="An AAE's codes fill its prior, whatever its shape",
        statement="The adversary matches the codes to any prior that can be sampled, so that every part of it decodes"
        " to something meaningful.",
        source="Makhzani et al. 2016, Adversarial Autoencoders, abstract and section 2",
        summary="Measured by the sliced Wasserstein distance to the prior and by the share of it that codes reach.",
        target="trainers.claims.aae_fills_prior:check",
    ),
    "aae-against-vae": ClaimListing(
        label="AAE against VAE",
        title="An AAE makes better images than a VAE",
        statement="As the adversary leaves no gaps in the codes, where a KL term does, an AAE's new images are better.",
        source="Makhzani et al. 2016, section 2.1, and lessons after it",
        summary="Measured by Fréchet distance and coverage of new images, over three seeds or more.",
        target="trainers.claims.aae_against_vae:check",
    ),
}
