"""A copy of a whole model as it was at one moment, for what needs more than its decoder."""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor

from trainers.frozen_decoder import CHUNK, to_bytes
from trainers.geometry.latent_path import evenly_along, path_length, shortest_path, straight_path
from trainers.geometry.pull_back import pull_back_metric
from trainers.messages import Floats, LatentPath, Pixels, Posterior, read_only
from trainers.models.family import Family
from trainers.seeds import generator_for


class FrozenModel:
    """Computes on the CPU, whatever the device of the model.

    Copying takes about a millisecond for small models, so it is done only for those who need it.
    """

    def __init__(self, model: Family) -> None:
        self._model = deepcopy(model).to("cpu").requires_grad_(requires_grad=False)

    @property
    def family(self) -> Family:
        """The networks, for what measures them; nobody may train or move them."""
        return self._model

    def decode(self, codes_ND: Floats) -> Pixels:
        """Decode codes, float32 (N, D), to images, uint8 (N, C, H, W), read-only."""
        codes = _tensor(codes_ND)
        with torch.inference_mode():
            parts = [to_bytes(self._model.decode(part)) for part in codes.split(CHUNK)]
        return read_only(torch.cat(parts).numpy())

    def posterior(self, images_NCHW: Pixels) -> Posterior:
        """The code of each image, uint8 (N, C, H, W), and its variance where the family has a posterior."""
        images = torch.tensor(np.asarray(images_NCHW))
        means: list[Tensor] = []
        variances: list[Tensor] = []
        with torch.inference_mode():
            for part in images.split(CHUNK):
                pixels_NCHW = part.float().div_(255.0)
                found = self._model.posterior(pixels_NCHW)
                means.append(found[0] if found is not None else self._model.encode(pixels_NCHW))
                variances += [found[1].exp()] if found is not None else []
        return Posterior(
            means_ND=read_only(torch.cat(means).numpy()),
            variances_ND=read_only(torch.cat(variances).numpy()) if variances else None,
        )

    def prior_codes(self, count: int) -> Floats:
        """Codes of the prior, (count, D), spread more evenly than chance would (Sobol' 1967), always the same."""
        noise_dim = self._model.prior.noise_dim
        seed = generator_for(0, "spread").initial_seed()
        engine = torch.quasirandom.SobolEngine(noise_dim, scramble=True, seed=seed)
        with torch.inference_mode():
            return read_only(self._model.prior.sample(engine.draw(count)).numpy())

    def metric(self, codes_ND: Floats, axes_2D: Floats) -> Floats:
        """JᵀJ of the decoded image along two axes at each code, (N, 2, 2); see `pull_back.pull_back_metric`."""
        axes = _tensor(axes_2D)
        parts = [pull_back_metric(self._model.decode, part, axes) for part in _tensor(codes_ND).split(CHUNK)]
        return read_only(torch.cat(parts).numpy())

    def path(self, start_D: Floats, end_D: Floats, *, is_shortest: bool, frames: int) -> LatentPath:
        """The straight line between two codes, or the shortest way for the images; see `latent_path`."""
        start, end = _tensor(start_D), _tensor(end_D)
        decode = self._model.decode
        codes_PD = shortest_path(decode, start, end) if is_shortest else straight_path(start, end)
        frames_KD = evenly_along(decode, codes_PD, frames) if is_shortest else straight_path(start, end, frames)
        frame_codes_KD = read_only(frames_KD.numpy())
        return LatentPath(
            codes_PD=read_only(codes_PD.numpy()),
            length=path_length(decode, codes_PD),
            frame_codes_KD=frame_codes_KD,
            frames_KCHW=self.decode(frame_codes_KD),
        )


def _tensor(array: Floats) -> Tensor:
    return torch.tensor(np.asarray(array, dtype=np.float32))
