"""What tests of trainers share: torch on one thread, as tiny models gain nothing from more."""

import sys

import pytest


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(1)
