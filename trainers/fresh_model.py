"""A model as a recipe describes it, with its first weights."""

import torch

from trainers.images import ImageShape
from trainers.models import FAMILIES
from trainers.models.family import Family
from trainers.recipe import Recipe
from trainers.seeds import generator_for


def fresh_model(recipe: Recipe, shape: ImageShape, device: torch.device) -> Family:
    """The networks of a recipe for images of a shape; equal seeds give equal weights."""
    # Layers draw their first weights from torch's global generator; what others draw from it is left as it was.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(generator_for(recipe.seed, "weights").initial_seed())
        return FAMILIES[recipe.family].load()(recipe, shape).to(device)
