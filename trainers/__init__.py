"""Models and training, without any window: usable from a script, a notebook or a cluster.

    from trainers import Recipe, TrainingRun, load, save

    run = TrainingRun(Recipe(family="vae", dataset="digits", seed=0))
    while not run.finished:
        run.step()
    print(run.evaluate())
    save(run, "vae.safetensors")

Map: `recipe` (what to train), `run` (training it), `checkpoint` (to disk and back); `models`, `priors` and `datasets`
hold the tables `FAMILIES`, `PRIORS` and `DATASETS`. Importing this package does not import torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from trainers.datasets import DATASETS
from trainers.models import FAMILIES
from trainers.priors import PRIORS
from trainers.recipe import Recipe

if TYPE_CHECKING:
    from trainers.checkpoint import load, save
    from trainers.run import TrainingRun

__all__ = ["DATASETS", "FAMILIES", "PRIORS", "Recipe", "TrainingRun", "load", "save"]

_NEEDS_TORCH = {"TrainingRun": "trainers.run", "load": "trainers.checkpoint", "save": "trainers.checkpoint"}


def __getattr__(name: str) -> object:
    if name in _NEEDS_TORCH:
        return getattr(import_module(_NEEDS_TORCH[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
