"""Kernels for a device, called as those for the CPU are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import cuda

from kernels.cuda.launching import SIMULATED
from kernels.cuda.spans import Span


def through_device(kernel: Callable[..., None]) -> Callable[..., None]:
    """The kernel with arrays of the host: they go to the device, and what can be written to comes back."""

    def call(*arguments: Any, **options: Any) -> None:
        stream = cuda.stream()
        there = [cuda.to_device(a, stream) if isinstance(a, np.ndarray) else a for a in arguments]
        # As runs launch them; the simulator knows its own arrays alone.
        taken = there if SIMULATED else [Span.of(a) if hasattr(a, "copy_to_host") else a for a in there]
        kernel(*taken, stream, **options)
        for here, array in zip(arguments, there, strict=True):
            if isinstance(here, np.ndarray) and here.flags.writeable and here.size:
                array.copy_to_host(here, stream)
        stream.synchronize()

    return call
