"""Torch's shared libraries, a gigabyte with CUDA, loaded without holding Python's interpreter lock.

`import torch` loads them with the lock held: no other thread of Python runs meanwhile, and a window stands still for up
to half a second. A foreign function called through ctypes runs without the lock, `dlopen` as well; when torch is
imported afterwards, its libraries are there already.
"""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path


def load_torch_libraries() -> None:
    """Load them ahead of `import torch`; does nothing where that cannot be done, or has been."""
    spec = find_spec("torch") if "torch" not in sys.modules else None
    if os.name != "posix" or spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent / "lib"
    suffix = "dylib" if sys.platform == "darwin" else "so"
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    dlopen.argtypes = [ctypes.c_char_p, ctypes.c_int]
    # The order and the flags of torch's own loading; a library that does not load here fails there, and is told there.
    dlopen(os.fsencode(folder / f"libtorch_global_deps.{suffix}"), os.RTLD_NOW | os.RTLD_GLOBAL)
    dlopen(os.fsencode(folder / f"libtorch_python.{suffix}"), os.RTLD_NOW)
