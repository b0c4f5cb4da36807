"""The tables of one stream of a device, in one piece, so that one copy brings them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from engine.collectors.base import Table
from engine.devices.driver import DeviceArray, Driver

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]
"""Names of tables to their shapes."""

_WHOLE = ""
_BYTES = 8
_ALIGNMENT = 8  # counters; 64 bytes


class Tables:
    """Counters on a device, with copies of how they were at the last two moments they were asked for.

    They only ever grow on the device; what has been counted between two copies is their difference. So nothing
    has to be set to zero there, and a copy that is broken off leaves the last whole one as it was.

    Attributes:
        size: bytes of all of them.
        on_device: the tables by name, int64.

    Args:
        driver: of the device.
        shapes: what there is.
        stream: in which they are set to zero.

    Raises:
        CapReached: no more memory may be held.
        Exception: the device has none.
    """

    def __init__(self, driver: Driver, shapes: Shapes, stream: object) -> None:
        self._driver = driver
        self._shapes = dict(shapes)
        self._starts: dict[str, int] = {}
        counters = 0
        for name in self._shapes:
            self._starts[name] = counters
            counters += _aligned(self._count(name))
        self.size = table_bytes(shapes)
        self._memory = driver.allocate(self.size)
        self._coming, self._whole = (driver.pinned(self.size) for _ in range(2))
        self._whole[:] = 0
        self._taken = np.zeros(counters, np.int64)
        # Made once, not for every batch: the interpreter has enough to do there.
        self.on_device: dict[str, DeviceArray] = {
            name: self._memory[_BYTES * start : _BYTES * (start + self._count(name))]
            .view(np.int64)
            .reshape(*self._shapes[name])
            for name, start in self._starts.items()
        }
        driver.upload(self._whole, self._memory, stream)

    def send(self, stream: object) -> None:
        """Has them copied when the stream comes to it; `arrived` says that it has."""
        self._driver.download(self._memory, self._coming, stream)

    def arrived(self) -> None:
        """The copy is whole, and from now on what `take` goes by."""
        self._coming, self._whole = self._whole, self._coming

    def take(self) -> dict[str, Table]:
        """What has been counted until the last whole copy and has not been taken yet, by name, int64."""
        whole = self._whole.view(np.int64)
        new = whole - self._taken
        self._taken[:] = whole
        return {
            name: new[start : start + self._count(name)].reshape(self._shapes[name])
            for name, start in self._starts.items()
        }

    def _count(self, name: str) -> int:
        return int(np.prod(self._shapes[name]))


def table_bytes(shapes: Shapes) -> int:
    """Bytes that such tables take on a device."""
    return _BYTES * sum(_aligned(int(np.prod(shape))) for shape in shapes.values())


def _aligned(counters: int) -> int:
    return -(-counters // _ALIGNMENT) * _ALIGNMENT


def constants_on_device(
    driver: Driver, arrays: Mapping[str, npt.NDArray[Any]], stream: object
) -> dict[str, DeviceArray]:
    """Arrays that never change, by name, and under an empty name the memory they are in; there when this returns.

    Raises:
        CapReached: no more memory may be held.
        Exception: the device has none.
    """
    starts, size = {}, 0
    for name, array in arrays.items():
        starts[name] = size
        size += _BYTES * _aligned(-(-array.nbytes // _BYTES))
    if not size:
        return {}
    memory, host = driver.allocate(size), driver.pinned(size)
    host[:] = 0
    for name, array in arrays.items():
        host[starts[name] : starts[name] + array.nbytes] = np.frombuffer(array.tobytes(), np.uint8)
    driver.upload(host, memory, stream)
    driver.finish(stream)
    views = {
        name: memory[starts[name] : starts[name] + array.nbytes].view(array.dtype).reshape(*array.shape)
        for name, array in arrays.items()
    }
    return {_WHOLE: memory, **views}  # a view alone would not keep it
