"""Where images come from: one source a file, one line a set here.

Map: `loading.load_images` picks by the recipe's `dataset`: an entry of `DATASETS`, else a folder, else an `.npz` file.
Sources are `digits` (built in), `torchvision_sets` (downloaded when asked), `image_folder` and `array_file`; they share
`loading_job` (progress, cancel), `holding_out` (the split), `resizing`, and, for what is downloaded, `downloading` and
`published_files`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainers.listing import Listing

if TYPE_CHECKING:
    from trainers.datasets.loading_job import LoadingJob
    from trainers.images import ImageSet

_PUBLISHED = "trainers.datasets.torchvision_sets:load_published"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetListing(Listing):
    """A set known by name.

    Attributes:
        download_mb: What has to be downloaded the first time, in megabytes; 0 for a built-in set.
        epochs: Passes after which small models have learned most of what they can.
        source: Who made it.
    """

    download_mb: float = 0.0
    epochs: int = 20
    source: str

    if TYPE_CHECKING:

        def load(self) -> Callable[[str, LoadingJob], ImageSet]:
            """Import and return the function that loads the set: it is given the set's name and the job."""
            ...


DATASETS: dict[str, DatasetListing] = {
    "digits": DatasetListing(
        label="Digits",
        title="Handwritten digits, 8×8",
        summary="1,797 small grey digits that come with scikit-learn: no download.",
        target="trainers.datasets.digits:load_digits",
        epochs=200,
        source="Alpaydin & Kaynak 1998, UCI Optical Recognition of Handwritten Digits",
    ),
    "mnist": DatasetListing(
        label="MNIST",
        title="Handwritten digits, 28×28",
        summary="70,000 grey digits, the set that most papers show.",
        target=_PUBLISHED,
        download_mb=11.6,
        source="LeCun, Cortes & Burges 1998",
    ),
    "fashion-mnist": DatasetListing(
        label="Fashion-MNIST",
        title="Clothes, 28×28",
        summary="70,000 grey pictures of ten kinds of clothes: harder than digits.",
        target=_PUBLISHED,
        download_mb=30.9,
        source="Xiao, Rasul & Vollgraf 2017",
    ),
    "kmnist": DatasetListing(
        label="KMNIST",
        title="Cursive Japanese characters, 28×28",
        summary="70,000 grey characters of ten classes, from old books; each class has several forms.",
        target=_PUBLISHED,
        download_mb=21.2,
        source="Clanuwat et al. 2018",
    ),
    "emnist-letters": DatasetListing(
        label="EMNIST letters",
        title="Handwritten letters, 28×28",
        summary="145,600 grey letters, a to z, capitals and small ones in one class.",
        target=_PUBLISHED,
        download_mb=561.8,
        source="Cohen et al. 2017",
    ),
    "usps": DatasetListing(
        label="USPS",
        title="Digits from envelopes, 16×16",
        summary="9,298 grey digits that a post office scanned.",
        target=_PUBLISHED,
        download_mb=8.4,
        source="Hull 1994",
    ),
    "cifar10": DatasetListing(
        label="CIFAR-10",
        title="Small photographs, 32×32",
        summary="60,000 colour photographs of ten kinds of animals and vehicles.",
        target=_PUBLISHED,
        download_mb=170.1,
        source="Krizhevsky 2009",
    ),
    "svhn": DatasetListing(
        label="SVHN",
        title="House numbers, 32×32",
        summary="99,289 colour photographs of digits from house numbers.",
        target=_PUBLISHED,
        download_mb=246.3,
        source="Netzer et al. 2011",
    ),
}
