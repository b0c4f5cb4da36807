"""From a batch to the text of the reads that are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.batch import Bytes, ReadBatch
from kernels.sink.gather import SLACK, gather, interleave

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Text:
    """Records, one after the other.

    Attributes:
        buffer: uint8, the records and `SLACK` bytes.
        offsets: int64 [reads + 1], where each record begins, and where the last ends.
    """

    buffer: Bytes
    offsets: Offsets

    @property
    def reads(self) -> int:
        """Number of records."""
        return len(self.offsets) - 1

    def part(self, first: int, last: int) -> memoryview:
        """The bytes of some of the records."""
        return self.buffer.data[int(self.offsets[first]) : int(self.offsets[last])]


def text_of(batch: ReadBatch, which: npt.NDArray[np.bool_]) -> Text:
    """The reads of one side of a batch that are chosen, as four-line records.

    Args:
        batch: reads; the mates are not looked at.
        which: bool [n_reads].
    """
    is_renamed = batch.name_buffer is not None
    names = batch.buffer if batch.name_buffer is None else batch.name_buffer
    room = 2 * int(batch.name_lengths.sum(dtype=np.int64) + batch.lengths.sum(dtype=np.int64)) + 6 * len(batch)
    buffer = np.empty(room + SLACK, np.uint8)
    offsets = np.empty(len(batch) + 1, np.int64)
    reads = gather(
        batch.buffer,
        names,
        is_renamed,
        batch.name_starts,
        batch.name_lengths,
        batch.sequence_starts,
        batch.quality_starts,
        batch.lengths,
        np.ascontiguousarray(which).view(np.uint8),
        buffer,
        offsets,
    )
    return Text(buffer, offsets[: reads + 1])


def interleaved(first: Text, second: Text, order: npt.NDArray[np.bool_]) -> Text:
    """The records of two texts in one.

    Args:
        first: records.
        second: records.
        order: bool [records of both], whether the next record is one of the second text.
    """
    buffer = np.empty(int(first.offsets[-1] + second.offsets[-1]) + SLACK, np.uint8)
    sides = np.ascontiguousarray(order).view(np.uint8)
    interleave(first.buffer, first.offsets, second.buffer, second.offsets, sides, buffer)
    sizes = np.empty(len(order), np.int64)
    sizes[order] = np.diff(second.offsets)
    sizes[~order] = np.diff(first.offsets)
    return Text(buffer, np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)]))


def turns_of(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The order of chosen first and second reads in the order of their pairs, as `interleaved` takes it.

    Args:
        first: bool [n_pairs], whether the first read is chosen.
        second: bool [n_pairs], whether the second one is.
    """
    turns: npt.NDArray[np.bool_] = np.flatnonzero(np.column_stack([first, second])) % 2 == 1
    return turns


def nothing() -> Text:
    """The text of no records."""
    return Text(np.empty(0, np.uint8), np.zeros(1, np.int64))


def kept(batch: ReadBatch) -> npt.NDArray[np.bool_]:
    """Which reads of a batch are not dropped: bool [n_reads]."""
    return np.ones(len(batch), np.bool_) if batch.dropped is None else batch.dropped == 0
