"""Devices that fail when they are told to, in the simulator or on a real GPU."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from engine.batch import Bytes
from engine.devices.discovery import is_simulated
from engine.devices.driver import DeviceArray, Driver, Event
from engine.devices.simulated import SimulatedDriver

PLENTY = 1 << 30

_LITTLE_PATIENCE = 0.01

OUT_OF_MEMORY = "[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY"


class Gone(Exception):
    """What CUDA says of a device that fell off the bus."""

    def __init__(self) -> None:
        super().__init__("[999] Call to cuMemcpyHtoDAsync results in CUDA_ERROR_UNKNOWN\nand more")


_Base: Any = SimulatedDriver if is_simulated() else Driver


class FaultyDriver(_Base):  # type: ignore[misc]  # one of two classes, as the environment has it
    """A device that may fail.

    Args:
        number: of the device.
        cap: bytes that may be held.
        no_memory_at: upload of a batch, from 1, at which there is no memory.
        gone_at: upload at which the device is gone, and nothing works from then on.
        gone_at_download: download at which it is.
        is_gone: it is from the beginning.
        hangs_at: upload from which on nothing ends any more in its stream.
        answers: it does not before this is set.
        pins: it pins memory; else it refuses to.

    Attributes:
        were_pinned: buffers that were.
    """

    def __init__(
        self,
        number: int = 0,
        cap: int = PLENTY,
        *,
        no_memory_at: int = 0,
        gone_at: int = 0,
        gone_at_download: int = 0,
        is_gone: bool = False,
        hangs_at: int = 0,
        answers: threading.Event | None = None,
        pins: bool = True,
    ) -> None:
        super().__init__(number, cap)
        self.uploads = 0
        self.downloads = 0
        self.is_gone = is_gone
        self._no_memory_at = no_memory_at
        self._gone_at = gone_at
        self._gone_at_download = gone_at_download
        self._hangs_at = hangs_at
        self.hanging: Any = self  # no stream
        self._answers = answers
        self._pins = pins
        self.were_pinned: list[Bytes] = []
        if answers:
            self.patience = _LITTLE_PATIENCE

    def _touch(self) -> None:
        if self._answers is not None:
            self._answers.wait()
        super()._touch()

    def open(self) -> None:
        self.check()
        super().open()
        if self._hangs_at:
            self.patience = _LITTLE_PATIENCE  # not before: a real device takes longer to be made ready

    def event(self) -> Event:
        return _GoneEvent(self, super().event())

    def seconds(self, first: Any, last: Any) -> float:
        return float(super().seconds(first.event, last.event))

    def pin(self, memory: Bytes) -> None:
        self.check()
        if not self._pins:
            raise RuntimeError("[800] Call to cuMemHostRegister results in CUDA_ERROR_NOT_PERMITTED")
        super().pin(memory)
        self.were_pinned.append(memory)

    def unpin(self, memory: Bytes) -> None:
        self.check()
        super().unpin(memory)

    def upload(self, host: Bytes, device: DeviceArray, stream: Any) -> None:
        self.check()
        if host.nbytes != device.nbytes:
            raise AssertionError("a copy has to fill what it goes to")
        self.uploads += 1
        if self.uploads == self._no_memory_at:
            raise RuntimeError(OUT_OF_MEMORY)
        if self.uploads == self._hangs_at:
            self.hanging = stream
        if self.uploads == self._gone_at:
            self.is_gone = True
        self.check()
        super().upload(host, device, stream)

    def download(self, device: DeviceArray, host: Bytes, stream: Any) -> None:
        self.downloads += 1
        if self.downloads == self._gone_at_download:
            self.is_gone = True
            host[: len(host) // 2] = 255  # broken off in the middle
        self.check()
        super().download(device, host, stream)

    def release(self, holders: list[Any]) -> None:
        known = [weakref.ref(holder) for holder in holders]
        was_enabled = gc.isenabled()
        gc.disable()  # a device's memory has to go now, not whenever circles are looked for
        try:
            super().release(holders)
            if self._context is not None and any(holder() is not None for holder in known):
                raise AssertionError("somebody else holds a stream's memory")
        finally:
            if was_enabled:
                gc.enable()

    def close(self) -> None:
        super().close()
        self.check()

    def check(self) -> None:
        if self.is_gone:
            raise Gone


class _GoneEvent:
    def __init__(self, driver: FaultyDriver, event: Event) -> None:
        self._driver = driver
        self._stream: Any = None
        self.event = event

    def record(self, stream: Any) -> None:
        self._driver.check()
        self._stream = stream
        self.event.record(stream)

    def query(self) -> bool:
        self._driver.check()
        return self._stream is not self._driver.hanging and self.event.query()


def faulty_devices(monkeypatch: pytest.MonkeyPatch, **faults: Any) -> list[FaultyDriver]:
    """Has every device of a run fail as told; gives those that were made."""
    opened: list[FaultyDriver] = []

    def driver(number: int, cap: int) -> FaultyDriver:
        opened.append(FaultyDriver(number, cap, **faults))
        return opened[-1]

    monkeypatch.setattr("engine.devices.driver.driver_of", driver)
    monkeypatch.setattr("engine.devices.driver._hung", set())
    monkeypatch.setattr("engine.devices.driver._held_back", [])
    return opened
