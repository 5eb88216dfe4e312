"""One call for images of any source: a set known by name, a folder of images, or an array file."""

import os
from collections.abc import Callable
from pathlib import Path

from trainers.datasets import DATASETS
from trainers.datasets.loading_job import LoadingJob, Progress, ignore, never
from trainers.errors import DatasetError
from trainers.folders import datasets_folder
from trainers.images import MAXIMUM_SIZE, MINIMUM_SIZE, ImageSet

__all__ = ["Progress", "is_downloaded", "load_images"]


def load_images(
    dataset: str,
    *,
    image_size: int = 0,
    download: bool = False,
    progress: Callable[[Progress], None] = ignore,
    cancelled: Callable[[], bool] = never,
) -> ImageSet:
    """Load the images that a recipe names; equal arguments give equal images.

    Args:
        dataset: A name in `DATASETS`, else the path of a folder of images, else that of an `.npz` file.
        image_size: Side in pixels to which all images are brought, 8 to 128; 0 keeps the size of the set.
        download: Whether the network may be used for a set that is not on this computer.
        progress: Told how far it is, in the thread that called.
        cancelled: Asked often whether to give up.

    Raises:
        DatasetError: The images cannot be had.
        Cancelled: `cancelled` said so.
    """
    if image_size and not MINIMUM_SIZE <= image_size <= MAXIMUM_SIZE:
        raise DatasetError(
            f"Image size is {image_size}; choose 0 (as in the set), or from {MINIMUM_SIZE} to {MAXIMUM_SIZE} px."
        )
    path = os.path.expanduser(dataset)
    label = DATASETS[dataset].label if dataset in DATASETS else Path(path).name or dataset
    job = LoadingJob(label=label, image_size=image_size, download=download, progress=progress, cancelled=cancelled)
    job.check()
    if dataset in DATASETS:
        return DATASETS[dataset].load()(dataset, job)
    if os.path.isdir(path):
        from trainers.datasets.image_folder import load_folder

        return load_folder(dataset, job)
    if os.path.isfile(path) and path.lower().endswith(".npz"):
        from trainers.datasets.array_file import load_array_file

        return load_array_file(dataset, job)
    problem = "is neither a folder nor an .npz file" if os.path.exists(path) else "is not known"
    raise DatasetError(
        f"{dataset!r} {problem}; give one of {', '.join(DATASETS)}, a folder of images, or an .npz file with an array"
        " `images`."
    )


def is_downloaded(name: str) -> bool:
    """Whether a set can be had without the network, as all but the published sets always can; reads no images."""
    if name not in DATASETS or DATASETS[name].download_mb == 0:
        return True
    from trainers.datasets.torchvision_sets import PUBLISHED_SETS

    return PUBLISHED_SETS[name].is_in(datasets_folder())
