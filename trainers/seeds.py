"""Random numbers that depend on nothing but the seed, the purpose and the moment.

Each draw seeds a generator anew instead of carrying one along: a run that is saved and loaded goes on with the very
numbers that it would have drawn, and what one model draws never depends on what another did before.
"""

from hashlib import blake2b

import torch


def generator_for(seed: int, purpose: str, moment: int = 0) -> torch.Generator:
    """A generator on the CPU for one purpose at one moment, such as ("noise", step 12)."""
    digest = blake2b(f"{seed}/{purpose}/{moment}".encode(), digest_size=4).digest()
    # Torch's generator on the CPU takes 32 bits of its seed, so the digest is no longer than that.
    return torch.Generator().manual_seed(int.from_bytes(digest, "little"))
