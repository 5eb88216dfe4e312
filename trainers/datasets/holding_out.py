"""Which images are never trained on, where a source does not say so itself."""

import numpy as np
import numpy.typing as npt

HELD_OUT_SHARE = 0.2


def hold_out(labels_N: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Choose a fifth of every class, by chance but always the same way, and at least one image of any class of two.

    The choice depends on the labels alone: not on a seed, nor on the version of numpy (only the raw bits of its
    generator are used, which are promised to stay), so that a saved model meets the same held-out images again.

    Returns:
        Indices of the training and of the held-out images, each in rising order.
    """
    chance_N = np.random.PCG64(20160525).random_raw(len(labels_N))
    held_out_N = np.zeros(len(labels_N), dtype=np.bool_)
    for label in np.unique(labels_N):
        members = np.flatnonzero(labels_N == label)
        if len(members) < 2:
            continue
        count = max(1, round(HELD_OUT_SHARE * len(members)))
        held_out_N[members[np.argsort(chance_N[members], kind="stable")[:count]]] = True
    if not held_out_N.any() and len(labels_N) > 1:  # every class has but one image
        held_out_N[int(np.argmin(chance_N))] = True
    return np.flatnonzero(~held_out_N), np.flatnonzero(held_out_N)
