"""Where things that outlive a run are kept on this computer."""

import os
from pathlib import Path

import platformdirs


def datasets_folder() -> Path:
    """The folder of downloaded image sets, laid out as torchvision does; it need not exist.

    `LATENT_EXPLORER_DATA` names it; otherwise it lies in the person's own data folder.
    """
    named = os.environ.get("LATENT_EXPLORER_DATA")
    if named:
        return Path(named).expanduser().absolute()
    return platformdirs.user_data_path("latent-explorer", appauthor=False) / "datasets"


def compiled_steps_folder() -> Path:
    """The folder of compiled training steps, which can be deleted at any time; it need not exist."""
    return platformdirs.user_cache_path("latent-explorer", appauthor=False) / "steps"
