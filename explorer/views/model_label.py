"""How a view names a model that is open."""

from dataclasses import dataclass

from explorer.palette import Rgb


@dataclass(frozen=True, slots=True)
class ModelLabel:
    """A model in words and colour: `run` as its snapshots name it, `label` for people, `colour` of its curves."""

    run: str
    label: str
    colour: Rgb
