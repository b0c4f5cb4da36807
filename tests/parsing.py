"""What the parser makes of a text or a file, with everything checked that holds for every text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.batch import ReadBatch
from engine.errors import InputError
from engine.flow.pool import BufferPool
from engine.parse.fastq import FastqParser
from engine.source.base import ByteSource
from engine.source.inputs import open_source
from tests.naive_parser import Read

SIZES = (1, 7, 64, 1 << 16)
"""Sizes of buffers, from absurd to larger than any text of these tests."""


class TextSource:
    """A text in memory, for tests of the parser alone; hands out at most `piece` bytes at a time."""

    kind = "memory"

    def __init__(self, text: bytes, piece: int | None = None) -> None:
        self._text = text
        self._piece = piece or max(len(text), 1)
        self.size: int | None = len(text)
        self.position = 0

    def read_into(self, target: memoryview) -> int:
        """See `ByteSource.read_into`."""
        part = self._text[self.position : self.position + min(self._piece, len(target))]
        target[: len(part)] = part
        self.position += len(part)
        return len(part)

    def close(self) -> None:
        """See `ByteSource.close`."""


def reads_of(batch: ReadBatch) -> list[Read]:
    """The reads of a batch, copied out of its buffer."""
    buffer = bytes(batch.buffer)

    def cut(start: int, length: int) -> bytes:
        return buffer[start : start + length]

    columns = (
        batch.name_starts,
        batch.name_lengths,
        batch.sequence_starts,
        batch.quality_starts,
        batch.lengths,
    )
    return [
        Read(cut(name, name_length), cut(sequence, length), cut(quality, length))
        for name, name_length, sequence, quality, length in zip(*(column.tolist() for column in columns), strict=True)
    ]


def parse_source(
    source: ByteSource, size: int, path: Path, seen: Callable[[ReadBatch], None] = lambda _: None
) -> tuple[list[Read], InputError | None]:
    """All reads and the error that ended them, if one did.

    Checks on the way that batches are numbered, follow one another without a gap, are not empty,
    and that no buffer is kept.
    """
    pool = BufferPool(size, capacity=1)
    parser = FastqParser(source, pool, path)
    reads: list[Read] = []
    error: InputError | None = None
    batches = 0
    byte = 0
    try:
        for batch in parser:
            assert len(batch) > 0
            assert (batch.number, batch.first_record) == (batches, len(reads))
            assert byte <= batch.byte_start < batch.byte_end
            byte = batch.byte_end
            batches += 1
            reads += reads_of(batch)
            seen(batch)
            pool.give(batch.buffer)
    except InputError as raised:
        error = raised
    finally:
        source.close()
    assert pool.statistics().in_use == 0
    return reads, error


def parse_text(text: bytes, size: int = 1 << 16, piece: int | None = None) -> tuple[list[Read], InputError | None]:
    """`parse_source` of a text in memory, called ``reads.fastq`` in errors."""
    return parse_source(TextSource(text, piece), size, Path("reads.fastq"))


def parse_file(path: Path, size: int = 1 << 16) -> tuple[list[Read], InputError | None]:
    """`parse_source` of a file, opened as the product opens it."""
    return parse_source(open_source(path), size, path)
