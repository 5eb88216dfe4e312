"""Where models compute, and on how many threads. Torch is imported when one of the functions is first called."""

import os
from typing import TYPE_CHECKING

from trainers.errors import TrainingError

if TYPE_CHECKING:
    import torch

DEVICES: dict[str, str] = {
    "auto": "A CUDA GPU where there is one, else Apple's GPU, else the CPU.",
    "cuda": "An NVIDIA (or ROCm) GPU.",
    "mps": "Apple's GPU.",
    "cpu": "The processor.",
}


def available_devices() -> tuple[str, ...]:
    """The devices that this computer has, best first."""
    import torch

    cuda = ("cuda",) if torch.cuda.is_available() else ()
    mps = ("mps",) if torch.backends.mps.is_available() else ()
    return (*cuda, *mps, "cpu")


def choose_device(name: str = "auto") -> "torch.device":
    """The device behind an entry of `DEVICES`.

    Raises:
        TrainingError: When there is no such device here.
    """
    import torch

    available = available_devices()
    if name == "auto":
        return torch.device(available[0])
    if name not in available:
        raise TrainingError(
            f"This computer has no device {name!r} for torch; choose {' or '.join(('auto', *available))}."
        )
    return torch.device(name)


def describe_device(device: "torch.device") -> str:
    """What a person calls the device, such as "NVIDIA H200" or "CPU, 2 threads"."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    threads = torch.get_num_threads()
    return f"CPU, {threads} thread{'s' if threads != 1 else ''}"


def limit_threads(count: int | None = None) -> None:
    """Let torch use `count` threads for what the calling thread asks of it; by default all cores but one.

    Reading the number back pins it: without that, torch may reset it at the thread's first parallel operation.
    """
    import torch

    torch.set_num_threads(count if count is not None else max(1, (os.cpu_count() or 2) - 1))
    torch.get_num_threads()


def stay_on_one_core() -> None:
    """Let torch, and the libraries behind NumPy, SciPy and scikit-learn, use one core for what the calling thread asks.

    Their matrix products use one core in all threads from then on: that library knows no difference between threads.
    """
    import sklearn.neighbors  # noqa: F401  # pyright: ignore[reportUnusedImport] - loads what is to be limited
    from threadpoolctl import threadpool_limits

    limit_threads(1)
    threadpool_limits(1)
