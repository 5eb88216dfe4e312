"""Which training images are nearest to an image or to a code: what shows that a model has not copied them.

All distances are Euclidean: between images over pixels in [0, 1], between codes over latent coordinates. Every training
image is compared, by a matrix product, ‖x − t‖² = ‖x‖² + ‖t‖² − 2 x·t; the nearest few are then measured exactly,
since the product is coarse for small distances.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from trainers.images import ImageSet
from trainers.messages import Floats, Pixels, read_only

AT_ONCE: Final = 2000
"""Training images that are turned into floats at a time: so many stay in the cache of a core."""
SPARE: Final = 10
"""How many more than asked for are measured exactly."""
MOST_ENCODED: Final = 10_000
USUAL_OF: Final = 64

Indices = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Neighbours:
    """The nearest of each query, nearest first.

    Attributes:
        indices_QK: Which they are.
        distances_QK: How far away.
    """

    indices_QK: Indices
    distances_QK: Floats


class TrainingImages:
    """All training images of a set, ready to be searched; a search of 60,000 images of 28×28 takes some 20 ms.

    One thread at a time may use it.

    Args:
        images_NCHW: uint8; they are kept as they are.
    """

    def __init__(self, images_NCHW: Pixels) -> None:
        flat_NP = images_NCHW.reshape(len(images_NCHW), -1)
        # Torch warns of arrays that it may not write to; nobody here writes.
        self._images_NP = torch.from_numpy(flat_NP if flat_NP.flags.writeable else flat_NP.copy())
        self._squares_N: Tensor | None = None
        self._usual: float | None = None

    def __len__(self) -> int:
        return len(self._images_NP)

    def nearest(self, images_QCHW: Pixels, count: int) -> Neighbours:
        """The nearest `count` training images, or all where there are fewer, of each image, uint8 (Q, C, H, W)."""
        queries_QP = torch.tensor(np.asarray(images_QCHW)).reshape(len(images_QCHW), -1).float()
        # Bytes are whole numbers: squares of them are added up without much loss, and divided by 255 at the end.
        least = [
            torch.addmm(squares_M, queries_QP, part_MP.float().T, alpha=-2.0)
            for part_MP, squares_M in zip(self._images_NP.split(AT_ONCE), self._squares().split(AT_ONCE), strict=True)
        ]
        found_QS = torch.cat(least, 1).topk(min(len(self), count + SPARE), largest=False).indices
        return _measured(queries_QP / 255, self._images_NP, found_QS, count, scale=255.0)

    def usual_distance(self, held_out_NCHW: Pixels) -> float:
        """The median distance of images that no model has seen to their nearest training image; found once."""
        if self._usual is None:
            spread_n = evenly(len(held_out_NCHW), USUAL_OF)
            self._usual = float(np.median(self.nearest(held_out_NCHW[spread_n], 1).distances_QK))
        return self._usual

    def _squares(self) -> Tensor:
        if self._squares_N is None:
            self._squares_N = torch.cat([part.float().square().sum(1) for part in self._images_NP.split(AT_ONCE)])
        return self._squares_N


@lru_cache(maxsize=2)
def training_images(images: ImageSet) -> TrainingImages:
    """The training images of a set, made ready once; for one thread alone, like what it gives."""
    return TrainingImages(images.train_NCHW)


def nearest_codes(codes_ND: Floats, queries_QD: Floats, count: int) -> Neighbours:
    """The nearest `count` codes, or all where there are fewer, of each query."""
    codes, queries = torch.tensor(np.asarray(codes_ND)), torch.tensor(np.asarray(queries_QD))
    distances_QN = torch.cdist(queries, codes, compute_mode="donot_use_mm_for_euclid_dist")
    nearest = distances_QN.topk(min(len(codes), count), largest=False)
    return Neighbours(
        indices_QK=read_only(nearest.indices.numpy()),
        distances_QK=read_only(nearest.values.numpy()),
    )


def evenly(count: int, most: int) -> Indices:
    """At most `most` of `count` indices, spread evenly, always the same."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def _measured(queries_QP: Tensor, images_NP: Tensor, found_QS: Tensor, count: int, *, scale: float) -> Neighbours:
    differences_QSP = images_NP[found_QS].float() / scale - queries_QP[:, None]
    nearest = differences_QSP.square().sum(2).sqrt().topk(min(count, found_QS.shape[1]), largest=False)
    return Neighbours(
        indices_QK=read_only(found_QS.gather(1, nearest.indices).numpy()),
        distances_QK=read_only(nearest.values.numpy()),
    )
