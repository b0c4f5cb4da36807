"""The batch of reads that everything after the parser works on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Column = npt.NDArray[np.int32]

PADDING = 64
"""Bytes past the text that every buffer of reads has, for kernels that read 64 bytes at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Bounds:
    """Where reads are to be cut, found by a device before the stage that cuts them there asks for it.

    Attributes:
        asker: the stage's parameters: that very object. For any other stage these bounds mean nothing.
        columns: int32 [n_reads] each, what the stage's kernel would find.
    """

    asker: object
    columns: tuple[Column, ...]

    def rows(self, which: slice | npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Bounds:
        """Of some of the reads."""
        return Bounds(self.asker, tuple(np.ascontiguousarray(column[which]) for column in self.columns))


@dataclass(frozen=True, slots=True, eq=False)
class ReadBatch:
    """Consecutive reads as integer columns over one buffer; nothing is copied.

    The buffer comes from a pool and is valid until the batch is released: whoever
    wants to keep bases or qualities longer copies them.

    Attributes:
        buffer: uint8 [n_bytes], whole FASTQ records, ASCII. Sequence bytes are 33..126,
            either case; quality bytes are Phred+33, 33..126. The parser has checked both.
        name_starts: int32 [n_reads], offset of each name, after the ``@``.
        name_lengths: int32 [n_reads], bytes of each header line without ``@`` and line end.
        sequence_starts: int32 [n_reads], offset of each read's first base.
        quality_starts: int32 [n_reads], offset of each read's first quality.
        lengths: int32 [n_reads], bases of each read, zero allowed.
        number: position of this batch in its input, from 0.
        first_record: number of records of the input before this batch.
        byte_start: offset in the decompressed input of the batch's first byte.
        byte_end: offset in the decompressed input just past the batch's last record.
        dropped: uint8 [n_reads], 0 for a read that is kept, else the number of the reason; ``None``
            while all are kept. A dropped read stays in its row, so that mates stay side by side.
        name_buffer: uint8, where the names are if they have been changed; ``None``: in ``buffer``.
        mate: the other read of each pair, row by row as many; ``None`` where reads are single.
        empty_before: how many of the records before this batch have no bases.
        places: int32 [n_reads], the row of each read in the batch as it was parsed, so that ``first_record``
            plus its place is the read's number in the input; ``None`` while rows are what they were.
        empty_until: int32 [n_reads], how many reads of the batch as it was parsed have no bases, each read and those
            before it counted; ``None`` while reads have the bases and rows that they were parsed with.
        samples: int32 [n_reads], the sample that each read, or pair, belongs to by its barcode: its number from 0, -1
            for none; ``None`` while nobody has looked. Mates go by their reads.
        trimmed: uint8 [n_reads], not 0 for reads in which a stage has found an adapter; ``None`` while nobody has
            looked.
        bounds: where one stage has to cut the reads; ``None``: it finds out by itself.
    """

    buffer: Bytes
    name_starts: Column
    name_lengths: Column
    sequence_starts: Column
    quality_starts: Column
    lengths: Column
    number: int
    first_record: int
    byte_start: int
    byte_end: int
    dropped: Bytes | None = None
    name_buffer: Bytes | None = None
    mate: ReadBatch | None = None
    empty_before: int = 0
    places: Column | None = None
    empty_until: Column | None = None
    samples: Column | None = None
    trimmed: Bytes | None = None
    bounds: Bounds | None = None

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def longest(self) -> int:
        """Bases of the longest read, 0 for an empty batch."""
        return int(self.lengths.max(initial=0))

    @property
    def buffers(self) -> tuple[Bytes, ...]:
        """What to give back to the pool once the reads are done with: one, or one for each mate."""
        if self.mate is None or self.mate.buffer is self.buffer:
            return (self.buffer,)
        return (self.buffer, self.mate.buffer)

    def rows(self, which: slice | npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> ReadBatch:
        """Some of the reads, over the same buffers, the mates with them; columns are contiguous."""
        places = np.arange(len(self), dtype=np.int32) if self.places is None else self.places
        return replace(
            self,
            name_starts=np.ascontiguousarray(self.name_starts[which]),
            name_lengths=np.ascontiguousarray(self.name_lengths[which]),
            sequence_starts=np.ascontiguousarray(self.sequence_starts[which]),
            quality_starts=np.ascontiguousarray(self.quality_starts[which]),
            lengths=np.ascontiguousarray(self.lengths[which]),
            dropped=None if self.dropped is None else np.ascontiguousarray(self.dropped[which]),
            mate=None if self.mate is None else self.mate.rows(which),
            places=np.ascontiguousarray(places[which]),
            empty_until=None if self.empty_until is None else np.ascontiguousarray(self.empty_until[which]),
            samples=None if self.samples is None else np.ascontiguousarray(self.samples[which]),
            trimmed=None if self.trimmed is None else np.ascontiguousarray(self.trimmed[which]),
            bounds=None if self.bounds is None else self.bounds.rows(which),
        )

    def with_empty_counted(self) -> ReadBatch:
        """The batch as parsed, and its mates, with ``empty_until``, which cannot be told once reads are trimmed."""
        mate = None if self.mate is None else self.mate.with_empty_counted()
        return replace(self, mate=mate, empty_until=np.cumsum(self.lengths == 0, dtype=np.int32))

    def kept(self) -> ReadBatch:
        """The reads that are not dropped."""
        return self if self.dropped is None or not self.dropped.any() else self.rows(self.dropped == 0)
