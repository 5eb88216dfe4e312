"""What files are called that hold a model, or a picture."""

from typing import Final

MODEL_SUFFIX: Final = ".safetensors"
PICTURE_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
