"""A run to disk and back: one safetensors file, its recipe and progress as JSON in the header. Never pickle."""

import json
import os
import re
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from trainers.atomic_write import replaced_atomically
from trainers.errors import CheckpointError, DatasetError, RecipeError, TrainingError
from trainers.images import ImageSet, ImageShape
from trainers.recipe import Recipe
from trainers.run import TrainingRun
from trainers.setting import shortened

FORMAT = "latent-explorer"
VERSION = 1
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")


def save(run: TrainingRun, path: str | os.PathLike[str]) -> None:
    """Write the whole run: weights, optimisers, losses, recipe and progress. A crash leaves the old file.

    Raises:
        CheckpointError: When the file cannot be written.
        TrainingError: When the weights or losses are no longer finite numbers; a good older file is then kept.
    """
    target = Path(path)
    header, tensors = _contents(run)
    try:
        with replaced_atomically(target) as beside:
            _write(beside, header, tensors)
    except OSError as error:
        raise CheckpointError(
            f"{target} cannot be written ({error.strerror or error}); choose another place or make room."
        ) from error


def _write(path: Path, header: dict[str, str], tensors: dict[str, Tensor]) -> None:
    try:
        # Not to bytes and then to the file: that would hold the interpreter lock, and the window, for the whole of it.
        save_file(tensors, path, header)
    except SafetensorError as error:
        number = _SYSTEM_ERROR.search(str(error))
        raise OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(str(error)) from error


def _contents(run: TrainingRun) -> tuple[dict[str, str], dict[str, Tensor]]:
    """Header and tensors of the file."""
    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in run.model.state_dict().items()}
    if not all(value.isfinite().all() for value in tensors.values()):
        raise TrainingError(
            "The weights are no longer finite numbers, and were not saved. Lower the learning rate and reset the model."
        )
    for index, optimiser in enumerate(run.optimisers):
        for name, value in optimiser.state().items():
            tensors[f"optimiser.{index}.{name}"] = value.cpu().contiguous()
    tensors |= {f"losses.{name}": value for name, value in run.recorder.state().items()}
    header = {
        "format": FORMAT,
        "version": str(VERSION),
        "recipe": run.recipe.to_json(),
        "shape": json.dumps({"channels": run.shape.channels, "size": run.shape.size}),
        "progress": json.dumps({"images_seen": run.images_seen, "train_count": run.train_count}),
    }
    return header, tensors


def load(path: str | os.PathLike[str], *, device: str = "auto", images: ImageSet | None = None) -> TrainingRun:
    """Read a run that goes on as if it had never stopped.

    Its images are not needed to decode; they are loaded when first asked for, unless they are given.

    Raises:
        CheckpointError: When the file is missing, truncated, damaged, or not a model of ours.
        TrainingError: When the device is not here.
    """
    source = Path(path)
    run = _rebuilt(source.name, *_read(source), device)
    if images is not None:
        run.give_images(images)
    return run


def moved(run: TrainingRun, device: str) -> TrainingRun:
    """The same run on another device, going on where it is; `run` is left as it was.

    Raises:
        TrainingError: When the device is not here, or the weights are no longer finite numbers.
    """
    header, tensors = _contents(run)
    # Losses are taken as they are given: without copies, both runs would add to the same sums.
    twin = _rebuilt("The model", header, {name: value.clone() for name, value in tensors.items()}, device)
    if run.has_images:
        twin.give_images(run.images)
    return twin


def _rebuilt(name: str, header: dict[str, str], tensors: dict[str, Tensor], device: str) -> TrainingRun:
    """A run from what `_contents` gave; `name` says in an error whose contents they are."""
    try:
        recipe = Recipe.from_json(header["recipe"])
        shape = ImageShape(**_whole_numbers(header["shape"], "channels", "size"))
        progress = _whole_numbers(header["progress"], "images_seen", "train_count")
    except RecipeError as error:
        raise CheckpointError(f"{name} holds a recipe that cannot be used: {error}") from error
    except (KeyError, ValueError, DatasetError, RecursionError) as error:
        raise CheckpointError(f"{name} is damaged: its header is incomplete ({error}).") from error
    run = TrainingRun(recipe, device=device, shape=shape)
    run.images_seen, run.train_count = progress["images_seen"], progress["train_count"]
    try:
        _restore_model(run, _part(tensors, "model."))
        _restore_optimisers(run, _part(tensors, "optimiser."))
        run.recorder.restore(_part(tensors, "losses."))
    except (KeyError, ValueError, RuntimeError, IndexError) as error:
        reason = str(error).strip("'\"").splitlines()[0]
        raise CheckpointError(f"{name} is damaged: {reason}.") from error
    return run


def _read(source: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    try:
        if source.is_dir():
            raise CheckpointError(f"{source} is a folder; give a file saved by this program.")
        if not source.is_file():
            raise CheckpointError(f"There is no file {source}; check its name.")
        with safe_open(source, framework="pt") as file:
            header = file.metadata() or {}
            if header.get("format") != FORMAT:
                raise CheckpointError(
                    f"{source.name} is a safetensors file but not one of our models; open a file saved by this program."
                )
            if header.get("version") != str(VERSION):
                raise CheckpointError(
                    f"{source.name} is of version {header.get('version')} and this program reads version {VERSION};"
                    " update the program."
                )
            return header, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(
            f"{source.name} cannot be read as a model: it is truncated, damaged or of another kind ({error})."
        ) from error


def _whole_numbers(text: str, *names: str) -> dict[str, int]:
    """Those numbers of a JSON object; all of them must be there, from 0 to what fits into 63 bits."""
    values = json.loads(text)
    if not isinstance(values, dict) or values.keys() != set(names):
        raise ValueError(f"{shortened(values)} does not give {' and '.join(names)}")
    for value in values.values():
        if type(value) is not int or not 0 <= value < 2**63:
            raise ValueError(f"{shortened(value)} is not a possible number")
    return values


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _restore_model(run: TrainingRun, tensors: dict[str, Tensor]) -> None:
    expected = run.model.state_dict()
    if expected.keys() != tensors.keys():
        raise ValueError(
            f"its weights are not those of its recipe ({', '.join(sorted(expected.keys() ^ tensors.keys()))})"
        )
    for name, value in tensors.items():
        if value.shape != expected[name].shape or value.dtype != expected[name].dtype:
            raise ValueError(f"{name} has shape {tuple(value.shape)} where {tuple(expected[name].shape)} belongs")
        if not torch.isfinite(value).all():
            raise ValueError(f"{name} holds numbers that are not finite")
    run.model.load_state_dict(tensors)


def _restore_optimisers(run: TrainingRun, tensors: dict[str, Tensor]) -> None:
    for index, optimiser in enumerate(run.optimisers):
        state = _part(tensors, f"{index}.")
        if run.images_seen:
            optimiser.restore(state)
        elif state:
            raise ValueError("the state of its optimiser is that of a model that has seen images")
