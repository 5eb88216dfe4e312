"""One way to bring a whole set of images to another size.

Pillow's bicubic filter widens with the reduction, so that nothing aliases, and works in whole numbers: the result is
the same to the last bit on every computer, which a product of float matrices is not.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

from trainers.datasets.loading_job import LoadingJob
from trainers.images import MAXIMUM_SIZE, MINIMUM_SIZE

Pixels = npt.NDArray[np.uint8]

FILTER = Image.Resampling.BICUBIC
_REPORT_EVERY = 512


def allowed_size(size: int) -> int:
    """The nearest size that a set may have, in pixels."""
    return min(MAXIMUM_SIZE, max(MINIMUM_SIZE, size))


def resize_images(images_NCHW: Pixels, size: int, job: LoadingJob) -> Pixels:
    """Resize square images, (N, C, H, H) with C of 1 or 3, to `size` pixels; a set of that size comes back as it is.

    Beside its result it holds one image.

    Raises:
        Cancelled: When the job was.
    """
    count, channels, height, width = images_NCHW.shape
    assert height == width, images_NCHW.shape
    if height == size:
        return images_NCHW
    resized = np.empty((count, channels, size, size), dtype=np.uint8)
    for index, image_CHW in enumerate(images_NCHW):
        if index % _REPORT_EVERY == 0:
            job.report(f"Resizing {job.label}", index / count)
        picture = Image.fromarray(image_CHW[0] if channels == 1 else np.ascontiguousarray(image_CHW.transpose(1, 2, 0)))
        pixels = np.asarray(picture.resize((size, size), FILTER))
        resized[index] = pixels if channels == 1 else pixels.transpose(2, 0, 1)
    return resized
