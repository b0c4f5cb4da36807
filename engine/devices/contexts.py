"""Numba for devices, and its contexts, by which a thread works with one."""

from __future__ import annotations

import logging
import threading
from typing import Any

import numpy as np

_LITTLE = 4096

_listing = threading.Lock()
"""For Numba's list of devices, which two threads that need it first would both make, and one of them fail."""


def imported() -> Any:
    """Numba for devices."""
    from numba import cuda

    # It takes "not yet" for an error. What goes wrong is raised too.
    logging.getLogger("numba.cuda.cudadrv.driver").setLevel(logging.CRITICAL)
    return cuda


def context_of(number: int) -> Any:
    """What has this thread work with a device for as long as it is entered.

    Raises:
        Exception: there is no such device, or none at all.
    """
    with _listing:
        return imported().gpus[number]


def use_memory() -> None:
    """Has the device of this thread keep something; all of it is given back when this returns.

    Raises:
        Exception: it fails at that.
    """
    cuda = imported()
    stream = cuda.stream()
    device = cuda.device_array(_LITTLE, np.uint8, stream=stream)
    device.copy_to_device(np.zeros(_LITTLE, np.uint8), stream=stream)
    stream.synchronize()
