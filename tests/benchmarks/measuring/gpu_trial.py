"""Whether a GPU can be measured with these packages at all: everything is imported, and a kernel is compiled and run.

Tells the versions of all that takes part, also where it fails.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "numpy", "numba", "llvmlite", "numba-cuda", "cuda-bindings", "cuda-core", "cuda-pathfinder", "nvidia-nvjitlink",
    "nvidia-nvjitlink-cu12", "nvidia-cuda-nvrtc", "nvidia-cuda-nvrtc-cu12", "nvidia-nvvm", "nvidia-cuda-nvcc-cu12",
    "pydantic", "isal", "wasmtime", "pytest", "hypothesis",
)  # fmt: skip
MODULES = ("gpu_kernels", "gpu_tables", "devices", "gpu_runs")
CARD = (
    "name", "driver_version", "pcie.link.gen.current", "pcie.link.gen.max", "pcie.link.width.current",
    "clocks.max.sm", "clocks.max.memory", "ecc.mode.current",
)  # fmt: skip
LIBRARIES = ("nvvm", "nvJitLink", "nvrtc", "cudart")


def main() -> int:
    """Try and tell. Returns 0 where the kernel counted right."""
    print(f"Python {sys.version.split()[0]}; CUDA_HOME {os.environ.get('CUDA_HOME', 'not set')}")
    print(", ".join(f"{name} {_version(name)}" for name in PACKAGES if _version(name)), flush=True)
    print(_told(_card), flush=True)
    for name in LIBRARIES:
        print(f"{name}: {_told(partial(_library, name))}", flush=True)
    from tests.benchmarks.measuring import gpu

    if "--check" not in sys.argv:
        gpu.require()
    print(gpu.describe(), flush=True)
    for name in MODULES:
        importlib.import_module(f"tests.benchmarks.{name}")
    return _trial()


def _trial() -> int:
    import numpy as np
    from numba import cuda

    from kernels.cuda import prepared
    from kernels.cuda.launching import SIMULATED
    from kernels.cuda.reads import gc_counts
    from kernels.cuda.spans import Span

    text, stream = np.frombuffer(b"GATTACA" + bytes(73), np.uint8), cuda.stream()
    starts, length, gc = np.zeros(1, np.int32), np.full(1, 7, np.int32), np.zeros(1, np.int32)
    there = [cuda.to_device(each) for each in (text, starts, length, gc)]
    buffer, start, size, out = there if SIMULATED else [Span.of(each) for each in there]
    gc_counts(buffer, start, size, out, stream)
    stream.synchronize()
    found = int(there[-1].copy_to_host()[0])
    own = "in our way" if any(prepared._ready.values()) else "by Numba"
    print(f"a kernel has counted {found} of 2, launched {own}")
    return 0 if found == 2 else 1


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _card() -> str:
    """What the driver's own tool tells: above all how fast the link is that batches go up by."""
    command = ("nvidia-smi", f"--query-gpu={','.join(CARD)}", "--format=csv,noheader")
    found = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.splitlines()
    return "; ".join(f"{what} {value.strip()}" for what, value in zip(CARD, found[0].split(","), strict=True))


def _library(name: str) -> str:
    found = importlib.import_module("cuda.pathfinder").load_nvidia_dynamic_lib(name)
    return f"{found.abs_path}, found by {found.found_via}"


def _told(what: Callable[[], str]) -> str:
    try:
        return what()
    except Exception as error:  # whatever it is, it is told, and Numba may find it nevertheless
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"


if __name__ == "__main__":
    raise SystemExit(main())
