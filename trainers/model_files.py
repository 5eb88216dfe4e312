"""What a file with a model is called."""

from typing import Final

MODEL_SUFFIX: Final = ".safetensors"
