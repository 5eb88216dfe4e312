"""Makes `assets/digit-network.safetensors`: `python -m trainers.features.make_digit_network`.

It takes MNIST from the folder of downloaded sets, fetching it there if need be, and two minutes on two cores.
"""

import sys

import torch
from safetensors.torch import save

from trainers.atomic_write import write_atomically
from trainers.datasets.loading import load_images
from trainers.features.digit_network import CLASSES, FILE, SIDE
from trainers.features.network import accuracy, network_of, trained_network

STEPS = 2800
SEED = 0
THREADS = 2


def make() -> float:
    """Train the network, write it, and return its accuracy on the held-out digits, as written."""
    torch.set_num_threads(THREADS)
    images = load_images("mnist", download=True)
    network = trained_network(
        torch.tensor(images.train_NCHW), torch.tensor(images.train_labels_N), CLASSES, steps=STEPS, seed=SEED
    )
    # Half precision takes half the room, and no digit is told differently for it.
    weights = {name: value.half().contiguous() for name, value in network.state_dict().items() if value.ndim}
    right = accuracy(
        network_of(weights, channels=1, side=SIDE, classes=CLASSES),
        torch.tensor(images.test_NCHW),
        torch.tensor(images.test_labels_N),
    )
    header = {"steps": str(STEPS), "seed": str(SEED), "accuracy": f"{right:.4f}", "images": "mnist"}
    write_atomically(FILE, save(weights, header))
    return right


if __name__ == "__main__":
    sys.stdout.write(f"{FILE}: {make():.2%} of MNIST's held-out digits right\n")
