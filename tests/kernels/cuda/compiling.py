"""Compiles every kernel for a device that need not be there; run as a program, without the simulator.

Prints a JSON object: each kernel's name to what the assembler tells of it, see `Assembled`. With names of kernels as
arguments, these to their PTX.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypedDict

CAPABILITY = (9, 0)

_BYTES, _COLUMN, _SUMS, _HASHES = "uint8[::1]", "int32[::1]", "int64[::1]", "uint64[::1]"
_READS = (_BYTES, _COLUMN, _COLUMN)
_TABLE, _CUBE, _NUMBER = "int64[:, ::1]", "int64[:, :, ::1]", "int64"

SIGNATURES: dict[str, tuple[str, ...]] = {
    "bases._count": (*_READS, _NUMBER, _CUBE),
    "histograms._claim": (_COLUMN, _COLUMN, _NUMBER, _TABLE),
    "histograms._count_lengths": (_COLUMN, _SUMS),
    "histograms._count_means": (_SUMS, _COLUMN, _NUMBER, _SUMS),
    "keys._count_known": (*_READS, _HASHES, _HASHES, "uint64[:, ::1]", _SUMS),
    "keys._hash": (*_READS, _HASHES),
    "lines._count": (_BYTES, _NUMBER, _SUMS),
    "lines._sum_up": (_NUMBER, _SUMS),
    "lines._write": (_SUMS, _COLUMN, _COLUMN),
    "prefix_sums._sum_up": (*_READS, _COLUMN),
    "probes._count": (
        *_READS, "uint8[:, ::1]", _SUMS, _NUMBER, _NUMBER, "int16[::1]", _TABLE, _NUMBER, _TABLE, _CUBE,
    ),
    "qualities._count": (*_READS, _NUMBER, _NUMBER, _TABLE),
    "read_errors._count": (_SUMS, _COLUMN, _SUMS, _SUMS, _NUMBER, _TABLE),
    "read_errors._sum": (*_READS, _SUMS, _NUMBER, _SUMS),
    "reads._count_gc": (*_READS, _NUMBER, _COLUMN),
    "reads._sum": (*_READS, _NUMBER, _SUMS),
    "records._begin": (_SUMS, _NUMBER, _SUMS),
    "records._end": (_COLUMN, _SUMS),
    "records._look": (_BYTES, _COLUMN, _SUMS, *(_COLUMN,) * 6, _SUMS),
    "trim_quality._cut": (*_READS, _NUMBER, _NUMBER, _COLUMN, _COLUMN),
    "trim_quality._cut_two_colour": (*_READS, _COLUMN, _NUMBER, _COLUMN),
    "trim_windows._find": (*_READS, *(_NUMBER,) * 3, _COLUMN),
}  # fmt: skip
"""Every kernel to the types it is launched with."""

_REPORT = re.compile(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")


class Assembled(TypedDict):
    """One kernel in machine code.

    Attributes:
        registers: of a thread.
        spilled: bytes of registers that are written to memory and read again.
        stack: bytes.
        shared: bytes of shared memory, without what a launch decides on.
    """

    registers: int
    spilled: int
    stack: int
    shared: int


def compiler_home() -> Path:
    """Where the package is that holds NVIDIA's compiler, which needs no device."""
    spec = find_spec("nvidia.cuda_nvcc")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(next(iter(spec.submodule_search_locations)))


def kernels_there() -> Iterator[tuple[str, Any]]:
    """Every kernel by the name of its module and its own."""
    package: Any = importlib.import_module("kernels.cuda")
    for each in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"kernels.cuda.{each.name}")
        for name, value in vars(module).items():
            is_kernel = hasattr(value, "py_func") and not getattr(value, "targetoptions", {}).get("device", False)
            if is_kernel and value.py_func.__module__ == module.__name__:
                yield f"{each.name}.{name}", value


def ptx_of(name: str, kernel: Any) -> str:
    """Compiles a kernel for the types it is launched with."""
    from numba import cuda
    from numba.core.sigutils import normalize_signature

    signature, _ = normalize_signature(f"void({', '.join(SIGNATURES[name])})")
    text, _ = cuda.compile_ptx(kernel.py_func, signature, cc=CAPABILITY, device=False)
    return str(text)


def assemble(name: str, kernel: Any, folder: Path) -> Assembled:
    """Compiles a kernel, has it assembled, and tells what became of it."""
    ptx = folder / f"{name}.ptx"
    ptx.write_text(ptx_of(name, kernel), encoding="utf-8")
    capability = "".join(map(str, CAPABILITY))
    command = [str(compiler_home() / "bin" / "ptxas"), f"-arch=sm_{capability}", "-v", str(ptx), "-o", os.devnull]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    found, used = _REPORT.search(told), re.search(r"Used (\d+) registers", told)
    if done.returncode or found is None or used is None:
        raise SystemExit(f"{name}: {told}")
    shared = re.search(r"(\d+) bytes smem", told)
    stack, stores, loads = map(int, found.groups())
    return Assembled(
        registers=int(used[1]), spilled=stores + loads, stack=stack, shared=int(shared[1]) if shared else 0
    )


def _settle() -> None:
    """Has Numba find the compiler, and ask no device what code is for when it compiles what kernels call."""
    os.environ["CUDA_HOME"] = str(compiler_home())
    dispatching: Any = importlib.import_module("numba.cuda.dispatcher")
    dispatching.get_current_device = lambda: SimpleNamespace(compute_capability=CAPABILITY)


def main(names: list[str]) -> None:
    """Compile all, or some, and tell."""
    _settle()
    there = dict(kernels_there())
    if set(there) != set(SIGNATURES):
        raise SystemExit(f"signatures and kernels differ: {sorted(set(there) ^ set(SIGNATURES))}")
    if names:
        json.dump({name: ptx_of(name, there[name]) for name in names}, sys.stdout)
        return
    with tempfile.TemporaryDirectory() as folder:
        told = {name: assemble(name, kernel, Path(folder)) for name, kernel in there.items()}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
