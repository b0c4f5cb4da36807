"""One GPU as the thread that uses it sees it: memory, streams, copies and times."""

from __future__ import annotations

import gc
import importlib
import logging
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import numpy as np

from engine.batch import Bytes
from engine.devices.contexts import context_of, imported, use_memory
from engine.devices.discovery import is_simulated
from engine.devices.ending import free_nothing_at_the_end
from engine.devices.within import T, within

_log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds that a device may take over a few batches, which take it milliseconds, before it is given up."""

_OFTEN = 1e-4
_RARELY = 5e-3

_hung: set[int] = set()
"""Numbers of devices that were given up so; they may be at it for as long as this process lives."""

_held_back: list[Any] = []
"""What keeps Numba from freeing their memory, for as long: it would wait for them, and they may still write there."""


class DeviceArray(Protocol):
    """An array in the memory of a GPU, of which only views are made here: a `Span`, or in the simulator Numba's own."""

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

    def query(self) -> bool:
        """Whether the stream has come to it.

        Raises:
            Exception: the device failed at anything before it.
        """
        ...


class CapReached(Exception):
    """More memory of the device was asked for than a run may hold."""


class DeviceHung(Exception):
    """A device that neither ends its work nor fails."""


class Driver:
    """One GPU; used by one thread, between `open` and `close`.

    Attributes:
        held: bytes of the device's memory that are held now.
        most_held: the most that were.
        patience: seconds that `wait` waits.

    Args:
        number: of the device.
        cap: bytes that may be held.
    """

    def __init__(self, number: int, cap: int) -> None:
        self._cuda: Any = None
        self._calls: Any = None
        self._number = number
        self._cap = cap
        self._context: Any = None
        self._pending: tuple[Any, ...] = ()
        self.patience = PATIENCE
        self.held = 0
        self.most_held = 0

    def open(self) -> None:
        """Makes the device the one that this thread works with.

        Raises:
            DeviceHung: it did before, in this process.
            Exception: the device cannot be used.
        """
        if self.is_hung:
            raise DeviceHung("it hung before, and is left alone until Lanescope is started anew")
        try:
            within(self.patience, self._touch)
        except TimeoutError:
            _hung.add(self._number)
            raise DeviceHung(f"it has not answered for {self.patience:.0f} seconds") from None
        self._enter()

    def _touch(self) -> None:
        """Has the device made ready for this process, and use memory, which may hang; for any thread."""
        with context_of(self._number):
            use_memory()  # which has let go of it when it returns: only within the context can it be freed

    def _enter(self) -> None:
        self._cuda = imported()
        # Numba's copies ask so much of their arrays that it takes them ten times as long.
        self._calls = importlib.import_module("cuda.bindings.driver")
        context = context_of(self._number)
        context.__enter__()
        self._context = context
        current = self._cuda.current_context()
        self._pending = (current.memory_manager.deallocations, current.deallocations)
        free_nothing_at_the_end(self._pending)

    def close(self) -> None:
        """Lets go of the device; harmless when it was never opened, or is gone.

        Raises:
            Exception: it is, and says so.
        """
        context, self._context = self._context, None
        if context is not None:
            context.__exit__(None, None, None)

    def release(self, holders: list[Any]) -> None:
        """Empties a list, and gives the memory back that what was in it held alone.

        Numba frees from finalizers, which can only print what a device that has failed says to that. So it is kept from
        freeing meanwhile, and then asked to.
        """
        if self._context is None:
            holders.clear()
            return
        with self._cuda.defer_cleanup():
            known = [weakref.ref(holder) for holder in holders]
            holders.clear()
            if any(holder() is not None for holder in known):
                gc.collect()  # the compiler, first called among them, leaves circles of frames
        self._free()

    def _free(self) -> None:
        if any(len(pending) and not pending.is_disabled for pending in self._pending):
            with suppress(DeviceHung):
                self._without_end(self._free_pending)

    def _free_pending(self) -> None:
        for pending in self._pending:
            # Each time one is taken off at least. They are not freed while any run defers that, or where it hung.
            while len(pending) and not pending.is_disabled:
                try:
                    pending.clear()
                except Exception:
                    _log.debug("a device that has failed frees nothing", exc_info=True)

    def wait(self, event: Event) -> None:
        """Returns when a stream has come to an event.

        It is asked again and again: the driver's own waiting ends with the kernels before it, and so perhaps never.

        Raises:
            DeviceHung: it did not in all the time it was given.
            Exception: the device failed.
        """
        began = time.monotonic()
        while not event.query():
            waited = time.monotonic() - began
            if waited >= self.patience:
                self._leave_alone()
                raise DeviceHung(f"it has not ended its work for {self.patience:.0f} seconds")
            time.sleep(min(max(waited / 10, _OFTEN), _RARELY))

    def finish(self, stream: Any) -> None:
        """Returns when a stream has done all that it has to; raises as `wait` does."""
        end = self.event()
        end.record(stream)
        self.wait(end)

    @property
    def is_hung(self) -> bool:
        """Whether waiting for the device again is of no use."""
        return self._number in _hung

    def _leave_alone(self) -> None:
        _hung.add(self._number)
        deferring = self._cuda.defer_cleanup()
        deferring.__enter__()
        _held_back.append(deferring)

    def allocate(self, size: int) -> DeviceArray:
        """uint8 [size] in the device's memory, with anything in it; held until nobody refers to it any more.

        Raises:
            CapReached: that would be more than may be held.
            Exception: the device has no more memory.
        """
        if not self.has_room(size):
            raise CapReached
        memory = self._without_end(lambda: self._cuda.device_array(size, np.uint8))
        self.held += size
        self.most_held = max(self.held, self.most_held)
        weakref.finalize(memory, self._given_back, size)
        return self._array(memory)

    def _array(self, memory: Any) -> DeviceArray:
        from kernels.cuda.spans import Span

        return Span.of(memory)

    def _given_back(self, size: int) -> None:
        self.held -= size

    def has_room(self, size: int) -> bool:
        """Whether so many bytes more may be held."""
        return self.held + size <= self._cap

    def pinned(self, size: int) -> Bytes:
        """uint8 [size] of the machine's memory that stays where it is, so that copies need not wait for the CPU."""
        # Of nothing at all there is none.
        memory: Bytes = self._without_end(lambda: self._cuda.pinned_array(max(size, 1), np.uint8))
        return memory[:size]

    def pin(self, memory: Bytes) -> None:
        """Has memory of the machine stay where it is for all devices, so that they copy from it without the CPU.

        Args:
            memory: uint8, not pinned yet; not to be freed before `unpin`.

        Raises:
            DeviceHung: the device does not answer.
            Exception: the system or the driver refuses.
        """
        flags = self._calls.CU_MEMHOSTREGISTER_PORTABLE
        self._registering("cuMemHostRegister", memory, memory.nbytes, flags)

    def unpin(self, memory: Bytes) -> None:
        """Ends what `pin` of any device began; raises likewise, and it is still pinned then."""
        self._registering("cuMemHostUnregister", memory)

    def _registering(self, call: str, memory: Bytes, *arguments: Any) -> None:
        if self.is_hung:
            raise DeviceHung("it hung before")
        calls = self._calls  # of this thread: another one may have let go of the driver when it is called
        _refuse(call, *self._without_end(lambda: getattr(calls, call)(memory.ctypes.data, *arguments)))

    def _without_end(self, call: Callable[[], T]) -> T:
        """What a call returns that waits for all that the device does, also for others, and so perhaps for ever."""

        def within_context() -> T:
            with context_of(self._number):
                return call()

        try:
            return within(PATIENCE, within_context)
        except TimeoutError:
            self._leave_alone()
            raise DeviceHung(f"it has not answered for {PATIENCE:.0f} seconds") from None

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
        if _has_bytes(host, device):
            there: Any = device
            copied = self._calls.cuMemcpyHtoDAsync(there.address, host.ctypes.data, host.nbytes, int(stream.handle))
            _refuse("cuMemcpyHtoDAsync", *copied)

    def download(self, device: DeviceArray, host: Bytes, stream: Any) -> None:
        """Copies as many bytes out of the device, when the stream comes to it."""
        if _has_bytes(host, device):
            there: Any = device
            copied = self._calls.cuMemcpyDtoHAsync(host.ctypes.data, there.address, host.nbytes, int(stream.handle))
            _refuse("cuMemcpyDtoHAsync", *copied)


def _has_bytes(host: Bytes, device: DeviceArray) -> bool:
    if host.nbytes != device.nbytes:
        raise ValueError(f"{host.nbytes} bytes here, and {device.nbytes} on the device")
    return host.nbytes > 0


def _refuse(call: str, result: Any) -> None:
    """Raises what a call of the driver failed with, in Numba's words."""
    if result:
        raise RuntimeError(f"[{int(result)}] Call to {call} results in {result.name}")


def driver_of(number: int, cap: int) -> Driver:
    """The driver of a device, or of what stands in for it."""
    if not is_simulated():
        return Driver(number, cap)
    from engine.devices.simulated import SimulatedDriver

    return SimulatedDriver(number, cap)
