"""Batches laid out in memory as they are copied to a device: in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.devices.copying import Copier
from engine.devices.driver import DeviceArray

Words = npt.NDArray[np.uint64]

_ALIGNMENT = 64
_COLUMNS = ("sequence_starts", "quality_starts", "lengths")
_HASH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Reads:
    """The reads, or the mates, of a batch on a device.

    Attributes:
        buffer: uint8, their text, readable for `PADDING` bytes past the end of any read.
        sequence_starts: int32 [n_reads].
        quality_starts: int32 [n_reads].
        lengths: int32 [n_reads].
        hashes: uint64 [n_reads], to fill: of the first bases of each, see `kernels.collectors.keys`.
        count: n_reads.
        longest: bases of the longest.
    """

    buffer: DeviceArray
    sequence_starts: DeviceArray
    quality_starts: DeviceArray
    lengths: DeviceArray
    hashes: DeviceArray
    count: int
    longest: int


@dataclass(frozen=True, slots=True)
class _Part:
    """Where in a piece of memory the reads, or the mates, of a batch are, and the bases of the longest."""

    columns: int
    longest: int
    text: int = 0
    text_end: int = 0
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is laid out.

    Attributes:
        parts: of the reads, and of the mates if there are.
        columns: bytes of all columns, which are before all text.
        size: bytes of what goes up.
        room: bytes of it all; behind what goes up is room for the hashes that come down.
    """

    parts: tuple[_Part, ...]
    columns: int
    size: int
    room: int

    @property
    def longest(self) -> int:
        """Bases of the longest read, mates included."""
        return max(part.longest for part in self.parts)


def sides(batch: ReadBatch) -> tuple[ReadBatch, ...]:
    """The batch, and that of the mates where it has any."""
    return (batch,) if batch.mate is None else (batch, batch.mate)


def plan(batch: ReadBatch) -> Plan:
    """Lays a batch out: integer columns, then the text, which mates that share it have once; hashes behind all."""
    parts: list[_Part] = []
    at = 0
    for side in sides(batch):
        parts.append(_Part(at, side.longest))
        at = _aligned(at + 4 * len(_COLUMNS) * len(side))
    columns = at
    for number, (side, text) in enumerate(zip(sides(batch), _texts(batch, parts), strict=True)):
        if number and side.buffer is batch.buffer:
            parts[number] = replace(parts[number], text=parts[0].text, text_end=parts[0].text_end)
        else:
            parts[number] = replace(parts[number], text=at, text_end=at + text)
            at = _aligned(at + text + PADDING)
    each = _aligned(_HASH_BYTES * len(batch))
    parts = [replace(part, hashes=at + number * each) for number, part in enumerate(parts)]
    return Plan(tuple(parts), columns, at, at + len(parts) * each)


def stage(batch: ReadBatch, laid_out: Plan, memory: Bytes, copier: Copier) -> ReadBatch:
    """Copies a batch into memory of the machine, and gives it as it is there.

    Args:
        batch: any.
        laid_out: its plan.
        memory: uint8 [>= plan's room].
        copier: copies the text.

    Returns:
        The same bases, qualities and lengths over `memory`; names are left out.
    """
    staged: list[ReadBatch] = []
    for number, (side, part) in enumerate(zip(sides(batch), laid_out.parts, strict=True)):
        starts, qualities, lengths = _with_columns(side, part, memory)
        text = memory[part.text : part.text_end + PADDING]
        if number == 0 or part.text != laid_out.parts[0].text:
            copier.copy(side.buffer[: len(text) - PADDING], text[:-PADDING])
        staged.append(
            replace(side, buffer=text, sequence_starts=starts, quality_starts=qualities, lengths=lengths, mate=None)
        )
    return staged[0] if len(staged) == 1 else replace(staged[0], mate=staged[1])


def stage_columns(batch: ReadBatch, laid_out: Plan, memory: Bytes) -> list[tuple[int, Bytes]]:
    """Copies the columns of a batch into memory of the machine, as `stage` does, and leaves the text where it is.

    Returns:
        What goes up of the text, from where it is, and where to in the memory of the device.
    """
    texts: list[tuple[int, Bytes]] = []
    for number, (side, part) in enumerate(zip(sides(batch), laid_out.parts, strict=True)):
        _with_columns(side, part, memory)
        if number == 0 or part.text != laid_out.parts[0].text:
            texts.append((part.text, side.buffer[: part.text_end + PADDING - part.text]))
    return texts


def on_device(batch: ReadBatch, laid_out: Plan, memory: DeviceArray) -> tuple[Reads, ...]:
    """The same layout in the memory of a device.

    Args:
        batch: any.
        laid_out: its plan.
        memory: uint8 [>= plan's room], where it has been copied to.
    """
    found: list[Reads] = []
    for side, part in zip(sides(batch), laid_out.parts, strict=True):
        count = len(side)
        starts, qualities, lengths = (
            memory[part.columns + 4 * count * i : part.columns + 4 * count * (i + 1)].view(np.int32)
            for i in range(len(_COLUMNS))
        )
        text = memory[part.text : part.text_end + PADDING]
        hashes = memory[part.hashes : part.hashes + _HASH_BYTES * count].view(np.uint64)
        found.append(Reads(text, starts, qualities, lengths, hashes, count, part.longest))
    return tuple(found)


def hashes_in(batch: ReadBatch, laid_out: Plan, memory: Bytes) -> tuple[Words, ...]:
    """The hashes of each side, uint64 [n_reads], where they come down to; arguments as for `stage`."""
    return tuple(
        memory[part.hashes : part.hashes + _HASH_BYTES * len(batch)].view(np.uint64) for part in laid_out.parts
    )


def _with_columns(side: ReadBatch, part: _Part, memory: Bytes) -> tuple[Column, ...]:
    """The columns of the reads, or the mates, copied to where they belong."""
    whole = memory[part.columns : part.columns + 4 * len(_COLUMNS) * len(side)].view(np.int32)
    columns = tuple(whole.reshape(len(_COLUMNS), len(side)))
    for column, name in zip(columns, _COLUMNS, strict=True):
        column[:] = getattr(side, name)
    return columns


def _texts(batch: ReadBatch, parts: Sequence[_Part]) -> list[int]:
    """Bytes of the buffer that the reads of each side may need; of both mates where they share it.

    Sums of starts and lengths would tell exactly, and take longer than to copy some bytes in vain.
    """
    ends = [_end(side, part.longest) for side, part in zip(sides(batch), parts, strict=True)]
    if batch.mate is not None and batch.mate.buffer is batch.buffer:
        return [max(ends)] * 2
    return ends


def _end(side: ReadBatch, longest: int) -> int:
    last = max(int(side.sequence_starts.max(initial=0)), int(side.quality_starts.max(initial=0)))
    return min(last + longest, len(side.buffer) - PADDING)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT
