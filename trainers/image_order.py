"""Which training images each step takes."""

import torch
from torch import Tensor

from trainers.seeds import generator_for


class ImageOrder:
    """One endless row of shuffled passes over the training images, cut into batches.

    Batches are all of equal size: one that begins at the end of a pass ends in the next. So a position is the number of
    images seen, and a run that starts at any position goes on as one that never stopped.
    """

    def __init__(self, count: int, seed: int) -> None:
        self._count = count
        self._seed = seed
        self._epoch = -1
        self._pass = torch.empty(0, dtype=torch.int64)

    def take(self, position: int, size: int) -> Tensor:
        """Indices of the `size` images from `position` on, int64, (size,)."""
        parts: list[Tensor] = []
        while size > 0:
            epoch, offset = divmod(position, self._count)
            if epoch != self._epoch:
                self._pass = torch.randperm(self._count, generator=generator_for(self._seed, "order", epoch))
                self._epoch = epoch
            part = self._pass[offset : offset + size]
            parts.append(part)
            position += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)
