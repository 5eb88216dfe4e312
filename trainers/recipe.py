"""The recipe: one frozen, validated description of a run, shared by the editor, the command line and the files."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Self

from trainers.datasets import DATASETS
from trainers.errors import RecipeError
from trainers.image_sizes import MAXIMUM_SIZE, MINIMUM_SIZE
from trainers.listing import Listing
from trainers.models import FAMILIES
from trainers.priors import PRIORS
from trainers.setting import Setting

BACKBONES: dict[str, str] = {
    "mlp": "Fully connected layers: fast, good for small grey images.",
    "convolutional": "Strided convolutions after DCGAN (Radford et al. 2016): better for larger or colour images.",
}
LIKELIHOODS: dict[str, str] = {
    "bernoulli": "Each pixel is a probability of ink: cross-entropy, in nats.",
    "gaussian": "Each pixel is Gaussian with σ = 1: squared error.",
    "gaussian-learned": "Each pixel is Gaussian, with one σ learned for all (Rybkin et al. 2021).",
}
SCHEDULES: dict[str, str] = {
    "cosine": "The learning rate falls along a half cosine over the run, to one hundredth.",
    "constant": "The learning rate stays as set.",
}
PRECISIONS: dict[str, str] = {
    "auto": "bfloat16 where the device multiplies it natively, else float32.",
    "float32": "Single precision.",
    "bfloat16": "Half the bits: faster on newer devices, with three figures in the layers between image and code.",
}
ADVERSARIAL_UPDATES: dict[str, str] = {
    "joint": "One encoder step on the weighted sum of both losses: stable.",
    "alternating": "Three phases with an optimiser each, as in Makhzani et al. 2016.",
}

PRIOR_LABELS: dict[str, str] = {
    "ignored": "No model is told the classes; codes lie in the prior as they please.",
    "given": "Each class has a part of the prior, such as a petal: several where classes are fewer than parts, one that"
    " is shared where they are more. It takes a stronger adversarial weight: 5 is a good start.",
}
WEIGHT_WITH_CLASSES: Final = 5.0
"""Adversarial weight to start with where each class has a part of the prior: the usual one leaves many codes out."""


def _setting(default: Any, group: str, label: str, help: str, **more: Any) -> Any:  # noqa: ANN401, A002
    return field(default=default, metadata={"setting": Setting(group=group, label=label, help=help, **more)})


def _titles(table: Mapping[str, Listing]) -> Mapping[str, str]:
    return MappingProxyType({name: f"{entry.title}. {entry.summary}" for name, entry in table.items()})


def _drawing_problem(text: str) -> str | None:
    if not text:
        return None
    from trainers.priors.drawing import drawing_problem  # needs numpy, which tables and explanations come without

    return drawing_problem(text)


def _labels(table: Mapping[str, Listing]) -> Mapping[str, str]:
    return MappingProxyType(
        {
            name: entry.title if entry.label.lower() in entry.title.lower() else f"{entry.label}: {entry.title}"
            for name, entry in table.items()
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that decides what a run computes, apart from the device that it runs on.

    Two runs with equal recipes, images and device give equal losses; where steps are compiled, equal up to rounding.

    Raises:
        RecipeError: With one sentence for each field that has no valid value.
    """

    family: str = _setting(
        "ae",
        "Model",
        "Family",
        "Which kind of model.",
        choices=_titles(FAMILIES),
        choice_labels=_labels(FAMILIES),
    )
    dataset: str = _setting(
        "digits",
        "Model",
        "Images",
        "A set known by name, a folder of images (its subfolders are the classes), or an .npz file.",
        choices=_titles(DATASETS),
        choice_labels=_labels(DATASETS),
        free_text=True,
        files=("*.npz",),
    )
    image_size: int = _setting(
        0,
        "Model",
        "Image size",
        "Side of the images in pixels; 0 keeps the size of the set.",
        minimum=0,
        maximum=MAXIMUM_SIZE,
        step=8,
        zero="as in the set",
    )
    backbone: str = _setting(
        "mlp",
        "Model",
        "Backbone",
        "What encoder and decoder are made of.",
        choices=BACKBONES,
        choice_labels=MappingProxyType({"mlp": "Fully connected (MLP)"}),
    )
    latent_dim: int = _setting(
        2,
        "Model",
        "Latent dimensions",
        "Numbers in a code; above two the window shows the plane of the first two principal components.",
        minimum=2,
        maximum=256,
    )
    likelihood: str = _setting(
        "bernoulli",
        "Loss",
        "Likelihood",
        "What the decoder's output means, and so the reconstruction loss.",
        choices=LIKELIHOODS,
        choice_labels=MappingProxyType({"gaussian": "Gaussian, σ = 1", "gaussian-learned": "Gaussian, learned σ"}),
    )
    prior: str = _setting(
        "gaussian",
        "Model",
        "Prior",
        "The shape that the codes should fill.",
        choices=_titles(PRIORS),
        choice_labels=_labels(PRIORS),
    )
    prior_picture: str = _setting(
        "",
        "Model",
        "Drawing",
        "Where the codes should lie, drawn over −3 to 3 along both axes: the darker, the denser.",
        is_drawing=True,
        check=_drawing_problem,
    )
    prior_labels: str = _setting(
        "ignored",
        "Model",
        "Classes and prior",
        "Whether each class is given a place in the prior of its own (Makhzani et al. 2016, section 2.3).",
        choices=PRIOR_LABELS,
    )
    beta: float = _setting(
        1.0,
        "Loss",
        "β",
        "Weight of the KL term: 1 gives the ELBO, more gives narrower use of the code (Higgins et al. 2017).",
        minimum=0.0,
        maximum=1000.0,
        step=0.5,
        live=True,
    )
    kl_warmup: float = _setting(
        0.0,
        "Loss",
        "KL warm-up",
        "Epochs over which β rises from 0 (Bowman et al. 2016); 0 starts at full weight.",
        minimum=0.0,
        maximum=10_000.0,
        zero="none",
    )
    adversarial_weight: float = _setting(
        1.25,
        "Loss",
        "Adversarial weight",
        "Weight of fooling the discriminator for every 100 pixels, against the reconstruction in nats per image.",
        minimum=0.0,
        maximum=10_000.0,
    )
    adversarial_updates: str = _setting(
        "joint",
        "Loss",
        "Adversarial updates",
        "How the encoder learns from the discriminator.",
        choices=ADVERSARIAL_UPDATES,
    )
    epochs: int = _setting(
        20, "Training", "Epochs", "Passes over the training images.", minimum=1, maximum=100_000, live=True
    )
    batch_size: int = _setting(
        128, "Training", "Batch size", "Images in one step.", minimum=2, maximum=16_384, logarithmic=True
    )
    learning_rate: float = _setting(
        1e-3,
        "Training",
        "Learning rate",
        "Step size of Adam (Kingma & Ba 2015).",
        minimum=1e-7,
        maximum=1.0,
        logarithmic=True,
        live=True,
    )
    schedule: str = _setting(
        "cosine", "Training", "Schedule", "How the learning rate changes over the run.", choices=SCHEDULES
    )
    precision: str = _setting(
        "auto", "Training", "Precision", "In which numbers the layers of a training step multiply.", choices=PRECISIONS
    )
    seed: int = _setting(
        0,
        "Training",
        "Seed",
        "Start of all random numbers: equal seeds give equal runs.",
        minimum=0,
        maximum=2**31 - 1,
    )

    def __post_init__(self) -> None:
        problems = recipe_problems({name: getattr(self, name) for name in SETTINGS})
        if problems:
            raise RecipeError(problems)
        for name, kind in KINDS.items():
            if kind is float:  # 2 and 2.0 are one value, also in a file
                object.__setattr__(self, name, float(getattr(self, name)))

    def with_changes(self, **changes: object) -> Self:
        """A recipe with some fields changed.

        Raises:
            RecipeError: When the result is no valid recipe.
        """
        for name in changes:
            if name not in SETTINGS:
                raise RecipeError({name: f"A recipe has no field {name!r}; it has {', '.join(SETTINGS)}."})
        return dataclasses.replace(self, **changes)  # pyright: ignore[reportArgumentType] - checked at run time

    def to_json(self) -> str:
        """The recipe as one JSON object."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a recipe back.

        Raises:
            RecipeError: When the text is no JSON object, or names unknown fields or invalid values.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise RecipeError({"family": f"The recipe is not readable as JSON ({error})."}) from error
        if not isinstance(values, dict):
            raise RecipeError({"family": "The recipe is not a JSON object."})
        unknown = sorted(str(name) for name in values if name not in SETTINGS)
        if unknown:
            names = ", ".join(unknown)
            raise RecipeError(
                {unknown[0]: f"The recipe has unknown fields ({names}); a newer version may have made it."}
            )
        return cls(**values)


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {entry.name: entry.metadata["setting"] for entry in dataclasses.fields(Recipe)}
)
KINDS: Mapping[str, type] = MappingProxyType(
    {entry.name: entry.type for entry in dataclasses.fields(Recipe) if isinstance(entry.type, type)}
)
_FAMILY_SETTINGS = frozenset(name for family in FAMILIES.values() for name in family.settings)


_PRIOR_SETTINGS = frozenset(name for prior in PRIORS.values() for name in prior.settings)


def settings_of(family: str, prior: str | None = None) -> tuple[str, ...]:
    """Names of the fields that a model of this family reads, in the order of the recipe.

    Some are read with certain priors only: with a `prior`, those of other priors are left out.
    """
    own = FAMILIES[family].settings
    ours = _PRIOR_SETTINGS if prior is None else frozenset(PRIORS[prior].settings)
    return tuple(
        name
        for name in SETTINGS
        if (name in own or name not in _FAMILY_SETTINGS) and (name in ours or name not in _PRIOR_SETTINGS)
    )


def priors_of(family: str) -> tuple[str, ...]:
    """Names of the priors that a model of this family can be trained towards, in the order of the table."""
    some = FAMILIES[family].priors
    return tuple(name for name, prior in PRIORS.items() if (name in some if some else not prior.learned))


def fitting_defaults(values: Mapping[str, object]) -> dict[str, object]:
    """Where other settings make another start than the usual one better: from the name of a field to its value.

    `values` holds some fields of a recipe, valid or not. A recipe does not look here: what it is given, it is.
    """
    if values.get("family") == "aae" and values.get("prior_labels") == "given":
        return {"adversarial_weight": WEIGHT_WITH_CLASSES}
    return {}


def recipe_problems(values: Mapping[str, object]) -> dict[str, str]:
    """From the name of each field without a valid value to one sentence on what is wrong; empty when all is well.

    `values` holds a value for every field of the recipe.
    """
    problems = {
        name: problem for name, value in values.items() if (problem := SETTINGS[name].problem(value, KINDS[name]))
    }
    for check in (_image_size_problem, _prior_problem):
        if not problems and (found := check(values)):
            problems |= found
    return problems


def _image_size_problem(values: Mapping[str, Any]) -> dict[str, str]:
    if 0 < values["image_size"] < MINIMUM_SIZE:
        size = values["image_size"]
        return {"image_size": f"Image size is {size}; choose 0, or from {MINIMUM_SIZE} to {MAXIMUM_SIZE} px."}
    return {}


def _prior_problem(values: Mapping[str, Any]) -> dict[str, str]:
    family, prior = FAMILIES[values["family"]], values["prior"]
    possible = priors_of(values["family"])
    if "prior" in family.settings and prior not in possible:
        return {
            "prior": f"The {family.label} wants a prior {family.priors_wanted}, and {prior!r} is not; choose one of"
            f" {', '.join(possible)}, or another family."
        }
    if values["prior_labels"] == "given" and "prior_labels" in family.settings and not PRIORS[prior].parts:
        parted = " or ".join(name for name in possible if PRIORS[name].parts)
        return {
            "prior_labels": f"The prior {prior!r} has no parts to give to classes; choose the prior {parted}, or set"
            " Classes and prior to ignored."
        }
    if PRIORS[prior].planar and values["latent_dim"] != 2:
        return {"prior": f"The prior {prior!r} exists in two dimensions only; set Latent dimensions to 2."}
    return {}
