"""The search for nearest training images, as the thread of panels carries it out; torch is there when a model is."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from explorer.palette import class_colours
from explorer.views.nearest_view import NearestRow
from explorer.views.neighbour_row import COUNT, Neighbour, in_words
from explorer.workbench import ImagesKey, Indices
from trainers.images import ImageSet
from trainers.messages import Decoder, Floats, ModelCopy, Pixels

if TYPE_CHECKING:
    from trainers.neighbours import Neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Codes of some training images, as of one moment of a model: which images, (N,), and their codes, (N, D)."""

    indices_N: Indices
    codes_ND: Floats
    step: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What to find for one model: its decoder, the code, and where training images lie, if that is known."""

    decoder: Decoder
    code_1D: Floats
    encoded: Encoded | None


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What was found, by run; `image` for the selected image itself."""

    subject: str
    image: NearestRow | None = None
    pixels: dict[str, NearestRow] = field(default_factory=dict[str, NearestRow])
    codes: dict[str, NearestRow] = field(default_factory=dict[str, NearestRow])


def encode_some(model: ModelCopy, images: ImageSet, step: int) -> Encoded:
    """Where training images lie, spread evenly over the set where there are very many."""
    from trainers.neighbours import MOST_ENCODED, evenly

    indices_N = evenly(len(images.train_NCHW), MOST_ENCODED)
    return Encoded(indices_N, model.posterior(images.train_NCHW[indices_N]).means_ND, step)


def usual_distance(key: ImagesKey, images: ImageSet, held_out_NCHW: Pixels) -> tuple[ImagesKey, float]:
    """How far held-out images usually are from the nearest training image."""
    from trainers.neighbours import training_images

    return key, training_images(images).usual_distance(held_out_NCHW)


def find(images: ImageSet, subject: str, image_CHW: Pixels | None, questions: dict[str, Question]) -> Answers:
    """The nearest training images of each model's decode, or of an image, by pixels and by codes."""
    from trainers.neighbours import nearest_codes, training_images

    answers = Answers(subject=subject)
    decodes = {run: question.decoder.decode(question.code_1D)[0] for run, question in questions.items()}
    asked = list(decodes.values()) if image_CHW is None else [image_CHW]
    if not asked:
        return answers
    found = training_images(images).nearest(np.stack(asked), COUNT)
    if image_CHW is not None:
        answers = Answers(subject=subject, image=_row(images, image_CHW, found, 0))
    else:
        answers.pixels.update(
            (run, _row(images, decode_CHW, found, at)) for at, (run, decode_CHW) in enumerate(decodes.items())
        )
    for run, question in questions.items():
        encoded = question.encoded
        if encoded is not None and encoded.codes_ND.shape[1] == question.code_1D.shape[1]:
            near = nearest_codes(encoded.codes_ND, question.code_1D, COUNT)
            answers.codes[run] = _row(images, decodes[run], near, 0, encoded.indices_N)
    return answers


def _row(
    images: ImageSet, query_CHW: Pixels, found: "Neighbours", at: int, among_N: Indices | None = None
) -> NearestRow:
    indices_K = found.indices_QK[at] if among_N is None else among_N[found.indices_QK[at]]
    colours_K3 = class_colours(len(images.class_names))
    neighbours: list[Neighbour] = []
    for index, distance in zip(indices_K.tolist(), found.distances_QK[at].tolist(), strict=True):
        label = int(images.train_labels_N[index])
        red, green, blue = colours_K3[label].tolist()
        words = f"training image {index:,}, class {images.class_names[label]}, {in_words(distance)} away"
        neighbours.append(Neighbour(images.train_NCHW[index], distance, (red, green, blue), words))
    return NearestRow(query_CHW, tuple(neighbours))
