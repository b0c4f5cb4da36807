"""Numba's simulator as if it were a device, for tests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from engine.batch import Bytes
from engine.devices.contexts import imported
from engine.devices.driver import DeviceArray, Driver, Event
from engine.devices.within import T


class _HostEvent:
    """In the simulator everything is done when it is asked for, and its own events tell no times."""

    def __init__(self) -> None:
        self.time = 0.0

    def record(self, _stream: Any) -> None:
        self.time = time.perf_counter()

    def query(self) -> bool:
        return True


class SimulatedDriver(Driver):
    """Numba's simulator, which has one device that stands for any number of them."""

    def _touch(self) -> None:
        imported()

    def _enter(self) -> None:
        self._cuda = imported()
        self._context = self._cuda.gpus[0]

    def close(self) -> None:
        """See `Driver.close`."""
        self._context = None

    def _without_end(self, call: Callable[[], T]) -> T:
        return call()

    def _array(self, memory: Any) -> DeviceArray:
        array: DeviceArray = memory
        return array

    def event(self) -> Event:
        """See `Driver.event`."""
        return _HostEvent()

    def seconds(self, first: Any, last: Any) -> float:
        """See `Driver.seconds`."""
        return float(last.time - first.time)

    def pin(self, memory: Bytes) -> None:
        """See `Driver.pin`."""

    def unpin(self, memory: Bytes) -> None:
        """See `Driver.unpin`."""

    def upload(self, host: Bytes, device: DeviceArray, stream: Any) -> None:
        """See `Driver.upload`."""
        if host.nbytes:  # of none, the simulator finds other strides
            there: Any = device
            there.copy_to_device(host, stream=stream)

    def download(self, device: DeviceArray, host: Bytes, stream: Any) -> None:
        """See `Driver.download`."""
        if host.nbytes:
            there: Any = device
            there.copy_to_host(host, stream=stream)
