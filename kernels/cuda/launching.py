"""How kernels are compiled for a device and launched on it.

Each kernel in this package has the name, the arguments in their order and the results of the one for the CPU in the
module of the same name, but takes arrays on a device (`kernels.cuda.spans.Span`, of which a launch costs least; Numba's
own; any with the CUDA array interface) and a stream behind them, and returns nothing: what the one for the CPU returns
is written into an array. Launches are asynchronous, in order within a stream; the arrays have to stay until the stream
has been waited for.
"""

from __future__ import annotations

import hashlib
import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeAlias

import numba
from numba import cuda

from kernels import jit
from kernels.cuda import simulated
from kernels.cuda.prepared import current_device, launched

DeviceArray: TypeAlias = Any
"""An array on a device; which shape and numbers it holds stands in each kernel's docstring."""

Stream: TypeAlias = Any
"""A stream of Numba's, or 0 for the device's own."""

_settings: Any = numba.config  # its attributes are made at run time

SIMULATED = bool(_settings.ENABLE_CUDASIM)
"""Whether kernels run in Numba's simulator, in Python, with no device."""

_SIMULATED_THREADS = 8
_SIMULATED_MULTIPROCESSORS = 1
_FULL = 2048  # threads that a multiprocessor holds at once, or more than it does on small devices

PIECE = 16
"""Bytes that a thread loads at once at most."""

# Bytes of a record: of four lines, with the name.
_LONG, _VERY_LONG = 2_000, 40_000
_WARP = 32


def _configurations() -> list[Any]:
    """Where Numba, and its package for CUDA if that is installed, keep their settings."""
    found = [_settings]
    with suppress(ImportError):
        found.append(importlib.import_module("numba.cuda.core.config"))
    return found


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Where compiled kernels are kept.

    Apart from those for the CPU, by a hash of everything that a kernel for CUDA may call, and its compiler's version.
    """
    digest = hashlib.sha256(_compiler().encode())
    folder = Path(__file__).parent.parent
    for source in sorted(folder.glob("**/*.py")):
        digest.update(source.read_bytes())
    usual = jit.cache_folder()
    return usual.with_name(f"{usual.name}-cuda-{digest.hexdigest()[:16]}")


def _compiler() -> str:
    """What Numba looks at when it takes code from a cache is its own version, which need not be that of its target."""
    try:
        return f"numba-cuda {version('numba-cuda')}"
    except PackageNotFoundError:
        return f"Numba {numba.__version__}"


_of_thread = threading.local()

for _each in _configurations():
    _each.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # a small batch, or the last of a file, is no mistake


@contextmanager
def _own_cache() -> Iterator[None]:
    before = [(settings, settings.CACHE_DIR) for settings in _configurations()]
    for settings, _ in before:
        settings.CACHE_DIR = str(cache_folder())
    try:
        yield
    finally:
        for settings, value in before:
            settings.CACHE_DIR = value


def on_device(function: Callable[..., None]) -> Any:
    """Makes a function a kernel for the device: compiled at its first launch, cached on disk, no fast mathematics."""
    with _own_cache():
        return cuda.jit(cache=True)(function)


def within_device(function: Callable[..., Any]) -> Any:
    """Makes a function callable from kernels for the device only."""
    return simulated.within_device(function) if SIMULATED else cuda.jit(device=True)(function)


def threads(wanted: int) -> int:
    """Threads of a block: `wanted`, or a few in the simulator, where each is one of the operating system's."""
    return min(wanted, _SIMULATED_THREADS) if SIMULATED else wanted


def blocks(work: int, at_once: int, in_block: int, rounds: int = 1) -> int:
    """Blocks that fill the device, and no more than there is work for.

    Args:
        work: things to be done.
        at_once: how many a block does at once.
        in_block: threads of a block.
        rounds: how often a block should do so before another block pays for its merge.
    """
    fill = _multiprocessors(_device_number()) * (2 if SIMULATED else max(1, _FULL // in_block))
    return max(1, min(fill, -(-work // (at_once * (1 if SIMULATED else rounds)))))


def lanes(n_bytes: int, n_reads: int, in_block: int) -> int:
    """Threads that look at one read together, by how long reads are: a power of two, or the whole block.

    Args:
        n_bytes: of the text that the reads are in.
        n_reads: at least 1.
        in_block: threads of a block.
    """
    each = n_bytes // n_reads
    wanted = 8 if each < _LONG else 32 if each < _VERY_LONG else in_block
    return min(wanted, in_block // 2) if SIMULATED else wanted


def lanes_of_pieces(n_bytes: int, n_reads: int, in_block: int) -> int:
    """Threads that look at one read together, if each has 16 bytes of it at a time: any number up to the whole block.

    A read of the usual length is done with at once. Its bases, or its qualities, are at most half of its record.

    Args:
        n_bytes: of the text that the reads are in.
        n_reads: at least 1.
        in_block: threads of a block.
    """
    each = n_bytes // n_reads
    wanted = min(each // (2 * PIECE) + 2, _WARP) if each < _VERY_LONG else in_block
    return min(wanted, in_block // 2) if SIMULATED else wanted


def _device_number() -> int:
    if SIMULATED:
        return 0
    number = current_device()
    return number if number >= 0 else int(cuda.current_context().device.id)


@lru_cache
def _multiprocessors(_number: int) -> int:
    return _SIMULATED_MULTIPROCESSORS if SIMULATED else int(cuda.get_current_device().MULTIPROCESSOR_COUNT)


def launch(
    kernel: Any,
    grid: int | tuple[int, int],
    in_block: int,
    arguments: tuple[Any, ...],
    stream: Stream = 0,
    shared: int = 0,
) -> None:
    """Puts a kernel into a stream.

    Args:
        kernel: made with `on_device`.
        grid: blocks.
        in_block: threads of a block.
        arguments: arrays on the device, and numbers.
        stream: where to put it.
        shared: bytes of shared memory that the launch decides on, for each block.
    """
    if not launched(kernel, grid, in_block, arguments, stream, shared):
        with simulated.one_launch() if SIMULATED else nullcontext():
            kernel[grid, in_block, stream, shared](*arguments)
    if (wait := getattr(_of_thread, "wait", None)) is not None:
        wait(stream)


@contextmanager
def one_by_one(wait: Callable[[Stream], None]) -> Iterator[None]:
    """Within it this thread waits after each launch.

    For the first launches of all: to load a kernel may have to wait for those that run, and no patience ends there.

    Args:
        wait: returns when the stream has come to its end, or raises.
    """
    _of_thread.wait = wait
    try:
        yield
    finally:
        _of_thread.wait = None
