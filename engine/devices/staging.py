"""Batches laid out in memory as they are copied to a device: in one piece."""

from __future__ import annotations

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
        hashes: uint64 [n_reads], to fill: of the first bases of each, see `kernels.keys`.
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
    """Where in a piece of memory the reads, or the mates, of a batch are."""

    columns: int
    text: int
    text_end: int
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How a batch is laid out.

    Attributes:
        parts: of the reads, and of the mates if there are.
        size: bytes of what goes up.
        room: bytes of it all; behind what goes up is room for the hashes that come down.
    """

    parts: tuple[_Part, ...]
    size: int
    room: int


def sides(batch: ReadBatch) -> tuple[ReadBatch, ...]:
    """The batch, and that of the mates where it has any."""
    return (batch,) if batch.mate is None else (batch, batch.mate)


def plan(batch: ReadBatch) -> Plan:
    """Lays a batch out: integer columns, then the text, which mates that share it have once; hashes behind all."""
    parts: list[_Part] = []
    at = 0
    for side in sides(batch):
        columns, at = at, _aligned(at + 4 * len(_COLUMNS) * len(side))
        if parts and batch.mate is not None and batch.mate.buffer is batch.buffer:
            parts.append(_Part(columns, -1, -1))
        else:
            end = at + _text_end(batch if not parts else side)
            parts.append(_Part(columns, at, end))
            at = _aligned(end + PADDING)
    if len(parts) > 1 and parts[1].text < 0:
        parts[1] = replace(parts[1], text=parts[0].text, text_end=parts[0].text_end)
    each = _aligned(_HASH_BYTES * len(batch))
    parts = [replace(part, hashes=at + number * each) for number, part in enumerate(parts)]
    return Plan(tuple(parts), at, at + len(parts) * each)


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
        columns = _columns(memory, part, len(side))
        for column, name in zip(columns, _COLUMNS, strict=True):
            column[:] = getattr(side, name)
        text = memory[part.text : part.text_end + PADDING]
        if number == 0 or part.text != laid_out.parts[0].text:
            copier.copy(side.buffer[: len(text) - PADDING], text[:-PADDING])
        starts, qualities, lengths = columns
        staged.append(
            replace(side, buffer=text, sequence_starts=starts, quality_starts=qualities, lengths=lengths, mate=None)
        )
    return staged[0] if len(staged) == 1 else replace(staged[0], mate=staged[1])


def on_device(batch: ReadBatch, laid_out: Plan, memory: DeviceArray) -> tuple[Reads, ...]:
    """The same layout in the memory of a device.

    Args:
        batch: as staged.
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
        found.append(Reads(text, starts, qualities, lengths, hashes, count, side.longest))
    return tuple(found)


def hashes_in(batch: ReadBatch, laid_out: Plan, memory: Bytes) -> tuple[Words, ...]:
    """The hashes of each side, uint64 [n_reads], where they come down to; arguments as for `stage`."""
    return tuple(
        memory[part.hashes : part.hashes + _HASH_BYTES * len(batch)].view(np.uint64) for part in laid_out.parts
    )


def _columns(memory: Bytes, part: _Part, count: int) -> tuple[Column, ...]:
    whole = memory[part.columns : part.columns + 4 * len(_COLUMNS) * count].view(np.int32)
    return tuple(whole.reshape(len(_COLUMNS), count))


def _text_end(batch: ReadBatch) -> int:
    """Bytes of the buffer that any read needs; of both mates where they share it."""
    last = 0
    for side in sides(batch):
        if side.buffer is batch.buffer and len(side):
            last = max(last, int((side.sequence_starts + side.lengths).max()), _last(side))
    return last


def _last(side: ReadBatch) -> int:
    return int((side.quality_starts + side.lengths).max())


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT
