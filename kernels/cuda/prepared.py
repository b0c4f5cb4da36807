"""Launches that are prepared once for each kernel, device and types of arguments.

Numba finds out anew at every launch what its arguments are, which takes it longer than the GPU the work. Here it
compiles and loads, and the launch itself goes to what Numba launches with too.
"""

from __future__ import annotations

import importlib
from functools import lru_cache
from typing import Any

from numba import types
from numba.np import numpy_support

from kernels.cuda.spans import Span

_UNKNOWN: Any = object()

_ready: dict[tuple[Any, ...], Any] = {}
"""Kernels to be launched; ``None``: by Numba alone."""


def launched(kernel: Any, grid: Any, in_block: int, arguments: tuple[Any, ...], stream: Any, shared: int) -> bool:
    """Puts a kernel into a stream, as `kernels.cuda.launching.launch` does.

    Returns:
        Whether it did: only where all arrays are `Span`, all numbers are Python's whole ones, and Numba lays them out
        as it is done here.

    Raises:
        Exception: the device fails.
    """
    if not arguments or type(arguments[0]) is not Span or not stream:
        return False
    device = current_device()
    if device < 0:
        return False
    key = (kernel, device, *[a.kind if type(a) is Span else type(a) for a in arguments])
    ready = _ready.get(key, _UNKNOWN)
    if ready is _UNKNOWN:
        ready = _ready[key] = _prepared(kernel, arguments)
    if ready is None:
        return False
    words: list[int] = []
    for argument in arguments:
        if type(argument) is Span:
            words += argument.words
        else:
            words.append(argument)
    _core().launch(_stream(int(stream.handle)), _configuration(grid, in_block, shared), ready, *words)
    return True


def current_device() -> int:
    """The number of the device that this thread works with; below 0: none that is known."""
    try:
        failed, number = _bindings().cuCtxGetDevice()
    except (ImportError, RuntimeError):
        return -1
    return -1 if failed else int(number)


def _prepared(kernel: Any, arguments: tuple[Any, ...]) -> Any:
    if any(type(argument) not in {Span, int} for argument in arguments):
        return None
    compiled = kernel.compile(tuple(_type(argument) for argument in arguments))
    if not _agrees(compiled, arguments):
        return None
    return compiled.library.get_cufunc().kernel


def _type(argument: Span | int) -> Any:
    if isinstance(argument, int):
        return types.int64
    return types.Array(numpy_support.from_dtype(argument.dtype), len(argument.shape), "C")


def _agrees(compiled: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether this version of Numba lays arguments out as `Span` says."""
    try:
        for each, argument in zip(compiled.argument_types, arguments, strict=True):
            theirs: list[Any] = []
            compiled._prepare_args(each, argument, 0, [], theirs)
            mine = argument.words if isinstance(argument, Span) else (argument,)
            where = 4 if isinstance(argument, Span) and not argument.nbytes else -1  # nowhere, either way
            if len(theirs) != len(mine) or any(
                int(getattr(one, "value", one)) != other
                for number, (one, other) in enumerate(zip(theirs, mine, strict=True))
                if number != where
            ):
                return False
        return hasattr(_core(), "LaunchConfig")
    except (AttributeError, ImportError, TypeError):  # of another version
        return False


@lru_cache(maxsize=256)
def _configuration(grid: Any, in_block: int, shared: int) -> Any:
    return _core().LaunchConfig(grid=grid, block=in_block, shmem_size=shared)


@lru_cache(maxsize=64)
def _stream(handle: int) -> Any:
    return _core().Stream.from_handle(handle)


@lru_cache(maxsize=1)
def _core() -> Any:
    return importlib.import_module("cuda.core")


@lru_cache(maxsize=1)
def _bindings() -> Any:
    return importlib.import_module("cuda.bindings.driver")
