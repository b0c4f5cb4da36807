"""One GPU as the thread that uses it sees it: memory, streams, copies and times, by way of Numba."""

from __future__ import annotations

import time
import weakref
from typing import Any, Protocol

import numpy as np

from engine.batch import Bytes
from engine.devices.discovery import is_simulated


class DeviceArray(Protocol):
    """An array in the memory of a GPU, as Numba has it: of it only views are made here."""

    nbytes: int

    def __getitem__(self, part: slice) -> DeviceArray:
        """A part of it, over the same memory."""
        ...

    def view(self, dtype: Any) -> DeviceArray:
        """The same memory as other numbers."""
        ...

    def reshape(self, *shape: int) -> DeviceArray:
        """The same memory in another shape."""
        ...


class Event(Protocol):
    """A moment in a stream."""

    def record(self, stream: Any) -> None:
        """Sets it behind what has been put into the stream so far."""
        ...

    def synchronize(self) -> None:
        """Waits until the stream has come to it.

        Raises:
            Exception: the device failed at anything before it.
        """
        ...


class CapReached(Exception):
    """More memory of the device was asked for than a run may hold."""


class Driver:
    """One GPU; used by one thread, between `open` and `close`.

    Attributes:
        held: bytes of the device's memory that are held now.
        most_held: the most that were.

    Args:
        number: of the device.
        cap: bytes that may be held.
    """

    def __init__(self, number: int, cap: int) -> None:
        self._cuda: Any = None
        self._number = number
        self._cap = cap
        self._context: Any = None
        self.held = 0
        self.most_held = 0

    def open(self) -> None:
        """Makes the device the one that this thread works with.

        Raises:
            Exception: the device cannot be used.
        """
        self._cuda = _imported()
        context = self._cuda.gpus[self._number]
        context.__enter__()
        self._context = context

    def close(self) -> None:
        """Gives the memory back, of which the caller has let go; harmless when it was never opened, or is gone."""
        context, self._context = self._context, None
        if context is None:
            return
        try:
            self._cuda.current_context().memory_manager.deallocations.clear()
        finally:
            context.__exit__(None, None, None)

    def allocate(self, size: int) -> DeviceArray:
        """uint8 [size] in the device's memory, with anything in it; held until nobody refers to it any more.

        Raises:
            CapReached: that would be more than may be held.
            Exception: the device has no more memory.
        """
        if not self.has_room(size):
            raise CapReached
        memory: DeviceArray = self._cuda.device_array(size, np.uint8)
        self.held += size
        self.most_held = max(self.held, self.most_held)
        weakref.finalize(memory, self._given_back, size)
        return memory

    def _given_back(self, size: int) -> None:
        self.held -= size

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more may be held."""
        return self.held + size <= self._cap

    def pinned(self, size: int) -> Bytes:
        """uint8 [size] of the machine's memory that stays where it is, so that copies need not wait for the CPU."""
        memory: Bytes = self._cuda.pinned_array(size, np.uint8)
        return memory

    def stream(self) -> Any:
        """A sequence of copies and kernels, beside those of other streams."""
        return self._cuda.stream()

    def event(self) -> Event:
        """A moment that can be waited for."""
        event: Event = self._cuda.event(timing=True)
        return event

    def seconds(self, first: Any, last: Any) -> float:
        """Between two events that have come."""
        return float(self._cuda.event_elapsed_time(first, last)) / 1000

    def upload(self, host: Bytes, device: DeviceArray, stream: Any) -> None:
        """Copies as many bytes into the device, when the stream comes to it."""
        target: Any = device
        target.copy_to_device(host, stream=stream)

    def download(self, device: DeviceArray, host: Bytes, stream: Any) -> None:
        """Copies as many bytes out of the device, when the stream comes to it."""
        source: Any = device
        source.copy_to_host(host, stream=stream)


def _imported() -> Any:
    from numba import cuda

    return cuda


class _HostEvent:
    """In the simulator everything is done when it is asked for, and its own events tell no times."""

    def __init__(self) -> None:
        self.time = 0.0

    def record(self, _stream: Any) -> None:
        self.time = time.perf_counter()

    def synchronize(self) -> None:
        return


class SimulatedDriver(Driver):
    """Numba's simulator, which has one device that stands for any number of them."""

    def open(self) -> None:
        """See `Driver.open`."""
        self._cuda = _imported()
        self._context = self._cuda.gpus[0]

    def close(self) -> None:
        """See `Driver.close`."""
        self._context = None

    def event(self) -> Event:
        """See `Driver.event`."""
        return _HostEvent()

    def seconds(self, first: Any, last: Any) -> float:
        """See `Driver.seconds`."""
        return float(last.time - first.time)


def driver_of(number: int, cap: int) -> Driver:
    """The driver of a device, or of what stands in for it."""
    return SimulatedDriver(number, cap) if is_simulated() else Driver(number, cap)
