"""Models and training, without any window: usable from a script, a notebook or a cluster.

    from trainers import Recipe, TrainingRun, load, save

    run = TrainingRun(Recipe(family="vae", dataset="digits", seed=0))
    while not run.finished:
        run.step()
    print(run.evaluate())
    save(run, "vae.safetensors")

Map: `recipe` (what to train), `run` (training it), `checkpoint` (to disk and back); `models`, `priors`, `datasets`
and `metrics` hold the tables `FAMILIES`, `PRIORS`, `DATASETS` and `METRICS`. A metric takes an `Evidence`:

    figure = METRICS["wasserstein"].load()(Evidence.of_run(run))

Importing this package does not import torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from trainers.datasets import DATASETS
from trainers.models import FAMILIES
from trainers.priors import PRIORS
from trainers.recipe import Recipe

if TYPE_CHECKING:
    from trainers.checkpoint import load, save
    from trainers.metrics import METRICS
    from trainers.metrics.evidence import Evidence
    from trainers.run import TrainingRun

__all__ = ["DATASETS", "FAMILIES", "METRICS", "PRIORS", "Evidence", "Recipe", "TrainingRun", "load", "save"]

_LATER = {
    "METRICS": "trainers.metrics",
    "Evidence": "trainers.metrics.evidence",
    "TrainingRun": "trainers.run",
    "load": "trainers.checkpoint",
    "save": "trainers.checkpoint",
}


def __getattr__(name: str) -> object:
    if name in _LATER:
        return getattr(import_module(_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
