"""Arrays of images as people have them, brought to bytes in (N, C, H, W)."""

from typing import Any

import numpy as np
import numpy.typing as npt

from trainers.datasets.loading_job import LoadingJob
from trainers.errors import DatasetError

Array = npt.NDArray[Any]
Pixels = npt.NDArray[np.uint8]

_CHANNELS = (1, 3)
_CHUNK = 1024


def images_from_array(array: Array, name: str, job: LoadingJob, notes: list[str]) -> Pixels:
    """Bring an array to square images, (N, C, H, H).

    Args:
        array: (N, H, W), (N, H, W, C) or (N, C, H, W) with C of 1 or 3; uint8, whole numbers from 0 to 255, fractions
            from 0 to 1, or booleans.
        name: What the array is called, for errors.
        job: Asked whether to give up.
        notes: Gets a sentence on whatever was changed.

    Raises:
        DatasetError: The array is none of these.
        Cancelled: The job was.
    """
    where = f"`{name}` in {job.label}"
    array_NCHW = _channels_first(array, where)
    if 0 in array_NCHW.shape:
        raise DatasetError(f"{where} is empty, with the shape {array.shape}; give at least two images.")
    return _squares(_bytes(array_NCHW, where, job, notes), where, notes)


def _channels_first(array: Array, where: str) -> Array:
    if array.ndim == 3:
        return array[:, None]
    if array.ndim == 4:
        if array.shape[3] in _CHANNELS and (array.shape[1] not in _CHANNELS or array.shape[3] == array.shape[1]):
            return array.transpose(0, 3, 1, 2)
        if array.shape[1] in _CHANNELS:
            return array
    hint = ""
    if array.ndim == 2:
        side = round(array.shape[1] ** 0.5)
        hint = f", here .reshape(-1, {side}, {side})" if side * side == array.shape[1] else ""
    raise DatasetError(
        f"{where} has the shape {array.shape}; give (N, H, W) for grey, or (N, H, W, 3) or (N, 3, H, W) for RGB"
        f" images{hint}."
    )


def _bytes(array_NCHW: Array, where: str, job: LoadingJob, notes: list[str]) -> Pixels:
    """Scale to 0 … 255, a thousand images at a time so that no wide copy of the whole is made."""
    kind = array_NCHW.dtype.kind
    if kind not in "buif":
        raise DatasetError(f"{where} holds {array_NCHW.dtype} values; give uint8, or fractions from 0 to 1.")
    low, high = array_NCHW.min(), array_NCHW.max()  # NaN wins both
    if kind == "f" and not (np.isfinite(low) and np.isfinite(high)):
        raise DatasetError(f"{where} has pixels that are no numbers (NaN or infinite); remove those images.")
    limit = 1 if kind in "bf" else 255
    rounding = 1e-5 if kind == "f" else 0
    if low < -rounding or high > limit + rounding:
        raise DatasetError(
            f"{where} has values from {low:g} to {high:g}; give uint8 from 0 to 255, or fractions from 0 to 1."
        )
    if kind in "ui" and high == 1:
        notes.append("Images hold only 0 and 1; these were taken as black and white.")
        limit = 1
    if array_NCHW.dtype == np.uint8 and limit == 255:
        return np.ascontiguousarray(array_NCHW)
    pixels_NCHW = np.empty(array_NCHW.shape, dtype=np.uint8)
    for start in range(0, len(array_NCHW), _CHUNK):
        job.check()
        chunk = array_NCHW[start : start + _CHUNK].astype(np.float32)
        pixels_NCHW[start : start + _CHUNK] = np.rint(chunk * np.float32(255 / limit))
    return pixels_NCHW


def _squares(images_NCHW: Pixels, where: str, notes: list[str]) -> Pixels:
    """Pad oblong images on both sides, since cutting would lose what somebody arranged within the frame."""
    count, channels, height, width = images_NCHW.shape
    if height == width:
        return images_NCHW
    side = max(height, width)
    if side > 4 * min(height, width):
        raise DatasetError(f"Images of {where} are {width}×{height} px; give squares, or nearly so.")
    squares_NCHW = np.empty((count, channels, side, side), dtype=np.uint8)
    squares_NCHW[:] = _border_colour(images_NCHW)[:, None, None]
    top, left = (side - height) // 2, (side - width) // 2
    squares_NCHW[:, :, top : top + height, left : left + width] = images_NCHW
    notes.append(f"Images of {width}×{height} px were padded to {side}×{side} with the colour of their borders.")
    return squares_NCHW


def _border_colour(images_NCHW: Pixels) -> npt.NDArray[np.uint8]:
    """Median of the outermost pixels of up to a thousand images, (C,)."""
    some_NCHW = images_NCHW[:: max(1, len(images_NCHW) // _CHUNK)]
    edges = (some_NCHW[:, :, 0], some_NCHW[:, :, -1], some_NCHW[..., 0], some_NCHW[..., -1])
    values_CM = np.concatenate([edge.transpose(1, 0, 2).reshape(edge.shape[1], -1) for edge in edges], axis=1)
    return np.median(values_CM, axis=1).astype(np.uint8)
