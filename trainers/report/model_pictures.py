"""What each model looks like: its codes, what it decodes all over the plane, new images, reconstructions, losses."""

from copy import deepcopy

import numpy as np
import numpy.typing as npt
import torch

from trainers.claims.bench import images_of, plane_of
from trainers.comparison.comparison import ComparedModel
from trainers.comparison.contender import Contender
from trainers.comparison.wording import seeds_text
from trainers.messages import LossHistory
from trainers.metrics.evidence import Evidence
from trainers.models import FAMILIES
from trainers.pictures.class_colours import class_colours
from trainers.pictures.cloud import Window, paint_dots
from trainers.pictures.png import data_address
from trainers.pictures.tiles import enlarged, tile_images
from trainers.recipe import SETTINGS, Recipe, settings_of
from trainers.report.markup import escape, picture, tag
from trainers.report.plots import curve, framed_plane

Bytes = npt.NDArray[np.uint8]

SIDE = 400
CELLS = 20
DOTS = 4000
COLUMNS = 12
ROWS = 4
_WIDEST_TILES = 620


def model_section(contender: Contender, model: ComparedModel, losses: LossHistory, index: int) -> str:
    """All pictures of one model."""
    evidence = contender.evidence
    plane = plane_of(evidence)
    points_N2 = plane.points(evidence.codes_ND[:DOTS].numpy())
    window = Window.around(points_N2, share=0.999)
    family = FAMILIES[model.recipe.family]
    epochs = model.images_seen / len(evidence.images.train_NCHW)
    trained = f"{epochs:.3g} epochs" if model.images_seen else f"{model.recipe.epochs} epochs"
    facts = f"{family.title} · {trained} · {seeds_text(model.seeds)}"
    if len(model.seeds) > 1:
        facts += f"; the pictures are of seed {model.seeds[0]}"
    where = (
        ""
        if plane.is_whole_space
        else f" (first two principal components, {100 * plane.explained:.0f} % of the variance)"
    )
    outline = "N(0, I), of which it knows nothing" if "prior" not in family.settings else "the prior"
    dashed = f"; dashed, {outline}" if plane.is_whole_space else ""
    parts = [
        _figure(_cloud(evidence, points_N2, window), f"Codes of held-out images{where}{dashed}"),
        _figure(_grid(evidence, window), "What is decoded all over the same part of the plane"),
        _figure(_tiles(images_of(evidence.samples_SCHW, COLUMNS * ROWS)), "New images: samples of the prior, decoded"),
        _figure(_tiles(_pairs(evidence)), "Held-out images, each above what comes back of it"),
    ]
    curves = "".join(curve(name, losses.epochs_T, values_T) for name, values_T in losses.terms.items())
    sections = tag("div", "".join(parts), "pictures")
    sections += (
        tag("div", tag("h4", "Losses over training, nats per image") + tag("div", curves, "curves")) if curves else ""
    )
    sections += tag("details", f"{tag('summary', 'Recipe')}{_recipe(model.recipe)}")
    head = tag("h3", f"{escape(model.label)} {tag('small', escape(facts))}", f"model-{index % 4}")
    return tag("article", head + sections, "model")


def class_key(evidence: Evidence) -> str:
    """The colours of the classes; empty where there are none."""
    names = evidence.images.class_names
    if len(names) < 2:
        return ""
    entries = [
        tag("li", f'<i style="background:rgb({red},{green},{blue})"></i>{escape(name)}')
        for name, (red, green, blue) in zip(names, class_colours(len(names)).tolist(), strict=True)
    ]
    return tag("ul", "".join(entries), "key")


def _figure(content: str, caption: str) -> str:
    return tag("figure", content + tag("figcaption", escape(caption)))


def _cloud(evidence: Evidence, points_N2: npt.NDArray[np.float32], window: Window) -> str:
    classes = len(evidence.images.class_names)
    colours_N3 = class_colours(classes)[evidence.labels_N[: len(points_N2)]]
    dots = paint_dots(points_N2, colours_N3, window, side=2 * SIDE, width=6.0, opacity=0.8)
    prior = deepcopy(evidence.model.prior).to("cpu")
    contours = prior.contours() if evidence.latent_dim == 2 else ()
    return framed_plane(
        data_address(dots), window, contours, side=SIDE, description="Codes in the colours of their classes"
    )


def _grid(evidence: Evidence, window: Window) -> str:
    codes_ND = torch.from_numpy(plane_of(evidence).codes(window.grid(CELLS)))
    images_NCHW = images_of(evidence.in_chunks(evidence.model.decode, codes_ND), CELLS**2)
    return framed_plane(data_address(tile_images(images_NCHW, CELLS)), window, (), side=SIDE, description="Decoded map")


def _pairs(evidence: Evidence) -> Bytes:
    half = COLUMNS * ROWS // 2
    originals, returned = images_of(evidence.held_out_NCHW, half), images_of(evidence.reconstructions_NCHW, half)
    rows = [
        part[start : start + COLUMNS]
        for start in range(0, min(half, len(originals)), COLUMNS)
        for part in (originals, returned)
    ]
    return np.concatenate(rows)


def _tiles(images_NCHW: Bytes) -> str:
    tiles = tile_images(images_NCHW, COLUMNS, gap=0)
    tiles = enlarged(tiles, max(1, _WIDEST_TILES // tiles.shape[1]))
    return picture(
        data_address(tiles), "Images made by the model", "tiles", width=tiles.shape[1], height=tiles.shape[0]
    )


def _recipe(recipe: Recipe) -> str:
    defaults = Recipe(family=recipe.family)
    rows: list[str] = []
    for name in settings_of(recipe.family, recipe.prior):
        setting, value = SETTINGS[name], getattr(recipe, name)
        text = "drawn" if setting.is_drawing else f"{value:g}" if isinstance(value, float) else str(value)
        changed = "changed" if value != getattr(defaults, name) else ""
        rows.append(tag("div", tag("dt", escape(setting.label)) + tag("dd", escape(text)), changed or "as-default"))
    return tag("dl", "".join(rows), "recipe")
