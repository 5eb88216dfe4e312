"""Torch's shared libraries, a gigabyte with CUDA, loaded without holding Python's interpreter lock.

`import torch` loads them with the lock held: no other thread of Python runs meanwhile, and a window stands still for up
to half a second. A foreign function called through ctypes runs without the lock, `dlopen` as well; when torch is
imported afterwards, its libraries are there already.

Another thread that imports an extension module meanwhile waits for the system's loader, and does so with Python's lock:
then all wait after all. So a thread that begins at the same time calls this first.
"""

import ctypes
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

_ONE_AT_A_TIME = Lock()


def load_torch_libraries() -> None:
    """Load them ahead of `import torch`, or wait until they are; does nothing where that cannot be done."""
    with _ONE_AT_A_TIME:
        _load()


def _load() -> None:
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
