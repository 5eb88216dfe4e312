"""Codes to a picture in a file."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from trainers.atomic_write import write_atomically
from trainers.checkpoint import load
from trainers.commands.command_line import UsageError
from trainers.commands.decode import DEFAULT_SIDE
from trainers.errors import LatentExplorerError
from trainers.frozen_decoder import DecoderMould
from trainers.messages import Pixels


def decode_to_file(model: Path, codes: Sequence[tuple[float, ...]], out: Path, scale: int | None) -> None:
    """Write what the model makes of the codes as a PNG file, one image beside the other.

    Args:
        model: A file written by `save`.
        codes: The codes.
        out: The picture to write.
        scale: Pixels of the picture to one of an image; None makes an image about `DEFAULT_SIDE` wide.

    Raises:
        UsageError: When a code does not have the model's dimensions.
        LatentExplorerError: When the model cannot be read or the picture cannot be written.
    """
    run = load(model, device="cpu")
    latent_dim = run.recipe.latent_dim
    for code in codes:
        if len(code) != latent_dim:
            numbers = "number" if len(code) == 1 else "numbers"
            raise UsageError(f"--z has {len(code)} {numbers}; a code of this model has {latent_dim}.")
    images_NCHW = DecoderMould(run.model).pour().decode(np.asarray(codes, dtype=np.float32))
    content = io.BytesIO()
    picture_of_row(images_NCHW, scale or max(1, round(DEFAULT_SIDE / run.shape.size))).save(content, format="PNG")
    try:
        write_atomically(out, content.getvalue())
    except OSError as error:
        raise LatentExplorerError(f"{out} cannot be written ({error.strerror}); make room there.") from error


def picture_of_row(images_NCHW: Pixels, scale: int) -> Image.Image:
    """Images side by side, (N, C, H, W) with C of 1 or 3, every pixel `scale` pixels wide and high."""
    row_HWC = np.concatenate(list(images_NCHW.transpose(0, 2, 3, 1)), axis=1)
    large_HWC = row_HWC.repeat(scale, axis=0).repeat(scale, axis=1)
    return Image.fromarray(large_HWC[..., 0] if large_HWC.shape[2] == 1 else large_HWC)
