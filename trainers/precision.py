"""In which numbers the layers of a training step multiply: float32, or bfloat16 where the device has it in hardware.

Weights, losses, codes and the optimiser stay in float32 either way, and so does everything outside a training step.
"""

from typing import Any

import torch


def autocast(precision: str, device: torch.device) -> torch.autocast:
    """A context in which layers compute as an entry of `PRECISIONS` says (Micikevicius et al. 2018)."""
    enabled = precision == "bfloat16" or (precision == "auto" and has_native_bfloat16(device))
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled)


def has_native_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 in hardware."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    # Older releases of torch cannot say what the processor has; then it is used as any other.
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return device.type == "cpu" and bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
