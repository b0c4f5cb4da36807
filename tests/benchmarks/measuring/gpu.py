"""Timing on a GPU, by its own events."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from numba import cuda

NOT_HERE = 69
"""Exit status of a benchmark that cannot measure anything on this machine."""

_ROUNDS = 20
_LAUNCHES = 50

Work = Callable[[Any], None]
"""Puts something into a stream."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What some work took, medians of `_ROUNDS` rounds.

    Attributes:
        seconds: on the device.
        of_copy: the seconds that a copy took in the same round, over its own, times the share of bytes it moved:
            1 where it moves bytes as fast as the copy.
        launch: seconds of the host until a launch is on its way, without waiting for it.
    """

    seconds: float
    of_copy: float
    launch: float


def require() -> None:
    """Ends the benchmark where there is no GPU, in words."""
    reason = "Numba's simulator stands in for one" if _is_simulated() else _trouble()
    if reason:
        print(f"There is no GPU to measure: {reason}. Nothing was measured.", file=sys.stderr)
        raise SystemExit(NOT_HERE)


def describe() -> str:
    """The GPU, and the versions of what makes code for it."""
    if _is_simulated():
        return f"Numba's simulator; Numba {version('numba')}"
    device = cuda.get_current_device()
    name = device.name if isinstance(device.name, str) else device.name.decode()
    memory = cuda.current_context().get_memory_info().total / (1 << 30)
    return (
        f"{name}, compute capability {'.'.join(map(str, device.compute_capability))}, "
        f"{device.MULTIPROCESSOR_COUNT} multiprocessors, {memory:.0f} GiB; CUDA runtime {_runtime()}\n"
        f"Numba {version('numba')}, {_target()}, NumPy {np.__version__}"
    )


def _runtime() -> str:
    try:
        return ".".join(map(str, cuda.runtime.get_version()))
    except Exception as error:  # kernels do without it, and so do figures
        return f"unknown ({type(error).__name__})"


def side_by_side(work: Work, n_bytes: int, copy: Work, copied: int) -> Timed:
    """Times some work beside a copy, in turns; two rounds more go before and are not counted.

    Args:
        work: to be timed.
        n_bytes: that it has to move.
        copy: from one part of the device's memory to another.
        copied: bytes that it reads and writes.
    """
    stream = cuda.stream()
    rounds = [(_seconds(copy, stream), _seconds(work, stream)) for _ in range(_ROUNDS + 2)][2:]
    return Timed(
        statistics.median(mine for _, mine in rounds),
        statistics.median(beside / mine for beside, mine in rounds) * n_bytes / copied,
        _launch_seconds(work, stream),
    )


def seconds_of(work: Work) -> float:
    """What some work takes on the device, the median of several rounds."""
    stream = cuda.stream()
    return statistics.median([_seconds(work, stream) for _ in range(_ROUNDS + 2)][2:])


def _seconds(work: Work, stream: Any) -> float:
    began, ended = cuda.event(timing=True), cuda.event(timing=True)
    began.record(stream)
    work(stream)
    ended.record(stream)
    ended.synchronize()
    return float(cuda.event_elapsed_time(began, ended)) / 1000


def _launch_seconds(work: Work, stream: Any) -> float:
    stream.synchronize()
    began = time.perf_counter()
    for _ in range(_LAUNCHES):
        work(stream)
    seconds = (time.perf_counter() - began) / _LAUNCHES
    stream.synchronize()
    return seconds


def _is_simulated() -> bool:
    from kernels.cuda.launching import SIMULATED

    return SIMULATED


def _trouble() -> str:
    try:
        cuda.current_context()
    except Exception as error:  # no driver, no device, a device that is in use: all end here
        return " ".join(str(error).split()).rstrip(".:")
    return ""


def _target() -> str:
    try:
        return f"numba-cuda {version('numba-cuda')}"
    except PackageNotFoundError:
        return "Numba's own CUDA target"
