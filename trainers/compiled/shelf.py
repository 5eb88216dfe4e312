"""Where compiled steps are kept, each under a name that says all that it depends on."""

import dataclasses
import json
import platform
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Self

import torch

import trainers
from trainers.compiled.phase_program import PhaseOutputs
from trainers.folders import compiled_steps_folder
from trainers.images import ImageShape
from trainers.recipe import Recipe

LEFT_OUT = frozenset(
    {"seed", "dataset", "image_size", "epochs", "learning_rate", "schedule", "beta", "kl_warmup"},
)
"""Fields of a recipe on which the code of its step does not depend: their effect is an input of it, or comes after."""
SOURCES = ("compiled", "models", "priors", "adam.py", "precision.py", "fresh_model.py")
"""What in this package makes a step what it is."""
LABEL = "step.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOrder:
    """Which step is to be compiled.

    Attributes:
        recipe: Of the model.
        shape: Of its images.
        threads: How many threads it is to use.
    """

    recipe: Recipe
    shape: ImageShape
    threads: int

    @property
    def folder(self) -> Path:
        """Where its code is kept, if it has been made."""
        settings = {name: value for name, value in dataclasses.asdict(self.recipe).items() if name not in LEFT_OUT}
        all_of_it = json.dumps([settings, dataclasses.asdict(self.shape), self.threads, _surroundings()])
        return compiled_steps_folder() / blake2b(all_of_it.encode(), digest_size=12).hexdigest()

    def to_json(self) -> str:
        """The order as text."""
        shape = dataclasses.asdict(self.shape)
        return json.dumps({"recipe": self.recipe.to_json(), "shape": shape, "threads": self.threads})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The order that was written by `to_json`."""
        values = json.loads(text)
        recipe, shape = Recipe.from_json(values["recipe"]), ImageShape(**values["shape"])
        return cls(recipe=recipe, shape=shape, threads=values["threads"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLabel:
    """What is known of a compiled step.

    Attributes:
        gain: How many times as fast as without being compiled; 0 where it could not be made.
        note: Why it should not be used; empty where it should.
        phases: For each phase, by name, how its outputs are read.
    """

    gain: float
    note: str
    phases: dict[str, PhaseOutputs]

    def write(self, folder: Path) -> None:
        """Put the label on a folder."""
        (folder / LABEL).write_text(json.dumps(dataclasses.asdict(self), indent=1), encoding="utf-8")


def label_of(folder: Path) -> StepLabel | None:
    """The label of a compiled step, or None where there is none that can be read."""
    try:
        values: dict[str, Any] = json.loads((folder / LABEL).read_text(encoding="utf-8"))
        phases = {
            name: PhaseOutputs(terms=tuple(how["terms"]), leaves_codes=how["leaves_codes"])
            for name, how in values["phases"].items()
        }
        return StepLabel(gain=values["gain"], note=values["note"], phases=phases)
    except (OSError, ValueError, KeyError, TypeError):
        return None


@lru_cache(maxsize=1)
def _surroundings() -> list[str]:
    """Torch, the processor, and this package's own sources: code that was made for others is not used."""
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    digest = blake2b(digest_size=12)
    root = Path(trainers.__file__).parent
    for name in SOURCES:
        for source in sorted((root / name).rglob("*.py")) if (root / name).is_dir() else [root / name]:
            digest.update(source.read_bytes())
    return [torch.__version__, platform.platform(), str(sorted(capabilities.items())), digest.hexdigest()]
