"""A picture as the bytes of a PNG file, and as an address that holds them."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image


def png_bytes(picture: npt.NDArray[np.uint8]) -> bytes:
    """A picture, (H, W, 3) or (H, W, 4), as a PNG file."""
    content = io.BytesIO()
    Image.fromarray(picture).save(content, format="PNG", optimize=True)
    return content.getvalue()


def data_address(picture: npt.NDArray[np.uint8]) -> str:
    """The same as a data URL, for a page that needs no other file."""
    return f"data:image/png;base64,{base64.b64encode(png_bytes(picture)).decode('ascii')}"
