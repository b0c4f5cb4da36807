"""Where the parts of one batch lie in the region that a guest gives."""

from __future__ import annotations

from dataclasses import dataclass

from engine.batch import PADDING, Bytes, Column, ReadBatch
from engine.wasm.stage.abi import ALIGNMENT, DESCRIPTOR, MESSAGE_BYTES, Need


@dataclass(frozen=True, slots=True)
class Span:
    """The part of a buffer that a batch's reads are in: from ``low`` up to ``high``, bytes."""

    low: int
    high: int

    @property
    def size(self) -> int:
        """Bytes."""
        return self.high - self.low


def text_span(batch: ReadBatch) -> Span:
    """Where bases, qualities and, unless they have a buffer of their own, names are in ``batch.buffer``."""
    starts = [batch.sequence_starts, batch.quality_starts]
    ends = [batch.sequence_starts + batch.lengths, batch.quality_starts + batch.lengths]
    if batch.name_buffer is None:
        starts.append(batch.name_starts)
        ends.append(batch.name_starts + batch.name_lengths)
    return Span(min(int(column.min()) for column in starts), max(int(column.max()) for column in ends))


def name_span(batch: ReadBatch) -> Span:
    """Where names are in a buffer of their own; empty where they have none."""
    if batch.name_buffer is None:
        return Span(0, 0)
    return Span(int(batch.name_starts.min()), int((batch.name_starts + batch.name_lengths).max()))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every read, to be packed instead of the whole text.

    Attributes:
        name: which.
        buffer: where it is.
        starts: its first byte.
        lengths: its bytes.
    """

    name: Need
    buffer: Bytes
    starts: Column
    lengths: Column


def part_of(batch: ReadBatch, need: Need) -> Part:
    """Where a part of the reads is."""
    if need == "names":
        buffer = batch.buffer if batch.name_buffer is None else batch.name_buffer
        return Part(need, buffer, batch.name_starts, batch.name_lengths)
    starts = batch.sequence_starts if need == "bases" else batch.quality_starts
    return Part(need, batch.buffer, starts, batch.lengths)


class Layout:
    """Offsets from the start of the region, each a multiple of 64.

    Attributes:
        bytes: the whole.
        head_bytes: descriptor, parameters, metrics and message, which come first and are written at once.
    """

    def __init__(
        self, reads: int, text_bytes: int, parameter_bytes: int, slots: int, columns: int, new_name_bytes: int
    ) -> None:
        self._end = 0
        self.descriptor = self._take(DESCRIPTOR.itemsize)
        self.parameters = self._take(parameter_bytes)
        self.metrics = self._take(8 * slots)
        self.message = self._take(MESSAGE_BYTES)
        self.head_bytes = self._end
        column = 4 * reads
        self.name_starts = self._take(column)
        self.name_lengths = self._take(column)
        self.sequence_starts = self._take(column)
        self.quality_starts = self._take(column)
        self.lengths = self._take(column)
        self.keep = self._take(reads)
        self.trim_starts = self._take(column)
        self.trim_ends = self._take(column)
        self.new_name_starts = self._take(column if new_name_bytes else 0)
        self.new_name_lengths = self._take(column if new_name_bytes else 0)
        self.read_metrics = self._take(column * columns)
        self.new_names = self._take(new_name_bytes)
        self.text = self._take(text_bytes + PADDING)
        self.bytes = self._end

    def _take(self, size: int) -> int:
        start = self._end
        self._end += -(-size // ALIGNMENT) * ALIGNMENT
        return start


@dataclass(frozen=True, slots=True)
class Placement:
    """One batch on its way through a guest.

    Attributes:
        batch: the reads.
        mate: 0 for single reads, 1 for the first of pairs, 2 for the second.
        text: what of its buffer goes in as it is.
        names: what of its buffer of names goes in as it is.
        part: the only part that goes in, packed; ``None`` where text and names go in.
        text_bytes: bytes of all the text that goes in.
        new_name_bytes: room for new names, 0 where they may not change.
        layout: where everything is, from the region's start.
        region: address of the region.
    """

    batch: ReadBatch
    mate: int
    text: Span
    names: Span
    part: Part | None
    text_bytes: int
    new_name_bytes: int
    layout: Layout
    region: int = 0
