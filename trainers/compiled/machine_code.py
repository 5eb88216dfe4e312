"""Calls a program that torch has compiled ahead of time, without holding the interpreter lock.

Torch's own way to call it keeps the lock until it returns, and with it everything else that Python does, such as
answering a mouse, waits for as long as a training step takes. The library's C interface (AOTInductor's `interface.h`,
which torch keeps stable) is called through ctypes instead, which gives the lock away.
"""

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

Pointer = ctypes.c_void_p
_HANDLES: Any = getattr(torch._C, "_aoti", None)  # pyright: ignore[reportPrivateUsage]


class MachineCodeError(Exception):
    """A compiled program cannot be loaded or called; the same can be computed in another way."""


class MachineCode:
    """One compiled program: tensors in, tensors out; one thread at a time may call it.

    Args:
        library: The file that torch's compiler has made.

    Raises:
        MachineCodeError: When it cannot be loaded here.
    """

    def __init__(self, library: Path) -> None:
        if not hasattr(_HANDLES, "unsafe_alloc_void_ptrs_from_tensors"):
            raise MachineCodeError("this release of torch cannot be called that way")
        try:
            self._library = ctypes.CDLL(str(library))
            self._run = self._library.AOTInductorModelContainerRun
            self._run.argtypes = (Pointer, Pointer, ctypes.c_size_t, Pointer, ctypes.c_size_t, Pointer, Pointer)
            self._container = Pointer()
            self._check(
                self._library.AOTInductorModelContainerCreateWithDevice(
                    ctypes.byref(self._container), ctypes.c_size_t(1), b"cpu", None
                )
            )
            self.inputs = self._count(self._library.AOTInductorModelContainerGetNumInputs)
            self.outputs = self._count(self._library.AOTInductorModelContainerGetNumOutputs)
        except (OSError, AttributeError) as error:
            raise MachineCodeError(f"{library.name} cannot be loaded: {error}") from error

    def __call__(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Run the program on tensors of the very shapes and types that it was compiled for.

        Raises:
            MachineCodeError: When their number is wrong, or the program reports an error.
        """
        if len(tensors) != self.inputs:
            raise MachineCodeError(f"{len(tensors)} tensors were given to a program that takes {self.inputs}")
        # The program takes the handles over, also when it fails.
        handles = _HANDLES.unsafe_alloc_void_ptrs_from_tensors(tensors)
        given = (Pointer * self.inputs)(*[_pointer_in(handle, None) for handle in handles])
        made = (Pointer * self.outputs)()
        self._check(self._run(self._container, given, self.inputs, made, self.outputs, None, None))
        return _HANDLES.alloc_tensors_by_stealing_from_void_ptrs([_capsule_of(handle, None, None) for handle in made])

    def _count(self, question: Any) -> int:  # noqa: ANN401 - a function of the library
        count = ctypes.c_size_t()
        self._check(question(self._container, ctypes.byref(count)))
        return count.value

    def _check(self, status: int) -> None:
        if status != 0:
            raise MachineCodeError(f"the compiled program reports error {status}")

    def __del__(self) -> None:
        container = getattr(self, "_container", None)
        if container:
            self._library.AOTInductorModelContainerDelete(container)


_pointer_in = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_in.restype, _pointer_in.argtypes = Pointer, (ctypes.py_object, ctypes.c_char_p)
_capsule_of = ctypes.pythonapi.PyCapsule_New
_capsule_of.restype, _capsule_of.argtypes = ctypes.py_object, (Pointer, ctypes.c_char_p, Pointer)
