"""One colour a class, on light and dark grounds alike."""

import colorsys

import numpy as np
import numpy.typing as npt

# The ten-colour sequence of Petroff 2021, "Accessible Color Sequences for Data Visualization" (arXiv 2107.02270).
_PETROFF_10 = "3f90da ffa90e bd1f01 94a4a2 832db6 a96b59 e76300 b9ac70 717581 92dadd"
_GOLDEN_TURN = 0.618034


def class_colours(count: int) -> npt.NDArray[np.uint8]:
    """A colour for each of `count` classes, (count, 3); the first ten are the same however many there are."""
    colours = [list(bytes.fromhex(colour)) for colour in _PETROFF_10.split()[:count]]
    for index in range(count - len(colours)):
        # Turns of the golden angle never come near each other soon; two lightnesses tell close hues apart.
        red, green, blue = colorsys.hls_to_rgb((0.05 + _GOLDEN_TURN * index) % 1, (0.42, 0.62)[index % 2], 0.6)
        colours.append([round(255 * red), round(255 * green), round(255 * blue)])
    return np.array(colours, np.uint8).reshape(-1, 3)
