"""A run to disk and back: one safetensors file, its recipe and progress as JSON in the header. Never pickle."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as safetensors_bytes
from torch import Tensor

from trainers.atomic_write import write_atomically
from trainers.errors import CheckpointError, DatasetError, RecipeError
from trainers.images import ImageSet, ImageShape
from trainers.messages import LossHistory
from trainers.recipe import Recipe
from trainers.run import TrainingRun

FORMAT = "latent-explorer"
VERSION = 1
SUFFIX = ".safetensors"


def save(run: TrainingRun, path: str | os.PathLike[str]) -> None:
    """Write the whole run: weights, optimisers, losses, recipe and progress. A crash leaves the old file.

    Raises:
        CheckpointError: When the file cannot be written.
    """
    target = Path(path)
    losses = run.losses()
    tensors = {f"model.{name}": value.detach().cpu().contiguous() for name, value in run.model.state_dict().items()}
    for index, optimiser in enumerate(run.optimisers):
        for parameter, state in optimiser.state_dict()["state"].items():
            for name, value in state.items():
                tensors[f"optimiser.{index}.{parameter}.{name}"] = torch.as_tensor(value).cpu().contiguous()
    tensors["losses.epochs"] = torch.tensor(losses.epochs_T)
    for name, values_T in losses.terms.items():
        tensors[f"losses.terms.{name}"] = torch.tensor(values_T)
    header = {
        "format": FORMAT,
        "version": str(VERSION),
        "recipe": run.recipe.to_json(),
        "shape": json.dumps({"channels": run.shape.channels, "size": run.shape.size}),
        "progress": json.dumps({"images_seen": run.images_seen, "train_count": run.train_count}),
    }
    try:
        write_atomically(target, safetensors_bytes(tensors, header))
    except OSError as error:
        raise CheckpointError(
            f"{target} cannot be written ({error.strerror or error}); choose another place or make room."
        ) from error


def load(path: str | os.PathLike[str], *, device: str = "auto", images: ImageSet | None = None) -> TrainingRun:
    """Read a run that goes on as if it had never stopped.

    Its images are not needed to decode; they are loaded when first asked for, unless they are given.

    Raises:
        CheckpointError: When the file is missing, truncated, damaged, or not a model of ours.
        TrainingError: When the device is not here.
    """
    source = Path(path)
    header, tensors = _read(source)
    try:
        recipe = Recipe.from_json(header["recipe"])
        shape = ImageShape(**json.loads(header["shape"]))
        progress = json.loads(header["progress"])
        images_seen, train_count = int(progress["images_seen"]), int(progress["train_count"])
        if images_seen < 0 or train_count < 0:
            raise ValueError("negative progress")
    except RecipeError as error:
        raise CheckpointError(f"{source.name} holds a recipe that cannot be used: {error}") from error
    except (KeyError, TypeError, ValueError, DatasetError, RecursionError, OverflowError) as error:
        raise CheckpointError(f"{source.name} is damaged: its header is incomplete ({error}).") from error
    run = TrainingRun(recipe, device=device, shape=shape)
    try:
        _restore_model(run, _part(tensors, "model."))
        _restore_optimisers(run, _part(tensors, "optimiser."))
        run.restore_losses(_restored_losses(_part(tensors, "losses.")))
    except (KeyError, ValueError, RuntimeError, IndexError) as error:
        reason = str(error).strip("'\"").splitlines()[0]
        raise CheckpointError(f"{source.name} is damaged: {reason}.") from error
    run.images_seen, run.train_count = images_seen, train_count
    if images is not None:
        run.give_images(images)
    return run


def is_checkpoint(path: str | os.PathLike[str]) -> bool:
    """Whether the file's name says that it is a model."""
    return Path(path).suffix.lower() == SUFFIX


def _read(source: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    if not source.is_file():
        raise CheckpointError(f"There is no file {source}; check its name.")
    try:
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


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _restore_model(run: TrainingRun, tensors: dict[str, Tensor]) -> None:
    expected = run.model.state_dict()
    if expected.keys() != tensors.keys():
        raise ValueError(f"its weights are not those of its recipe ({', '.join(sorted(expected.keys() ^ tensors.keys()))})")
    for name, value in tensors.items():
        if value.shape != expected[name].shape or value.dtype != expected[name].dtype:
            raise ValueError(f"{name} has shape {tuple(value.shape)} where {tuple(expected[name].shape)} belongs")
        if not torch.isfinite(value).all():
            raise ValueError(f"{name} holds numbers that are not finite")
    run.model.load_state_dict(tensors)


def _restore_optimisers(run: TrainingRun, tensors: dict[str, Tensor]) -> None:
    for index, optimiser in enumerate(run.optimisers):
        states: dict[int, dict[str, Any]] = {}
        for name, value in _part(tensors, f"{index}.").items():
            parameter, _, entry = name.partition(".")
            states.setdefault(int(parameter), {})[entry] = value
        parameters = optimiser.param_groups[0]["params"]
        for parameter, state in states.items():
            if state.keys() != {"step", "exp_avg", "exp_avg_sq"} or any(
                value.ndim and value.shape != parameters[parameter].shape for value in state.values()
            ):
                raise ValueError("the state of its optimiser does not fit its weights")
        whole = optimiser.state_dict()
        optimiser.load_state_dict({"state": states, "param_groups": whole["param_groups"]})


def _restored_losses(tensors: dict[str, Tensor]) -> LossHistory:
    epochs_T = tensors["epochs"].numpy().astype(np.float32)
    terms = {name: value.numpy().astype(np.float32) for name, value in _part(tensors, "terms.").items()}
    if any(values_T.shape != epochs_T.shape for values_T in terms.values()):
        raise ValueError("its losses have unequal lengths")
    return LossHistory(epochs_T=epochs_T, terms=terms)
