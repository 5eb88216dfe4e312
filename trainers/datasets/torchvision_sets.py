"""Well-known sets as torchvision lays them out: MNIST and its relatives, USPS, CIFAR-10, SVHN.

torchvision says where each is had and with which checksum, and its layout of files is kept, so that a folder of sets
can be shared with other programs. Fetching and reading are our own: torchvision can neither be cancelled nor followed,
takes seconds to import, and reads CIFAR-10 through pickle, in place of which its official binary version is used here.
"""

import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from trainers.datasets.downloading import Archive, download
from trainers.datasets.loading_job import LoadingJob
from trainers.datasets.published_files import (
    Part,
    damaged,
    read_cifar_batches,
    read_idx_part,
    read_svhn,
    read_usps,
)
from trainers.datasets.resizing import resize_images
from trainers.errors import DatasetError
from trainers.folders import datasets_folder
from trainers.images import ImageSet

if TYPE_CHECKING:
    from torchvision.datasets import MNIST

_CIFAR_BATCHES = (*(f"data_batch_{number}.bin" for number in range(1, 6)), "test_batch.bin")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSet:
    """A set that somebody published.

    Attributes:
        class_names: One name a class.
        megabytes: Size of all that is downloaded.
        files: What is read, below the folder of all sets.
        archives: Says where these files are had; imports torchvision.
        read: Reads the training and the held-out part from the folder of all sets.
    """

    class_names: tuple[str, ...]
    megabytes: float
    files: tuple[str, ...]
    archives: Callable[[], tuple[Archive, ...]]
    read: Callable[[Path], tuple[Part, Part]]

    def is_in(self, folder: Path) -> bool:
        """Whether all its files lie in the folder of all sets."""
        return all((folder / file).is_file() for file in self.files)


def load_published(name: str, job: LoadingJob) -> ImageSet:
    """Read a set of `PUBLISHED_SETS`, downloading it first where the job allows and the files are missing.

    Raises:
        DatasetError: It is not on this computer, cannot be downloaded, or its files are damaged.
        Cancelled: The job was.
    """
    published, folder = PUBLISHED_SETS[name], datasets_folder()
    if not published.is_in(folder):
        if not job.download:
            raise DatasetError(
                f"{job.label} is not on this computer; allow its download ({published.megabytes:.0f} MB; --download"
                " on the command line), or let LATENT_EXPLORER_DATA name a folder that has it in torchvision's layout"
                f" (now {folder})."
            )
        job.report(f"Downloading {job.label}", 0.0)
        download(_archives(published, job), folder, published.megabytes, job)
    return read_published(name, published, folder, job)


def read_published(name: str, published: PublishedSet, folder: Path, job: LoadingJob) -> ImageSet:
    """Read a set whose files lie in the folder of all sets."""
    job.report(f"Reading {job.label}")
    try:
        (train, train_labels_N), (test, test_labels_N) = published.read(folder)
    except OSError as error:
        raise DatasetError(
            f"{error.filename or folder} cannot be read ({error.strerror or error}); check who may read it."
        ) from error
    for labels_N in (train_labels_N, test_labels_N):
        if len(labels_N) == 0 or labels_N.min() < 0 or labels_N.max() >= len(published.class_names):
            raise damaged(folder / published.files[0], "it has no images, or labels of unknown classes")
    size = job.image_size or train.shape[2]
    return ImageSet(
        name=name,
        train_NCHW=resize_images(train, size, job),
        train_labels_N=train_labels_N,
        test_NCHW=resize_images(test, size, job),
        test_labels_N=test_labels_N,
        class_names=published.class_names,
    )


def _archives(published: PublishedSet, job: LoadingJob) -> tuple[Archive, ...]:
    try:
        return published.archives()
    except (ImportError, RuntimeError) as error:  # torch and torchvision of different builds raise the latter
        raise DatasetError(
            f"{job.label} cannot be downloaded because torchvision does not start ({error}); install torch and"
            " torchvision again, together."
        ) from error


def _idx_set(
    folder: str, class_names: tuple[str, ...], megabytes: float, source: "Callable[[], type[MNIST]]"
) -> PublishedSet:
    """A set in the four files of MNIST."""
    files = tuple(
        f"{folder}/raw/{part}-{kind}"
        for part in ("train", "t10k")
        for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
    )

    def archives() -> tuple[Archive, ...]:
        published = source()
        return tuple(
            Archive(
                urls=tuple(mirror + name for mirror in published.mirrors),
                md5=md5,
                packing="gzip",
                files={f"{folder}/raw/{name.removesuffix('.gz')}": ""},
            )
            for name, md5 in published.resources
        )

    return PublishedSet(
        class_names=class_names,
        megabytes=megabytes,
        files=files,
        archives=archives,
        read=lambda root: (
            read_idx_part(root / files[0], root / files[1]),
            read_idx_part(root / files[2], root / files[3]),
        ),
    )


def _mnist() -> "type[MNIST]":
    from torchvision.datasets import MNIST

    return MNIST


def _fashion_mnist() -> "type[MNIST]":
    from torchvision.datasets import FashionMNIST

    return FashionMNIST


def _kmnist() -> "type[MNIST]":
    from torchvision.datasets import KMNIST

    return KMNIST


_LETTERS = tuple(
    f"emnist-letters-{part}-{kind}" for part in ("train", "test") for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")
)


def _letters_archives() -> tuple[Archive, ...]:
    from torchvision.datasets import EMNIST

    files = {f"EMNIST/raw/{file}": f"gzip/{file}.gz" for file in _LETTERS}
    return (Archive(urls=(EMNIST.url,), md5=EMNIST.md5, packing="zip of gzip", files=files),)


def _read_letters(root: Path) -> tuple[Part, Part]:
    """Letters are stored with rows and columns exchanged, and counted from 1."""
    raw = root / "EMNIST" / "raw"

    def part(images: str, labels: str) -> Part:
        images_NCHW, labels_N = read_idx_part(raw / images, raw / labels)
        return np.ascontiguousarray(images_NCHW.swapaxes(2, 3)), labels_N - 1

    return part(*_LETTERS[:2]), part(*_LETTERS[2:])


def _usps_archives() -> tuple[Archive, ...]:
    from torchvision.datasets import USPS

    return tuple(
        Archive(urls=(url,), md5=md5, packing="plain", files={file: ""})
        for url, file, md5 in (USPS.split_list[part] for part in ("train", "test"))
    )


def _svhn_archives() -> tuple[Archive, ...]:
    from torchvision.datasets import SVHN

    return tuple(
        Archive(urls=(url,), md5=md5, packing="plain", files={file: ""})
        for url, file, md5 in (SVHN.split_list[part] for part in ("train", "test"))
    )


def _cifar_archives() -> tuple[Archive, ...]:
    return (
        Archive(
            urls=("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
            md5="c32a1d4ab5d03f1284b67883e8d87530",
            packing="tar.gz",
            files={f"cifar-10-batches-bin/{batch}": f"cifar-10-batches-bin/{batch}" for batch in _CIFAR_BATCHES},
        ),
    )


def _read_cifar(root: Path) -> tuple[Part, Part]:
    batches = [root / "cifar-10-batches-bin" / batch for batch in _CIFAR_BATCHES]
    return read_cifar_batches(batches[:-1]), read_cifar_batches(batches[-1:])


_TEN_DIGITS = tuple(string.digits)

PUBLISHED_SETS: dict[str, PublishedSet] = {
    "mnist": _idx_set("MNIST", _TEN_DIGITS, 11.6, _mnist),
    "fashion-mnist": _idx_set(
        "FashionMNIST",
        ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        30.9,
        _fashion_mnist,
    ),
    "kmnist": _idx_set("KMNIST", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"), 21.2, _kmnist),
    "emnist-letters": PublishedSet(
        class_names=tuple(string.ascii_lowercase),
        megabytes=561.8,
        files=tuple(f"EMNIST/raw/{file}" for file in _LETTERS),
        archives=_letters_archives,
        read=_read_letters,
    ),
    "usps": PublishedSet(
        class_names=_TEN_DIGITS,
        megabytes=8.4,
        files=("usps.bz2", "usps.t.bz2"),
        archives=_usps_archives,
        read=lambda root: (read_usps(root / "usps.bz2"), read_usps(root / "usps.t.bz2")),
    ),
    "cifar10": PublishedSet(
        class_names=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
        megabytes=170.1,
        files=tuple(f"cifar-10-batches-bin/{batch}" for batch in _CIFAR_BATCHES),
        archives=_cifar_archives,
        read=_read_cifar,
    ),
    "svhn": PublishedSet(
        class_names=_TEN_DIGITS,
        megabytes=246.3,
        files=("train_32x32.mat", "test_32x32.mat"),
        archives=_svhn_archives,
        read=lambda root: (read_svhn(root / "train_32x32.mat"), read_svhn(root / "test_32x32.mat")),
    ),
}
