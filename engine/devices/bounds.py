"""Bounds of reads found on a device, by their qualities, for the stages of a pipeline that cut first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from engine.batch import Bounds, Column, ReadBatch
from engine.devices.driver import DeviceArray, Driver
from engine.devices.staging import Reads, sides
from engine.devices.twins import scratch_bytes
from kernels.select import on_device

if TYPE_CHECKING:  # else the kernels of stages would be made ready for those too who have no pipeline
    from engine.stages.bounds import EarlyTrim

Trims: TypeAlias = "Sequence[EarlyTrim | None]"
"""What is to be found for the reads, and for the mates if there are."""

_BOUND_BYTES = 4


class BoundsFinder:
    """Finds the bounds of one batch after the other in one stream.

    Args:
        driver: of the device.
        trims: what is to be found.
        batch_bytes: the most that a batch takes once it is laid out.

    Raises:
        Exception: the device fails; so do all methods.
    """

    def __init__(self, driver: Driver, trims: Trims, batch_bytes: int) -> None:
        self._driver = driver
        self._trims = trims
        self._twins = [None if trim is None else on_device(trim.search.kernel) for trim in trims]
        self._host = driver.pinned(scratch_bytes(batch_bytes))
        self._end = driver.event()

    def find(self, reads: Sequence[Reads], scratch: DeviceArray, stream: object) -> None:
        """Puts all that finds the bounds of a batch into the stream, and their copy to this machine.

        Args:
            reads: on the device.
            scratch: uint8 [>= 8 for each read], used until the stream has come to the end of this.
            stream: where to.
        """
        at = 0
        for side, trim, twin in zip(reads, self._trims, self._twins, strict=False):
            if trim is None or twin is None:
                continue
            found, size = [], _BOUND_BYTES * side.count
            for _ in range(trim.search.columns):
                found.append(scratch[at : at + size].view(np.int32))
                at += size
            starts = (side.sequence_starts, side.quality_starts) if trim.search.by_bases else (side.quality_starts,)
            twin(side.buffer, *starts, side.lengths, *trim.search.numbers, *found, stream)
        if at:
            self._driver.download(scratch[:at], self._host[:at], stream)
        self._end.record(stream)

    def attached(self, batch: ReadBatch) -> ReadBatch:
        """The batch whose bounds were put into the stream last, with them; waits for the device."""
        self._driver.wait(self._end)
        with_bounds: list[ReadBatch] = []
        at = 0
        for side, trim in zip(sides(batch), self._trims, strict=False):
            if trim is None:
                with_bounds.append(side)
                continue
            found: list[Column] = []
            for _ in range(trim.search.columns):
                # Copied, for what is cut by them may be kept for longer than until the next batch.
                found.append(self._host[at : at + _BOUND_BYTES * len(side)].view(np.int32).copy())
                at += _BOUND_BYTES * len(side)
            with_bounds.append(replace(side, bounds=Bounds(trim.asker, tuple(found))))
        return with_bounds[0] if batch.mate is None else replace(with_bounds[0], mate=with_bounds[1])
