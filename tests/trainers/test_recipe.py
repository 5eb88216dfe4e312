"""The recipe accepts what can be trained, and says in one sentence what cannot."""

import dataclasses
import json
import math
from typing import Any

import pytest

from trainers.errors import LatentExplorerError, RecipeError
from trainers.models import FAMILIES
from trainers.priors import PRIORS
from trainers.recipe import KINDS, SETTINGS, Recipe, Setting, priors_of, recipe_problems, settings_of


def repr_of(value: object) -> str:
    return "huge" if isinstance(value, int) and abs(value) > 9 else repr(value)


def defaults() -> dict[str, Any]:
    return dataclasses.asdict(Recipe())


def problems_of(**changes: object) -> dict[str, str]:
    with pytest.raises(RecipeError) as caught:
        Recipe(**changes)  # pyright: ignore[reportArgumentType] - that is the test
    assert str(caught.value) == " ".join(caught.value.problems.values())
    return caught.value.problems


def test_defaults_are_valid() -> None:
    assert recipe_problems(defaults()) == {}
    for family in FAMILIES:
        assert Recipe(family=family).family == family


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_can_be_shown(name: str) -> None:
    setting = SETTINGS[name]
    assert setting.label
    assert setting.help.endswith(".")
    assert setting.group
    assert set(setting.choice_labels) <= set(setting.choices)
    shown = [setting.choice_label(choice) for choice in setting.choices]
    assert all(shown)
    assert len(set(shown)) == len(shown), "a person can tell the choices apart"
    assert KINDS[name] in (str, int, float)
    assert all(sentence.endswith(".") for sentence in setting.choices.values())
    default = defaults()[name]
    assert type(default) is KINDS[name]
    if setting.is_drawing:
        assert setting.problem(default, str) is None
    elif KINDS[name] is str:
        assert default in setting.choices
    else:
        assert setting.minimum <= default <= setting.maximum
        assert math.isfinite(setting.minimum)
        assert math.isfinite(setting.maximum)


def test_tables_and_fields_agree() -> None:
    assert list(SETTINGS) == list(KINDS) == [field.name for field in dataclasses.fields(Recipe)]
    for family in FAMILIES.values():
        assert set(family.settings) <= set(SETTINGS)
        assert set(family.priors) <= set(PRIORS)


def test_recipes_are_frozen_and_comparable() -> None:
    recipe = Recipe(seed=3)
    assert recipe == Recipe(seed=3)
    assert hash(recipe) == hash(Recipe(seed=3))
    assert recipe != Recipe(seed=4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        recipe.seed = 4  # pyright: ignore[reportAttributeAccessIssue] - that is the test


def test_with_changes_is_validated_and_leaves_the_original() -> None:
    recipe = Recipe()
    assert recipe.with_changes(family="vae", beta=4.0) == Recipe(family="vae", beta=4.0)
    assert recipe == Recipe()
    with pytest.raises(RecipeError, match="Batch size is 1"):
        recipe.with_changes(batch_size=1)
    with pytest.raises(RecipeError, match="no field 'colour'"):
        recipe.with_changes(colour="red")


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(family="vae", beta=0.1 + 0.2, kl_warmup=2.5, learning_rate=1e-7),
        Recipe(family="aae", prior="swiss-roll", dataset="/a folder/ünïcode.npz", seed=2**31 - 1),
        Recipe(beta=2),  # a whole number where a float belongs
    ],
)
def test_json_round_trip(recipe: Recipe) -> None:
    back = Recipe.from_json(recipe.to_json())
    assert back == recipe
    assert back.to_json() == recipe.to_json()


def test_a_number_is_kept_in_the_kind_of_its_field() -> None:
    recipe = Recipe(beta=2, learning_rate=1)
    assert type(recipe.beta) is float
    assert type(recipe.learning_rate) is float
    assert recipe.to_json() == Recipe(beta=2.0, learning_rate=1.0).to_json()


def test_json_with_missing_fields_takes_the_defaults() -> None:
    assert Recipe.from_json('{"family": "vae"}') == Recipe(family="vae")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not readable as JSON"),
        ("{", "not readable as JSON"),
        ("[1]", "not a JSON object"),
        ("null", "not a JSON object"),
        ("[" * 100_000, "not readable as JSON"),
        ('{"seed": ' + "9" * 5000 + "}", "not readable as JSON"),
        ('{"colour": 1}', r"unknown fields \(colour\)"),
        ('{"seed": NaN}', "Seed is nan; give a whole number"),
        ('{"beta": NaN}', "β is nan; choose from 0 to 1000"),
        ('{"beta": Infinity}', "β is inf; choose from"),
        ('{"beta": 1e999}', "β is inf; choose from"),
        ('{"beta": true}', "β is True; give a number"),
        ('{"epochs": 2.0}', "Epochs is 2.0; give a whole number"),
        ('{"epochs": "2"}', "Epochs is '2'; give a whole number"),
        ('{"epochs": {"a": [1]}}', "Epochs is .*; give a whole number"),
        ('{"family": ["vae"]}', "Family is .*; give text"),
        ('{"family": null}', "Family is None; give text"),
        ('{"dataset": ""}', "Images is empty"),
        ('{"dataset": "  "}', "Images is empty"),
        ('{"dataset": "a\\u0000b"}', "Images is .*null character"),
    ],
)
def test_json_that_is_no_recipe(text: str, sentence: str) -> None:
    with pytest.raises(RecipeError, match=sentence) as caught:
        Recipe.from_json(text)
    assert len(str(caught.value)) < 500, "a sentence, whatever the file holds"


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind is not str])
@pytest.mark.parametrize(
    "value", [True, "1", None, [], math.nan, math.inf, -math.inf, 10**5000, -(10**5000)], ids=repr_of
)
def test_no_number_field_takes_what_is_no_number_in_range(name: str, value: object) -> None:
    problems = problems_of(**{name: value})
    assert set(problems) == {name}
    assert problems[name].startswith(SETTINGS[name].label)
    assert len(problems[name]) < 200


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind is str])
@pytest.mark.parametrize("value", [1, None, b"ae", ["ae"], "", "\0"])
def test_no_text_field_takes_what_is_no_text(name: str, value: object) -> None:
    if value == "" and SETTINGS[name].is_drawing:
        assert Recipe().with_changes(**{name: value}) == Recipe()
    else:
        assert set(problems_of(**{name: value})) == {name}


@pytest.mark.parametrize("name", [name for name, setting in SETTINGS.items() if setting.choices])
def test_choices_are_named_when_refused(name: str) -> None:
    setting = SETTINGS[name]
    if setting.free_text:
        assert getattr(Recipe().with_changes(**{name: "/some/folder"}), name) == "/some/folder"
    else:
        assert all(choice in problems_of(**{name: "nonsense"})[name] for choice in setting.choices)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind is not str])
def test_limits_are_allowed_and_beyond_is_not(name: str) -> None:
    setting, kind = SETTINGS[name], KINDS[name]
    assert setting.problem(kind(setting.minimum), kind) is None
    assert setting.problem(kind(setting.maximum), kind) is None
    assert setting.problem(kind(setting.minimum - 1), kind)
    assert setting.problem(kind(setting.maximum + 1), kind)


def test_large_limits_are_written_in_full() -> None:
    setting = Setting(label="Seed", help="Start.", group="Training", minimum=0, maximum=2**31 - 1)
    assert setting.problem(2**31, int) == "Seed is 2147483648; choose from 0 to 2147483647."


def test_a_float_beyond_the_limits_is_written_as_given() -> None:
    assert problems_of(learning_rate=1e-8) == {"learning_rate": "Learning rate is 1e-08; choose from 1e-07 to 1."}


def test_all_problems_are_named_at_once() -> None:
    problems = problems_of(family="gan", epochs=0, beta=-1.0)
    assert set(problems) == {"family", "epochs", "beta"}


def test_a_recipe_error_is_meant_for_people() -> None:
    assert issubclass(RecipeError, LatentExplorerError)
    assert issubclass(RecipeError, ValueError)


@pytest.mark.parametrize("size", [0, 8, 28, 128])
def test_image_sizes_that_can_be_trained(size: int) -> None:
    assert Recipe(image_size=size).image_size == size


@pytest.mark.parametrize("size", [1, 7, 129, -1])
def test_image_sizes_that_cannot(size: int) -> None:
    assert set(problems_of(image_size=size)) == {"image_size"}


@pytest.mark.parametrize("family", ["vae", "aae"])
@pytest.mark.parametrize("prior", PRIORS)
def test_a_family_takes_the_priors_that_it_can_be_trained_towards(family: str, prior: str) -> None:
    if prior in priors_of(family):
        assert Recipe(family=family, prior=prior).prior == prior
    else:
        problem = problems_of(family=family, prior=prior)["prior"]
        assert repr(prior) in problem
        assert all(name in problem for name in priors_of(family))


def test_which_priors_a_family_takes() -> None:
    assert "square" in priors_of("aae")
    assert "learned-mixture" not in priors_of("aae"), "only a likelihood can train it"
    assert "learned-mixture" in priors_of("vae")
    assert "square" not in priors_of("vae"), "no KL term is finite where the prior's density is 0"
    assert problems_of(family="vae", prior="square") == {
        "prior": "The VAE wants a prior whose density is known and nowhere 0, and 'square' is not; choose one of"
        f" {', '.join(priors_of('vae'))}, or another family."
    }


@pytest.mark.parametrize("prior", PRIORS)
def test_planar_priors_want_two_dimensions(prior: str) -> None:
    family = "aae" if prior in priors_of("aae") else "vae"
    if PRIORS[prior].planar:
        assert "two dimensions" in problems_of(family=family, prior=prior, latent_dim=3)["prior"]
    else:
        assert Recipe(family=family, prior=prior, latent_dim=3).latent_dim == 3
    assert Recipe(family=family, prior=prior, latent_dim=2).prior == prior


@pytest.mark.parametrize("prior", priors_of("aae"))
def test_classes_can_be_given_parts_where_there_are_parts(prior: str) -> None:
    if PRIORS[prior].parts:
        assert Recipe(family="aae", prior=prior, prior_labels="given").prior_labels == "given"
        assert "prior_labels" in settings_of("aae", prior)
    else:
        assert problems_of(family="aae", prior=prior, prior_labels="given") == {
            "prior_labels": f"The prior {prior!r} has no parts to give to classes; choose the prior mixture or"
            " swiss-roll, or set Classes and prior to ignored."
        }
        assert "prior_labels" not in settings_of("aae", prior)
    assert Recipe(family="vae", prior_labels="given").prior_labels == "given", "which a VAE does not read"
    assert "prior_labels" not in settings_of("vae", "mixture")


def test_settings_of_each_family() -> None:
    assert {"beta", "kl_warmup"} <= set(settings_of("vae"))
    assert {"prior", "adversarial_weight", "adversarial_updates"} <= set(settings_of("aae"))
    assert not {"beta", "prior", "adversarial_weight"} & set(settings_of("ae"))
    for family in FAMILIES:
        names = settings_of(family)
        assert {"family", "dataset", "epochs", "learning_rate", "seed"} <= set(names)
        assert list(names) == [name for name in SETTINGS if name in names], "in the order of the recipe"


def test_what_can_change_while_training() -> None:
    live = {name for name, setting in SETTINGS.items() if setting.live}
    assert {"beta", "learning_rate"} <= live
    assert not live & {"family", "dataset", "image_size", "backbone", "latent_dim", "likelihood", "prior", "seed"}


def test_settings_of_an_unknown_family_names_the_choices() -> None:
    with pytest.raises(KeyError):
        settings_of("gan")
    assert json.loads(Recipe().to_json())["family"] in FAMILIES
