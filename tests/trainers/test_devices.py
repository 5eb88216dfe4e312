"""Every family computes where its weights are, also on a GPU that is not here: these tensors hold nothing.

Operations on tensors without contents still say where their results would be, and refuse those of two devices.
"""

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from tests.trainers.tiny_runs import KINDS_OF_RUN
from trainers.fresh_model import fresh_model
from trainers.images import ImageShape
from trainers.models.family import Batch
from trainers.seeds import generator_for

GPU = torch.device("cuda", 0)
SHAPE = ImageShape(channels=1, size=8)
COUNT = 16


def moved(tensor: Tensor) -> Tensor:
    """As it would lie on the GPU."""
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=GPU)


def move(model: nn.Module) -> None:
    """Put weights and buffers on the GPU, as `Module.to` would: whatever else a model keeps stays where it is."""
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(moved(parameter), requires_grad=parameter.requires_grad))
        for name, buffer in list(module.named_buffers(recurse=False)):
            setattr(module, name, moved(buffer))


def test_tensors_of_two_devices_are_refused() -> None:
    with FakeTensorMode(), pytest.raises(RuntimeError, match="device"):
        _ = torch.zeros(3, device=GPU) + torch.zeros(3)


@pytest.mark.parametrize("kind", KINDS_OF_RUN)
def test_each_phase_and_what_is_shown_of_it_stays_on_its_device(kind: str) -> None:
    model = fresh_model(KINDS_OF_RUN[kind], SHAPE, torch.device("cpu"))
    draws = model.draw(COUNT, generator_for(0, "draws"))
    with FakeTensorMode():
        move(model)
        images_NCHW = torch.zeros(COUNT, 1, 8, 8, dtype=torch.uint8, device=GPU)
        labels_N = torch.zeros(COUNT, dtype=torch.int64, device=GPU) if model.wants_labels else None
        batch = Batch(
            images_NCHW=images_NCHW, draws={name: moved(draw) for name, draw in draws.items()}, labels_N=labels_N
        )
        model.prepare(0.5, 1.0)
        results: list[Tensor] = []
        for phase in model.phases():
            loss = phase.loss(batch)
            results += [loss.total, *loss.terms.values()]
        codes_ND = model.encode(batch.pixels_NCHW)
        results += [codes_ND, model.decode(codes_ND), *(model.posterior(batch.pixels_NCHW) or ())]
        results += model.bound(batch.pixels_NCHW, batch.draws).values()
        assert {result.device for result in results} == {GPU}
