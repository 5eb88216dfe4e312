"""The metrics: one file each, one line here.

Map: `evidence` is what all metrics of one model share; `figure` a number with its spread, and which of two is better;
`resampling` where spreads come from; `feature_views` images as rows of features, and `neighbour_balls` who lies near
whom there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.metrics.evidence import Evidence
    from trainers.metrics.figure import Better, Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricListing(Listing):
    """A metric; its target is a function from `Evidence` to a `Figure`, or None where `needs` is not met.

    Attributes:
        group: Which side of a model it looks at; an entry of `GROUPS`.
        unit: What it counts in, such as "nats per image"; empty for plain numbers.
        better: Which values are better; empty where none are.
        needs: What a model or a set of images must have for it, such as "a posterior"; empty when any will do.
        dear: Whether it takes too long to be had every epoch while training.
        paper: Where it was described.
    """

    group: str
    unit: str = ""
    better: "Better"
    needs: str = ""
    dear: bool = False
    paper: str = ""

    if TYPE_CHECKING:

        def load(self) -> Callable[[Evidence], Figure | None]:
            """Import and return the function of the metric."""
            ...


GROUPS: dict[str, str] = {
    "reconstruction": "What comes back of an image",
    "likelihood": "How probable held-out images are",
    "generation": "What new images are like",
    "latent": "How the codes lie",
}

POSTERIOR = "a posterior"
LABELS = "labels"

METRICS: dict[str, MetricListing] = {
    "squared-error": MetricListing(
        label="MSE",
        title="Squared error of reconstructions",
        summary="Mean squared difference between a held-out image and what comes back of it, per pixel.",
        target="trainers.metrics.squared_error:measure",
        group="reconstruction",
        unit="per pixel",
        better="lower",
    ),
    "cross-entropy": MetricListing(
        label="BCE",
        title="Cross-entropy of reconstructions",
        summary="Cross-entropy between a held-out image and what comes back of it, pixels read as probabilities.",
        target="trainers.metrics.cross_entropy:measure",
        group="reconstruction",
        unit="nats per image",
        better="lower",
        paper="Kingma & Welling 2014, appendix C.1",
    ),
    "sharpness-reconstructions": MetricListing(
        label="Sharpness, rec.",
        title="Sharpness of reconstructions",
        summary="Fine detail of reconstructions as a share of the images' own: 1 is as sharp, less is blurred.",
        target="trainers.metrics.sharpness:of_reconstructions",
        group="reconstruction",
        better="near 1",
        paper="Pech-Pacheco et al. 2000",
    ),
    "elbo": MetricListing(
        label="ELBO",
        title="Evidence lower bound",
        summary="A lower bound on the log-likelihood of held-out images.",
        target="trainers.metrics.evidence_lower_bound:bound",
        group="likelihood",
        unit="nats per image",
        better="higher",
        needs=POSTERIOR,
        paper="Kingma & Welling 2014, equation 3",
    ),
    "elbo-reconstruction": MetricListing(
        label="ELBO, rec.",
        title="Reconstruction term of the ELBO",
        summary="The part of the bound that says how well noisy codes reconstruct.",
        target="trainers.metrics.evidence_lower_bound:reconstruction",
        group="likelihood",
        unit="nats per image",
        better="higher",
        needs=POSTERIOR,
        paper="Kingma & Welling 2014, equation 3",
    ),
    "kl": MetricListing(
        label="KL",
        title="KL term of the ELBO",
        summary="What the codes say about an image: more is more information, and dearer to the bound.",
        target="trainers.metrics.evidence_lower_bound:kl",
        group="likelihood",
        unit="nats per image",
        better="",
        needs=POSTERIOR,
        paper="Kingma & Welling 2014, equation 3",
    ),
    "kl-bits": MetricListing(
        label="KL / dim.",
        title="Bits in each latent dimension",
        summary="Information that one latent dimension carries about an image, on average over the dimensions.",
        target="trainers.metrics.evidence_lower_bound:kl_bits",
        group="likelihood",
        unit="bits per dimension",
        better="",
        needs=POSTERIOR,
        paper="Kingma & Welling 2014, appendix B",
    ),
    "importance-weighted": MetricListing(
        label="IWAE bound",
        title="Importance-weighted bound",
        summary="A tighter bound on the log-likelihood of held-out images, from 500 draws of each posterior.",
        target="trainers.metrics.importance_weighted_bound:measure",
        group="likelihood",
        unit="nats per image",
        better="higher",
        needs=POSTERIOR,
        dear=True,
        paper="Burda et al. 2016, equation 8",
    ),
    "coverage": MetricListing(
        label="Coverage",
        title="Coverage of held-out images",
        summary="Share of held-out images that a new image comes nearer to than their fifth neighbour; .97 at best.",
        target="trainers.metrics.density_coverage:coverage",
        group="generation",
        better="higher",
        dear=True,
        paper="Naeem et al. 2020",
    ),
    "density": MetricListing(
        label="Density",
        title="Density of new images among held-out ones",
        summary="How thick the held-out images are where new images lie: 1 as for themselves, more where these crowd.",
        target="trainers.metrics.density_coverage:density",
        group="generation",
        better="",
        dear=True,
        paper="Naeem et al. 2020",
    ),
    "frechet-reconstructions": MetricListing(
        label="FD, rec.",
        title="Fréchet distance of reconstructions",
        summary="How differently reconstructions and held-out images are spread in features: what is lost by blur.",
        target="trainers.metrics.frechet_distance:of_reconstructions",
        group="generation",
        better="lower",
        dear=True,
        paper="Heusel et al. 2017",
    ),
    "frechet-training": MetricListing(
        label="FD, training codes",
        title="Fréchet distance of decoded training codes",
        summary="The same for decoded codes of training images: what the decoder draws where it has learned to.",
        target="trainers.metrics.frechet_distance:of_decoded_training",
        group="generation",
        better="lower",
        dear=True,
        paper="Heusel et al. 2017",
    ),
    "frechet-samples": MetricListing(
        label="FD, new",
        title="Fréchet distance of new images",
        summary="The same for decoded samples of the prior: above the others by what the prior and the codes differ.",
        target="trainers.metrics.frechet_distance:of_samples",
        group="generation",
        better="lower",
        dear=True,
        paper="Heusel et al. 2017",
    ),
    "kernel-distance": MetricListing(
        label="KD, new",
        title="Kernel distance of new images",
        summary="How differently new and held-out images are spread in features, without bias: near 0 when they agree.",
        target="trainers.metrics.kernel_distance:measure",
        group="generation",
        better="lower",
        dear=True,
        paper="Bińkowski et al. 2018",
    ),
    "precision": MetricListing(
        label="Precision",
        title="Improved precision",
        summary="Share of new images that look real: that lie near a held-out image in features.",
        target="trainers.metrics.precision_recall:precision",
        group="generation",
        better="higher",
        dear=True,
        paper="Kynkäänniemi et al. 2019",
    ),
    "recall": MetricListing(
        label="Recall",
        title="Improved recall",
        summary="Share of held-out images that lie near a new image in features; near 0 for two-dimensional codes.",
        target="trainers.metrics.precision_recall:recall",
        group="generation",
        better="higher",
        dear=True,
        paper="Kynkäänniemi et al. 2019",
    ),
    "sharpness-samples": MetricListing(
        label="Sharpness, new",
        title="Sharpness of new images",
        summary="Fine detail of decoded samples of the prior as a share of the data's: 1 is as sharp, less is blurred.",
        target="trainers.metrics.sharpness:of_samples",
        group="generation",
        better="near 1",
        paper="Pech-Pacheco et al. 2000",
    ),
    "memorisation": MetricListing(
        label="Nearest training image",
        title="Distance to the nearest training image",
        summary="How near new images come to training images, beside held-out ones; a model far below 1 copies.",
        target="trainers.metrics.nearest_training_image:measure",
        group="generation",
        better="",
        dear=True,
        paper="Meehan et al. 2020",
    ),
    "round-trip": MetricListing(
        label="Round trip",
        title="Round-trip error",
        summary="How far a code of the prior moves when it is decoded and encoded again, over the spread of the codes.",
        target="trainers.metrics.round_trip:measure",
        group="generation",
        better="lower",
    ),
    "wasserstein": MetricListing(
        label="SW₂ to prior",
        title="Sliced Wasserstein distance to the prior",
        summary="How far codes would have to be moved to lie as the prior does.",
        target="trainers.metrics.sliced_wasserstein:measure",
        group="latent",
        unit="latent units",
        better="lower",
        paper="Bonneel et al. 2015",
    ),
    "mmd": MetricListing(
        label="MMD² to prior",
        title="Maximum mean discrepancy to the prior",
        summary="How differently codes and prior are spread, by a kernel that looks at all scales; 0 when they agree.",
        target="trainers.metrics.mean_discrepancy:measure",
        group="latent",
        better="lower",
        paper="Gretton et al. 2012, equation 3",
    ),
    "two-sample": MetricListing(
        label="Codes or prior?",
        title="Classifier two-sample test",
        summary="How often a classifier tells codes from the prior: 50 % when they agree, 100 % when far apart.",
        target="trainers.metrics.two_sample_test:measure",
        group="latent",
        unit="%",
        better="lower",
        paper="Lopez-Paz & Oquab 2017",
    ),
    "neighbours": MetricListing(
        label="10-NN",
        title="Accuracy of ten nearest neighbours",
        summary="How often the ten nearest training codes tell the class of a held-out image.",
        target="trainers.metrics.neighbour_accuracy:measure",
        group="latent",
        unit="%",
        better="higher",
        needs=LABELS,
    ),
    "linear-probe": MetricListing(
        label="Linear probe",
        title="Accuracy of a linear classifier",
        summary="How often a linear classifier on codes tells the class of a held-out image.",
        target="trainers.metrics.linear_probe:measure",
        group="latent",
        unit="%",
        better="higher",
        needs=LABELS,
        paper="Alain & Bengio 2017",
    ),
    "trustworthiness": MetricListing(
        label="Trustworthiness",
        title="Trustworthiness of neighbourhoods",
        summary="Whether codes that lie together belong to images that look alike; 1 when all do.",
        target="trainers.metrics.neighbourhoods:trustworthiness",
        group="latent",
        better="higher",
        dear=True,
        paper="Venna & Kaski 2001",
    ),
    "continuity": MetricListing(
        label="Continuity",
        title="Continuity of neighbourhoods",
        summary="Whether images that look alike have codes that lie together; 1 when all do.",
        target="trainers.metrics.neighbourhoods:continuity",
        group="latent",
        better="higher",
        dear=True,
        paper="Venna & Kaski 2001",
    ),
}
