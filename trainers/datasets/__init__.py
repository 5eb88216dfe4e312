"""Where images come from: one source a file, one line a set here.

Map: `digits` (built in), `torchvision_sets` (downloaded when asked), `image_folder`, `array_file`; `load_images` picks
by the recipe's `dataset`: an entry of `DATASETS`, else a folder, else an `.npz` file.
"""

from dataclasses import dataclass

from trainers.listing import Listing


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetListing(Listing):
    """A set known by name.

    Attributes:
        download_mb: What has to be downloaded the first time, in megabytes; 0 for a built-in set.
        source: Who made it.
    """

    download_mb: float = 0.0
    source: str


DATASETS: dict[str, DatasetListing] = {
    "digits": DatasetListing(
        label="Digits",
        title="Handwritten digits, 8×8",
        summary="1,797 small grey digits that come with scikit-learn: no download.",
        target="trainers.datasets.digits:load_digits",
        source="Alpaydin & Kaynak 1998, UCI Optical Recognition of Handwritten Digits",
    ),
}
