"""Codes of a fixed held-out subset, kept fresh within a budget of time."""

import math
import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from trainers.messages import Floats, read_only
from trainers.seeds import generator_for

MOST_POINTS = 10_000
CHUNK = 1000
"""Images encoded at once: one pass over 10,000 is half as fast for convolutions, as it leaves the cache."""


def held_out_subset(count: int) -> Tensor:
    """Indices of the held-out images whose codes are shown: the same for every model, ascending, int64."""
    if count <= MOST_POINTS:
        return torch.arange(count)
    return torch.randperm(count, generator=generator_for(0, "subset"))[:MOST_POINTS].sort().values


class LiveCodes:
    """Codes of the subset, of which each refresh encodes as many as its time allows, the oldest first.

    Args:
        images_NCHW: Images of the subset.
        latent_dim: Numbers in a code.
        encode: Gives codes of images, (N, latent_dim).
        quickly: The same in less time, perhaps less exact, for when time is short.
    """

    def __init__(
        self,
        images_NCHW: Tensor,
        latent_dim: int,
        encode: Callable[[Tensor], Tensor],
        quickly: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        self._images_NCHW = images_NCHW
        self._encode = encode
        self._quickly = quickly or encode
        # A shuffled round, so that a part of it holds images of every class.
        self._round = torch.randperm(len(images_NCHW), generator=generator_for(0, "round"))
        self._next = 0
        self._seconds_per_image = math.inf
        self._codes_ND = np.zeros((len(images_NCHW), latent_dim), np.float32)
        self._complete = False

    def refresh(self, seconds: float = math.inf) -> Floats:
        """Encode anew what fits into `seconds`, at least one chunk; without a limit, everything.

        Returns:
            Codes of the whole subset, (N, latent_dim), a read-only copy.
        """
        count = len(self._round)
        affordable = count if math.isinf(seconds) else int(seconds / self._seconds_per_image)
        # The first time nothing is known of any image, and a cloud with points at zero would be a lie.
        todo = min(count, max(affordable, CHUNK // 4)) if self._complete else count
        encode = self._encode if math.isinf(seconds) else self._quickly
        start = time.perf_counter()
        for part in self._take(todo).split(CHUNK):
            images_NCHW = self._images_NCHW.index_select(0, part.to(self._images_NCHW.device))
            self._codes_ND[part.numpy()] = encode(images_NCHW).cpu()
        if todo:
            self._seconds_per_image = (time.perf_counter() - start) / todo
        self._complete = True
        return read_only(self._codes_ND.copy())

    def _take(self, todo: int) -> Tensor:
        end = self._next + todo
        indices = torch.cat([self._round[self._next : end], self._round[: max(0, end - len(self._round))]])
        self._next = end % max(1, len(self._round))
        return indices
