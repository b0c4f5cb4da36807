"""Which twin of a kernel this machine runs."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Callable
from typing import Any

from kernels import jit
from kernels.collectors import bases
from kernels.parse import lines

_FAST_VECTORS = ("x86_64", "amd64", "arm64", "aarch64")


def has_vectors() -> bool:
    """Whether the kernels written in vector instructions can run here and are worth it."""
    return jit.COMPILES and platform.machine().lower() in _FAST_VECTORS


_twins = {
    lines.line_index: lines.line_index_portable,
    bases.base_counts: bases.base_counts_portable,
}

line_index = lines.line_index if has_vectors() else lines.line_index_portable
base_counts = bases.base_counts if has_vectors() else bases.base_counts_portable


def chosen() -> list[jit.Compiled]:
    """Every kernel imported so far but the twins that this machine does not run."""
    passed_over = set(_twins.values()) if has_vectors() else set(_twins)
    return [kernel for kernel in jit.registered() if kernel.dispatcher not in passed_over]


def on_device(kernel: Any) -> Callable[..., None]:
    """The twin of a kernel that runs on a GPU: see `kernels.cuda.launching` for how it is called.

    Imports Numba's CUDA, which takes a moment, but needs no GPU before the first launch.

    Raises:
        ImportError: numba-cuda is there only in part.
        LookupError: the kernel has no such twin.
    """
    function = getattr(kernel, "py_func", kernel)  # without a compiler a kernel is a plain function
    try:
        module = importlib.import_module(f"kernels.cuda.{function.__module__.rpartition('.')[2]}")
        twin: Callable[..., None] = getattr(module, function.__name__.removesuffix("_portable"))
    except (ModuleNotFoundError, AttributeError) as error:
        if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("kernels.cuda"):
            raise
        raise LookupError(f"{function.__name__} runs on the CPU only") from error
    return twin
