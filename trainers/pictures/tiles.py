"""Many images as one picture."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def tile_images(images_NCHW: Bytes, columns: int, *, gap: int = 0, ground: tuple[int, int, int] = (0, 0, 0)) -> Bytes:
    """Images row by row, uint8 (H, W, 3).

    Args:
        images_NCHW: Grey or RGB, uint8; at least one.
        columns: Images in a row.
        gap: Pixels between them.
        ground: Colour of what no image covers.
    """
    count, channels, height, width = images_NCHW.shape
    assert channels in (1, 3), channels
    rows = -(-count // columns)
    picture = np.empty((rows * (height + gap) - gap, columns * (width + gap) - gap, 3), np.uint8)
    picture[:] = ground
    for index, image_CHW in enumerate(images_NCHW):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        picture[top : top + height, left : left + width] = image_CHW.transpose(1, 2, 0)
    return picture


def enlarged(picture_HW3: Bytes, factor: int) -> Bytes:
    """The picture with every pixel `factor` wide and high."""
    return picture_HW3.repeat(factor, axis=0).repeat(factor, axis=1)
