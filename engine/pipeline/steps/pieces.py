"""A batch in pieces, so that what works on it can be stopped in between, and whole again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, Column, ReadBatch

ScalarT = TypeVar("ScalarT", bound=np.generic)

_LEAST_READS = 256
"""Reads of a piece, if they are so many; a read is never divided."""

_READ_COST = 60
"""A read counts as so many bases more than it has."""


def piece_of(batch: ReadBatch, begin: int, end: int) -> ReadBatch:
    """Some consecutive reads as a batch; their numbers in the input stay what they are.

    Args:
        batch: as it was parsed, with all its rows.
        begin: first row.
        end: past the last row.
    """
    if begin == 0 and end == len(batch):
        return batch
    return _numbered(batch.rows(slice(begin, end)), batch.first_record + begin)


def beginning_of(batch: ReadBatch, reads: int) -> ReadBatch:
    """The first reads of a batch as was parsed, as if the text had ended behind them."""
    if reads == len(batch):
        return batch
    text = int(batch.name_starts[reads] - batch.name_starts[0])
    mate = None if batch.mate is None else beginning_of(batch.mate, reads)
    return replace(piece_of(batch, 0, reads), byte_end=batch.byte_start + text, mate=mate)


def _numbered(batch: ReadBatch, first_record: int) -> ReadBatch:
    mate = None if batch.mate is None else _numbered(batch.mate, first_record)
    return replace(batch, first_record=first_record, places=None, mate=mate)


class Divider:
    """Says where to divide a batch, by shares of its work.

    Args:
        batch: at least one read.
    """

    def __init__(self, batch: ReadBatch) -> None:
        work = batch.lengths.astype(np.int64) + _READ_COST
        if batch.mate is not None:
            work += batch.mate.lengths
        self._done = np.cumsum(work)

    def end(self, begin: int, share: float) -> int:
        """Past the last row of a piece that begins at a row and is about this share of the batch."""
        before = int(self._done[begin - 1]) if begin else 0
        wanted = before + share * float(self._done[-1])
        end = int(np.searchsorted(self._done, wanted))
        return min(max(end, begin + _LEAST_READS), len(self._done))

    def share(self, begin: int, end: int) -> float:
        """Which share of the batch's work the rows from `begin` to `end` are, 0 to 1."""
        before = int(self._done[begin - 1]) if begin else 0
        return (int(self._done[end - 1]) - before) / int(self._done[-1])


def joined(before: ReadBatch, parts: Sequence[ReadBatch]) -> ReadBatch:
    """What a stage made of the pieces of a batch, as if it had worked on the whole.

    Args:
        before: the batch.
        parts: what became of its pieces, in order, at least one.
    """
    if len(parts) == 1:
        return parts[0]
    mates = [part.mate for part in parts if part.mate is not None]
    buffer, shifts = _together([part.buffer for part in parts])
    name_buffer, name_shifts = _names_together(parts, shifts)
    return replace(
        before,
        buffer=buffer,
        name_buffer=name_buffer,
        name_starts=_column(parts, lambda part: part.name_starts, name_shifts),
        name_lengths=_column(parts, lambda part: part.name_lengths),
        sequence_starts=_column(parts, lambda part: part.sequence_starts, shifts),
        quality_starts=_column(parts, lambda part: part.quality_starts, shifts),
        lengths=_column(parts, lambda part: part.lengths),
        dropped=_dropped(parts),
        samples=_of_all(parts, lambda part: part.samples),
        trimmed=_of_all(parts, lambda part: part.trimmed),
        mate=None if before.mate is None else joined(before.mate, mates),
    )


def _column(parts: Sequence[ReadBatch], get: Callable[[ReadBatch], Column], shifts: Sequence[int] = ()) -> Column:
    if not any(shifts):
        return np.concatenate([get(part) for part in parts])
    return np.concatenate([get(part) + np.int32(shift) for part, shift in zip(parts, shifts, strict=True)])


def _dropped(parts: Sequence[ReadBatch]) -> Bytes | None:
    if all(part.dropped is None for part in parts):
        return None
    return np.concatenate([np.zeros(len(part), np.uint8) if part.dropped is None else part.dropped for part in parts])


def _of_all(
    parts: Sequence[ReadBatch], get: Callable[[ReadBatch], npt.NDArray[ScalarT] | None]
) -> npt.NDArray[ScalarT] | None:
    """A column that is there only if every part has it."""
    columns = [column for column in map(get, parts) if column is not None]
    return np.concatenate(columns) if len(columns) == len(parts) else None


def _together(buffers: Sequence[Bytes]) -> tuple[Bytes, list[int]]:
    """One buffer with what all of them hold, and by how much offsets into each move."""
    places: dict[int, int] = {}
    distinct: list[Bytes] = []
    size = 0
    for buffer in buffers:
        if id(buffer) not in places:
            places[id(buffer)] = size
            distinct.append(buffer)
            size += len(buffer)
    whole = distinct[0] if len(distinct) == 1 else np.concatenate(distinct)
    return whole, [places[id(buffer)] for buffer in buffers]


def _names_together(parts: Sequence[ReadBatch], shifts: list[int]) -> tuple[Bytes | None, list[int]]:
    if all(part.name_buffer is None for part in parts):
        return None, shifts
    return _together([part.buffer if part.name_buffer is None else part.name_buffer for part in parts])
